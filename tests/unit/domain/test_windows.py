"""When couriers fetch goods."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.domain.times import CHINA
from asctl.domain.windows import CLOSES, LEAD, LEAST, OPENS, asked_window, next_window

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=CHINA)


@given(st.timedeltas(timedelta(0), timedelta(days=500)))
def test_the_next_window_can_be_kept(later: timedelta) -> None:
    """It lies within one day's hours, leaves the courier time to come, and is long enough to be met."""
    now = NOW + later
    window = next_window(now)
    assert window.start.date() == window.end.date()
    assert window.start.time() >= OPENS
    assert window.end.time() == CLOSES
    assert window.start >= now + LEAD
    assert window.start == window.start.replace(minute=0, second=0, microsecond=0)
    assert window.end - window.start >= LEAST
    assert window.start - now < timedelta(days=2)


@pytest.mark.parametrize(
    ("hour", "minute", "day", "start"),
    [
        (3, 20, 23, 9), (7, 0, 23, 9), (7, 1, 23, 10), (10, 20, 23, 13), (13, 20, 23, 16), (14, 0, 23, 16),
        (14, 1, 24, 9), (14, 59, 24, 9), (15, 20, 24, 9), (23, 59, 24, 9),
    ],
)  # fmt: skip
def test_the_next_window(hour: int, minute: int, day: int, start: int) -> None:
    """From the first full hour that is two hours away while that is early enough, else tomorrow morning."""
    window = next_window(NOW.replace(hour=hour, minute=minute))
    assert (window.start.day, window.start.hour) == (day, start)


def test_what_was_asked_for_is_kept() -> None:
    """A window of the coming days stands as it was asked for, in China's time."""
    start = NOW + timedelta(days=1)
    window = asked_window(start, start + timedelta(hours=3), NOW)
    assert (window.start, window.end) == (start, start + timedelta(hours=3))
    assert str(window) == "2026-11-24T10:20:00+08:00/2026-11-24T13:20:00+08:00"


@pytest.mark.parametrize(("start", "end"), [(-5, -2), (3, 3), (4, 2), (10, 20)])
def test_a_window_that_nobody_could_keep(start: int, end: int) -> None:
    """In the past, empty, backwards, or over midnight: refused before anybody is asked."""
    with pytest.raises(BadInput) as told:
        asked_window(NOW + timedelta(hours=start), NOW + timedelta(hours=end), NOW)
    assert told.value.code == "bad_window"
