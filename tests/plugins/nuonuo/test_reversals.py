"""Reversals against the sandbox app: form and red invoice on the world's clock (sections 2.1, 2.2 and 5.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import (
    AsctlError,
    BadInput,
    CredentialsRefused,
    Effect,
    Evidence,
    FormState,
    FormTold,
    InvoiceState,
    Reason,
    Refused,
    Reversal,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply
from tests.plugins.loopback import START
from tests.plugins.nuonuo.conftest import BLUE, BUYER, FULL, PART, Desk, content, line, said


def form(desk: Desk, wanted: Reversal) -> FormTold:
    """The form as a look finds it."""
    told = desk.found(wanted).form
    assert told is not None
    return told


def waiting(desk: Desk, wanted: Reversal = FULL) -> Reversal:
    """A reversal that was applied for, and waits for the buyer."""
    wanted = desk.reversal(wanted)
    desk.used(wanted.blue_number)
    desk.provider.reverse_invoice(wanted)
    desk.wait(2)
    return wanted


def test_full_reversal_of_an_unused_invoice(desk: Desk) -> None:
    """Applied for is not reversed: the form is worked on, needs nobody, and only the red invoice's own state says that it is
    there, with all its sums negative."""
    wanted = desk.reversal()
    told = desk.provider.reverse_invoice(wanted)
    assert (desk.loop.sent[-1].write, told.reference) == (True, wanted.serial)
    assert "detail" not in content(desk.loop.sent[-1])
    found = desk.found(wanted)
    assert (found.effect, form(desk, wanted).state) == (Effect.ACCEPTED, FormState.APPLYING)
    desk.wait(1.5)
    granted = form(desk, wanted)
    assert (granted.state, granted.raw_state, len(granted.number)) == (FormState.NOT_NEEDED, "01", 20)
    assert granted.red is not None
    assert granted.red.state is InvoiceState.ISSUING
    assert desk.found(wanted).effect is Effect.ACCEPTED
    desk.wait(3)
    red = form(desk, wanted).red
    assert red is not None
    assert (red.state, red.net, red.tax, red.gross) == (
        InvoiceState.ISSUED,
        Decimal("-180.00"),
        Decimal("-23.40"),
        Decimal("-203.40"),
    )
    assert (len(red.number), red.number != wanted.blue_number, red.reference != wanted.blue_reference) == (
        20,
        True,
        True,
    )
    assert desk.found(wanted).effect is Effect.EFFECTIVE


def test_partial_reversal_waits_for_the_buyer_and_is_confirmed(desk: Desk) -> None:
    """An invoice that is used needs its buyer: the form waits, with its deadline, and the red one comes when he agrees."""
    wanted = waiting(desk, PART)
    told = form(desk, wanted)
    assert (told.state, told.deadline) == (FormState.WAIT_BUYER, START + timedelta(seconds=4, hours=72))
    assert desk.found(wanted).effect is Effect.ACCEPTED
    desk.loop.world.bureau.forms[0].confirmed_at = desk.loop.clock.now()
    desk.wait(3)
    told = form(desk, wanted)
    assert (told.state, told.deadline) == (FormState.CONFIRMED, None)
    assert told.red is not None
    assert (told.red.state, told.red.gross) == (InvoiceState.ISSUED, Decimal("-101.70"))
    assert desk.found(wanted).effect is Effect.EFFECTIVE


def test_nobody_confirms_for_72_hours(desk: Desk) -> None:
    """One minute before the end it waits; after it, it is void with the code 07."""
    wanted = waiting(desk)
    desk.loop.pass_time(71.9)
    assert form(desk, wanted).state is FormState.WAIT_BUYER
    desk.loop.pass_time(0.2)
    assert (form(desk, wanted).state, form(desk, wanted).raw_state) == (FormState.VOID, "07")


def test_bureau_is_asked_only_for_a_form_that_waits(desk: Desk) -> None:
    """Nuonuo knows what it asked last: one sync in each look at a waiting form, none in any other."""
    wanted = waiting(desk)
    desk.loop.sent.clear()
    desk.found(wanted)
    assert desk.operations == ["queryInvoiceRedConfirm", "refreshInvoiceRedConfirm", "queryInvoiceRedConfirm"]
    assert not any(request.write for request in desk.loop.sent)
    desk.loop.world.bureau.forms[0].void = "05"
    desk.found(wanted)
    desk.loop.sent.clear()
    desk.found(wanted)
    assert desk.operations == ["queryInvoiceRedConfirm"]


@pytest.mark.parametrize("reply", [said("E9999"), said("E4000"), said("E9500"), SandboxReply(b"", status=503)])
def test_sync_that_fails_spoils_no_look(desk: Desk, reply: SandboxReply) -> None:
    """What was known before still holds."""
    wanted = waiting(desk)
    desk.answers(reply, "form_refresh")
    assert form(desk, wanted).state is FormState.WAIT_BUYER


def test_lapsed_session_is_told_while_a_form_waits(desk: Desk) -> None:
    """Nobody sees what the buyer did until the drawer has logged in: that is told, not waited out."""
    wanted = waiting(desk)
    desk.answers(said("E9999", "开票员未登录"), "form_refresh")
    with pytest.raises(CredentialsRefused) as caught:
        desk.found(wanted)
    assert caught.value.code == "drawer_session"


def test_two_parts_make_it_whole_and_no_more(desk: Desk) -> None:
    """Red amounts never exceed the blue ones: the second half goes through, a third application does not."""
    first = waiting(desk, PART)
    bureau = desk.loop.world.bureau
    bureau.forms[0].confirmed_at = desk.loop.clock.now()
    second = replace(first, serial="R260102H3J5K7M902")
    desk.provider.reverse_invoice(second)
    desk.wait(2)
    assert form(desk, second).state is FormState.WAIT_BUYER
    bureau.forms[1].confirmed_at = desk.loop.clock.now()
    desk.wait(3)
    reds = [form(desk, each).red for each in (first, second)]
    assert sum(red.gross or 0 for red in reds if red) == Decimal("-203.40")
    with pytest.raises(Refused) as caught:
        desk.provider.reverse_invoice(replace(first, serial="R260102H3J5K7M903"))
    assert (caught.value.code, caught.value.upstream_code) == ("already_reversed", "E9103")


def test_second_application_is_left_to_a_look(desk: Desk) -> None:
    """A number that is known has only the catch-all for a code; its words tell, and the look finds the form."""
    wanted = desk.reversal()
    desk.provider.reverse_invoice(wanted)
    with pytest.raises(Unclear) as caught:
        desk.provider.reverse_invoice(wanted)
    assert (caught.value.code, caught.value.upstream_code) == ("serial_known", "E9999")
    assert len(desk.loop.world.bureau.forms) == 1


def test_catch_all_without_words_is_left_to_a_look_as_well(desk: Desk) -> None:
    """E9999 about a form proves nothing: a red invoice is never applied for again on a guess."""
    wanted = desk.reversal()
    desk.answers(said("E9999", "系统异常"), "reverse")
    with pytest.raises(Unclear):
        desk.provider.reverse_invoice(wanted)
    assert desk.found(wanted).evidence is Evidence.ABSENT


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"blue_number": "26990000000000000099"}, "blue_refused"),
        ({"buyer": replace(BUYER, title="另一家公司")}, "buyer_differs"),
    ],
)
def test_what_the_far_side_refuses(desk: Desk, changed: dict[str, Any], code: str) -> None:
    """A blue invoice that is not there, or another one's, is a clear no."""
    with pytest.raises(BadInput) as caught:
        desk.provider.reverse_invoice(replace(desk.reversal(), **changed))
    assert (caught.value.code, desk.loop.world.bureau.forms) == (code, [])


