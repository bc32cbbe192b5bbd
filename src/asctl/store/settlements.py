"""What was decided about the invoice of each case, and the goods' tax categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from asctl.domain.billing import GoodsTax
from asctl.domain.settlements import Resolution, Standing, Step
from asctl.store.invoice_tables import goods_tax, settlements
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, insert_into, stream


@dataclass(frozen=True, slots=True)
class Settlement:
    """One decision. ``subject`` is the RMA's number, or ``title`` with shop and order; ``facts`` are what the operator told, by
    name; ``held`` says that it is decided again once the invoice stands; ``invoice`` is the blue one it was about."""

    subject: str
    rma: str
    shop: str
    order_id: str
    resolution: Resolution
    standing: Standing
    steps: tuple[str, ...]
    facts: Mapping[str, str]
    held: bool
    invoice: str
    why: str
    decided_at: datetime
    decided_by: str

    @property
    def cell(self) -> tuple[Step, ...]:
        """The steps as the table names them."""
        return tuple(map(Step, self.steps))


_NAMES = tuple(field.name for field in fields(Settlement))
_ALL = select(*(settlements.c[name] for name in _NAMES))


def save_settlement(tx: Transaction, settlement: Settlement) -> None:
    """Put a decision on record, in place of an earlier one about the same."""
    values = {name: getattr(settlement, name) for name in _NAMES}
    values |= {"held": int(settlement.held), "facts": dict(settlement.facts)}
    statement = insert_into(tx, settlements).values(values)
    news = {name: statement.excluded[name] for name in _NAMES if name != "subject"}
    tx.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=news))


def forget_settlement(tx: Transaction, subject: str) -> None:
    """Take a decision off the record that came to nothing: its case was withdrawn."""
    tx.execute(delete(settlements).where(settlements.c.subject == subject))


def get_settlement(tx: Transaction, subject: str) -> Settlement | None:
    """The decision about a case."""
    row = tx.execute(_ALL.where(settlements.c.subject == subject)).first()
    return None if row is None else _settlement(row)


def settlements_of_order(tx: Transaction, shop: str, order_id: str) -> tuple[Settlement, ...]:
    """The decisions about an order, the oldest first."""
    query = _ALL.where(settlements.c.shop == shop, settlements.c.order_id == order_id)
    return tuple(map(_settlement, tx.execute(query.order_by(settlements.c.decided_at))))


def settled_cases(tx: Transaction, numbers: Iterable[str]) -> set[str]:
    """Those of these cases about whose invoice was decided, and nothing is held."""
    found: set[str] = set()
    for chunk in chunks(dict.fromkeys(numbers)):
        query = select(settlements.c.rma).where(settlements.c.rma.in_(chunk), settlements.c.held == 0)
        found |= set(tx.execute(query).scalars())
    return found


def held_settlements(tx: Transaction) -> tuple[Settlement, ...]:
    """Those that wait until an invoice stands, the oldest first."""
    return tuple(map(_settlement, tx.execute(_ALL.where(settlements.c.held == 1).order_by(settlements.c.decided_at))))


def _settlement(row: Any) -> Settlement:
    told = dict(zip(_NAMES, row, strict=True))
    return Settlement(**told | {"held": bool(told["held"])})


_GOODS = tuple(field.name for field in fields(GoodsTax))
_GOODS_ROWS = select(*(goods_tax.c[name] for name in _GOODS))


def put_goods(tx: Transaction, goods: GoodsTax) -> None:
    """Note the tax category of a SKU, in place of what was noted before."""
    statement = insert_into(tx, goods_tax).values({name: getattr(goods, name) for name in _GOODS})
    news = {name: statement.excluded[name] for name in _GOODS if name != "sku"}
    tx.execute(statement.on_conflict_do_update(index_elements=["sku"], set_=news))


def drop_goods(tx: Transaction, sku: str) -> bool:
    """Forget a SKU; ``False`` if it was not known."""
    return tx.execute(delete(goods_tax).where(goods_tax.c.sku == sku)).rowcount == 1


def get_goods(tx: Transaction, skus: Iterable[str]) -> dict[str, GoodsTax]:
    """What is known of these SKUs."""
    found = {}
    for chunk in chunks(dict.fromkeys(skus)):
        for row in tx.execute(_GOODS_ROWS.where(goods_tax.c.sku.in_(chunk))):
            goods = GoodsTax(*row)
            found[goods.sku] = goods
    return found


def list_goods(tx: Transaction) -> Iterator[GoodsTax]:
    """All of them by SKU."""
    return (GoodsTax(*row) for row in stream(tx, _GOODS_ROWS.order_by(goods_tax.c.sku)))
