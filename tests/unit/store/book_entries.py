"""Invoices entered into the books of a store."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from asctl.domain.invoices import Invoice, InvoiceState
from asctl.store import invoices as stored
from asctl.store.opening import Transaction
from tests.unit.domain.invoicing import KETTLES, blue, red

_numbers = count(1)


def entered(tx: Transaction, invoice: Invoice, **news: object) -> Invoice:
    """An invoice in the books, under a serial of its own where none is told."""
    serial = {"serial": f"{invoice.serial[:7]}{next(_numbers):08d}01"}
    return stored.add_invoice(tx, replace(invoice, **{**serial, **news}))  # type: ignore[arg-type]


def sale(tx: Transaction, state: InvoiceState = InvoiceState.QUEUED, **news: object) -> Invoice:
    """The blue invoice of an order's sale."""
    return entered(tx, blue(*KETTLES, state=state), **news)


def reversal(tx: Transaction, of: Invoice, state: InvoiceState = InvoiceState.QUEUED, **news: object) -> Invoice:
    """A red invoice."""
    return entered(tx, red(*KETTLES, state=state), blue=of.invoice, **news)
