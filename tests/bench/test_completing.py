"""What completion costs whose store is large: the numbers are there before anybody wonders, however much has been typed."""

from __future__ import annotations

import statistics

import pytest

from tests.bench.measuring import asctl, spent
from tests.bench.watched import put_under_watch
from tests.bench.world import World

pytestmark = pytest.mark.bench

PARCELS = 100_000
AIM_MS = 600


@pytest.fixture
def large(world: World) -> World:
    """Parcels in the store, of two couriers' kinds of numbers."""
    put_under_watch(world, (f"{('JT', '75')[number % 2]}{number * 97 % 10**9:011d}" for number in range(PARCELS)))
    return world


def test_waybills_of_a_large_store(large: World) -> None:
    """Nothing typed, what many begin with, what few begin with, what none begins with."""
    for typed in ("", "J", "jt0000", "JT00000097", "7500009", "nothing"):
        asked = {"_ASCTL_COMPLETE": "bash_complete", "COMP_WORDS": f"asctl parcel show {typed}"}
        walls = [spent(asctl(), large.environ | asked).wall * 1e3 for _ in range(6)][1:]
        found = statistics.median(walls)
        print(f"\ncompletion of a waybill from {typed!r} of {PARCELS}: {found:.0f} ms wall (aim: at most {AIM_MS})")
        assert found < 3 * AIM_MS
