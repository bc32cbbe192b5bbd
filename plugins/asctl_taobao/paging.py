"""Lists that are sorted by newest change first and shift while they are read (reference/taobao-top.md section 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from asctl.api import Unreadable
from asctl.api import translate as _
from asctl_taobao.wire import ODD, Row, listed, text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page, and how many rows the whole list has."""

    total: int
    rows: tuple[T, ...]

    @classmethod
    def of(cls, answer: Row, rows: tuple[T, ...]) -> Page[T]:
        """Raises ``KeyError`` when an answer with rows does not say how many there are in all."""
        return cls(int(answer["total_results"]) if rows else int(answer.get("total_results", 0)), rows)


def readable(member: object, number: str, read: Callable[[Row], T]) -> tuple[T | Unreadable, ...]:
    """The rows of a list's ``member``, each read by itself: one that is out of shape holds up no other. ``number`` names the
    member of a row that tells what it is about."""
    return tuple(_row(row, number, read) for row in listed(member))


def _row(row: Any, number: str, read: Callable[[Row], T]) -> T | Unreadable:
    try:
        return read(row)
    except ODD:
        told = text(row.get(number)) if isinstance(row, dict) else ""
        return Unreadable(told, _("its row in Taobao's list is not in the documented shape"))


def last_page_first(fetch: Callable[[int], Page[T]]) -> Iterator[tuple[T, ...]]:
    """Every row of a closed window at least once.

    What changes meanwhile leaves the window and pulls older rows towards page 1, so pages are read from the last one
    back: whatever moves, moves to pages that are still to come. Page 1 tells how long a page really is (the far side
    may cut the size we ask for) and is read again at the end.
    """
    first = fetch(1)
    last = -(-first.total // (len(first.rows) or 1))
    if last <= 1:
        yield from (first.rows,) if first.rows else ()
        return
    for number in range(last, 0, -1):
        if rows := fetch(number).rows:
            yield rows


def closed_windows(
    since: datetime, until: datetime, now: datetime, longest: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    """``[since, until)`` in pieces of at most ``longest``, none of which ends after ``now``: only a closed window can be paged."""
    until = min(until, now)
    while since < until:
        end = min(since + longest, until)
        yield since, end
        since = end
