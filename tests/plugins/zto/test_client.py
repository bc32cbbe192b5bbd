"""Digest, request and envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asctl.api import AsctlError, Interception, Refused, TrackQuery, Unavailable, Unclear
from asctl_zto.client import sign
from asctl_zto.provider import Zto
from asctl_zto.sandbox_gate import APP_KEY, APP_SECRET
from tests.plugins.loopback import Loopback
from tests.plugins.zto.conftest import BASE, WAYBILL, telling

TRACK_BODY = '{"billCode":"73100012345678","mobilePhone":"1234"}'
CREATE_BODY = '{"billCode":"73100012345678","requestId":"REQ-1","thirdBizNo":"AS-1","destinationType":2}'
PUSH_DATA = (
    '{"billCode":"73100012345678","actionTime":"2024-05-01 10:00:00","action":"GOT","facilityName":"测试网点",'
    '"desc":"已揽收"}'
)
QUERY = TrackQuery("zto", WAYBILL, "1234")
CALL_BACK = Interception("K-1", "zto", WAYBILL)
TIMESTAMP = "1700000000000"


@pytest.mark.parametrize(
    ("text", "timestamp", "digest"),
    [
        (TRACK_BODY, "", "EK+yQMeluT5NWavjyDOH5Q=="),
        (TRACK_BODY, TIMESTAMP, "VbxwSIoggDK8zpIcOB6QZA=="),
        (CREATE_BODY, "", "CfNfPwQVwtf17EqhE+y1hQ=="),
        (PUSH_DATA, "", "5gGFuMAfVZqvNig2m8A0pw=="),
    ],
    ids=["track", "timestamp", "intercept", "push"],
)
def test_published_vectors(text: str, timestamp: str, digest: str):
    """The vectors of reference section 2 that the plugin's variants give come out."""
    assert sign(text, "ztoTestSecret", timestamp) == digest


def test_what_is_sent_is_what_was_signed(provider: Zto, loop: Loopback):
    """The track query of the published vector goes out with the digest printed there, as a read."""
    provider.track((QUERY,))
    (request,) = loop.sent
    assert request.body is not None
    assert request.body.decode() == TRACK_BODY
    assert (request.method, request.url) == ("POST", f"{BASE}/zto.merchant.waybill.track.query")
    assert request.write is False
    assert request.headers == {
        "Content-Type": "application/json; charset=UTF-8",
        "x-companyid": APP_KEY,
        "x-datadigest": "EK+yQMeluT5NWavjyDOH5Q==",
    }


def test_time_stamp_is_sent_and_signed_where_wanted(make_provider: Callable[..., Zto], loop: Loopback):
    """With ``send_timestamp`` the milliseconds of the clock stand in the header and in front of the text signed."""
    make_provider(send_timestamp=True).track((QUERY,))
    headers = loop.sent[0].headers or {}
    assert headers["x-timestamp"] == str(int(loop.clock.moment.timestamp() * 1000))
    assert headers["x-datadigest"] == sign(TRACK_BODY, APP_SECRET, headers["x-timestamp"])


def test_base_url_may_end_in_a_slash(make_provider: Callable[..., Zto], loop: Loopback):
    """A trailing slash of base_url is not doubled."""
    make_provider(base_url=f"{BASE}/").track((QUERY,))
    assert loop.sent[0].url == f"{BASE}/zto.merchant.waybill.track.query"


def test_writes_are_marked_and_reads_are_not(provider: Zto, moving: Loopback):
    """The transport learns which calls must never be repeated."""
    provider.intercept(CALL_BACK)
    provider.interception_status(CALL_BACK)
    provider.cancel_interception(CALL_BACK)
    provider.cancellation_status(CALL_BACK)
    assert [request.write for request in moving.sent] == [True, False, True, False]


def test_interception_body(make_provider: Callable[..., Zto], moving: Loopback):
    """Request id and business number are the intent's key; the customer is named where it is set."""
    make_provider(customer_id="C0001", customer_name="测试店铺").intercept(CALL_BACK)
    assert json.loads(moving.sent[0].body or b"") == {
        "billCode": WAYBILL,
        "requestId": "K-1",
        "thirdBizNo": "K-1",
        "destinationType": 2,
        "customerId": "C0001",
        "customerName": "测试店铺",
    }