def test_red_invoice_is_not_reversed(desk: Desk) -> None:
    """A red invoice stays."""
    wanted = desk.reversal()
    desk.provider.reverse_invoice(wanted)
    desk.wait(2)
    desk.found(wanted)
    desk.wait(3)
    red = form(desk, wanted).red
    assert red is not None
    with pytest.raises(BadInput) as caught:
        desk.provider.reverse_invoice(replace(wanted, serial="R260102H3J5K7M902", blue_number=red.number))
    assert caught.value.upstream_code == "E9522"


def row(**members: object) -> dict[str, object]:
    return {"billId": FULL.serial, "billNo": "99992601020000000001", "billStatus": "04", "openStatus": 1} | members


def forms(*rows: dict[str, object]) -> SandboxReply:
    return said("E0000", result={"total": len(rows), "list": list(rows)})


@pytest.mark.parametrize(
    "invoice",
    [
        {"serialNo": "26010210000000000007", "status": "2", "invoiceType": "1"},
        {"serialNo": "26010210000000000007", "status": "98", "invoiceType": "2"},
    ],
)
def test_form_alone_makes_no_red_invoice(desk: Desk, invoice: dict[str, object]) -> None:
    """The form says that the red one is issued; unless that one says so itself, nothing is reversed."""
    desk.answers(
        forms(row(invoiceSerialNum="26010210000000000007", redInvoiceNumber="26990000000000000002")), "form_query"
    )
    desk.answers(said("E0000", result=[invoice]), "query")
    found = desk.found(FULL)
    assert (found.evidence, found.effect) == (Evidence.PRESENT, Effect.ACCEPTED)
    assert found.form is not None
    assert found.form.red is None


