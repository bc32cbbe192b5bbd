"""A reversal that came to nothing, asked for anew: under a number of its own, and what waited for the old one waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from asctl.domain.invoices import FormState, Invoice, InvoiceState
from asctl.domain.serials import next_serial
from asctl.services import invoice_tasks
from asctl.services.invoice_checks import check_free
from asctl.store import actions as stored_actions
from asctl.store import invoices as stored_invoices
from asctl.store.opening import Transaction


def renew(tx: Transaction, red: Invoice, now: datetime) -> Invoice:
    """Queue the successor of a failed red invoice; the one that is there already where somebody did so before. Raises
    :class:`Refused` where another reversal is in the way."""
    stored_actions.take_turn(tx, f"invoice {red.shop} {red.order_id}")
    serial = next_serial(red)
    known = stored_invoices.by_own_serial(tx, serial)
    if known is not None:
        return known
    others = [each for each in stored_invoices.reds_of(tx, red.blue) if each.invoice != red.invoice]
    check_free(others)
    anew = stored_invoices.add_invoice(
        tx,
        replace(
            red, invoice="", serial=serial, attempt=red.attempt + 1, state=InvoiceState.QUEUED, created_at=now,
            changed_at=now, raw_state="", error_code="", message="", reference="", form_state=FormState.NONE,
            form_raw="", form_number="", form_deadline=None, action="",
        ),
    )  # fmt: skip
    for blue in stored_invoices.waiting_for(tx, red.invoice):
        stored_invoices.change_invoice(tx, blue, after=anew.invoice)
    stored_invoices.change_invoice(tx, red, state=InvoiceState.CANCELLED, changed_at=now)
    invoice_tasks.applied_again(tx, red, now)
    return anew
