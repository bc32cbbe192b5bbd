"""Between rows and records: a record's fields are the columns of the same name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Insert, Select, Table
from sqlalchemy.dialects import sqlite

from asctl.domain.parcels import ParcelKey
from asctl.store.opening import Transaction

T = TypeVar("T")

AT_A_TIME = 500
"""Values per ``IN (...)`` and rows per page: far below either back end's limits, large enough to cost nothing."""


def columns_of(table: Table, record: type) -> list[Column[Any]]:
    """The columns that keep ``record``'s fields, in the order of its fields, so that ``record(*row)`` makes it again."""
    return [table.c[name] for name in _kept(table, record)]


def values_of(table: Table, record: object) -> dict[str, Any]:
    """The fields of ``record`` that ``table`` keeps, by name."""
    kind: type = type(record)
    return {name: getattr(record, name) for name in _kept(table, kind)}


@cache
def _kept(table: Table, record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record) if field.name in table.c)


def insert_into(tx: Transaction, table: Table) -> sqlite.Insert:
    """An insert that can say what happens on a conflict, in the dialect of ``tx``."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)  # type: ignore[return-value]  # the same methods, by another class
    return sqlite.insert(table)


def newest_wins(tx: Transaction, table: Table) -> Insert:
    """An upsert on the primary key that leaves a row alone whose ``modified_at`` is later than the one it brings."""
    insert = insert_into(tx, table)
    news = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_=news,
        where=table.c.modified_at <= insert.excluded.modified_at,
    )


def chunks(items: Iterable[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    """``items`` in lists of at most ``size``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def by_courier(keys: Collection[ParcelKey]) -> Iterator[tuple[str, list[str]]]:
    """The keys as (courier, some of its waybills): the shape that the primary key's index answers fastest."""
    waybills: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        waybills.setdefault(key.courier, []).append(key.waybill)
    for courier, numbers in waybills.items():
        for chunk in chunks(numbers):
            yield courier, chunk


def stream(tx: Transaction, query: Select[Any]) -> Iterator[Any]:
    """Rows as they come, some hundred at a time, so that memory stays flat."""
    yield from tx.execute(query, execution_options={"yield_per": AT_A_TIME})
