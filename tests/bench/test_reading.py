"""What a command that reads the store costs, against a bare script on the same library that prints the same rows."""

from __future__ import annotations

import pytest

from tests.bench.measuring import asctl, bare, cpu_ratio, report, spent
from tests.bench.watched import put_under_watch
from tests.bench.world import World

pytestmark = pytest.mark.bench

PARCELS = 200


@pytest.fixture
def watched(world: World) -> World:
    """Parcels in the store, polled once."""
    put_under_watch(world, world.waybills(PARCELS))
    spent(asctl("parcel", "poll", "--jobs", "16"), world.environ)
    return world


@pytest.mark.parametrize("kind", ["json", "table"])
def test_list_of_parcels(watched: World, kind: str) -> None:
    """``asctl parcel list`` costs little more than reading and printing the rows."""
    ours, theirs = asctl("parcel", "list", "-o", kind), bare("list_parcels.py", str(watched.store), kind)
    figures = cpu_ratio(ours, theirs, watched.environ)
    report(f"asctl parcel list -o {kind} of {PARCELS} parcels", figures, 1.3)
    assert figures[0] < 3
