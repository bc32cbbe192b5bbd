"""Every row of the code and refusal tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from asctl.api import (
    AddressChange,
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    Interception,
    RefusalReason,
    Refused,
    Throttled,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl_sf.errors import REFUSALS, platform_error, reason_of
from asctl_sf.provider import SF
from asctl_sf.sandbox_refusals import refusal_of
from tests.documents.markdown import read, spans, table
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import RECEIVER, TAIL, WAYBILL, said_no, told

PLATFORM: dict[str, tuple[type[AsctlError], str]] = {
    "A1001": (BadConfiguration, "call_incomplete"),
    "A1002": (CredentialsRefused, "request_expired"),
    "A1003": (CredentialsRefused, "address_not_allowed"),
    "A1004": (CredentialsRefused, "service_not_allowed"),
    "A1005": (Throttled, "busy"),
    "A1006": (CredentialsRefused, "signature_refused"),
    "A1007": (Unavailable, "duplicate_request"),
    "A1008": (CredentialsRefused, "decryption_failed"),
    "A1009": (Unavailable, "server_error"),
    "A1010": (BadConfiguration, "test_environment"),
    "A1011": (CredentialsRefused, "token_refused"),
    "A1099": (Unavailable, "server_error"),
    "": (Unavailable, "unknown_return_code"),
    "A7777": (Unavailable, "unknown_return_code"),
}
SERVICE: dict[str, tuple[type[AsctlError], str]] = {
    "S0001": (BadInput, "question_malformed"),
    "S0002": (BadInput, "question_malformed"),
    "S0003": (Unavailable, "server_error"),
    "8003": (BadInput, "question_malformed"),
    "8013": (BadInput, "question_malformed"),
    "8191": (BadInput, "waybill_refused"),
    "8247": (BadInput, "waybill_refused"),
    "8114": (BadConfiguration, "payment_refused"),
    "8119": (BadConfiguration, "payment_refused"),
    "8179": (BadConfiguration, "payment_refused"),
    "8256": (BadConfiguration, "payment_refused"),
}


def intercept(provider: SF) -> None:
    provider.intercept(Interception("key", "sf", WAYBILL))


def change_address(provider: SF) -> None:
    provider.change_address(AddressChange("key", "sf", WAYBILL, RECEIVER))


def cancel(provider: SF) -> None:
    provider.cancel_interception(Interception("key", "sf", WAYBILL, reference="CUS1"))


WRITES = pytest.mark.parametrize("write", [intercept, change_address, cancel])


@pytest.mark.parametrize("code", PLATFORM)
def test_platform_codes_of_a_question(provider: SF, loop: Loopback, code: str) -> None:
    """Each code of the platform ends a question for the account, in its family, with the vendor's words beside it."""
    family, word = PLATFORM[code]
    loop.answer = lambda _request: told(None, code, "原文")
    with pytest.raises(family) as caught:
        provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    assert (caught.value.code, caught.value.upstream_code, caught.value.upstream_text) == (word, code, "原文")
    assert caught.value.hint


@WRITES
@pytest.mark.parametrize("code", PLATFORM)
def test_platform_codes_of_a_write(provider: SF, loop: Loopback, code: str, write: Callable[[SF], None]) -> None:
    """A write that the platform turned away was not carried out; its own trouble, or a "duplicate", leaves it open."""
    family, word = PLATFORM[code]
    loop.answer = lambda _request: told(None, code)
    with pytest.raises(Unclear if family is Unavailable else family) as caught:
        write(provider)
    assert caught.value.code == word
    assert len(loop.sent) == 1


def test_flow_control_rests_for_the_setting(make_provider: Callable[..., SF], loop: Loopback) -> None:
    """A1005 names no time, so the whole account rests for ``busy_pause``."""
    loop.answer = lambda _request: told(None, "A1005")
    with pytest.raises(Throttled) as caught:
        make_provider(busy_pause=timedelta(seconds=7)).track((TrackQuery("sf", WAYBILL, TAIL),))
    assert (caught.value.retry_after, caught.value.whole_account) == (timedelta(seconds=7), True)


