"""Invoice providers: issue, look up, reverse (R21-R23, R107, R108)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One row; ``amount`` includes ``tax``; ``code`` is the tax category."""

    name: str
    code: str
    quantity: Decimal
    amount: Decimal
    tax_rate: Decimal
    tax: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """A blue invoice to issue. ``serial`` is our own number, kept for ever; it is the key of the write."""

    serial: str
    order_id: str
    kind: str
    buyer_name: str
    lines: tuple[InvoiceLine, ...]
    buyer_tax_id: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """Where an invoice stands: ``issuing``, ``issued``, ``failed``, ``form_waiting``, ``void``."""

    serial: str
    state: str
    number: str = ""
    message: str = ""


class InvoiceIssuer(Protocol):
    """Issue blue invoices. ``issue`` is a write (contract declared in the spec)."""

    def issue(self, request: InvoiceRequest) -> InvoiceState:
        """Raises :class:`Refused` or :class:`Unclear`."""
        ...

    def invoice(self, serial: str) -> InvoiceState:
        """Look one up by our serial. Raises :class:`NotFound`."""
        ...


class InvoiceReverser(Protocol):
    """Reverse invoices. A write: never on a guess."""

    def reverse(self, serial: str, blue_number: str, lines: tuple[InvoiceLine, ...], reason: str) -> InvoiceState:
        """Reverse all or a part of ``blue_number`` under our own ``serial``. Raises :class:`Refused` or :class:`Unclear`."""
        ...