def test_red_invoice_that_a_query_does_not_know_yet(desk: Desk) -> None:
    """Right after its form it may be missing: the form stands, the red one is not known."""
    desk.answers(forms(row(invoiceSerialNum="26010210000000000007")), "form_query")
    found = desk.found(FULL)
    assert (found.effect, found.form and found.form.red) == (Effect.ACCEPTED, None)
    assert content(desk.loop.sent[-1])["serialNos"] == ["26010210000000000007"]


def test_red_invoice_without_a_number_is_asked_for_by_ours(desk: Desk) -> None:
    """The form may say that it is issued and not which it is; our number is its order number."""
    desk.answers(forms(row()), "form_query")
    desk.answers(
        said("E0000", result=[{"serialNo": "2601", "orderNo": FULL.serial, "status": "2", "invoiceType": 2}]), "query"
    )
    found = desk.found(FULL)
    assert content(desk.loop.sent[-1])["orderNos"] == [FULL.serial]
    assert found.effect is Effect.EFFECTIVE


def test_unknown_state_and_several_forms_are_there(desk: Desk) -> None:
    """What cannot be read further has arrived all the same."""
    for reply in (forms(row(billStatus="88")), forms(row(), row())):
        desk.answers(reply, "form_query")
        found = desk.found(FULL)
        assert (found.evidence, found.effect, found.form) == (Evidence.PRESENT, Effect.ACCEPTED, None)


@pytest.mark.parametrize("reply", [forms(), said("E0000", list=[], total=0), said("E9500")])
def test_absent(desk: Desk, reply: SandboxReply) -> None:
    """An empty list, where their table or where live answers have it, or a plain "not found"."""
    desk.answers(reply, "form_query")
    assert desk.found(FULL).evidence is Evidence.ABSENT


@pytest.mark.parametrize(
    ("reply", "family"),
    [
        (said("E0000", result=None), Unavailable),
        (said("E0000", result={"total": 0}), Unavailable),
        (said("E0000", result={"total": 1, "list": "x"}), Unavailable),
        (forms({"billId": "R-OF-SOMEBODY", "billStatus": "04"}), Unavailable),
        (said("E9999"), Unavailable),
        (said("E4000"), Refused),
    ],
)
def test_look_that_was_not_answered_is_no_absence(desk: Desk, reply: SandboxReply, family: type[AsctlError]) -> None:
    """Anything else raises."""
    desk.answers(reply, "form_query")
    with pytest.raises(family):
        desk.found(FULL)


def test_list_where_their_table_has_it(desk: Desk) -> None:
    """One level above where it was seen."""
    desk.answers(said("E0000", list=[row(billStatus="15")], total=1), "form_query")
    assert form(desk, FULL).state is FormState.APPLYING


def test_allowance(desk: Desk) -> None:
    """Money back for goods that stay: an amount without quantity takes its part of the line."""
    part = line("-8.85", "-1.15", blue_line=1)
    wanted = waiting(
        desk,
        replace(PART, reason=Reason.ALLOWANCE, lines=(part,), net=part.net, tax=part.tax, gross=part.gross),
    )
    assert form(desk, wanted).state is FormState.WAIT_BUYER


def test_more_than_is_left(desk: Desk) -> None:
    """More than the line holds fails at the bureau."""
    much = line("-190.00", "-24.70", quantity=Decimal(-2), price=Decimal("107.35"), blue_line=1)
    wanted = waiting(desk, replace(PART, lines=(much,)))
    assert form(desk, wanted).state is FormState.APPLY_FAILED


def test_blue_invoice_is_untouched(desk: Desk) -> None:
    """The blue invoice's own state tells nothing of its reversal."""
    wanted = desk.reversal()
    desk.provider.reverse_invoice(wanted)
    desk.wait(5)
    assert desk.told(BLUE).state is InvoiceState.ISSUED
