"""Signature, request and return codes of the track query."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from asctl.api import AsctlError, BadInput, CredentialsRefused, Refused, Throttled, TrackQuery, Unavailable
from asctl.api.sandbox import SandboxReply
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.sandbox_account import CUSTOMER, KEY
from tests.plugins.kuaidi100.conftest import BASE, answered_by, answering, provider_on

VECTOR_A = '{"com":"yuantong","num":"YT1234567890123","resultv2":"4"}'
VECTOR_B = '{"com":"shunfeng","num":"SF1234567890123","phone":"1234","to":"广东省深圳市"}'
VECTOR_C = (
    '{"com": "shunfeng", "num": "SF1234567890123", "phone": "1234", "to": "\\u5e7f\\u4e1c\\u7701\\u6df1\\u5733\\u5e02"}'
)
VECTOR_D = (
    '{"kuaidicom":"jtexpress","kuaidinum":"JT1234567890123","interceptType":"RETURN_SEND_ADDR","partnerId":"TEST01",'
    '"reason":"买家退款","salt":"testsalt","callbackUrl":"http://127.0.0.1:8100/kd/intercept"}'
)
VECTOR_E = '{"status":"polling","message":"","lastResult":{"state":"0","nu":"YT1234567890123"}}'


@pytest.mark.parametrize(
    ("parts", "signature"),
    [
        ((VECTOR_A, KEY, CUSTOMER), "4BB0024A930263F160035E55C8E3859C"),
        ((VECTOR_B, KEY, CUSTOMER), "A8B886EFFAADB58524FFCC89D5FC11F0"),
        ((VECTOR_C, KEY, CUSTOMER), "D71293BEFFCA8A903969E39822864550"),
        ((VECTOR_D, "1700000000000", KEY, "testSecret100"), "1946DB85C676E84AB6E38C92CB6CC2A5"),
        ((VECTOR_E, "testsalt"), "E9DC92183BBB2B0E0348D4D6431BFBE2"),
    ],
    ids="ABCDE",
)
def test_published_vectors(parts: tuple[str, ...], signature: str):
    """The worked vectors of reference section 2 come out."""
    assert sign(*parts) == signature


def test_characters_that_no_store_takes_are_replaced():
    """Half characters and NUL do not lose a scan and do not leave the plugin."""
    told = {"status": "200", "data": [{"ftime": "2026-11-21 08:00:00", "context": "到\ud800达\0站"}]}
    wire = answered_by(lambda _request: SandboxReply(json.dumps(told).encode()))
    (answer,) = provider_on(wire).track((TrackQuery("sf", "SF1234567890123", phone_tail="1234"),))
    assert [event.text for event in answer.events] == ["到\ufffd达\ufffd站"]


def test_what_is_sent_is_what_was_signed():
    """The form carries customer, the compact param with resultv2 4 and order desc, and the signature of that very text."""
    wire = answering({"status": "200", "data": []})
    provider_on(wire).track((TrackQuery("sf", "SF1234567890123", phone_tail="1234"),))
    (request,) = wire.sent
    form = dict(request.form or {})
    assert (request.method, request.url, request.write) == ("POST", f"{BASE}/poll/query.do", False)
    assert form["param"] == '{"com":"shunfeng","num":"SF1234567890123","resultv2":"4","order":"desc","phone":"1234"}'
    assert form["sign"] == sign(form["param"], KEY, CUSTOMER)
    assert form["customer"] == CUSTOMER


def test_base_url_may_end_in_a_slash():
    """A trailing slash of base_url is not doubled."""
    wire = answering({"status": "200", "data": []})
    provider_on(wire, base_url=f"{BASE}/").track((TrackQuery("yto", "YT1234567890123"),))
    assert wire.sent[0].url == f"{BASE}/poll/query.do"


ENVELOPES: list[Callable[[str], dict[str, object]]] = [
    lambda code: {"result": False, "returnCode": code, "message": "typical words"},
    lambda code: {"result": False, "returnCode": int(code), "message": "other words"},
    lambda code: {"status": code, "message": "words"},
    lambda code: {"status": int(code)},
]


@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize(
    ("return_code", "family", "code"),
    [
        ("400", Refused, "question_refused"),
        ("408", BadInput, "phone_tail_wrong"),
        ("504", Throttled, "asked_too_often"),
    ],
)
def test_codes_about_one_waybill(
    envelope: Callable[[str], dict[str, object]],
    return_code: str,
    family: type[AsctlError],
    code: str,
):
    """400, 408 and 504 stand in the waybill's answer, whatever the envelope and the words."""
    (answer,) = provider_on(answering(envelope(return_code))).track((TrackQuery("yto", "YT1234567890123"),))
    assert isinstance(answer.error, family)
    assert (answer.error.code, answer.error.upstream_code) == (code, return_code)
    assert "YT1234567890123" in answer.error.message
    assert answer.error.hint


