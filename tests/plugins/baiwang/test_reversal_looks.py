"""What a look after a reversal proves, by what Baiwang answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.api import (
    CredentialsRefused,
    Effect,
    Evidence,
    FormState,
    FormTold,
    InvoiceFinding,
    InvoiceState,
    Unavailable,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import FORMS, QUERY
from tests.plugins.baiwang.samples import RED_SERIAL, reversal, said, said_no, told
from tests.plugins.loopback import Loopback

NUMBER = "26990000000000000001"
RED_ROW = {"orderNo": RED_SERIAL, "serialNo": "26010210000000000007", "status": "01", "digitInvoiceNo": "2"}
FORM = {"orderNo": RED_SERIAL, "redConfirmSerialNo": "F1", "redConfirmNo": "N1", "redConfirmStatus": "01"}


def form_of(found: InvoiceFinding) -> FormTold:
    assert found.form is not None
    return found.form


def test_applied_for_is_not_reversed(provider: Baiwang, loop: Loopback) -> None:
    """A confirmed form without its red invoice is under way, whatever the form says."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said([FORM | {"redConfirmStatus": "04"}]))
    found = provider.find_reversal(reversal(NUMBER))
    assert (found.effect, form_of(found).state, form_of(found).red) == (Effect.ACCEPTED, FormState.CONFIRMED, None)


def test_download_that_is_refused_leaves_what_is_stored(provider: Baiwang, loop: Loopback) -> None:
    """A no to the download is no trouble of the form; a lapsed session is told, since somebody must scan."""
    stored = said([FORM | {"redConfirmStatus": "02"}])
    replies = {"2": stored, "1": said_no("X", "不支持的操作")}
    told(loop, QUERY, said([]))
    proper = loop.answer

    def answer(request: SandboxRequest) -> SandboxReply:
        if request.query.get("method") != FORMS:
            return proper(request)
        return replies["1" if b'"operatorType":"1"' in request.body else "2"]

    loop.answer = answer
    assert form_of(provider.find_reversal(reversal(NUMBER))).state is FormState.WAIT_BUYER
    replies["1"] = said_no("X", "数电账号未登录")
    with pytest.raises(CredentialsRefused):
        provider.find_reversal(reversal(NUMBER))


@pytest.mark.parametrize("order_no", ["", None])
def test_form_without_a_serial_leaves_it_open(provider: Baiwang, loop: Loopback, order_no: str | None) -> None:
    """A form that does not say whose it is may be ours: never taken for absence, nor for ours."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said([FORM | {"orderNo": order_no}]))
    assert provider.find_reversal(reversal(NUMBER)) == InvoiceFinding(Evidence.UNKNOWN)


def test_page_that_is_not_all_leaves_it_open(provider: Baiwang, loop: Loopback) -> None:
    """Ours may be on another page."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said({"total": 51, "list": [FORM | {"orderNo": "R9"}]}))
    assert provider.find_reversal(reversal(NUMBER)).evidence is Evidence.UNKNOWN


def test_form_is_known_by_the_number_told_at_its_application(provider: Baiwang, loop: Loopback) -> None:
    """Where the list carries no serial of ours, the form's own is as good."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said([FORM | {"orderNo": ""}]))
    found = provider.find_reversal(replace(reversal(NUMBER), reference="F1"))
    assert form_of(found).state is FormState.NOT_NEEDED


def test_form_in_an_unknown_state_is_there(provider: Baiwang, loop: Loopback) -> None:
    """It was applied for; how far it is cannot be told."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said([FORM | {"redConfirmStatus": "99"}]))
    found = provider.find_reversal(reversal(NUMBER))
    assert (found.evidence, found.effect, found.form, found.reference) == (Evidence.PRESENT, None, None, "F1")


def test_odd_list_of_forms_is_no_proof(provider: Baiwang, loop: Loopback) -> None:
    """Its shape is inferred: what cannot be read is trouble, never absence."""
    told(loop, QUERY, said([]))
    told(loop, FORMS, said({"something": "else"}))
    with pytest.raises(Unavailable):
        provider.find_reversal(reversal(NUMBER))


@pytest.mark.parametrize(
    ("forms", "state"),
    [
        (said([FORM]), FormState.NOT_NEEDED),
        (said([FORM | {"redConfirmStatus": "04"}]), FormState.CONFIRMED),
        (said([FORM | {"redConfirmStatus": "02"}]), FormState.NONE),
        (said([FORM | {"redConfirmStatus": "09"}]), FormState.NONE),
        (said([FORM | {"redConfirmStatus": "99"}]), FormState.NONE),
        (said([]), FormState.NONE),
        (said({"something": "else"}), FormState.NONE),
        (said_no("X", "系统异常"), FormState.NONE),
        (said_no("X", "数电账号未登录"), FormState.NONE),
    ],
)
def test_issued_red_has_the_last_word(provider: Baiwang, loop: Loopback, forms: SandboxReply, state: FormState) -> None:
    """Nothing that its form says, or fails to say, undoes it; the form only tells whether somebody had to confirm."""
    told(loop, QUERY, said([RED_ROW]))
    told(loop, FORMS, forms)
    found = provider.find_reversal(replace(reversal(NUMBER), reference="F1"))
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, Effect.EFFECTIVE, "F1")
    red = form_of(found).red
    assert red is not None
    assert (form_of(found).state, red.state) == (state, InvoiceState.ISSUED)


def test_why_a_red_failed_is_told_with_its_form(provider: Baiwang, loop: Loopback) -> None:
    """The form has nothing to say of it; the red invoice's own words are kept."""
    told(loop, QUERY, said([RED_ROW | {"status": "02", "errorMessage": "演示：授信额度不足"}]))
    told(loop, FORMS, said([FORM]))
    assert provider.find_reversal(reversal(NUMBER)).message == "演示：授信额度不足"


@pytest.mark.parametrize(
    ("status", "rows", "state", "effect"),
    [
        ("00", [], FormState.NONE, Effect.ACCEPTED),
        ("00", [FORM], FormState.NOT_NEEDED, Effect.ACCEPTED),
        ("02", [], FormState.APPLY_FAILED, Effect.INEFFECTIVE),
        ("02", [FORM], FormState.NOT_NEEDED, Effect.ACCEPTED),
        ("02", [FORM | {"orderNo": ""}], FormState.NONE, Effect.ACCEPTED),
    ],
)
def test_red_that_is_not_issued_is_told_with_its_form(
    provider: Baiwang, loop: Loopback, status: str, rows: list[dict[str, str]], state: FormState, effect: Effect
) -> None:
    """Under way or failed, the form tells more; one that failed without a form was never applied for at the bureau."""
    told(loop, QUERY, said([RED_ROW | {"status": status}]))
    told(loop, FORMS, said(rows))
    found = provider.find_reversal(reversal(NUMBER))
    assert (form_of(found).state, found.effect) == (state, effect)
    red = form_of(found).red
    assert red is not None
    assert red.state in (InvoiceState.ISSUING, InvoiceState.FAILED)


def test_red_in_an_unknown_state_is_there(provider: Baiwang, loop: Loopback) -> None:
    """It has arrived, and no more is known."""
    told(loop, QUERY, said([RED_ROW | {"status": "77"}]))
    found = provider.find_reversal(reversal(NUMBER))
    assert (found.evidence, found.effect) == (Evidence.PRESENT, None)
