"""What an order's codes and words mean. All of them but code 200 are inferred."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, Interception, RefusalReason, Refused, Unclear
from asctl.api.sandbox import SandboxReply
from asctl_kuaidi100.refusals import REASON_OF_CODE, REASON_OF_WORDS, reason_of
from tests.plugins.kuaidi100.conftest import answered_by, answering, provider_on
from tests.plugins.loopback import refused

R = RefusalReason
CALL_BACK = Interception("key-1", "jt", "JT1234567890123")


def error_of(told: dict[str, Any]) -> AsctlError:
    with pytest.raises(AsctlError) as caught:
        provider_on(answering(told)).intercept(CALL_BACK)
    return caught.value


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("30002", R.SIGN_ERROR),
        ("30010", R.OTHER),
        ("30011", R.ALREADY_DELIVERED),
        ("30012", R.ALREADY_INTERCEPTED),
        ("30013", R.NOT_SUPPORTED),
        ("30029", R.RATE_LIMITED),
        ("500", R.SERVER_ERROR),
        ("501", R.SERVER_ERROR),
        ("502", R.SERVER_ERROR),
        ("503", R.SIGN_ERROR),
        ("31999", R.OTHER),
    ],
)
def test_codes_stand_in_where_words_say_nothing(code: str, reason: RefusalReason):
    """Every code of the table, and two outside it."""
    assert reason_of(code, "提交失败") is reason
    assert reason_of(code, "") is reason


def test_table_of_codes_has_no_other_rows():
    """What the test above does not name is not mapped."""
    assert len(REASON_OF_CODE) == 9


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("系统异常，请勿重复提交", R.SERVER_ERROR),
        ("系统繁忙", R.SERVER_ERROR),
        ("服务器开小差了", R.SERVER_ERROR),
        ("请求超时", R.SERVER_ERROR),
        ("签名验证失败", R.SIGN_ERROR),
        ("请勿重复提交拦截", R.ALREADY_INTERCEPTED),
        ("该运单已拦截", R.ALREADY_INTERCEPTED),
        ("该运单已存在拦截任务", R.ALREADY_INTERCEPTED),
        ("快件退回中", R.ALREADY_INTERCEPTED),
        ("该单已签收，不支持拦截", R.ALREADY_DELIVERED),
        ("邮件已妥投", R.ALREADY_DELIVERED),
        ("快件未揽收", R.NOT_PICKED_UP_YET),
        ("派件中，无法拦截", R.TOO_LATE),
        ("快件已到驿站", R.TOO_LATE),
        ("快件丢失", R.LOST),
        ("目的地停发", R.DESTINATION_CLOSED),
        ("运单不属于该账号", R.NOT_AUTHORISED),
        ("运单不存在", R.NOT_AUTHORISED),
        ("该地址不支持改派", R.NOT_SUPPORTED),
        ("收件人手机格式错误", R.BAD_PHONE),
        ("地址解析失败", R.BAD_ADDRESS),
        ("规则禁止", R.REFUSED_BY_RULE),
        ("请求过于频繁", R.RATE_LIMITED),
        ("快件未签收", R.OTHER),
    ],
)
def test_words_come_before_codes(told: str, reason: RefusalReason):
    """Whatever inferred code stands beside them, the words decide; trouble of their own weighs most."""
    assert reason_of("30010", told) is reason
    assert reason is R.OTHER or reason_of("30011", told) is reason


def test_every_reason_has_words_of_its_own():
    """No reason stands in two rows, and no word is hidden behind one of a row above."""
    reasons = [reason for reason, _words in REASON_OF_WORDS]
    assert len(set(reasons)) == len(reasons)
    assert all(reason_of("", word) is reason for reason, words in REASON_OF_WORDS for word in words)


@pytest.mark.parametrize("reason", sorted(set(R) - {R.SERVER_ERROR, R.CANNOT_CANCEL, R.OTHER}))
def test_refusal_keeps_their_words(reason: RefusalReason):
    """Every explicit no is a refusal with reason, code and text. As only code 200 is certain, none proves more, not even one
    about signature or pace: neither "call a person" nor "send it again" may follow from a guess."""
    told = next(words[0] for known, words in REASON_OF_WORDS if known is reason)
    error = error_of({"code": 30010, "message": told, "data": None, "success": False})
    assert isinstance(error, Refused)
    assert (refused(error), error.upstream_code, error.upstream_text) == (reason, "30010", told)
    assert "JT1234567890123" in error.message


def test_other_refusal_tells_their_text():
    """What nobody understands is passed on as it was said."""
    error = error_of({"code": 39999, "message": "客官稍等"})
    assert (refused(error), error.code) == (R.OTHER, "refused")
    assert "客官稍等" in error.message


@pytest.mark.parametrize(("code", "reason"), [(30002, R.SIGN_ERROR), (503, R.SIGN_ERROR), (30029, R.RATE_LIMITED)])
def test_signature_and_pace_are_refusals_by_their_codes_too(code: int, reason: RefusalReason):
    """The inferred codes mean the same where the text says nothing."""
    error = error_of({"code": code, "message": "提交失败", "data": None, "success": False})
    assert isinstance(error, Refused)
    assert refused(error) == reason


@pytest.mark.parametrize("told", [{"code": 500, "message": "失败"}, {"code": 30010, "message": "系统异常"}])
def test_their_own_trouble_leaves_it_open(told: dict[str, object]):
    """Trouble of theirs is no no: it is not known whether the order was taken."""
    error = error_of(told)
    assert isinstance(error, Unclear)
    assert error.code == "server_error"


@pytest.mark.parametrize("told", [{}, {"code": None}, {"code": True}, {"code": 200.0}, {"returnCode": "200"}])
def test_answer_without_a_code_leaves_it_open(told: dict[str, object]):
    """Success and refusal are told by code alone; without one nothing is known."""
    error = error_of(told)
    assert isinstance(error, Unclear)
    assert error.code == "odd_answer"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(("code", "message", "data", "success", "time")), json_values))
def test_any_answer_ends_in_our_families(told: dict[str, Any]):
    """Whatever is answered, it is a submission or one of our errors."""
    wire = answered_by(lambda _request: SandboxReply(json.dumps(told).encode()))
    try:
        submission = provider_on(wire).intercept(CALL_BACK)
    except AsctlError as error:
        assert error.code
    else:
        assert str(told["code"]).strip() == "200"
        assert isinstance(submission.reference, str)
