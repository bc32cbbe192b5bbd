"""Orders and their lines. An order is known by shop and number: two shops may have the same number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Select, bindparam, delete, exists, func, select, tuple_, update

from asctl.domain.orders import Flag, Order, OrderLine, OrderStatus, Receiver
from asctl.store.opening import Transaction
from asctl.store.rows import AT_A_TIME, chunks, columns_of, newest_wins, stream, values_of
from asctl.store.tables import after_sales, order_lines, orders

_RECEIVER = "receiver_"
_ORDER_COLUMNS = columns_of(orders, Order)
_LINE_COLUMNS = columns_of(order_lines, OrderLine)


def _receiver_columns() -> list[Column[Any]]:
    return [column for column in orders.c if column.name.startswith(_RECEIVER)]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders to list; empty fields ask for nothing. ``since`` is about when the order was made, ``changed_since`` about when
    it changed last."""

    shop: str = ""
    status: OrderStatus | None = None
    since: datetime | None = None
    changed_since: datetime | None = None
    waybill: str = ""
    limit: int | None = None


def put_orders(tx: Transaction, items: Iterable[Order]) -> int:
    """Store orders as they stand now, with their lines; returns how many were new or not older than what stood there.

    An order that changed earlier (``modified_at``) than the stored one is left out: answers may overtake each other.
    """
    return sum(_put_some(tx, chunk) for chunk in chunks(items))


def _put_some(tx: Transaction, items: Sequence[Order]) -> int:
    newest = {(o.shop, o.order_id): o for o in sorted(items, key=lambda order: order.modified_at)}
    tx.execute(newest_wins(tx, orders), [_order_values(order) for order in newest.values()])
    stands = {(row.shop, row.order_id): row.modified_at for row in tx.execute(_where_keys(_changes(), newest))}
    stored = [order for key, order in newest.items() if stands[key] == order.modified_at]
    _replace_lines(tx, stored)
    return len(stored)


def _replace_lines(tx: Transaction, items: Sequence[Order]) -> None:
    if not items:
        return
    owner = (order_lines.c.shop == bindparam("of_shop")) & (order_lines.c.order_id == bindparam("of_order"))
    tx.execute(delete(order_lines).where(owner), [{"of_shop": o.shop, "of_order": o.order_id} for o in items])
    lines = [
        values_of(order_lines, line) | {"shop": order.shop, "order_id": order.order_id, "position": position}
        for order in items
        for position, line in enumerate(order.lines)
    ]
    if lines:
        tx.execute(order_lines.insert(), lines)


def known_changes(tx: Transaction, shop: str, order_ids: Iterable[str]) -> dict[str, datetime]:
    """When each of the shop's orders that we hold had last changed; orders that we do not hold are left out."""
    known: dict[str, datetime] = {}
    for chunk in chunks(order_ids):
        query = _changes().where(orders.c.shop == shop, orders.c.order_id.in_(chunk))
        known.update((row.order_id, row.modified_at) for row in tx.execute(query))
    return known


def get_orders(tx: Transaction, order_id: str, shop: str = "") -> tuple[Order, ...]:
    """The orders with this number, of one shop or of all, by shop."""
    query = _select_orders().where(orders.c.order_id == order_id).order_by(orders.c.shop)
    if shop:
        query = query.where(orders.c.shop == shop)
    return tuple(order for order, _count in _whole(tx, tx.execute(query).all()))


def receivers_of(tx: Transaction, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Receiver]:
    """Who got the parcels of these orders, by (shop, order number); orders that are not in the store are left out."""
    found: dict[tuple[str, str], Receiver] = {}
    for chunk in chunks(sorted(keys)):
        query = _where_keys(select(orders.c.shop, orders.c.order_id, *_receiver_columns()), chunk)
        found |= {(row[0], row[1]): Receiver(*row[2:]) for row in tx.execute(query)}
    return found


