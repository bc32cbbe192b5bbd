"""Invoices called off: what is queued and was never sent goes, unless something else rests on it."""

from __future__ import annotations

from asctl.domain.actions import ActionState, Family
from asctl.domain.errors import Refused
from asctl.domain.invoices import NOT_YET, OVER, UNDER_WAY, Colour, Invoice, InvoiceState
from asctl.services import books
from asctl.services.desk import Desk
from asctl.services.finding_invoices import find_invoice
from asctl.services.invoicing import target_of
from asctl.services.journal import settle
from asctl.services.outcomes import Outcome
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store import invoices as stored_invoices
from asctl.store.opening import Transaction
from asctl.text import _


def call_off(desk: Desk, subject: str, shop: str = "") -> tuple[Invoice, bool]:
    """Call an invoice off; returns it, and whether that was done just now. A reversal that came to nothing is given up with what
    waited for it: then finance settles its case by hand.

    Raises :class:`Refused` for one that was sent, and for one that came of a settlement, which would be left half done; and as
    :func:`find_invoice`.
    """
    found = find_invoice(desk, subject, shop)
    with desk.store.write() as tx:
        stored_actions.take_turn(tx, target_of(found))
        invoice = stored_invoices.get_invoice(tx, found.invoice) or found
        if invoice.state is InvoiceState.CANCELLED:
            return invoice, False
        now, by = desk.clock.now(), desk.staff_no
        if invoice.colour is Colour.RED and invoice.state is InvoiceState.FAILED:
            for waiting in stored_invoices.waiting_for(tx, invoice.invoice):
                books.change(tx, waiting, now, state=InvoiceState.CANCELLED)
        else:
            _check_unsent(invoice)
            _check_nothing_rests_on(tx, invoice)
        for action in stored_actions.open_about(tx, invoice.account, Family.INVOICE, target_of(invoice)):
            if action.state is ActionState.PLANNED and action.payload.get("invoice") == invoice.invoice:
                settle(tx, desk, action, Outcome(ActionState.CANCELLED, message=_("the invoice was called off")))
        cancelled = books.change(tx, invoice, now, state=InvoiceState.CANCELLED)
        told = {"order": invoice.order_id, "gross": str(invoice.gross), "was": invoice.state.value}
        stored_audit.write_audit(tx, now, by, "invoice cancel", invoice.invoice, told)
    return cancelled or invoice, True


def _check_unsent(invoice: Invoice) -> None:
    if invoice.state is InvoiceState.FAILED:
        return
    if invoice.state in NOT_YET and invoice.action:
        raise Refused(
            _("{invoice} was sent once ({action}), and nobody has looked for it since").format(
                invoice=invoice.invoice, action=invoice.action
            ),
            code="sent_once",
            hint=_("asctl invoice issue {invoice} --yes looks first, under its own number").format(
                invoice=invoice.invoice
            ),
        )
    if invoice.state in NOT_YET:
        return
    if invoice.state in UNDER_WAY:
        hint = _("see what becomes of it: asctl invoice issue --yes; once it is issued, it can be reversed")
    elif invoice.colour is Colour.BLUE and invoice.state not in OVER:
        hint = _("take it back with a red one: asctl invoice reverse {invoice} --reason wrong|return|allowance")
    else:
        hint = _("see: asctl invoice show {invoice}")
    raise Refused(
        _("{invoice} is {state}; only what was never sent can be called off").format(
            invoice=invoice.invoice, state=invoice.state.value
        ),
        code="not_queued",
        hint=hint.format(invoice=invoice.invoice),
    )


def _check_nothing_rests_on(tx: Transaction, invoice: Invoice) -> None:
    """A settlement stands or falls as a whole: the customer may not be left without an invoice, nor with one that is wrong. What
    waits for a reversal that came to nothing is free again."""
    if invoice.state is InvoiceState.WAITING:
        red = stored_invoices.get_invoice(tx, invoice.after)
        if red is None or red.state in OVER:
            return
    waiting = stored_invoices.waiting_for(tx, invoice.invoice)
    if not (invoice.rma or invoice.replaces or waiting):
        return
    raise Refused(
        _("{invoice} came of what was settled for {subject}, which would be left half done").format(
            invoice=invoice.invoice, subject=invoice.rma or _("order {order}").format(order=invoice.order_id)
        ),
        code="settled",
        hint=_("have it issued; what is wrong then is reversed by hand: asctl invoice show {order}").format(
            order=invoice.order_id
        ),
    )
