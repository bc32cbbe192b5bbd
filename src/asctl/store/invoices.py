"""The books: every invoice from its application on; a serial, once given, stays (reference/invoices.md section 9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update

from asctl.domain.invoices import LIVING, UNDER_WAY, Colour, Invoice, InvoiceState, Purpose, invoice_number
from asctl.store.invoice_tables import invoice_notes, invoices
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, stream

_NAMES = tuple(field.name for field in fields(Invoice) if field.name != "invoice")
_COLUMNS = (invoices.c.id, *(invoices.c[name] for name in _NAMES))
_ALL = select(*_COLUMNS)


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices to list; empty fields ask for nothing."""

    order_id: str = ""
    shop: str = ""
    account: str = ""
    rma: str = ""
    states: frozenset[InvoiceState] = frozenset()
    urgent: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceNote:
    """What happened to an invoice that changed no sum: ``endorsed`` for a case, ``given_back``, ``delivered``, ``downloaded``."""

    invoice: str
    rma: str
    kind: str
    said: str
    at: datetime
    by: str


def add_invoice(tx: Transaction, invoice: Invoice) -> Invoice:
    """Enter a new one; its number is given here. Raises ``IntegrityError`` for a serial that is used up, and for a second
    living invoice of a sale."""
    return _invoice(tx.execute(insert(invoices).returning(*_COLUMNS), _values(invoice)).one())


def change_invoice(tx: Transaction, before: Invoice, **news: Any) -> Invoice | None:
    """Change one from the state in which ``before`` shows it; ``None`` where it stands elsewhere by now."""
    standing = (invoices.c.id == invoice_number(before.invoice)) & (invoices.c.state == before.state)
    row = tx.execute(update(invoices).where(standing).values(news).returning(*_COLUMNS)).first()
    return None if row is None else _invoice(row)


def get_invoice(tx: Transaction, number: str) -> Invoice | None:
    """One by our number of it (``I17``)."""
    return _first(tx, _ALL.where(invoices.c.id == invoice_number(number)))


def get_invoices(tx: Transaction, numbers: Collection[str]) -> dict[str, Invoice]:
    """Those by our numbers of them."""
    found: dict[str, Invoice] = {}
    for chunk in chunks(dict.fromkeys(map(invoice_number, numbers))):
        for row in tx.execute(_ALL.where(invoices.c.id.in_(chunk))):
            each = _invoice(row)
            found[each.invoice] = each
    return found


def by_serial(tx: Transaction, account: str, text: str) -> Invoice | None:
    """The invoice of an account that a provider's callback is about: by our serial, its own number, or the form's."""
    named = or_(*(invoices.c[name] == text for name in ("serial", "reference", "number", "form_number")))
    return _first(tx, _ALL.where(invoices.c.account == account, named).order_by(invoices.c.id.desc()))


def by_own_serial(tx: Transaction, serial: str) -> Invoice | None:
    """The invoice that a serial was given to."""
    return _first(tx, _ALL.where(invoices.c.serial == serial))


def by_number(tx: Transaction, text: str) -> Invoice | None:
    """The invoice with a number of the tax bureau, or one of our serials."""
    named = or_(invoices.c.number == text, invoices.c.serial == text)
    return _first(tx, _ALL.where(named).order_by(invoices.c.id))


def invoices_of_order(tx: Transaction, shop: str, order_id: str) -> tuple[Invoice, ...]:
    """All of an order, the oldest first."""
    query = _ALL.where(invoices.c.shop == shop, invoices.c.order_id == order_id).order_by(invoices.c.id)
    return tuple(map(_invoice, tx.execute(query)))


def sale_of_order(tx: Transaction, shop: str, order_id: str) -> Invoice | None:
    """The blue invoice of an order's sale as it stands: the living one, else the last; one that waits for a red one comes
    after the one that it replaces."""
    blue = [
        each
        for each in invoices_of_order(tx, shop, order_id)
        if each.colour is Colour.BLUE and each.purpose is Purpose.SALE
    ]
    living = [each for each in blue if each.state in LIVING]
    present = [each for each in living if each.state is not InvoiceState.WAITING]
    return next(iter(present or living), blue[-1] if blue else None)