@pytest.mark.parametrize("code", ["SYS000", "0000", "0", 0, "anything new"])
@pytest.mark.parametrize("status", [True, "true"])
@pytest.mark.parametrize("member", ["result", "data"])
def test_success_is_told_by_status(provider: Zto, loop: Loopback, code: object, status: object, member: str):
    """``status`` decides, whatever success code stands beside it and under whichever member the payload comes."""
    telling(loop, {"status": status, "statusCode": code, "message": "", member: [{"scanType": "收件"}]})
    (answer,) = provider.track((QUERY,))
    assert (answer.error, len(answer.problems)) == (None, 1)


@pytest.mark.parametrize(
    "told",
    [
        {"status": False, "statusCode": "E23120", "message": "存在派件扫描,无法拦截", "data": None},
        {"status": False, "statusCode": "500", "message": "", "data": {"code": "E23120"}},
        {"status": True, "statusCode": "SYS000", "message": "", "data": {"statusCode": "E23120"}},
        {"status": True, "statusCode": "E23120", "message": "", "data": {}},
    ],
    ids=["envelope", "inner code", "inner code under success", "refusal under success"],
)
def test_a_refusal_is_one_wherever_its_code_stands(provider: Zto, loop: Loopback, told: dict[str, Any]):
    """The codes of section 6.4 may stand in the envelope or in the data; none of these was accepted."""
    telling(loop, told)
    with pytest.raises(Refused) as caught:
        provider.intercept(CALL_BACK)
    assert (caught.value.reason, caught.value.upstream_code) == ("TOO_LATE", "E23120")


@pytest.mark.parametrize("told", [{}, {"status": None}, {"status": "maybe"}, {"status": 1}, {"statusCode": "SYS000"}])
def test_an_answer_without_status_is_odd(provider: Zto, loop: Loopback, told: dict[str, Any]):
    """Nobody knows what it says: unavailable for a question, unclear for a write."""
    telling(loop, told)
    with pytest.raises(Unavailable) as asked:
        provider.track((QUERY,))
    with pytest.raises(Unclear) as written:
        provider.intercept(CALL_BACK)
    assert (asked.value.code, asked.value.passing, written.value.code) == ("odd_answer", False, "odd_answer")


@pytest.mark.parametrize("result", ["scans", 7, {"0": {}}, True])
def test_scans_that_are_no_list_are_odd(provider: Zto, loop: Loopback, result: object):
    """A track of another type is an odd answer."""
    telling(loop, {"status": True, "statusCode": "SYS000", "result": result})
    with pytest.raises(Unavailable) as caught:
        provider.track((QUERY,))
    assert caught.value.code == "odd_answer"


@pytest.mark.parametrize("data", ["INTERCEPTING", 7, [{"status": "INTERCEPTING"}], {"billCode": "73100099999999"}])
def test_an_interception_that_is_no_record_or_anothers_is_odd(provider: Zto, loop: Loopback, data: object):
    """What is not about this very waybill is no evidence of anything."""
    telling(loop, {"status": True, "statusCode": "SYS000", "data": data})
    with pytest.raises(Unavailable) as caught:
        provider.interception_status(CALL_BACK)
    assert caught.value.code == "odd_answer"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=junk | st.dictionaries(st.sampled_from(("status", "statusCode", "message", "result", "data")), junk))
def test_junk_raises_only_our_families(provider: Zto, loop: Loopback, told: Any):
    """Whatever comes back, a caller meets an answer or one of our errors."""
    telling(loop, told)
    for call in (
        lambda: provider.track((QUERY,)),
        lambda: provider.intercept(CALL_BACK),
        lambda: provider.cancel_interception(CALL_BACK),
        lambda: provider.interception_status(CALL_BACK),
        lambda: provider.cancellation_status(CALL_BACK),
    ):
        try:
            call()
        except AsctlError as error:
            assert error.code
            assert error.message
