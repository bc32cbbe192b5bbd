"""Marketplaces: customers' applications for an invoice, made inside the order, and what came of them (R107;
reference/taobao-top.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.capabilities.shipping import Submission
from asctl.domain.invoices import Buyer, Colour, InvoiceKind, InvoiceLine


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """A row as the marketplace proposes it; ``code`` and ``rate`` are empty or ``None`` where it tells none. ``gross`` is with tax
    and after the row's own discount."""

    name: str
    gross: Decimal
    line_id: str = ""
    code: str = ""
    rate: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""
    spec: str = ""
    freight: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceApplication:
    """One application. ``state`` is ``applied``, ``accepted`` or ``refused``; ``trigger`` the marketplace's word for the occasion:
    ``invoice_change`` asks for another title, ``refund_seller_confirm`` says that a red invoice is due. ``amount`` is with tax."""

    application: str
    order_id: str
    state: str
    trigger: str
    kind: InvoiceKind
    buyer: Buyer
    amount: Decimal
    colour: Colour
    applied_at: datetime
    lines: tuple[ApplicationLine, ...] = ()


class ApplicationSource(Protocol):
    """Read applications for invoices. Read only."""

    def invoice_applications(self, order_id: str) -> tuple[InvoiceApplication, ...]:
        """Returns the applications of one order, in the order of their coming; none where nobody applied. Raises the read
        families. May be called again."""
        ...

    def overdue_invoices(self) -> tuple[str, ...]:
        """Returns the numbers of orders whose invoice is due by the marketplace's own rules. Raises the read families. May be
        called again."""
        ...


@dataclass(frozen=True, slots=True)
class InvoiceResult:
    """An issued invoice to hand to the marketplace, so that the customer finds it at the order. ``application`` is the
    marketplace's number of what it answers, empty where there was none. Sums are yuan, negative on a red invoice. ``number`` is
    the tax bureau's, ``code`` that of older kinds. ``file`` holds the bytes in ``format``, and is empty where none could be
    fetched. ``blue_number`` and ``blue_code`` are those of the blue invoice, for a red one. ``key`` stays the same for every
    attempt."""

    key: str
    order_id: str
    application: str
    colour: Colour
    kind: InvoiceKind
    seller_tax_id: str
    seller_name: str
    drawer: str
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    number: str
    issued_at: datetime
    code: str = ""
    blue_number: str = ""
    blue_code: str = ""
    file: bytes = b""
    format: str = "pdf"


class ResultTaker(Protocol):
    """Hand results back to the marketplace. Its contract is declared under ``hand_invoice_over``."""

    def hand_invoice_over(self, result: InvoiceResult) -> Submission:
        """Show the invoice at the customer's order.

        Returns a :class:`Submission`. Raises the write families. A write: called again only as its :class:`WriteContract`
        allows, with the same ``key``.
        """
        ...