def statuses_of(tx: Transaction, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], OrderStatus]:
    """What the marketplace says of these orders, by (shop, order number)."""
    found: dict[tuple[str, str], OrderStatus] = {}
    for chunk in chunks({order_id for _shop, order_id in keys}):
        query = select(orders.c.shop, orders.c.order_id, orders.c.status).where(orders.c.order_id.in_(chunk))
        found |= {(shop, order_id): status for shop, order_id, status in tx.execute(query)}
    return found


def list_orders(tx: Transaction, wanted: OrderFilter) -> Iterator[tuple[Order, int]]:
    """Orders with the count of their after-sales, newest first, a page at a time."""
    newest_first = (orders.c.created_at.desc(), orders.c.shop.desc(), orders.c.order_id.desc())
    query = _select_orders().order_by(*newest_first).limit(wanted.limit)
    if wanted.shop:
        query = query.where(orders.c.shop == wanted.shop)
    if wanted.status is not None:
        query = query.where(orders.c.status == wanted.status)
    if wanted.since is not None:
        query = query.where(orders.c.created_at >= wanted.since)
    if wanted.changed_since is not None:
        query = query.where(orders.c.modified_at >= wanted.changed_since)
    if wanted.waybill:
        same = (order_lines.c.shop == orders.c.shop) & (order_lines.c.order_id == orders.c.order_id)
        query = query.where(exists().where(same, order_lines.c.waybill == wanted.waybill))
    for page in chunks(stream(tx, query), AT_A_TIME):
        yield from _whole(tx, page)


def put_remark(tx: Transaction, shop: str, order_id: str, text: str, flag: Flag, modified_at: datetime) -> None:
    """Note the remark and flag that stand at the marketplace; an order that changed later keeps its own.

    The order's time of change is left as it is: only the whole order brings it along, else whatever else changed by then
    would be taken for known.
    """
    same = (orders.c.shop == shop) & (orders.c.order_id == order_id) & (orders.c.modified_at <= modified_at)
    tx.execute(update(orders).where(same).values(remark=text, flag=flag))


def _changes() -> Select[Any]:
    return select(orders.c.shop, orders.c.order_id, orders.c.modified_at)


def _where_keys(query: Select[Any], keys: Iterable[tuple[str, str]]) -> Select[Any]:
    return query.where(tuple_(orders.c.shop, orders.c.order_id).in_(list(keys)))


def _select_orders() -> Select[Any]:
    same = (after_sales.c.order_id == orders.c.order_id) & (after_sales.c.shop == orders.c.shop)
    count = select(func.count()).select_from(after_sales).where(same).scalar_subquery()
    return select(*_ORDER_COLUMNS, *_receiver_columns(), count.label("after_sale_count"))


def _order_values(order: Order) -> dict[str, Any]:
    receiver = {_RECEIVER + name: getattr(order.receiver, name) for name in Receiver.__dataclass_fields__}
    return values_of(orders, order) | receiver


def _whole(tx: Transaction, rows: Sequence[Row[Any]]) -> Iterator[tuple[Order, int]]:
    """Orders from a page of rows, their lines fetched in one question."""
    lines = _lines_of(tx, [(row.shop, row.order_id) for row in rows])
    for row in rows:
        fields = dict(zip((column.name for column in _ORDER_COLUMNS), row, strict=False))
        receiver = Receiver(*row[len(_ORDER_COLUMNS) : -1])
        found = tuple(lines.get((row.shop, row.order_id), ()))
        yield Order(**fields, receiver=receiver, lines=found), row.after_sale_count


def _lines_of(tx: Transaction, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[OrderLine]]:
    query = select(order_lines.c.shop, order_lines.c.order_id, *_LINE_COLUMNS).order_by(order_lines.c.position)
    owner = tuple_(order_lines.c.shop, order_lines.c.order_id)
    lines: dict[tuple[str, str], list[OrderLine]] = {}
    for shop, order_id, *values in tx.execute(query.where(owner.in_(keys))):
        lines.setdefault((shop, order_id), []).append(OrderLine(*values))
    return lines
