"""How the sandbox writes: members without a value are absent, lists stand in a wrapper, personal data is masked."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from asctl.api import china_text
from asctl_taobao.sandbox_gate import Asked

T = TypeVar("T")
Member = dict[str, Any]


def present(record: Mapping[str, Any]) -> Member:
    """The members that have a value; times and money as the text they travel as."""
    return {name: _told(value) for name, value in record.items() if value not in (None, "", [], {})}


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return china_text(value)
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def number(identifier: str) -> int | str:
    """Order numbers travel as JSON numbers."""
    return int(identifier) if identifier.isdecimal() else identifier


def wrapped(inner: str, rows: Sequence[Any]) -> Member | None:
    """A list in its wrapper; an empty one is absent."""
    return {inner: list(rows)} if rows else None


def chosen(record: Member, fields: Iterable[str]) -> Member:
    """Only the members asked for; ``orders.oid`` asks for one member of each row of a list inside."""
    names = frozenset(fields)
    nested = {name.split(".", 1)[0] for name in names if "." in name}
    picked = {name: value for name, value in record.items() if name in names}
    for outer in nested & record.keys() - names:
        wanted = [name.split(".", 1)[1] for name in names if name.startswith(outer + ".")]
        picked[outer] = {inner: [chosen(row, wanted) for row in rows] for inner, rows in record[outer].items()}
    return picked


def page_of(rows: Sequence[T], asked: Asked, render: Callable[[T], Member]) -> tuple[list[Member], bool]:
    """The rows of the page asked for, and whether more follow."""
    size = asked.number("page_size", 40, 1, 100)
    start = (asked.number("page_no", 1, 1, 1_000_000) - 1) * size
    return [render(row) for row in rows[start : start + size]], start + size < len(rows)


@dataclass(slots=True)
class Newest(Generic[T]):
    """The world's records by falling time, sorted anew only when one of them changed.

    Records are immutable, so comparing the lists compares identities and is cheap even for many.
    """

    time_of: Callable[[T], datetime]
    _seen: list[T] = field(default_factory=list)
    _sorted: list[T] = field(default_factory=list)

    def between(self, records: Iterable[T], since: datetime | None, until: datetime | None) -> list[T]:
        """Those in ``[since, until]``, newest first; ``None`` is an open end."""
        now_there = list(records)
        if now_there != self._seen:
            self._sorted = sorted(now_there, key=self.time_of, reverse=True)
            self._seen = now_there
        start = bisect_left(self._sorted, _falling(until), key=self._falling_time) if until else 0
        end = bisect_right(self._sorted, _falling(since), key=self._falling_time) if since else len(self._sorted)
        return self._sorted[start:end]

    def _falling_time(self, record: T) -> float:
        return _falling(self.time_of(record))


def _falling(moment: datetime) -> float:
    """Whole seconds, as the far side keeps them, turned round so that newer is smaller."""
    return -int(moment.timestamp())


def masked_name(name: str) -> str:
    """The first character, then stars."""
    return name[:1] + "**" if name else ""


def masked_phone(phone: str) -> str:
    """The last four digits starred."""
    return phone[:-4] + "****" if phone else ""


def masked_detail(detail: str) -> str:
    """Both ends and some of the middle shown; the last part, which names the door, starred."""
    return f"{detail[:1]}**{detail[3:-6]}**{detail[-1:]}" if detail else ""


def code_for(prefix: str, *parts: str) -> str:
    """An invented open id that is always the same for the same parts."""
    return prefix + hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
