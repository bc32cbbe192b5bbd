"""Urgent invoices (加急): finance is handed who waits, and may put one first (R108)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asctl.domain.errors import Refused, Stale
from asctl.domain.invoices import NOT_YET, UNDER_WAY, Invoice
from asctl.services.desk import Desk
from asctl.services.finding_invoices import find_invoice
from asctl.services.orders import one_order
from asctl.store import audit as stored_audit
from asctl.store import invoices as stored_invoices
from asctl.store.invoices import InvoiceFilter
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Urgent:
    """An urgent invoice with the customer's ID at the marketplace, which is what finance asks for. ``known``: it was marked
    before."""

    invoice: Invoice
    buyer: str
    known: bool = False


def mark_urgent(desk: Desk, subject: str, reason: str, shop: str = "") -> Urgent:
    """Mark the invoice of an order as urgent. That changes no order by itself: finance does, who reads the list.

    Raises :class:`NotFound` without an invoice, :class:`Refused` for one that is issued or over.
    """
    invoice = find_invoice(desk, subject, shop)
    _check_open(invoice)
    if invoice.urgent_at is not None:
        return Urgent(invoice, _customer(desk, invoice), known=True)
    return _changed(desk, invoice, "invoice urgent", urgent_at=desk.clock.now(), urgent_reason=reason)


def promote(desk: Desk, subject: str, shop: str = "") -> Urgent:
    """Put an invoice first: finance's decision, kept with name and time. Raises as :func:`mark_urgent`."""
    invoice = find_invoice(desk, subject, shop)
    _check_open(invoice)
    if invoice.promoted_at is not None:
        return Urgent(invoice, _customer(desk, invoice), known=True)
    return _changed(desk, invoice, "invoice promote", promoted_at=desk.clock.now())


def urgent_ones(desk: Desk) -> list[Urgent]:
    """What finance is handed: the urgent invoices that are not issued yet, in the order of their application."""
    with desk.store.read() as tx:
        wanted = InvoiceFilter(states=NOT_YET | UNDER_WAY, urgent=True)
        found = list(stored_invoices.list_invoices(tx, wanted))
    return [Urgent(each, _customer(desk, each), known=True) for each in found]


def _changed(desk: Desk, invoice: Invoice, what: str, **news: datetime | str) -> Urgent:
    now, by = desk.clock.now(), desk.staff_no
    news |= {"urgent_by": by} if "urgent_at" in news else {"promoted_by": by}
    with desk.store.write() as tx:
        changed = stored_invoices.change_invoice(tx, invoice, changed_at=now, **news)
        if changed is None:
            raise Stale(
                _("{invoice} has just moved on").format(invoice=invoice.invoice),
                code="invoice_moved_on",
                hint=_("see: asctl invoice show {invoice}").format(invoice=invoice.invoice),
            )
        stored_audit.write_audit(tx, now, by, what, invoice.invoice, {"order": invoice.order_id})
    return Urgent(changed, _customer(desk, changed))


def _customer(desk: Desk, invoice: Invoice) -> str:
    return one_order(desk, invoice.order_id, invoice.shop).buyer


def _check_open(invoice: Invoice) -> None:
    if invoice.state not in NOT_YET | UNDER_WAY:
        raise Refused(
            _("{invoice} is {state}; nothing is waited for").format(invoice=invoice.invoice, state=invoice.state.value),
            code="not_waiting",
            hint=_("see: asctl invoice show {order}").format(order=invoice.order_id),
        )
