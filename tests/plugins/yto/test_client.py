"""Signature, credentials per interface, and what the gateway's answers mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    AsctlError,
    CredentialsRefused,
    Interception,
    Refused,
    Throttled,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply
from asctl_yto.client import sign
from asctl_yto.errors import gateway_error, query_error, refused_by_words
from asctl_yto.provider import Yto
from asctl_yto.sandbox import TRACKING, WANTED, YtoSandbox
from tests.plugins.loopback import Loopback, refused
from tests.plugins.yto.conftest import BASE, WAYBILL, sent_body, settings

PUSH_XML = (
    "<UpdateInfo><logisticProviderID>YTO</logisticProviderID><clientID>TEST01</clientID><txLogisticID>AS-1</txLogisticID>"
    "<mailNo>YT1234567890123</mailNo><infoType>STATUS</infoType><infoContent>GOT</infoContent>"
    "<acceptTime>2024-05-01 10:00:00.0 CST</acceptTime><remark>已收件</remark></UpdateInfo>"
)
QUERY = (TrackQuery("yto", WAYBILL),)
REQUEST = Interception("key-1", "yto", WAYBILL)
PAUSE = timedelta(seconds=60)

Answering = Callable[..., Yto]


@pytest.mark.parametrize(
    ("parts", "signature"),
    [
        (('{"NUMBER":"YT2600227881409"}', "track_query_adapter", "v1", "123456"), "uhSL6hg8txxadZi26YPYPg=="),
        (
            (
                '{"waybillNo":"YT1234567890123","wantedDesc":"买家退款，退回"}',
                "wanted_report_adapter",
                "v1",
                "ytoTestSecret",
            ),
            "kyEWcRygaTUKLjmqC0PFxw==",
        ),
        ((PUSH_XML, "ytoTestSecret"), "A7cgV/scZhQmo1Akg2YQeA=="),
    ],
    ids=["published", "interception", "callback"],
)
def test_vectors_of_the_reference(parts: tuple[str, ...], signature: str):
    """The portal's own example and the two worked ones of section 2 come out."""
    assert sign(*parts) == signature


def test_a_track_query_is_what_was_signed(answering: Answering, loopback: Loopback):
    """Exactly four members; the signature covers the very param sent, and the time stamp counts milliseconds."""
    answering([]).track(QUERY)
    (request,) = loopback.sent
    body = sent_body(request)
    assert request.url == f"{BASE}/open/track_query_adapter/v1/ytoTrack/TEST"
    assert (request.method, request.write) == ("POST", False)
    assert body == {
        "timestamp": str(int(loopback.clock.now().timestamp()) * 1000),
        "param": '{"NUMBER":"YT1234567890123"}',
        "sign": sign('{"NUMBER":"YT1234567890123"}', "track_query_adapter", "v1", TRACKING.secret),
        "format": "JSON",
    }


def test_an_interception_is_signed_with_its_own_credentials(answering: Answering, loopback: Loopback):
    """Interceptions go under their own customer code, URL key, secret and version, and as a write."""
    answering(
        {"statusCode": 0},
        intercept_customer_code="K2",
        intercept_secret="other",
        intercept_url_key="uk2",
        intercept_version="v2",
    ).intercept(REQUEST)
    (request,) = loopback.sent
    body = sent_body(request)
    assert request.url == f"{BASE}/open/wanted_report_adapter/v2/uk2/K2"
    assert request.write
    assert body["sign"] == sign(body["param"], "wanted_report_adapter", "v2", "other")


def test_credentials_fall_back_one_by_one(answering: Answering, loopback: Loopback):
    """What an interface has no own value for is the account's."""
    answering([], track_customer_code=None, track_url_key=None, track_secret="own").track(QUERY)
    (request,) = loopback.sent
    body = sent_body(request)
    assert request.url.endswith(f"/{WANTED.url_key}/{WANTED.customer_code}")
    assert body["sign"] == sign(body["param"], "track_query_adapter", "v1", "own")


def test_base_url_may_end_in_a_slash(loopback: Loopback):
    """A trailing slash of base_url is not doubled."""
    Yto(loopback.context("yto-main", settings(base_url=f"{BASE}/"))).track(QUERY)
    assert loopback.sent[0].url == f"{BASE}/open/track_query_adapter/v1/ytoTrack/TEST"


def test_half_characters_are_signed_as_they_are_sent(provider: Yto, loopback: Loopback):
    """A stray half character in a reason becomes a question mark in both param and signature."""
    with pytest.raises(Refused):
        provider.intercept(Interception("key-1", "yto", "YT0000000000001", reason="退\udcff回"))
    assert "退?回" in sent_body(loopback.sent[0])["param"]