@pytest.mark.parametrize("code", ["A1007", "A1009", "A1099"])
def test_what_may_pass_is_passing(code: str) -> None:
    """A question is worth asking again at once, with a number of its own."""
    error = platform_error(code, "", "", timedelta(seconds=5))
    assert isinstance(error, Unavailable)
    assert error.passing


@WRITES
@pytest.mark.parametrize("code", SERVICE)
def test_service_codes_of_a_write(provider: SF, loop: Loopback, code: str, write: Callable[[SF], None]) -> None:
    """An explicit no is a no; only trouble at SF leaves the outcome open."""
    family, word = SERVICE[code]
    loop.answer = lambda _request: said_no(code)
    with pytest.raises(Unclear if family is Unavailable else family) as caught:
        write(provider)
    assert caught.value.code == word


@WRITES
@pytest.mark.parametrize("code", REFUSALS)
def test_refusals(provider: SF, loop: Loopback, code: str, write: Callable[[SF], None]) -> None:
    """Each refusal code is its reason, with code and text of the vendor, and a next step."""
    loop.answer = lambda _request: said_no(code, "原文")
    with pytest.raises(Refused) as caught:
        write(provider)
    assert caught.value.reason == REFUSALS[code]
    assert (caught.value.upstream_code, caught.value.upstream_text) == (code, "原文")
    assert WAYBILL in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("快件已在派送中,不支持更改地址", RefusalReason.TOO_LATE),
        ("快件已签收", RefusalReason.ALREADY_DELIVERED),
        ("快件已转寄,无法取消", RefusalReason.CANNOT_CANCEL),
        ("运单已拦截,请勿重复提交", RefusalReason.ALREADY_INTERCEPTED),
        ("快件未揽收", RefusalReason.NOT_PICKED_UP_YET),
        ("运单不属于该客户", RefusalReason.NOT_AUTHORISED),
        ("目的地超出派送范围", RefusalReason.DESTINATION_CLOSED),
        ("电话格式不正确", RefusalReason.BAD_PHONE),
        ("该产品不支持更改地址", RefusalReason.NOT_SUPPORTED),
        ("地址不详", RefusalReason.BAD_ADDRESS),
        ("快件已登记遗失", RefusalReason.LOST),
        ("请联系客服", RefusalReason.OTHER),
        ("", RefusalReason.OTHER),
    ],
)
def test_words_decide_for_codes_that_nobody_knows(words: str, reason: RefusalReason) -> None:
    """The interception service's codes are not public, so the text of an unknown one is read for what it says."""
    assert reason_of("8399", words) is reason


def test_an_unknown_refusal_keeps_its_text(provider: SF, loop: Loopback) -> None:
    """What no word explains is told to the operator as it was told to us."""
    loop.answer = lambda _request: said_no("8399", "请联系客服")
    with pytest.raises(Refused) as caught:
        intercept(provider)
    assert caught.value.reason == RefusalReason.OTHER
    assert "请联系客服" in caught.value.message


@pytest.mark.parametrize(
    "reason",
    sorted(
        set(RefusalReason)
        - {RefusalReason.OTHER, RefusalReason.RATE_LIMITED, RefusalReason.SIGN_ERROR, RefusalReason.SERVER_ERROR}
    ),
)
def test_sandbox_refusals_are_read_back(reason: RefusalReason) -> None:
    """Every refusal that the sandbox can tell comes back as the reason it was told for."""
    no = refusal_of(reason)
    assert reason_of(no.code, no.words) is reason


def test_readme_lists_every_refusal_code() -> None:
    """The README's table of refusals is the one that decides."""
    rows = table(read("plugins/asctl_sf/README.md"), "refusal code")
    listed = {code.strip(): spans(reason)[0] for codes, reason in rows[:-1] for code in codes.split(",")}
    assert listed == {code: str(reason) for code, reason in REFUSALS.items()}
    assert rows[-1][0] == "other"
