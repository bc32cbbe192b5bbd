"""Status codes as families: every row of sections 3 and 6.4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    Interception,
    Refused,
    Throttled,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl_zto.errors import NO_INTERCEPTION, REFUSALS, SAME_REQUEST
from asctl_zto.provider import Zto
from tests.plugins.loopback import Loopback, refused
from tests.plugins.zto.conftest import WAYBILL, refusing

QUERY = TrackQuery("zto", WAYBILL, "1234")
CALL_BACK = Interception("K-1", "zto", WAYBILL)
SECTION_6_4 = {
    "E23101": "ALREADY_DELIVERED",
    "E23102": "NOT_PICKED_UP_YET",
    "E23119": "NOT_PICKED_UP_YET",
    "E23108": "OTHER",
    "E23110": "NOT_AUTHORISED",
    "E23153": "NOT_AUTHORISED",
    "E23154": "NOT_AUTHORISED",
    "E23144": "NOT_AUTHORISED",
    "E23111": "NOT_SUPPORTED",
    "E23113": "NOT_SUPPORTED",
    "E23138": "NOT_SUPPORTED",
    "E23136": "NOT_SUPPORTED",
    "E23146": "NOT_SUPPORTED",
    "E23112": "TOO_LATE",
    "E23120": "TOO_LATE",
    "E23137": "TOO_LATE",
    "E23114": "NOT_SUPPORTED",
    "E23115": "NOT_SUPPORTED",
    "E23116": "NOT_AUTHORISED",
    "E23118": "NOT_AUTHORISED",
    "E23121": "ALREADY_INTERCEPTED",
    "E23123": "ALREADY_INTERCEPTED",
    "E23127": "ALREADY_INTERCEPTED",
    "E23151": "ALREADY_INTERCEPTED",
    "E23157": "ALREADY_INTERCEPTED",
    "E23160": "ALREADY_INTERCEPTED",
    "E23122": "DESTINATION_CLOSED",
    "E23124": "REFUSED_BY_RULE",
    "E23139": "REFUSED_BY_RULE",
    "E23130": "CANNOT_CANCEL",
    "E23131": "CANNOT_CANCEL",
    "E23135": "CANNOT_CANCEL",
    "E23140": "LOST",
    "E23141": "LOST",
    "E23148": "BAD_PHONE",
    "E23149": "BAD_PHONE",
    "E23150": "BAD_PHONE",
}


@pytest.mark.parametrize(("code", "reason"), [item for item in SECTION_6_4.items() if item[0] not in SAME_REQUEST])
def test_every_refusal_of_an_interception(provider: Zto, loop: Loopback, code: str, reason: str):
    """Each code is a refusal with its one reason, and keeps their code and text."""
    refusing(loop, code, "原文")
    with pytest.raises(Refused) as caught:
        provider.intercept(CALL_BACK)
    error = caught.value
    assert (refused(error), error.upstream_code, error.upstream_text) == (reason, code, "原文")
    assert WAYBILL in error.message
    assert error.hint


def test_the_table_has_no_other_rows():
    """No code is mapped that the reference does not name; E418 is the one of section 3 that refuses one waybill."""
    assert {code: reason.value for code, reason in REFUSALS.items()} == SECTION_6_4 | {"E418": "NOT_AUTHORISED"}


@pytest.mark.parametrize("code", ["E23999", "E500"])
def test_an_unknown_business_code_is_a_refusal_all_the_same(provider: Zto, loop: Loopback, code: str):
    """They said no in words we do not know: OTHER, with the words."""
    refusing(loop, code, "新的原因")
    with pytest.raises(Refused) as caught:
        provider.intercept(CALL_BACK)
    assert refused(caught.value) == "OTHER"
    assert "新的原因" in caught.value.message


@pytest.mark.parametrize(
    ("status_code", "family", "code"),
    [
        ("E409", BadInput, "phone_tail_wrong"),
        ("E413", BadInput, "phone_tail_missing"),
        ("E416", BadInput, "waybill_malformed"),
        ("S208", BadInput, "parameter_missing"),
        ("E418", Refused, "not_authorised"),
        ("E23110", Refused, "not_authorised"),
    ],
)
def test_codes_about_one_waybill(provider: Zto, loop: Loopback, status_code: str, family: type[AsctlError], code: str):
    """They stand in the waybill's answer, so that others can be asked about."""
    refusing(loop, status_code)
    (answer,) = provider.track((QUERY,))
    assert isinstance(answer.error, family)
    assert (answer.error.code, answer.error.upstream_code) == (code, status_code)
    assert WAYBILL in answer.error.message
    assert answer.error.hint


