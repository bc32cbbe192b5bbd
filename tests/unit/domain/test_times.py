from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.domain.times import (
    china_text,
    china_time,
    duration_text,
    iso,
    moment_or_distance,
    parse_duration,
    parse_moment,
)


def test_bare_vendor_time_is_china_time() -> None:
    """A time without zone is at +08:00."""
    assert china_time("2026-01-02 03:04:05").isoformat() == "2026-01-02T03:04:05+08:00"


def test_moments_are_told_in_china_time() -> None:
    """A UTC moment is written with the China offset."""
    moment = datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)
    assert china_text(moment) == "2026-01-02 03:04:05"
    assert iso(moment) == "2026-01-02T03:04:05+08:00"
    assert iso(None) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("24h", timedelta(hours=24)),
        ("1d12h", timedelta(hours=36)),
        ("2W", timedelta(weeks=2)),
    ],
)
def test_durations_are_read(text: str, span: timedelta) -> None:
    """Number and unit, several in a row, any case."""
    assert parse_duration(text) == span


@pytest.mark.parametrize("text", ["", "24", "h", "24x", "-3h", "1h foo", "1.5h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """A bare number is refused: nobody knows whether it means minutes or days."""
    with pytest.raises(BadInput):
        parse_duration(text)


@given(st.integers(0, 10**8))
def test_durations_survive_writing(seconds: int) -> None:
    """What we write we read back."""
    span = timedelta(seconds=seconds)
    assert parse_duration(duration_text(span)) == span


def test_bad_time_says_how_to_write_it() -> None:
    """A typed time that is none is refused with an example."""
    with pytest.raises(BadInput) as caught:
        parse_moment("yesterday")
    assert "2026-11-21" in caught.value.hint


def test_a_distance_from_now_is_a_time() -> None:
    """ "Since 2d" means two days ago, "due 2d" in two days."""
    now = datetime(2026, 1, 10, tzinfo=UTC)
    assert moment_or_distance("2d", now) == datetime(2026, 1, 8, tzinfo=UTC)
    assert moment_or_distance("2d", now, ahead=True) == datetime(2026, 1, 12, tzinfo=UTC)
    assert moment_or_distance("2026-01-05", now).isoformat() == "2026-01-05T00:00:00+08:00"


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T00:00:00-12:00", "1999-12-31"])
def test_times_far_away_are_refused(text: str) -> None:
    """No order was placed then, and no arithmetic would hold there."""
    with pytest.raises(BadInput):
        parse_moment(text)
