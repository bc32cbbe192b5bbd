"""The world's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from asctl.domain.times import CHINA
from asctl.sandbox.world import World

WALL = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)


def test_the_clock_runs_with_the_machines_and_ahead_of_it() -> None:
    """Steps add up, backwards, too."""
    world = World(lambda: WALL)
    assert world.now() == WALL
    world.advance(timedelta(hours=2))
    assert world.advance(timedelta(minutes=-30)) == WALL + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("minutes", "agrees"), [(0, True), (10, True), (11, False), (-10, True), (1440, True), (1449, True), (700, False)]
)
def test_a_time_stamp_agrees_with_either_clock(minutes: int, agrees: bool) -> None:
    """A rehearsal has moved one of the two, so either will do."""
    world = World(lambda: WALL)
    world.advance(timedelta(days=1))
    assert world.clock_agrees(WALL + timedelta(minutes=minutes), 600) is agrees
