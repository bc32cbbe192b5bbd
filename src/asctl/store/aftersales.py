"""The marketplaces' applications (售后单) as we last saw them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, tuple_

from asctl.domain.aftersales import OPEN_AFTER_SALES, AfterSale, AfterSaleStatus
from asctl.domain.errors import BadInput
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, columns_of, newest_wins, stream, values_of
from asctl.store.tables import after_sales
from asctl.text import _

_COLUMNS = columns_of(after_sales, AfterSale)


@dataclass(frozen=True, slots=True)
class AfterSaleFilter:
    """Which applications to list; empty fields ask for nothing. ``open_only`` leaves out the closed and the done."""

    shop: str = ""
    status: AfterSaleStatus | None = None
    order_id: str = ""
    open_only: bool = False
    limit: int | None = None


def put_after_sales(tx: Transaction, items: Iterable[AfterSale]) -> int:
    """Store applications as they stand now; returns how many were new or not older than what stood there."""
    return sum(_put_some(tx, chunk) for chunk in chunks(items))


def _put_some(tx: Transaction, items: Sequence[AfterSale]) -> int:
    newest = {(item.shop, item.after_sale_id): item for item in sorted(items, key=lambda item: item.modified_at)}
    tx.execute(newest_wins(tx, after_sales), [values_of(after_sales, item) for item in newest.values()])
    key = tuple_(after_sales.c.shop, after_sales.c.after_sale_id)
    query = select(after_sales.c.shop, after_sales.c.after_sale_id, after_sales.c.modified_at)
    stands = tx.execute(query.where(key.in_(list(newest))))
    return sum(newest[row.shop, row.after_sale_id].modified_at == row.modified_at for row in stands)


def get_after_sale(tx: Transaction, after_sale_id: str, shop: str = "") -> AfterSale | None:
    """One application. Raises :class:`BadInput` (``several_shops``) where shops share the number and none is named."""
    query = _select().where(after_sales.c.after_sale_id == after_sale_id).order_by(after_sales.c.shop)
    found = [AfterSale(*row) for row in tx.execute(query.where(after_sales.c.shop == shop) if shop else query)]
    if len(found) > 1:
        raise BadInput(
            _("several shops have an after-sale {number}: {shops}").format(
                number=after_sale_id, shops=", ".join(item.shop for item in found)
            ),
            code="several_shops",
            hint=_("name the shop with --shop"),
        )
    return found[0] if found else None


def list_after_sales(tx: Transaction, wanted: AfterSaleFilter) -> Iterator[AfterSale]:
    """Applications as they come: the open ones by deadline, those without one after them; then the newest first."""
    query = _select().order_by(*_most_urgent_first()).limit(wanted.limit)
    if wanted.shop:
        query = query.where(after_sales.c.shop == wanted.shop)
    if wanted.status is not None:
        query = query.where(after_sales.c.status == wanted.status)
    if wanted.order_id:
        query = query.where(after_sales.c.order_id == wanted.order_id)
    if wanted.open_only:
        query = query.where(after_sales.c.status.in_(sorted(OPEN_AFTER_SALES)))
    for row in stream(tx, query):
        yield AfterSale(*row)


def _most_urgent_first() -> tuple[ColumnElement[Any], ...]:
    """The deadline of an application that is over presses nobody."""
    is_open = after_sales.c.status.in_(sorted(OPEN_AFTER_SALES))
    newest_first = (after_sales.c.created_at.desc(), after_sales.c.shop.desc(), after_sales.c.after_sale_id.desc())
    return (is_open.desc(), case((is_open, after_sales.c.deadline)).asc().nulls_last(), *newest_first)


def _select() -> Select[Any]:
    return select(*_COLUMNS)
