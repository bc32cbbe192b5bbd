"""Their codes and words as our families (section 6.10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl_baiwang.errors import call_error
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import ISSUE, QUERY, Complaint
from tests.plugins.baiwang.samples import BLUE, said_no, told
from tests.plugins.loopback import Loopback

PAUSE = timedelta(seconds=10)


def error(code: str = "100000", sub_code: str = "", text: str = "demo") -> AsctlError:
    return call_error(Complaint(code, sub_code, text, "req-1"), "B01", PAUSE)


@pytest.mark.parametrize(
    ("code", "sub_code", "family", "ours"),
    [
        ("100001", "", CredentialsRefused, "token_refused"),
        ("100002", "", CredentialsRefused, "token_refused"),
        ("100007", "", CredentialsRefused, "signature_refused"),
        ("100000", "20019", BadInput, "kind_refused"),
        ("100000", "20020", BadConfiguration, "terminal_missing"),
        ("100000", "20023", BadConfiguration, "terminal_missing"),
        ("100000", "70169", BadInput, "value_missing"),
        ("100000", "70035", Unclear, "form_moved_on"),
        ("100000", "99999", Refused, "refused"),
        ("123456", "", Unavailable, "unknown_return_code"),
    ],
)
def test_codes(code: str, sub_code: str, family: type[AsctlError], ours: str) -> None:
    """Each row of the table; a business's unknown reason is a clear no, a gateway's unknown code is none."""
    made = error(code, sub_code)
    assert (type(made), made.code) == (family, ours)
    assert made.hint
    assert (made.upstream_code, made.upstream_text, made.request_id) == (sub_code or code, "demo", "req-1")


@pytest.mark.parametrize(
    ("text", "family", "ours"),
    [
        ("演示：开票单号重复", Unclear, "serial_known"),
        ("该开票单号已存在", Unclear, "serial_known"),
        ("授信额度不足，请调整", Throttled, "quota_used_up"),
        ("数电账号未登录，请先登录", CredentialsRefused, "drawer_session"),
        ("登录超时", CredentialsRefused, "drawer_session"),
        ("需要实名认证", CredentialsRefused, "drawer_session"),
        ("该发票已认证抵扣，不能冲红", Refused, "refused"),
        ("发票不存在", NotFound, "no_such_invoice"),
        ("未查询到数据", NotFound, "no_such_invoice"),
        ("调用过于频繁", Throttled, "busy"),
        ("系统繁忙，请稍后再试", Unavailable, "server_error"),
        ("购方税号有误", Refused, "refused"),
    ],
)
def test_words(text: str, family: type[AsctlError], ours: str) -> None:
    """Where no code is known the words decide; a special invoice that was deducted (已认证) is no lapsed session."""
    made = error(sub_code="SOME", text=text)
    assert (type(made), made.code) == (family, ours)


def test_rests() -> None:
    """Quota: a day for the whole account; too many calls: as long as the account's setting says."""
    quota, busy = error(text="授信额度不足"), error(text="调用过于频繁")
    assert isinstance(quota, Throttled)
    assert isinstance(busy, Throttled)
    assert (quota.retry_after, quota.whole_account) == (timedelta(days=1), True)
    assert busy.retry_after == PAUSE


def test_duplicate_is_a_reason_to_look(provider: Baiwang, loop: Loopback) -> None:
    """The sample of section 14.9: a number that is known already leaves the write open."""
    told(loop, ISSUE, said_no("SANDBOX-DUP", "演示：开票单号重复"))
    with pytest.raises(Unclear) as caught:
        provider.issue_invoice(BLUE)
    assert (caught.value.code, caught.value.upstream_code) == ("serial_known", "SANDBOX-DUP")


def test_trouble_of_theirs_leaves_a_write_open(provider: Baiwang, loop: Loopback) -> None:
    """Of a question it is Unavailable, of a write Unclear."""
    told(loop, ISSUE, said_no("X", "系统异常"))
    told(loop, QUERY, said_no("X", "系统异常"))
    with pytest.raises(Unclear):
        provider.issue_invoice(BLUE)
    with pytest.raises(Unavailable):
        provider.find_invoice(BLUE)


def test_codes_come_as_numbers_and_as_texts(provider: Baiwang, loop: Loopback) -> None:
    """The gateway's code is a number in the samples; as text it means the same."""
    told(loop, QUERY, said_no(code="100007"))  # type: ignore[arg-type]
    with pytest.raises(CredentialsRefused) as caught:
        provider.find_invoice(BLUE)
    assert caught.value.code == "signature_refused"
