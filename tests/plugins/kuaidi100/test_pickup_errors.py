"""What their codes and words about a pickup mean."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asctl_kuaidi100
from asctl.api import AsctlError, CredentialsRefused, RefusalReason, Refused, Submission, Unavailable, Unclear
from asctl.api.sandbox import Complaint, SandboxReply
from asctl_kuaidi100.pickup_errors import PICKUP_WORDS, reason_of
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from tests.plugins.kuaidi100.conftest import answered_by, answering, provider_on
from tests.plugins.kuaidi100.test_pickups import ORDER, RMA, TASK
from tests.plugins.loopback import refused

R = RefusalReason


def error_of(told: dict[str, Any]) -> AsctlError:
    with pytest.raises(AsctlError) as caught:
        provider_on(answering(told)).order_pickup(ORDER)
    return caught.value


def failed(code: object, message: str = "") -> dict[str, object]:
    return {"result": False, "returnCode": code, "message": message}


@pytest.mark.parametrize(
    ("code", "name"),
    [("503", "signature_refused"), ("600", "account_expired"), ("601", "account_expired"), (503, "signature_refused")],
)
def test_not_let_in(code: object, name: str):
    """Signature and key are judged before anything else, so that the same can be sent again."""
    error = error_of(failed(code, "POLL:KEY已过期"))
    assert isinstance(error, CredentialsRefused)
    assert error.code == name


@pytest.mark.parametrize(("code", "told"), [("501", "提交失败"), ("400", "请勿重复提交"), ("500", "重复下单")])
def test_handed_in_already_is_no_refusal(code: str, told: str):
    """It speaks of an earlier attempt: the action stays unclear, and a repeat under its key brings the numbers."""
    error = error_of(failed(code, told))
    assert isinstance(error, Unclear)
    assert error.code == "duplicate"


@pytest.mark.parametrize(("code", "told"), [("500", "提交失败"), ("502", ""), ("400", "系统异常，请稍后再试")])
def test_their_own_trouble_leaves_it_open(code: str, told: str):
    """By code where the words say nothing, by words whatever the code."""
    error = error_of(failed(code, told))
    assert isinstance(error, Unclear)
    assert error.code == "server_error"


def test_their_own_trouble_with_a_question_is_no_doubt():
    """A question changes nothing: it is asked again later."""
    with pytest.raises(Unavailable):
        provider_on(answering(failed("500"))).pickup_status(replace(ORDER, reference=f"{TASK}/3"))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("快递员已取件，无法取消", R.CANNOT_CANCEL),
        ("订单已揽收，不可取消", R.CANNOT_CANCEL),
        ("目的地停派", R.DESTINATION_CLOSED),
        ("订单不存在", R.NOT_AUTHORISED),
        ("该地址不支持上门", R.NOT_SUPPORTED),
        ("寄件人手机格式错误", R.BAD_PHONE),
        ("寄件地址解析失败", R.BAD_ADDRESS),
        ("风控拦截", R.REFUSED_BY_RULE),
        ("请求过于频繁", R.RATE_LIMITED),
        ("签名错误", R.SIGN_ERROR),
        ("余额不足", R.OTHER),
    ],
)
def test_words_decide(told: str, reason: RefusalReason):
    """Every reason, with its words kept and the case named; also under 500, which they give for what is wrong with an order."""
    for code in ("400", "500", "700") if reason is not R.OTHER else ("400", "700"):
        error = error_of(failed(code, told))
        assert isinstance(error, Refused)
        assert (refused(error), error.upstream_code, error.upstream_text) == (reason, code, told)
        assert RMA in error.message


def test_every_word_is_reachable():
    """No reason stands in two rows, and no word is hidden behind one of a row above."""
    reasons = [reason for reason, _words in PICKUP_WORDS]
    assert len(set(reasons)) == len(reasons)
    assert all(reason_of("", word) is reason for reason, words in PICKUP_WORDS for word in words)


def test_readme_lists_every_word():
    """Each reason stands there with its words, in the order of the code."""
    readme = Path(asctl_kuaidi100.__file__).with_name("README.md").read_text("utf-8")
    section = readme.partition("## Pickups")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    told = [tuple(row[1].split(", ")) for row in rows if len(row) == 3 and "Refused" in row[2] and row[1]]
    assert told == [words for reason, words in PICKUP_WORDS if reason is not R.SERVER_ERROR]


@pytest.mark.parametrize("told", [{}, {"returnCode": None}, {"code": 200}, {"returnCode": "200", "result": False}])
def test_answers_that_say_neither_yes_nor_no(told: dict[str, object]):
    """Without a code, or with a yes and a no at once, nothing is known."""
    error = error_of(told)
    assert isinstance(error, Unclear)
    assert error.code == "odd_answer"


@pytest.mark.parametrize(
    "reason",
    [
        R.NOT_SUPPORTED, R.NOT_AUTHORISED, R.DESTINATION_CLOSED, R.BAD_ADDRESS, R.BAD_PHONE, R.REFUSED_BY_RULE,
        R.CANNOT_CANCEL, R.RATE_LIMITED, R.OTHER,
    ],
)  # fmt: skip
def test_refusals_asked_for_as_a_fault_come_back(reason: RefusalReason):
    """What the sandbox refuses is what the plugin reads; the world stays as it is."""
    app = Kuaidi100Sandbox()
    wire = answered_by(lambda request: app.complain(app.identify(request), Complaint("refuse", reason=reason.value)))
    with pytest.raises(Refused) as caught:
        provider_on(wire).order_pickup(ORDER)
    assert refused(caught.value) == reason
    assert wire.world.pickups == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(("returnCode", "message", "data", "result")), json_values))
def test_any_answer_ends_in_our_families(told: dict[str, Any]):
    """Whatever is answered, it is a submission or one of our errors."""
    wire = answered_by(lambda _request: SandboxReply(json.dumps(told).encode()))
    with contextlib.suppress(AsctlError):
        assert isinstance(provider_on(wire).order_pickup(ORDER), Submission)
