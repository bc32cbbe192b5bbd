"""The pacer's arithmetic."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from asctl.capabilities.specs import Pace
from asctl.transport.pacing import Pacer


@given(
    st.integers(1, 8),
    st.floats(0.1, 100),
    st.lists(st.floats(0, 20), min_size=1, max_size=60),
)
def test_never_more_calls_in_a_period_than_allowed(calls: int, per: float, gaps: list[float]) -> None:
    """Whenever the callers come, any ``calls + 1`` starts in a row span at least the period."""
    pacer = Pacer(Pace(calls, timedelta(seconds=per)))
    now, starts = 0.0, []
    for gap in gaps:
        now += gap
        starts.append(now + pacer.delay(now))
    for first, later in zip(starts, starts[calls:], strict=False):
        assert later - first >= per - 1e-4


@given(st.integers(1, 20))
def test_what_is_within_the_pace_does_not_wait(calls: int) -> None:
    """The first calls of a period start at once."""
    pacer = Pacer(Pace(calls, timedelta(seconds=1)))
    assert [pacer.delay(5.0) for _number in range(calls)] == [0.0] * calls
    assert pacer.delay(5.0) == 1.0