@pytest.mark.parametrize("success", ["true", True, "True"])
@pytest.mark.parametrize("code", ["1001", 1001])
def test_nothing_found_is_an_answer(answering: Answering, success: object, code: object):
    """Code 1001 with success is no events and no error, in any type."""
    told = {"map": {WAYBILL: []}, "code": code, "success": success, "message": "查询结果为空。"}
    (answer,) = answering(told).track(QUERY)
    assert (answer.events, answer.error, answer.problems) == ((), None, ())


@pytest.mark.parametrize(
    ("code", "family", "ours"),
    [
        (401, CredentialsRefused, "signature_refused"),
        (429, Throttled, "busy"),
        (200010002, Unavailable, "server_error"),
        (200010005, Unavailable, "server_error"),
        (200017005, Unavailable, "server_error"),
        (1001, Unavailable, "unknown_return_code"),
        (77, Unavailable, "unknown_return_code"),
    ],
)
@pytest.mark.parametrize("written", [int, str])
def test_gateway_codes_of_a_query(answering: Answering, code: int, family: type[AsctlError], ours: str, written: type):
    """Codes about the account end the call as a whole, as number or text."""
    with pytest.raises(family) as caught:
        answering({"success": False, "code": written(code), "reason": "words"}).track(QUERY)
    assert (caught.value.code, caught.value.upstream_code, caught.value.upstream_text) == (ours, str(code), "words")
    assert caught.value.hint


@pytest.mark.parametrize("code", [200010003, 200017004])
def test_bad_parameters_concern_one_waybill(answering: Answering, code: int):
    """A question that the gateway finds wrong is refused for its waybill, and others may still be asked about."""
    (answer,) = answering({"success": "false", "code": code, "reason": "NUMBER不合法; "}).track(QUERY)
    assert isinstance(answer.error, Refused)
    assert (answer.error.upstream_code, answer.error.upstream_text) == (str(code), "NUMBER不合法;")
    assert WAYBILL in answer.error.message


@pytest.mark.parametrize(
    ("told", "family", "ours"),
    [
        ({"success": False, "code": 401, "reason": "请求加密校验失败"}, CredentialsRefused, "signature_refused"),
        ({"success": False, "code": 429, "reason": "请求过于频繁"}, Refused, "rate_limited"),
        ({"success": False, "code": 200017005, "reason": "x"}, Unclear, "server_error"),
        ({"success": False, "code": 200010005, "reason": "x"}, Unclear, "server_error"),
        ({"success": False, "code": 77, "reason": "x"}, Unclear, "unknown_return_code"),
        ({"success": False, "code": 77, "reason": "运单不存在"}, Refused, "not_authorised"),
        ({"success": False, "code": 200010003, "reason": "waybillNo不能为空; "}, Refused, "refused"),
        ({"statusCode": 1, "statusMessage": "系统异常，该运单不支持"}, Unclear, "server_error"),
        ({"success": False, "code": 77, "reason": "请求过于频繁"}, Refused, "rate_limited"),
        ({"statusCode": 1, "statusMessage": "请求过于频繁"}, Refused, "rate_limited"),
        ({"statusCode": 1, "statusMessage": "请求加密校验失败"}, Refused, "sign_error"),
        ({}, Unclear, "odd_answer"),
        ({"success": True, "code": 0}, Unclear, "odd_answer"),
        ({"statusCode": True}, Unclear, "odd_answer"),
        ({"statusCode": None, "statusMessage": "成功"}, Unclear, "odd_answer"),
        ([], Unclear, "not_json"),
        (b"<html>maintenance</html>", Unclear, "not_json"),
        (b'{"statusCode":', Unclear, "not_json"),
        (b"", Unclear, "not_json"),
    ],
)
def test_answers_to_a_write(answering: Answering, told: object, family: type[AsctlError], ours: str):
    """Only an explicit word of theirs settles a write; everything else leaves it unclear. Nothing but the documented 401
    says that the call was not let in at all."""
    with pytest.raises(family) as caught:
        answering(told).intercept(REQUEST)
    assert caught.value.code == ours


