"""What pulling many orders costs: the memory must not grow with their number."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.measuring import Spent, asctl, spent
from tests.bench.world import running

pytestmark = pytest.mark.bench

FEW, MANY = 1_000, 10_000


def sync_of(count: int, directory: Path) -> Spent:
    """The first sync of a shop with this many orders beside the few it begins with."""
    with running(directory) as world:
        world.older_orders(count)
        figures = spent(asctl("order", "sync", "--jobs", "16"), world.environ)
        with closing(sqlite3.connect(world.store)) as store:
            assert store.execute("SELECT count(*) FROM orders").fetchone()[0] >= count
    return figures


def test_memory_of_a_sync(tmp_path: Path) -> None:
    """``asctl order sync`` of ten thousand orders holds about as much memory as that of one thousand."""
    few, many = sync_of(FEW, tmp_path / "few"), sync_of(MANY, tmp_path / "many")
    print(
        f"\nasctl order sync, most memory held: {few.peak:.0f} MiB for {FEW:,} orders, {many.peak:.0f} MiB for {MANY:,}:"
        f" {many.peak / few.peak:.2f} times (aim: near 1); {MANY / many.wall:.0f} orders a second,"
        f" {many.cpu / MANY * 1e3:.1f} ms CPU each"
    )
    assert many.peak < 2 * few.peak
