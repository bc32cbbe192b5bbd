from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl_taobao.paging import Page, closed_windows, last_page_first
from tests.plugins.taobao.support import NOW


@given(
    count=st.integers(0, 60),
    size=st.integers(1, 12),
    leaving=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 59)), max_size=10),
)
def test_none_is_lost_while_rows_leave(count: int, size: int, leaving: list[tuple[int, int]]) -> None:
    """Whatever leaves the window between two pages, every row that stays is seen."""
    standing = list(range(count))
    calls = 0

    def fetch(number: int) -> Page[int]:
        nonlocal calls
        for when, row in leaving:
            if when == calls and row in standing:
                standing.remove(row)
        calls += 1
        return Page(len(standing), tuple(standing[(number - 1) * size : number * size]))

    seen = {row for rows in last_page_first(fetch) for row in rows}
    assert set(standing) <= seen


def test_order_of_pages() -> None:
    """Page 1 is asked for the count, then the last page, and page 1 once more at the end."""
    asked: list[int] = []

    def fetch(number: int) -> Page[int]:
        asked.append(number)
        return Page(5, tuple(range(5))[(number - 1) * 2 : number * 2])

    assert list(last_page_first(fetch)) == [(4,), (2, 3), (0, 1)]
    assert asked == [1, 3, 2, 1]


def test_one_page_is_asked_once() -> None:
    """A short list costs one call; an empty one yields nothing."""
    assert list(last_page_first(lambda _number: Page(2, (1, 2)))) == [(1, 2)]
    nothing: Page[int] = Page(0, ())
    assert list(last_page_first(lambda _number: nothing)) == []


def test_far_side_cuts_the_page_size() -> None:
    """The length of page 1 decides how many pages there are, not the size asked for."""
    rows = tuple(range(50))
    pages = last_page_first(lambda number: Page(50, rows[(number - 1) * 20 : number * 20]))
    assert {row for page in pages for row in page} == set(rows)


def test_total_is_needed_with_rows() -> None:
    """An answer with rows must say how many there are; an empty one need not."""
    assert Page.of({}, ()) == Page(0, ())
    with pytest.raises(KeyError):
        Page.of({}, (1,))


@given(st.integers(0, 500), st.integers(1, 30), st.integers(-100, 100))
def test_windows(hours: int, longest: int, ahead: int) -> None:
    """Windows follow each other without a gap, none is too long, none ends in the future."""
    since, until = NOW - timedelta(hours=hours), NOW + timedelta(hours=ahead)
    windows = list(closed_windows(since, until, NOW, timedelta(hours=longest)))
    end = min(until, NOW)
    if since >= end:
        assert windows == []
        return
    assert (windows[0][0], windows[-1][1]) == (since, end)
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert all(timedelta() < stop - start <= timedelta(hours=longest) for start, stop in windows)
