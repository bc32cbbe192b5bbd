"""What the codes on a parcel lead to, asked as a warehouse asks: one code at a time, and at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, literal, select, union

from asctl.domain.parcels import Direction, ParcelKey
from asctl.store.opening import Transaction
from asctl.store.rows import by_courier, chunks
from asctl.store.tables import after_sales, labels, order_lines, orders, parcels, rmas

OrderKey = tuple[str, str]
"""Shop and order number."""
_Way = tuple[str, int, str]
"""A code, how it leads to a case, and the RMA."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The RMAs that a code means, the last opened first. ``certain`` says that it is their own number or waybill."""

    rmas: tuple[str, ...]
    certain: bool


_ITSELF, _ITS_PARCEL, _ITS_ORDER = range(3)


def cases_meant(tx: Transaction, codes: Collection[str]) -> dict[str, Meant]:
    """What each of these codes leads to by the shortest way: the cases it names, those of its parcel or order number, or all
    of an order that was sent or comes back under it. Codes that lead to no case are left out."""
    found: dict[str, dict[int, list[str]]] = {}
    for chunk in chunks(dict.fromkeys(filter(None, codes))):
        ways = union(*_by_itself(chunk), *_by_parcel(chunk), *_by_order(chunk)).subquery()
        query = select(ways.c.code, ways.c.way, rmas.c.rma).join(rmas, rmas.c.rma == ways.c.rma)
        for row in tx.execute(query.order_by(rmas.c.opened_at.desc(), rmas.c.rma.desc())):
            found.setdefault(row.code, {}).setdefault(row.way, []).append(row.rma)
    return {code: Meant(tuple(ways[min(ways)]), min(ways) == _ITSELF) for code, ways in found.items()}


def _by_itself(codes: Sequence[str]) -> Iterator[Select[_Way]]:
    for column in (rmas.c.rma, rmas.c.waybill):
        yield select(column.label("code"), literal(_ITSELF).label("way"), rmas.c.rma).where(column.in_(codes))


def _by_parcel(codes: Sequence[str]) -> Iterator[Select[_Way]]:
    for column, rma in ((rmas.c.order_id, rmas.c.rma), (parcels.c.waybill, parcels.c.rma)):
        yield select(column, literal(_ITS_PARCEL), rma).where(column.in_(codes), rma != "")


def _by_order(codes: Sequence[str]) -> Iterator[Select[_Way]]:
    for column in (order_lines.c.waybill, after_sales.c.return_waybill, parcels.c.waybill):
        same = and_(rmas.c.order_id == column.table.c.order_id, rmas.c.shop == column.table.c.shop)
        yield select(column, literal(_ITS_ORDER), rmas.c.rma).join(rmas, same).where(column.in_(codes))


def orders_of_code(tx: Transaction, code: str) -> list[OrderKey]:
    """The orders that a code belongs to: as their number, a waybill of theirs, or one under which a buyer sends back."""
    meant = union(
        select(orders.c.shop, orders.c.order_id).where(orders.c.order_id == code),
        select(order_lines.c.shop, order_lines.c.order_id).where(order_lines.c.waybill == code),
        select(after_sales.c.shop, after_sales.c.order_id).where(after_sales.c.return_waybill == code),
        select(parcels.c.shop, parcels.c.order_id).where(parcels.c.waybill == code, parcels.c.order_id != ""),
    )
    return sorted((row.shop, row.order_id) for row in tx.execute(meant))


def sent_in(tx: Transaction, waybill: str) -> set[OrderKey]:
    """The orders whose goods we sent out under this waybill, or sent anew."""
    away = parcels.c.direction != Direction.RETURN
    ours = union(
        select(order_lines.c.shop, order_lines.c.order_id).where(order_lines.c.waybill == waybill),
        select(parcels.c.shop, parcels.c.order_id).where(parcels.c.waybill == waybill, away, parcels.c.order_id != ""),
    )
    return {(row.shop, row.order_id) for row in tx.execute(ours)}


def sharing(tx: Transaction, keys: Collection[ParcelKey]) -> dict[ParcelKey, list[str]]:
    """The RMAs whose goods come back in each of these parcels, by number."""
    found: dict[ParcelKey, list[str]] = {key: [] for key in keys}
    query = select(rmas.c.courier, rmas.c.waybill, rmas.c.rma).order_by(rmas.c.rma)
    for courier, waybills in by_courier(keys):
        for row in tx.execute(query.where(rmas.c.waybill.in_(waybills), rmas.c.courier == courier)):
            found[ParcelKey(row.courier, row.waybill)].append(row.rma)
    return found


def with_void_label(tx: Transaction, numbers: Collection[str]) -> set[str]:
    """Those of the RMAs whose last label is no longer right."""
    found: set[str] = set()
    for chunk in chunks(numbers):
        last = select(func.max(labels.c.id)).where(labels.c.rma.in_(chunk)).group_by(labels.c.rma)
        void = select(labels.c.rma).where(labels.c.id.in_(last), labels.c.void_at.is_not(None))
        found |= set(tx.execute(void).scalars())
    return found
