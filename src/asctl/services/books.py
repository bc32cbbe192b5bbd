"""The books: how an invoice's record follows its action and what its provider tells, in the same transaction.

A blue invoice counts as reversed only when the red one is issued, never when a form is confirmed (reference/invoices.md section
9); a blue one that waits for a red one is queued in that moment, and owed until it is issued (section 11, cross rule 1).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from asctl.capabilities.invoices import FormTold, InvoiceTold
from asctl.domain.actions import INVOICING, Action, ActionKind, ActionState
from asctl.domain.invoices import (
    FORM_ENDED,
    FORM_WAITS,
    OVER,
    UNDER_WAY,
    BuyerUse,
    Colour,
    FormState,
    Invoice,
    InvoiceFile,
    InvoiceState,
)
from asctl.domain.reversals import rests
from asctl.services import invoice_tasks
from asctl.store import actions as stored_actions
from asctl.store import invoices as stored_invoices
from asctl.store.invoices import InvoiceNote
from asctl.store.opening import Transaction
from asctl.text import _

NOT_ISSUED = "failed_at_provider"
"""The code of an invoice that its provider took and did not issue."""
_SETTLED = frozenset({InvoiceState.ISSUED, InvoiceState.PARTLY_REVERSED, InvoiceState.REVERSED, InvoiceState.VOIDED})


def may_begin(tx: Transaction, action: Action) -> bool:
    """Whether what an action is about stands as it did when it was planned; actions about other things may always."""
    if action.kind not in INVOICING:
        return True
    stored_actions.take_turn(tx, action.target)
    invoice = _of(tx, action)
    return invoice is not None and invoice.state.value == action.payload["was"]


def begun(tx: Transaction, action: Action, now: datetime) -> None:
    """An invoice is being sent from here on: it may have arrived."""
    invoice = _of(tx, action)
    if action.kind in INVOICING and invoice is not None:
        change(tx, invoice, now, state=InvoiceState.SENDING, action=action.action)


def followed(tx: Transaction, before: Action, after: Action, now: datetime) -> None:
    """Take over what became of the action that is about an invoice."""
    invoice = _of(tx, after)
    if invoice is None:
        return
    if after.kind not in INVOICING:
        if after.state is ActionState.DONE and before.state is not ActionState.DONE:
            _handed_on(tx, invoice, after, now)
        return
    if invoice.state not in UNDER_WAY or invoice.action != after.action:
        return
    if after.state in (ActionState.PLANNED, ActionState.CANCELLED):
        # It surely had no effect: the invoice stands where it stood.
        change(tx, invoice, now, state=InvoiceState(str(after.payload["was"])))
    elif after.state is ActionState.REFUSED or after.effect == "ineffective":
        why = after.error_message or after.message
        change(tx, invoice, now, state=InvoiceState.FAILED, error_code=after.error_code, message=why)
    elif after.state is ActionState.DONE and invoice.state is InvoiceState.SENDING:
        change(tx, invoice, now, state=InvoiceState.ISSUING, reference=after.reference or invoice.reference)


def learned(tx: Transaction, action: Action, told: InvoiceTold | FormTold, now: datetime) -> None:
    """Take over what a provider tells of the invoice that an action is about. What is settled stays settled, whatever a late answer
    says."""
    invoice = _of(tx, action)
    if invoice is None:
        return
    if not invoice.action:  # it was there before this store knew of a send
        invoice = stored_invoices.change_invoice(tx, invoice, action=action.action) or invoice
    if isinstance(told, FormTold):
        _learned_form(tx, invoice, told, now)
    elif invoice.state in _SETTLED:
        stored_invoices.change_invoice(tx, invoice, files=_files(invoice, told))
    else:
        after = change(tx, invoice, now, **_of_invoice(invoice, told))
        _compare(tx, after, told, now)


def _compare(tx: Transaction, invoice: Invoice | None, told: InvoiceTold, now: datetime) -> None:
    """What was issued must be what was asked for, to the cent; where it is not, finance has to know."""
    if invoice is None or told.state is not InvoiceState.ISSUED:
        return
    pairs = ((told.net, invoice.net), (told.tax, invoice.tax), (told.gross, invoice.gross))
    if any(theirs is not None and theirs != ours for theirs, ours in pairs):
        invoice_tasks.sums_differ(tx, invoice, told.net, told.tax, told.gross, now)


def change(tx: Transaction, before: Invoice, now: datetime, **news: Any) -> Invoice | None:
    """Change an invoice, with what follows from its new state; ``None`` where it stands elsewhere by now."""
    after = stored_invoices.change_invoice(tx, before, changed_at=now, **news)
    if after is not None and after.state is not before.state:
        _moved(tx, after, now)
    return after


def _of(tx: Transaction, action: Action) -> Invoice | None:
    number = action.payload.get("invoice")
    return stored_invoices.get_invoice(tx, str(number)) if number else None


def _of_invoice(invoice: Invoice, told: InvoiceTold) -> dict[str, Any]:
    news: dict[str, Any] = {
        "state": told.state,
        "raw_state": told.raw_state,
        "message": told.message,
        "reference": told.reference or invoice.reference,
        "number": told.number or invoice.number,
        "code": told.code or invoice.code,
        "issued_at": told.issued_at or invoice.issued_at,
        "files": _files(invoice, told),
    }
    return news | ({"error_code": NOT_ISSUED} if told.state is InvoiceState.FAILED else {"error_code": ""})


def _learned_form(tx: Transaction, red: Invoice, told: FormTold, now: datetime) -> None:
    if red.state in _SETTLED:
        return
    form: dict[str, Any] = {"form_number": told.number or red.form_number, "message": told.message}
    if told.state is not FormState.NONE:  # a red invoice may be there before its form can be read
        waits = told.state in FORM_WAITS
        form |= {
            "form_state": told.state,
            "form_raw": told.raw_state,
            "form_deadline": told.deadline if waits else None,
        }
    there = told.red is not None and told.red.state is InvoiceState.ISSUED
    if told.state in FORM_ENDED and not there:
        form["message"] = told.message or form_end(told.raw_state)
        code = "form_void" if told.state is FormState.VOID else "form_refused"
        change(tx, red, now, state=InvoiceState.FAILED, error_code=code, **form)
        return
    news = _of_invoice(red, told.red) | form if told.red else form
    if told.red is not None and told.red.state is InvoiceState.FAILED:
        # Its form has not ended: it counts as taken, and is tried again there, never under another form.
        news |= {"state": InvoiceState.ISSUING, "message": told.red.message}
        invoice_tasks.red_stuck(tx, red, told.red.message, now)
    after = change(tx, red, now, **news)
    if told.red is not None:
        _compare(tx, after, told.red, now)
    if after is not None and told.state in _SHOWS_USE:
        _learned_use(tx, after, _SHOWS_USE[told.state], now)


def form_end(code: str) -> str:
    """Why a form is void, in words (section 2.2)."""
    words = {
        "05": _("the buyer refused it"),
        "06": _("the seller refused it"),
        "07": _("nobody confirmed it within 72 hours"),
        "08": _("it was withdrawn"),
        "09": _("it was withdrawn after the confirmation"),
    }
    return words.get(code, _("the form is void ({code})").format(code=code or "?"))


_SHOWS_USE = {FormState.WAIT_BUYER: BuyerUse.USED, FormState.NOT_NEEDED: BuyerUse.UNUSED}
"""The seller cannot see the buyer's use before he applies (section 2.1)."""