@pytest.mark.parametrize("status", [0, "0"])
def test_status_zero_is_accepted(answering: Answering, status: object):
    """statusCode 0 is success, as number or text; their message is kept, and there is no number of theirs."""
    submission = answering({"statusCode": status, "statusMessage": "成功"}).intercept(REQUEST)
    assert (submission.reference, submission.message, submission.fee) == ("", "成功", None)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("已有有效拦截件，不能重复发起拦截", "ALREADY_INTERCEPTED"),
        ("运单不存在", "NOT_AUTHORISED"),
        ("非本客户运单", "NOT_AUTHORISED"),
        ("已签收,无法拦截", "ALREADY_DELIVERED"),
        ("已派件,无法拦截", "TOO_LATE"),
        ("该运单不支持改址", "NOT_SUPPORTED"),
        ("已签收,无法取消", "CANNOT_CANCEL"),
        ("未揽收,无法拦截", "NOT_PICKED_UP_YET"),
        ("目的地停发", "DESTINATION_CLOSED"),
        ("收件地址有误", "BAD_ADDRESS"),
        ("收件人电话有误", "BAD_PHONE"),
        ("不符合规则", "REFUSED_BY_RULE"),
        ("快件已遗失", "LOST"),
        ("今日不办理", "OTHER"),
        ("", "OTHER"),
    ],
)
def test_refusals_by_their_words(answering: Answering, words: str, reason: str):
    """Every text of section 6 gives its reason, and stays as upstream text beside statusCode."""
    with pytest.raises(Refused) as caught:
        answering({"statusCode": 1, "statusMessage": words}).intercept(REQUEST)
    assert refused(caught.value) == reason
    assert (caught.value.upstream_code, caught.value.upstream_text) == ("1", words)
    assert WAYBILL in caught.value.message


def test_the_account_rests_after_too_often(answering: Answering):
    """A question that came too often may be asked again: busy_pause says how long the whole account rests."""
    for told in ({"success": False, "code": 429}, {"success": False, "code": 77, "reason": "请求过于频繁"}):
        with pytest.raises(Throttled) as caught:
            answering(told, busy_pause=timedelta(seconds=9)).track(QUERY)
        assert (caught.value.retry_after, caught.value.whole_account) == (timedelta(seconds=9), True)


def test_only_their_own_trouble_is_tried_again(answering: Answering):
    """A system error is passing; a code or shape that nobody knows is not."""
    for told, passing in (({"code": "200017005"}, True), ({"code": "77"}, False), ({"success": "true"}, False)):
        with pytest.raises(Unavailable) as caught:
            answering(told).track(QUERY)
        assert caught.value.passing is passing


@pytest.mark.parametrize(
    "body", [b"<html>", b'[{"waybill_No":', b"[]]", b'[],"x":[', b"", b"7", b"[" * 100_000, b"\xff[]"]
)
def test_what_is_not_json_is_unavailable(answering: Answering, body: bytes):
    """A web page, half a list, a number, nothing or a bomb is the far side's trouble, told as such."""
    with pytest.raises(Unavailable) as caught:
        answering(body).track(QUERY)
    assert caught.value.code == "not_json"


@given(body=st.binary(max_size=200) | st.sampled_from([b"[null]", b"[[]]", b'[{"upload_Time":7}]', b'{"code":[]}']))
def test_junk_raises_nothing_but_our_families(body: bytes):
    """Whatever comes back, a query ends in an answer or a read family, and a write is never taken for refused."""
    loopback = Loopback(YtoSandbox(), BASE)
    loopback.answer = lambda _request: SandboxReply(body)
    account = Yto(loopback.context("yto-main", settings()))
    try:
        (answer,) = account.track(QUERY)
        assert answer.events == ()
    except Unavailable:
        pass
    with pytest.raises(Unclear):
        account.intercept(REQUEST)


@given(code=st.text(max_size=30), told=st.text(max_size=60))
def test_every_failure_has_a_family_and_a_hint(code: str, told: str):
    """No code and no wording is without an error that says what to do next."""
    errors = (
        gateway_error(code, told, WAYBILL),
        query_error(code, told, WAYBILL, PAUSE),
        refused_by_words(code, told, WAYBILL),
    )
    for error in errors:
        assert error.hint
        assert error.code


def test_errors_hold_no_secret(answering: Answering):
    """No secret and no URL key stands in what an error says."""
    for code in (401, 429, 200010002, 200010003, 77):
        try:
            (answer,) = answering({"success": False, "code": code}).track(QUERY)
            error = answer.error
        except AsctlError as raised:
            error = raised
        assert error is not None
        told = f"{error.message} {error.hint} {error.upstream_text}"
        assert all(secret not in told for secret in (TRACKING.secret, TRACKING.url_key, WANTED.secret))