@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize(
    ("return_code", "family", "code"),
    [
        ("501", Unavailable, "server_error"),
        ("502", Throttled, "busy"),
        ("503", CredentialsRefused, "signature_refused"),
        ("601", CredentialsRefused, "account_expired"),
        ("999", Unavailable, "unknown_return_code"),
    ],
)
def test_codes_about_the_account(
    envelope: Callable[[str], dict[str, object]],
    return_code: str,
    family: type[AsctlError],
    code: str,
):
    """501, 502, 503, 601 and codes that nobody knows end the call as a whole."""
    with pytest.raises(family) as caught:
        provider_on(answering(envelope(return_code))).track((TrackQuery("yto", "YT1234567890123"),))
    assert (caught.value.code, caught.value.upstream_code) == (code, return_code)
    assert caught.value.hint


def test_pauses():
    """504 rests this waybill for 30 minutes; 502 rests the whole account for the seconds that busy_pause says."""
    (answer,) = provider_on(answering({"returnCode": "504"})).track((TrackQuery("yto", "YT1234567890123"),))
    assert isinstance(answer.error, Throttled)
    assert (answer.error.retry_after, answer.error.whole_account) == (timedelta(minutes=30), False)
    with pytest.raises(Throttled) as caught:
        provider_on(answering({"returnCode": "502"}), busy_pause=timedelta(seconds=9)).track(
            (TrackQuery("yto", "YT1234567890123"),)
        )
    assert (caught.value.retry_after, caught.value.whole_account) == (timedelta(seconds=9), True)


def test_server_trouble_may_be_tried_again_and_nonsense_not():
    """501 is passing; an unknown code or a reply without any is not."""
    for told, passing in (({"returnCode": "501"}, True), ({"returnCode": "77"}, False), ({}, False)):
        with pytest.raises(Unavailable) as caught:
            provider_on(answering(told)).track((TrackQuery("yto", "YT1234567890123"),))
        assert caught.value.passing is passing


@pytest.mark.parametrize("told", [{"result": False, "returnCode": "500", "message": "x"}, {"status": 500}])
def test_no_result_is_an_answer(told: dict[str, object]):
    """500 means that nothing is known yet: no events, no error, no problem."""
    (answer,) = provider_on(answering(told)).track((TrackQuery("yto", "YT1234567890123"),))
    assert (answer.events, answer.error, answer.problems) == ((), None, ())


def test_errors_hold_no_secret():
    """Neither key nor salt nor the signed text appears in what an error says."""
    for code in ("400", "408", "501", "502", "503", "504", "601", "999"):
        try:
            (answer,) = provider_on(answering({"returnCode": code})).track(
                (TrackQuery("sf", "SF1234567890123", phone_tail="9876"),)
            )
            error = answer.error
        except AsctlError as raised:
            error = raised
        assert error is not None
        told = json.dumps([error.message, error.hint, error.upstream_text])
        assert all(secret not in told for secret in (KEY, "testsalt", "9876", CUSTOMER))