def billed_orders(tx: Transaction, order_ids: Collection[str]) -> set[tuple[str, str]]:
    """Those of these orders that have an invoice, as (shop, order number)."""
    found: set[tuple[str, str]] = set()
    for chunk in chunks(dict.fromkeys(order_ids)):
        query = select(invoices.c.shop, invoices.c.order_id).where(invoices.c.order_id.in_(chunk)).distinct()
        found |= {(shop, order_id) for shop, order_id in tx.execute(query)}
    return found


def reds_of(tx: Transaction, blue: str) -> tuple[Invoice, ...]:
    """The red invoices of a blue one, the oldest first, whatever came of them."""
    return tuple(map(_invoice, tx.execute(_ALL.where(invoices.c.blue == blue).order_by(invoices.c.id))))


def waiting_for(tx: Transaction, red: str) -> tuple[Invoice, ...]:
    """The blue invoices that wait for a red one."""
    query = _ALL.where(invoices.c.after == red, invoices.c.state == InvoiceState.WAITING).order_by(invoices.c.id)
    return tuple(map(_invoice, tx.execute(query)))


def used_attempts(tx: Transaction, stem: str) -> int:
    """How many serials with that beginning, all but the attempt, were given."""
    used = select(func.count()).where(invoices.c.serial.startswith(stem, autoescape=True))
    return int(tx.execute(used).scalar_one())


def queue(tx: Transaction, account: str = "", limit: int | None = None) -> Iterator[Invoice]:
    """What is to be sent: red ones first, for a blue one may wait for them; then what finance promoted; then in the order of
    application (R107)."""
    order = (invoices.c.colour.desc(), invoices.c.promoted_at.is_(None), invoices.c.promoted_at)
    query = _ALL.where(invoices.c.state == InvoiceState.QUEUED)
    query = query.where(invoices.c.account == account) if account else query
    return map(_invoice, stream(tx, query.order_by(*order, invoices.c.requested_at, invoices.c.id).limit(limit)))


def list_invoices(tx: Transaction, wanted: InvoiceFilter) -> Iterator[Invoice]:
    """Invoices in the order of their application."""
    query = _ALL.order_by(invoices.c.requested_at, invoices.c.id).limit(wanted.limit)
    for name in ("order_id", "shop", "account", "rma"):
        if value := getattr(wanted, name):
            query = query.where(invoices.c[name] == value)
    if wanted.states:
        query = query.where(invoices.c.state.in_(wanted.states))
    if wanted.urgent:
        query = query.where(invoices.c.urgent_at.is_not(None))
    return map(_invoice, stream(tx, query))


def forms_waiting(tx: Transaction) -> tuple[Invoice, ...]:
    """Red invoices under way whose form has a term."""
    query = _ALL.where(invoices.c.state.in_(UNDER_WAY), invoices.c.form_deadline.is_not(None))
    return tuple(map(_invoice, tx.execute(query.order_by(invoices.c.id))))


def add_note(tx: Transaction, note: InvoiceNote) -> None:
    """Put a note to an invoice."""
    tx.execute(insert(invoice_notes), {field.name: getattr(note, field.name) for field in fields(InvoiceNote)})


def notes_of(tx: Transaction, numbers: Iterable[str]) -> dict[str, tuple[InvoiceNote, ...]]:
    """The notes of invoices, the oldest first."""
    columns = [invoice_notes.c[field.name] for field in fields(InvoiceNote)]
    found: dict[str, tuple[InvoiceNote, ...]] = {}
    for chunk in chunks(numbers):
        query = select(*columns).where(invoice_notes.c.invoice.in_(chunk)).order_by(invoice_notes.c.id)
        for row in tx.execute(query):
            note = InvoiceNote(*row)
            found[note.invoice] = (*found.get(note.invoice, ()), note)
    return found


def _values(invoice: Invoice) -> dict[str, Any]:
    return {name: getattr(invoice, name) for name in _NAMES}


def _first(tx: Transaction, query: Select[Any]) -> Invoice | None:
    row = tx.execute(query.limit(1)).first()
    return None if row is None else _invoice(row)


def _invoice(row: Row[Any]) -> Invoice:
    number, *kept = tuple(row)
    named: dict[str, Any] = dict(zip(_NAMES, kept, strict=True))
    return Invoice(invoice=f"I{number}", **named)