ACCOUNT_CODES: list[tuple[str, type[AsctlError], str]] = [
    ("S206", Throttled, "quota_used_up"),
    ("S221", Throttled, "busy"),
    ("S207", BadConfiguration, "no_such_interface"),
    ("S210", CredentialsRefused, "interface_not_granted"),
    ("S211", CredentialsRefused, "signature_refused"),
    ("S212", CredentialsRefused, "address_not_listed"),
    ("S214", CredentialsRefused, "clock_off"),
    ("E404", CredentialsRefused, "account_unbound"),
]


@pytest.mark.parametrize(("status_code", "family", "code"), ACCOUNT_CODES)
def test_codes_about_the_account(provider: Zto, loop: Loopback, status_code: str, family: type[AsctlError], code: str):
    """They end a question as a whole, and say of a write that it was not carried out."""
    refusing(loop, status_code)
    for call in (lambda: provider.track((QUERY,)), lambda: provider.intercept(CALL_BACK), provider.check):
        with pytest.raises(family) as caught:
            call()
        assert (caught.value.code, caught.value.upstream_code) == (code, status_code)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("status_code", "code", "passing"),
    [
        ("S200", "server_error", True),
        ("S202", "server_error", True),
        ("S203", "server_error", True),
        ("S999", "unknown_status_code", False),
        ("", "unknown_status_code", False),
        ("?", "unknown_status_code", False),
    ],
)
def test_their_trouble_leaves_a_write_unclear(
    provider: Zto, loop: Loopback, status_code: str, code: str, passing: bool
):
    """A time-out on their side, an exception or a code that nobody knows may have come after the deed."""
    refusing(loop, status_code)
    with pytest.raises(Unavailable) as asked:
        provider.track((QUERY,))
    assert (asked.value.code, asked.value.passing) == (code, passing)
    for write in (provider.intercept, provider.cancel_interception):
        with pytest.raises(Unclear):
            write(CALL_BACK)


def test_pauses(make_provider: Callable[..., Zto], loop: Loopback):
    """S221 rests the whole account for ``busy_pause``, S206 for ``quota_pause``."""
    provider = make_provider(busy_pause=timedelta(seconds=3), quota_pause=timedelta(minutes=7))
    for code, rest in (("S221", timedelta(seconds=3)), ("S206", timedelta(minutes=7))):
        refusing(loop, code)
        with pytest.raises(Throttled) as caught:
            provider.intercept(CALL_BACK)
        assert (caught.value.retry_after, caught.value.whole_account) == (rest, True)


@pytest.mark.parametrize("code", sorted(NO_INTERCEPTION))
def test_no_interception_may_be_told_by_a_code(provider: Zto, loop: Loopback, code: str):
    """A look takes these refusals for an answer: there is none."""
    refusing(loop, code)
    assert provider.interception_status(CALL_BACK).evidence == "absent"


def test_a_look_that_is_refused_otherwise_is_no_evidence(provider: Zto, loop: Loopback):
    """Only what says that there is none may count as absence."""
    refusing(loop, "E23153")
    with pytest.raises(Refused):
        provider.interception_status(CALL_BACK)
