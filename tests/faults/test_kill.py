"""``kill -9`` at random instants, faults on every route, and the ledger of the far side as the judge.

A long run by hand, which prints a line for each seed as it ends::

    ASCTL_KILL_ITEMS=1000 ASCTL_KILL_SEEDS=20 .venv/bin/pytest -s tests/faults/test_kill.py -k killed_at_random

``ASCTL_KILL_LIVES`` is how often each verb is begun and killed before it may finish; it grows with the items if unsaid.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.driver import Driver
from tests.faults.scene import scene
from tests.faults.verdict import Verdict
from tests.store_support import sqlite_template

ITEMS = int(os.environ.get("ASCTL_KILL_ITEMS", "60"))
SEEDS = int(os.environ.get("ASCTL_KILL_SEEDS", "5"))
LIVES = int(os.environ.get("ASCTL_KILL_LIVES", min(max(4, 2 + ITEMS // 50), 6)))
AT_ONCE = 5
SABOTAGE = Path(__file__).parent / "sabotage"


@pytest.fixture(scope="module", autouse=True)
def template() -> None:
    """What stores are copied from: made before threads want it, for a store is not migrated by two at once."""
    sqlite_template()


def driven(folder: Path, seed: int, items: int, lives: int, sabotage: Path | None = None) -> Verdict:
    """Drive one seed over a world of its own, and return what went wrong. Prints a line; where something did go wrong,
    ``folder`` keeps the ledger beside the store."""
    with scene(folder, items, sabotage) as world:
        driver = Driver(world, seed, lives)
        driver.drive()
        driver.settle()
        if driver.verdict != Verdict():
            (folder / "ledger.json").write_text(json.dumps(world.site.ledger()), "utf-8")
    print(f"\n{folder.name}: {items} items, {driver.kills} kills: {driver.verdict}", end="", flush=True)
    return driver.verdict


def test_killed_at_random_instants(tmp_path: Path) -> None:
    """Whatever instant a run is killed at and whatever answer is lost, the far side's ledger has each write once: none
    twice, none lost, none that nobody asked for, and none reported otherwise than it went."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        verdicts = pool.map(lambda seed: driven(tmp_path / f"seed-{seed}", seed, ITEMS, LIVES), range(1, SEEDS + 1))
        assert sum(verdicts, Verdict()) == Verdict()


def noticed(folder: Path, spoilt: str) -> bool:
    """Whether one of two seeds finds writes that were done twice; the second is tried where the first did not."""
    return any(driven(folder / f"{spoilt}-{seed}", seed, 100, 3, SABOTAGE / spoilt).duplicates for seed in (1, 2))


def test_the_driver_has_teeth(tmp_path: Path) -> None:
    """A journal that resends what a dead run was sending, and one that trusts a look that was made too early, are both found
    out."""
    spoilt = ("resend_on_restart", "look_at_once")
    with ThreadPoolExecutor(len(spoilt)) as pool:
        found = dict(zip(spoilt, pool.map(lambda each: noticed(tmp_path, each), spoilt), strict=True))
    assert found == dict.fromkeys(spoilt, True)