def _learned_use(tx: Transaction, red: Invoice, use: BuyerUse, now: datetime) -> None:
    blue = stored_invoices.get_invoice(tx, red.blue)
    if blue is not None and blue.buyer_use is not use:
        change(tx, blue, now, buyer_use=use)
    if use is BuyerUse.USED:
        invoice_tasks.remind(tx, red, now)


def _files(invoice: Invoice, told: InvoiceTold) -> tuple[InvoiceFile, ...]:
    """The addresses as they are told now; what was fetched of a format stays known."""
    known = {file.format: file for file in invoice.files}
    for format_, url in told.files.items():
        if url:
            known[format_] = replace(known.get(format_, InvoiceFile(format_, url)), url=url)
    return tuple(known[format_] for format_ in sorted(known))


def _moved(tx: Transaction, invoice: Invoice, now: datetime) -> None:
    if invoice.colour is Colour.RED:
        _red_moved(tx, invoice, now)
    elif invoice.state is InvoiceState.FAILED:
        invoice_tasks.failed(tx, invoice, now)
    elif invoice.state in (InvoiceState.ISSUED, InvoiceState.CANCELLED):
        invoice_tasks.settled(tx, invoice, now)
    elif invoice.state is InvoiceState.SEAL_FAILED:
        invoice_tasks.not_sealed(tx, invoice, now)


def _red_moved(tx: Transaction, red: Invoice, now: datetime) -> None:
    if red.state is InvoiceState.FAILED:
        invoice_tasks.reversal_failed(tx, red, now)
    if red.state is not InvoiceState.ISSUED:
        return
    invoice_tasks.settled(tx, red, now)
    blue = stored_invoices.get_invoice(tx, red.blue)
    if blue is not None:
        reds = stored_invoices.reds_of(tx, blue.invoice)
        invoice_tasks.reversed_after_all(tx, [each for each in reds if each.state in OVER], now)
        left = any(rest.gross for rest in rests(blue, reds))
        state = InvoiceState.PARTLY_REVERSED if left else InvoiceState.REVERSED
        change(tx, blue, now, state=state)
    for waiting in stored_invoices.waiting_for(tx, red.invoice):
        change(tx, waiting, now, state=InvoiceState.QUEUED)
        invoice_tasks.reissue_due(tx, waiting, red, now)


def _handed_on(tx: Transaction, invoice: Invoice, action: Action, now: datetime) -> None:
    if action.kind is ActionKind.HAND_INVOICE_OVER:
        stored_invoices.change_invoice(tx, invoice, delivered_at=now)
    note = InvoiceNote(invoice.invoice, invoice.rma, _NOTES[action.kind], action.action, now, action.by)
    stored_invoices.add_note(tx, note)


_NOTES = {ActionKind.HAND_INVOICE_OVER: "handed_over", ActionKind.DELIVER_INVOICE: "delivered"}
