"""What invoice providers do wrong: a behaviour for each rule of the kit about them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from asctl.api import (
    AsctlError,
    Effect,
    Evidence,
    FormState,
    InvoiceKind,
    InvoiceState,
    Reason,
    Scope,
    Submission,
)
from asctl.testing.bills import LINES
from asctl_demo.sandbox import DemoSandbox
from tests.kit.wrong import Behaviour, Method
from tests.kit.wrong_couriers import Wrong, agreeing, answering, asking, pretending, wanting

_numbers = count(1)


def renumbering(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Tells another number each time it is asked for the same."""
    return replace(method(*arguments), reference=f"another {next(_numbers)}")


def where(state: InvoiceState, **told: Any) -> Behaviour:
    """A look that tells something else of an invoice in one state."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        found = method(*arguments)
        return replace(found, **told) if found.invoice and found.invoice.state is state else found

    return behaviour


def retelling_invoice(**told: Any) -> Behaviour:
    """A look that tells something else of the invoice itself, as soon as it is issued."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        found = method(*arguments)
        known = found.invoice and found.invoice.number
        return replace(found, invoice=replace(found.invoice, **told)) if known else found

    return behaviour


def zoneless(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that cuts the zone off all moments."""
    found = method(*arguments)
    if found.invoice and found.invoice.issued_at:
        return replace(found, invoice=replace(found.invoice, issued_at=found.invoice.issued_at.replace(tzinfo=None)))
    if found.form and found.form.deadline:
        return replace(found, form=replace(found.form, deadline=found.form.deadline.replace(tzinfo=None)))
    return found


def hours_off(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that takes the time of Greenwich for that of China."""
    found = method(*arguments)
    if found.invoice and found.invoice.issued_at:
        late = found.invoice.issued_at - timedelta(hours=8)
        return replace(found, invoice=replace(found.invoice, issued_at=late))
    return found


def positive(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that loses the sign of red sums."""
    found = method(*arguments)
    red = found.form and found.form.red
    if not red or red.net is None:
        return found
    return replace(found, form=replace(found.form, red=replace(red, net=abs(red.net))))


def form_for_red(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that takes a form that was agreed on for a red invoice."""
    found = method(*arguments)
    agreed = found.form and found.form.state in (FormState.NOT_NEEDED, FormState.CONFIRMED)
    return replace(found, effect=Effect.EFFECTIVE) if agreed else found


def at_form(state: FormState, **told: Any) -> Behaviour:
    """A look that tells something else of a form in one state."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        found = method(*arguments)
        return replace(found, **told) if found.form and found.form.state is state else found

    return behaviour


def issuing_anew(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Has another invoice issued in place of trying the same again."""
    return method.__self__.issue_invoice(replace(arguments[0], serial="B261120ANOTHER0001"))  # type: ignore[attr-defined]


def writing_beside(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Changes something while it fetches a file."""
    with suppress(AsctlError):
        method.__self__.retry_invoice(_AnyInvoice())  # type: ignore[attr-defined]
    return method(*arguments)


def unchecked(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes whatever comes for a file."""
    try:
        return method(*arguments)
    except AsctlError:
        return b"<html>"


def breaking(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Knows no other status than 200."""
    try:
        return method(*arguments)
    except AsctlError as error:
        raise AssertionError(error.upstream_code) from error


class Drawerless(DemoSandbox):
    """A sandbox app that names no drawer (开票员) for its account."""

    def accounts(self, base_url: str) -> dict[str, dict[str, dict[str, object]]]:
        invoices = super().accounts(base_url)["invoices"]
        return {
            "invoices": {
                name: {key: value for key, value in account.items() if key != "drawer"}
                for name, account in invoices.items()
            }
        }


class _AnyInvoice:
    serial = reference = "B261120KITKIT2301"


def _first_row(request: Any) -> Any:
    return replace(request, lines=request.lines[:1])


def _rounded(request: Any) -> Any:
    rows = tuple(replace(row, price=row.price and round(row.price, 2)) for row in request.lines)
    return replace(request, lines=rows)


def _as_part(request: Any) -> Any:
    """Reverses one mug where all was asked for."""
    line = replace(
        LINES[0], net=-LINES[0].net, tax=-LINES[0].tax, gross=-LINES[0].gross, quantity=Decimal(-2), blue_line=1
    )
    return replace(request, scope=Scope.PARTIAL, lines=(line,))


def _as_whole(request: Any) -> Any:
    return replace(request, scope=Scope.FULL, lines=())


def _ordinary(request: Any) -> Any:
    return replace(request, kind=InvoiceKind.DIGITAL_ORDINARY)


_ISSUE, _FIND = "InvoiceIssuer.issue_invoice", "find_invoice"
_ISSUING = (
    Wrong(f"{_ISSUE}.whole", asking(_first_row), "4 rows were given, and 1 arrived"),
    Wrong(f"{_ISSUE}.whole", asking(lambda bill: replace(bill, remark="")), "the remark that arrived is ''"),
    Wrong(
        f"{_ISSUE}.whole", asking(lambda bill: replace(bill, buyer=replace(bill.buyer, email=""))), "is to be delivered"
    ),
    Wrong(f"{_ISSUE}.limits", asking(_rounded), "price of row 1 arrived as 1.00"),
    Wrong(f"{_ISSUE}.limits", asking(lambda bill: replace(bill, remark=bill.remark[:50])), "characters 50 arrived"),
    Wrong(f"{_ISSUE}.kinds", asking(_ordinary), "digital_special arrived as digital_ordinary"),
    Wrong(f"{_ISSUE}.issuing", where(InvoiceState.ISSUING, effect=Effect.EFFECTIVE), "told as effective", _FIND),
    Wrong(f"{_ISSUE}.issuing", where(InvoiceState.ISSUING, effect=Effect.INEFFECTIVE), "told as ineffective", _FIND),
    Wrong(f"{_ISSUE}.issued", retelling_invoice(number="26990000000000000099"), "its number is", _FIND),
    Wrong(f"{_ISSUE}.issued", retelling_invoice(net=Decimal(1)), "its sums are told as", _FIND),
    Wrong(f"{_ISSUE}.issued", zoneless, "issued_at must be a datetime with its zone", _FIND),
    Wrong(f"{_ISSUE}.issued", hours_off, "and that is told as", _FIND),
    Wrong(f"{_ISSUE}.failed", where(InvoiceState.FAILED, evidence=Evidence.ABSENT), "told as absent", _FIND),
    Wrong(f"{_ISSUE}.failed", where(InvoiceState.FAILED, effect=Effect.ACCEPTED), "told as accepted", _FIND),
    Wrong(
        f"{_ISSUE}.unsealed", where(InvoiceState.SEAL_FAILED, effect=Effect.INEFFECTIVE), "told as ineffective", _FIND
    ),
    Wrong(f"{_ISSUE}.known", renumbering, "the repeat is told as another one"),
)
_RETRY = "InvoiceIssuer.retry_invoice"
_RETRYING = (
    Wrong(f"{_RETRY}.again", issuing_anew, "and now there are 3"),
    Wrong(f"{_RETRY}.without_reference", wanting(lambda bill: bill.reference), "should have succeeded"),
    Wrong(f"{_RETRY}.nobodys", agreeing(Submission()), "should be NotFound or Refused"),
)
_REVERSE, _LOOK = "InvoiceReverser.reverse_invoice", "find_reversal"
_REVERSING = (
    Wrong(f"{_REVERSE}.full", asking(_as_part), "the form is about partial"),
    Wrong(f"{_REVERSE}.part", asking(_as_whole), "the form is about full"),
    Wrong(f"{_REVERSE}.reasons", asking(lambda red: replace(red, reason=Reason.RETURN)), "wrong arrived as return"),
    Wrong(f"{_REVERSE}.kinds", wanting(lambda red: not red.kind.special), "should have succeeded"),
    Wrong(f"{_REVERSE}.applied_for", answering(effect=Effect.EFFECTIVE), "the reversal told as done", _LOOK),
    Wrong(f"{_REVERSE}.applied_for", form_for_red, "the reversal told as done", _LOOK),
    Wrong(f"{_REVERSE}.reversed", positive, "its sums are told as", _LOOK),
    Wrong(f"{_REVERSE}.reversed", answering(effect=Effect.ACCEPTED), "told as accepted", _LOOK),
    Wrong(f"{_REVERSE}.waits", zoneless, "deadline must be a datetime with its zone", _LOOK),
    Wrong(f"{_REVERSE}.waits", at_form(FormState.WAIT_BUYER, effect=Effect.INEFFECTIVE), "as ineffective", _LOOK),
    Wrong(f"{_REVERSE}.void", at_form(FormState.VOID, effect=Effect.ACCEPTED), "told as accepted", _LOOK),
    Wrong(f"{_REVERSE}.turned_down", at_form(FormState.APPLY_FAILED, effect=Effect.ACCEPTED), "as accepted", _LOOK),
    Wrong(f"{_REVERSE}.turned_down", at_form(FormState.APPLY_FAILED, message=""), "why is told as ''", _LOOK),
    Wrong(f"{_REVERSE}.red_failed", form_for_red, "the reversal told as done", _LOOK),
    Wrong(f"{_REVERSE}.known", renumbering, "the repeat is told as another one"),
)
_DELIVER, _FILE = "InvoiceDeliverer.deliver_invoice", "InvoiceFiles.invoice_file"
_HANDING_OVER = (
    Wrong(f"{_DELIVER}.addresses", asking(lambda copy: replace(copy, mobile="")), "should have succeeded"),
    Wrong(
        f"{_DELIVER}.addresses", asking(lambda copy: replace(copy, email=copy.email or "a@b.example")), "2 addresses"
    ),
    Wrong(f"{_DELIVER}.nobodys", agreeing(Submission()), "should be NotFound or Refused"),
    Wrong(f"{_FILE}.formats", lambda method, arguments: method(*arguments)[:-1], "others came out"),
    Wrong(f"{_FILE}.foreign", pretending(b"%PDF"), "should be BadInput"),
    Wrong(f"{_FILE}.another_format", unchecked, "should be Unavailable"),
    Wrong(f"{_FILE}.gone", breaking, "AssertionError"),
    Wrong(f"{_FILE}.reads_only", writing_beside, "a write reached the far side"),
)
_SUBMISSIONS = tuple(
    Wrong(f"{write}.submission", pretending({"reference": "1"}), "Submission")
    for write in (_ISSUE, _RETRY, _REVERSE, _DELIVER)
)
WRONGS = (*_ISSUING, *_RETRYING, *_REVERSING, *_HANDING_OVER, *_SUBMISSIONS)
