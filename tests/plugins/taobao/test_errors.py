"""Every row of the error table, sections 1.5 and 1.6 of the protocol reference."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import AsctlError, CredentialsRefused, Flag, NotFound, Refused, Throttled, Unavailable, Unclear
from asctl_taobao.errors import Complaint, error_of
from tests.plugins.taobao.support import DirectHttp, provider_of

REST = timedelta(seconds=60)


def family_of(code: Any, sub_code: str = "", sub_msg: str = "", msg: str = "words") -> AsctlError:
    said = {"code": code, "msg": msg, "sub_code": sub_code, "sub_msg": sub_msg, "request_id": "demo1"}
    return error_of(Complaint.read(said, "taobao.trade.get", "4000000000000000101"), REST)


@pytest.mark.parametrize("code", [4, 5, 6, 7, 8])
def test_bans(code: int) -> None:
    """A ban rests the whole account for the seconds it names and one more."""
    error = family_of(code, "accesscontrol.limited-by-api-access-count", "This ban will last for 7 more seconds")
    assert isinstance(error, Throttled)
    assert (error.retry_after, error.whole_account) == (timedelta(seconds=8), True)


@pytest.mark.parametrize(
    "sub_code",
    [
        "accesscontrol.limited-by-dynamic-access-count",
        "accesscontrol.limited-by-app-api-access-count",
        "isp.call-limited",
        "isp.system-busy",
    ],
)
def test_bans_by_sub_code(sub_code: str) -> None:
    """Some bans come with another code; one without a number rests for as long as the setting says."""
    error = family_of(15, sub_code, "系统繁忙")
    assert isinstance(error, Throttled)
    assert error.retry_after == REST


def test_daily_quota() -> None:
    """The day's quota may rest for hours; the hint names the console."""
    error = family_of(7, "accesscontrol.limited-by-app-access-count", "This ban will last for 31062 more seconds")
    assert isinstance(error, Throttled)
    assert (error.code, error.retry_after) == ("daily_quota", timedelta(seconds=31063))
    assert "console" in error.hint


def test_ban_seconds_among_other_numbers() -> None:
    """The seconds are the number before "more seconds", not the quota before it."""
    error = family_of(7, "accesscontrol.x", "Quota 5000 used. This ban will last for 3 more seconds")
    assert isinstance(error, Throttled)
    assert error.retry_after == timedelta(seconds=4)


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        (24, "signature_refused"),
        (25, "signature_refused"),
        (26, "session_refused"),
        (27, "session_refused"),
        (44, "session_refused"),
        (53, "session_refused"),
        (28, "app_key_refused"),
        (29, "app_key_refused"),
        (30, "clock_off"),
        (31, "clock_off"),
        (11, "no_permission"),
        (12, "no_permission"),
        (13, "no_permission"),
    ],
)
def test_credentials(code: int, ours: str) -> None:
    """Whatever a person must mend at key, session, clock or permission is one family with a code of its own."""
    error = family_of(code, "isv.whatever")
    assert isinstance(error, CredentialsRefused)
    assert error.code == ours
    assert error.hint


def test_hints_of_credentials() -> None:
    """The hint says what to mend: the clock, the white list, the sub-account."""
    assert "clock" in family_of(31).hint
    assert "white list" in family_of(11, "isv.permission-ip-whitelist-limit").hint
    assert "sub-account" in family_of(53, "isv.w2-security-authorize-invalid").hint


@pytest.mark.parametrize("code", [3, 9, 21, 22, 23, 32, 33, 34, 40, 41, 42, 43])
def test_bad_calls(code: int) -> None:
    """A call that they cannot read is refused for good, and names the method."""
    error = family_of(code, msg="Missing required arguments:fields")
    assert isinstance(error, Refused)
    assert error.code == "bad_call"
    assert "taobao.trade.get" in error.message
    assert "fields" in error.message


@pytest.mark.parametrize(
    ("code", "sub_code"),
    [
        (10, ""),
        (88, ""),
        (15, "isp.top-remote-connection-timeout"),
        (15, "isp.refund-service-unavailable"),
        (560, "isp.x"),
        (15, "A-AUDIT-00-16-003-01"),
        (15, "A-AUDIT-00-16-002-00"),
    ],
)
def test_their_trouble(code: int, sub_code: str) -> None:
    """Trouble on their side may pass."""
    error = family_of(code, sub_code)
    assert isinstance(error, Unavailable)
    assert error.passing


def test_no_such_order() -> None:
    """An unknown order is named in the sentence."""
    error = family_of(15, "isv.trade-not-exist", "交易订单不存在")
    assert isinstance(error, NotFound)
    assert "4000000000000000101" in error.message


def test_service_rejection() -> None:
    """Too many time-outs of the order service: three minutes, and a way out."""
    error = family_of(15, "isv.trade-service-rejection")
    assert isinstance(error, Throttled)
    assert error.retry_after == timedelta(minutes=3)
    assert "list_window" in error.hint


@pytest.mark.parametrize(
    ("code", "sub_code"),
    [
        (15, "isv.invalid-parameter:seller_nick"),
        (50, "isv.invalid-parameter"),
        (565, ""),
        (15, "A-AUDIT-00-00-000-00"),
        (9999, ""),
        ("strange", ""),
        (None, ""),
    ],
)
def test_refusals(code: Any, sub_code: str) -> None:
    """Everything else is a refusal, whatever integer or text the code is."""
    error = family_of(code, sub_code)
    assert isinstance(error, Refused)
    assert error.code == "refused"


def test_their_words_are_kept() -> None:
    """The error carries the more precise code, the text and the request."""
    error = family_of(15, "isv.trade-not-exist", "交易订单不存在")
    assert (error.upstream_code, error.upstream_text, error.request_id) == (
        "isv.trade-not-exist",
        "交易订单不存在",
        "demo1",
    )
    assert family_of(25).upstream_code == "25"


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"trade_get_response":[]}', b'{"trade_get_response":{}}', b'{"error_response":"no"}', b"[1]", b"<html>"],
)
def test_odd_bodies(http: DirectHttp, body: bytes) -> None:
    """An answer in another shape is told as one, and is not tried again."""
    http.scripted = [body]
    with pytest.raises(Unavailable) as caught:
        provider_of(http).remark("4000000000000000101")
    assert caught.value.code in ("odd_answer", "not_json")
    assert len(http.sent) == 1


def test_a_read_is_tried_again_under_a_fresh_time_stamp(http: DirectHttp) -> None:
    """Each attempt is stamped and signed anew."""
    trouble = {"error_response": {"code": 15, "msg": "x", "sub_code": "isp.remote-service-timeout"}}
    http.scripted = [json.dumps(trouble).encode()] * 2
    http.before = lambda _request: http.world.sleep(1)
    provider_of(http).check()
    forms = [request.form or {} for request in http.sent[:3]]
    assert len({form["timestamp"] for form in forms}) == len({form["sign"] for form in forms}) == 3


def test_their_trouble_leaves_a_write_unclear(http: DirectHttp) -> None:
    """After isp.* on a write nobody knows whether it happened: it is sent once."""
    http.scripted = [b'{"error_response":{"code":15,"msg":"x","sub_code":"isp.remote-service-timeout"}}']
    with pytest.raises(Unclear):
        provider_of(http).write_remark("4000000000000000101", "text", Flag.RED)
    assert [request.write for request in http.sent] == [True]
