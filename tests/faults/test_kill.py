"""``kill -9`` at random instants, faults on every route, and the ledger of the far side as the judge.

A longer run: ``ASCTL_KILL_ITEMS=1000 ASCTL_KILL_SEEDS=20 pytest -s tests/faults/test_kill.py``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.driver import Driver
from tests.faults.scene import scene
from tests.faults.verdict import Verdict

ITEMS = int(os.environ.get("ASCTL_KILL_ITEMS", "100"))
SEEDS = int(os.environ.get("ASCTL_KILL_SEEDS", "5"))
AT_ONCE = 2
SABOTAGE = Path(__file__).parent / "sabotage"


def driven(folder: Path, items: int, seeds: Sequence[int], lives: int, sabotage: Path | None = None) -> Verdict:
    """Drive every seed over a world of its own; prints a line and returns what went wrong in any."""
    with ExitStack() as worlds, ThreadPoolExecutor(AT_ONCE) as pool:
        drivers = []
        for seed in seeds:
            place = folder / str(seed)
            place.mkdir()
            drivers.append(Driver(worlds.enter_context(scene(place, items, sabotage)), seed, lives))
        list(pool.map(Driver.drive, drivers))
        list(pool.map(Driver.settle, drivers))
    verdict = sum((driver.verdict for driver in drivers), Verdict())
    kills = sum(driver.kills for driver in drivers)
    print(f"\n{len(seeds)} seeds of {items} items, {kills} kills: {verdict}")
    return verdict


def test_killed_at_random_instants(tmp_path: Path) -> None:
    """Whatever instant a run is killed at and whatever answer is lost, the far side's ledger has each write once: none
    twice, none lost, none that nobody asked for, and none reported otherwise than it went."""
    assert driven(tmp_path, ITEMS, range(1, SEEDS + 1), lives=2 + ITEMS // 50) == Verdict()


@pytest.mark.parametrize("spoilt", ["resend_on_restart", "look_at_once"])
def test_the_driver_has_teeth(tmp_path: Path, spoilt: str) -> None:
    """A journal that resends what a dead run was sending, or trusts a look that was made too early, is found out."""
    assert driven(tmp_path, 50, [1], lives=3, sabotage=SABOTAGE / spoilt).duplicates
