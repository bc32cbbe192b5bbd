"""The tables of invoices: the books, what was decided for each case, the goods' tax categories, and access tokens."""

from __future__ import annotations

from dataclasses import asdict, fields
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Index, Integer, Table, TypeDecorator, and_

from asctl.domain.invoices import (
    Buyer,
    BuyerUse,
    Colour,
    FormState,
    InvoiceFile,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    LineNature,
    Purpose,
    Reason,
    Scope,
    TitleType,
)
from asctl.domain.settlements import Resolution, Standing
from asctl.store.columns import Choice, Moment, Money, Texts
from asctl.store.schema import metadata
from asctl.store.schema import text as _text
from asctl.store.schema import texts as _texts

_AMOUNTS = frozenset({"rate", "net", "tax", "gross", "quantity", "price"})


def plain(record: Any) -> dict[str, Any]:
    """A flat record as JSON: amounts as text, words as their values; it reads back to the very same record."""
    return {name: _plain(value) for name, value in asdict(record).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def line_of(kept: dict[str, Any]) -> InvoiceLine:
    """The line that was written down."""
    amounts = {name: Decimal(kept[name]) if kept[name] is not None else None for name in _AMOUNTS}
    return InvoiceLine(**kept | amounts | {"nature": LineNature(kept["nature"])})


def buyer_of(kept: dict[str, Any]) -> Buyer:
    """The buyer that was written down."""
    return Buyer(**kept | {"type": TitleType(kept["type"])})


class Lines(TypeDecorator[tuple[InvoiceLine, ...]]):
    """The rows of an invoice, in their order."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[InvoiceLine, ...] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return [plain(line) for line in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[InvoiceLine, ...]:
        return tuple(line_of(kept) for kept in value or ())


class BuyerColumn(TypeDecorator[Buyer]):
    """Whom an invoice is made out to."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Buyer | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Buyer | None:
        return None if value is None else buyer_of(value)


class Files(TypeDecorator[tuple[InvoiceFile, ...]]):
    """The files of an invoice."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[InvoiceFile, ...] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return [plain(file) for file in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[InvoiceFile, ...]:
        names = {field.name for field in fields(InvoiceFile)}
        return tuple(InvoiceFile(**{name: kept[name] for name in names & kept.keys()}) for kept in value or ())


invoices = Table(
    "invoices",
    metadata,
    Column("id", Integer, primary_key=True),
    *_texts("serial account shop order_id"),
    Column("colour", Choice(Colour), nullable=False),
    Column("kind", Choice(InvoiceKind), nullable=False),
    Column("state", Choice(InvoiceState), nullable=False),
    Column("buyer", BuyerColumn, nullable=False),
    Column("lines", Lines, nullable=False),
    *[Column(name, Money, nullable=False) for name in ("net", "tax", "gross")],
    *[Column(name, Moment, nullable=False) for name in ("requested_at", "created_at", "changed_at")],
    Column("purpose", Choice(Purpose), nullable=False),
    _text("rma"),
    Column("attempt", Integer, nullable=False),
    *_texts("raw_state error_code message reference number code"),
    Column("issued_at", Moment),
    *_texts("remark blue replaces after application trigger agreed_by"),
    Column("urgent_at", Moment),
    *_texts("urgent_by urgent_reason"),
    Column("promoted_at", Moment),
    _text("promoted_by"),
    Column("scope", Choice(Scope)),
    Column("reason", Choice(Reason)),
    Column("form_state", Choice(FormState), nullable=False),
    *_texts("form_raw form_number"),
    Column("form_deadline", Moment),
    Column("buyer_use", Choice(BuyerUse), nullable=False),
    Column("files", Files, nullable=False),
    _text("action"),
    Column("delivered_at", Moment),
    _text("currency"),
    Index("uq_invoices_serial", "serial", unique=True),
    Index("ix_invoices_order", "order_id", "shop"),
    Index("ix_invoices_state", "state", "requested_at"),
    Index("ix_invoices_rma", "rma"),
    Index("ix_invoices_blue", "blue"),
)
_IN_BOOKS = and_(
    invoices.c.colour == Colour.BLUE,
    invoices.c.purpose == Purpose.SALE,
    invoices.c.state.in_(
        [
            InvoiceState.QUEUED,
            InvoiceState.SENDING,
            InvoiceState.ISSUING,
            InvoiceState.ISSUED,
            InvoiceState.SEAL_FAILED,
            InvoiceState.PARTLY_REVERSED,
            InvoiceState.VOIDING,
        ]
    ),
)
_RED_UNDER_WAY = and_(
    invoices.c.colour == Colour.RED,
    invoices.c.state.in_([InvoiceState.QUEUED, InvoiceState.SENDING, InvoiceState.ISSUING]),
)
# Whatever the code above them does: no sale has two living invoices, and no invoice two reversals under way.
Index(
    "uq_invoices_sale",
    invoices.c.shop,
    invoices.c.order_id,
    unique=True,
    sqlite_where=_IN_BOOKS,
    postgresql_where=_IN_BOOKS,
)
Index(
    "uq_invoices_reversal", invoices.c.blue, unique=True, sqlite_where=_RED_UNDER_WAY, postgresql_where=_RED_UNDER_WAY
)

settlements = Table(
    "settlements",
    metadata,
    _text("subject", key=True),
    *_texts("rma shop order_id"),
    Column("resolution", Choice(Resolution), nullable=False),
    Column("standing", Choice(Standing), nullable=False),
    Column("steps", Texts, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("held", Integer, nullable=False),
    *_texts("invoice why"),
    Column("decided_at", Moment, nullable=False),
    _text("decided_by"),
    Index("ix_settlements_order", "order_id", "shop"),
    sqlite_with_rowid=False,
)

invoice_notes = Table(
    "invoice_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    *_texts("invoice rma kind said"),
    Column("at", Moment, nullable=False),
    _text("by"),
    Index("ix_invoice_notes_invoice", "invoice"),
)

goods_tax = Table(
    "goods_tax",
    metadata,
    _text("sku", key=True),
    _text("code"),
    Column("rate", Money, nullable=False),
    *_texts("name unit spec"),
    sqlite_with_rowid=False,
)

tokens = Table(
    "tokens",
    metadata,
    _text("account", key=True),
    _text("stands_for", key=True),
    *_texts("value refresh"),
    Column("given_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
