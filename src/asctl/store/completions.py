"""Numbers that the store knows, for whoever has typed the first characters of one. No personal data is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, FromClause, Select, Text, cast, literal, or_, select

from asctl.store.opening import Transaction
from asctl.store.tables import actions, after_sales, batches, invoices, order_lines, orders, parcels, rmas, tasks

_Row = tuple[str, datetime]

FEW = 500
"""So many numbers are read whole and sorted by age. Of more, the newest are found soon by looking from the newest on."""
_LAST = "\U0010ffff"
_MOST_DIGITS = 9
_COUNT = re.compile(rf"([1-9][0-9]{{0,{_MOST_DIGITS - 1}}})?")


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as it stands in a column, and what tells how new it is. Both have an index, ``at`` in ``place``; but for tasks,
    which are few."""

    number: Column[str]
    at: Column[datetime]
    place: FromClause

    def newest(self, tx: Transaction, begun: str, at_most: int) -> Sequence[_Row]:
        query = select(self.number, self.at).select_from(self.place).where(self.number != "")
        # How PostgreSQL sorts depends on how it was made: no range is sure to hold all that begins alike.
        if begun and tx.dialect.name == "sqlite":
            few = _rows(tx, query.where(self._in_range(begun)).limit(FEW))
            if len(few) < FEW:
                return few
        begins = self.number.istartswith(begun, autoescape=True)
        return _rows(tx, query.where(begins).order_by(self.at.desc()).limit(at_most))

    def _in_range(self, begun: str) -> ColumnElement[bool]:
        """As it was typed or in capitals: ranges that an index serves. SQLite has none that serves for any case."""
        return or_(*(self.number.between(each, each + _LAST) for each in {begun, begun.upper()}))


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number that is our letter and a count, which grows with age; ``at`` is when it was given."""

    letter: str
    count: Column[int]
    at: Column[datetime]

    def newest(self, tx: Transaction, begun: str, at_most: int) -> Sequence[_Row]:
        letter, digits = begun[:1].upper(), begun[1:]
        if letter not in ("", self.letter) or not _COUNT.fullmatch(digits):
            return ()
        query = select(literal(self.letter, Text) + cast(self.count, Text), self.at).order_by(self.count.desc())
        if not digits:
            return _rows(tx, query.limit(at_most))
        found: list[_Row] = []
        for least, most in _ranges(digits):
            found += _rows(tx, query.where(self.count.between(least, most)).limit(at_most - len(found)))
        return found


def _ranges(digits: str) -> Iterator[tuple[int, int]]:
    """The counts that begin with these digits, the largest first: one range for each number of digits."""
    for more in range(_MOST_DIGITS - len(digits), -1, -1):
        yield int(digits) * 10**more, (int(digits) + 1) * 10**more - 1


def _rows(tx: Transaction, query: Select[str, datetime]) -> list[_Row]:
    return [(row[0], row[1]) for row in tx.execute(query)]


_SOURCES: dict[str, tuple[_Written | _Counted, ...]] = {
    "rma": (_Written(rmas.c.rma, rmas.c.opened_at, rmas),),
    "waybill": (
        _Written(parcels.c.waybill, parcels.c.added_at, parcels),
        _Written(order_lines.c.waybill, orders.c.created_at, order_lines.join(orders)),
        _Written(after_sales.c.return_waybill, after_sales.c.created_at, after_sales),
    ),
    "order": (_Written(orders.c.order_id, orders.c.created_at, orders),),
    "after-sale": (_Written(after_sales.c.after_sale_id, after_sales.c.created_at, after_sales),),
    "task": (_Written(tasks.c.task, tasks.c.opened_at, tasks),),
    "action": (_Counted("A", actions.c.id, actions.c.planned_at),),
    "batch": (_Counted("B", batches.c.id, batches.c.created_at),),
    "invoice": (_Counted("I", invoices.c.id, invoices.c.created_at),),
}
"""Kind of number -> where it stands."""


def newest_known(tx: Transaction, kinds: Iterable[str], begun: str, at_most: int) -> list[str]:
    """Numbers of these kinds that begin with ``begun``, as it is or in capitals; the newest first, each once, at most
    ``at_most``.

    ``kinds`` are ``rma``, ``waybill``, ``order``, ``after-sale``, ``task``, ``action``, ``batch``, ``invoice``.
    """
    sources = (source for kind in kinds for source in _SOURCES[kind])
    found = [row for source in sources for row in source.newest(tx, begun, at_most)]
    found.sort(key=lambda row: row[1], reverse=True)
    return list(dict.fromkeys(number for number, _at in found))[:at_most]
