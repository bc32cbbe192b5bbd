"""What a batch of interceptions costs: wall time against the ideal, CPU against a bare loop, and durable commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asctl.store.opening import Store, Transaction
from asctl_zto.sandbox_gate import APP_KEY, APP_SECRET
from asctl_zto.wire import CREATE
from tests.bench.measuring import Spent, asctl, bare, spent
from tests.bench.world import World
from tests.command_support import Command

pytestmark = pytest.mark.bench

MANY, JOBS, LATENCY_MS = 1000, 16, 50
SLOWER, CPU_MS, COMMITS = 3, 5, 2
SHARED = 2
"""A machine that others work on may double a time by the wall; the figure that counts is the printed one."""


def under_way(world: World, count: int, courier: str) -> list[str]:
    """Waybills of new parcels that can still be called back, of orders that the store does not know."""
    paid_at = (datetime.now(UTC) - timedelta(hours=8)).isoformat()
    made = world.post("orders", {"shop": "flagship", "count": count, "couriers": [courier], "paid_at": paid_at})
    return [order["waybills"][0] for order in made]


def requested(world: World, folder: Path, count: int, courier: str) -> Spent:
    """Measure ``asctl intercept request`` of so many parcels."""
    rows = folder / "rows.csv"
    rows.write_text("\n".join(["waybill", *under_way(world, count, courier)]), "utf-8")
    line = asctl("intercept", "request", "--from", str(rows), "--courier", courier, "--yes", "--jobs", str(JOBS))
    return spent([*line, "-o", "ndjson"], world.environ)


def bare_loop(world: World, folder: Path, count: int) -> Spent:
    """Measure the bare script on as many other parcels, one call each."""
    waybills = folder / "waybills"
    waybills.write_text("\n".join(under_way(world, count, "zto")), "utf-8")
    url = f"{world.url}/zto/{CREATE}"
    return spent(bare("call_back.py", url, APP_KEY, APP_SECRET, str(JOBS), str(waybills)), world.environ)


@pytest.mark.parametrize(("courier", "calls"), [("sf", 1), ("zto", 2)])
def test_a_thousand_interceptions(world: World, tmp_path: Path, courier: str, calls: int) -> None:
    """A thousand interceptions through slow lines take at most three times the ideal, which is one call each; where the
    courier is asked first whether there is one, three times that of two. What each costs in CPU beyond a bare call of the
    same kind is told."""
    world.post("latency", {"ms": LATENCY_MS})
    one, bare_one = requested(world, tmp_path, 1, courier), bare_loop(world, tmp_path, 1)
    many, bare_many = requested(world, tmp_path, MANY, courier), bare_loop(world, tmp_path, MANY)
    ideal = MANY * LATENCY_MS / 1000 / JOBS
    ours, theirs = (1000 * (more.cpu - few.cpu) / (MANY - 1) for more, few in ((many, one), (bare_many, bare_one)))
    more = ours - calls * theirs
    print(
        f"\nasctl intercept request of {MANY} parcels at {courier}, {LATENCY_MS} ms latency, {JOBS} jobs: {many.wall:.2f} s,"
        f" {many.wall / ideal:.2f} times the ideal of one call each (limit: {SLOWER * calls}; the bare loop:"
        f" {bare_many.wall / ideal:.2f}); {ours:.2f} ms CPU each, {more:.2f} beyond {calls} bare calls (aim: {CPU_MS})"
    )
    assert many.wall < SHARED * SLOWER * calls * ideal
    assert more < 2 * CPU_MS


@contextmanager
def commits_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[None]]:
    """Grows by one with every write transaction of a store."""
    counted: list[None] = []
    write = Store.write

    @contextmanager
    def counting(store: Store) -> Iterator[Transaction]:
        with write(store) as tx:
            yield tx
        counted.append(None)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", counting)
        yield counted


def test_durable_commits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time an action costs two durable commits, before and after its call; many at a time share them."""
    command = Command(world.environ)
    figures = []
    for jobs in (1, JOBS):
        counts = []
        for size in (1, 101):
            waybills = under_way(world, size, "zto")
            with commits_counted(monkeypatch) as counted:
                assert command("intercept", "request", *waybills, "--yes", "--jobs", str(jobs)).code == 0
            counts.append(len(counted))
        figures.append((counts[1] - counts[0]) / 100)
    print(
        f"\nasctl intercept request: {figures[0]:.2f} commits each with one job, {figures[1]:.2f} with {JOBS} (limit: {COMMITS})"
    )
    assert max(figures) <= COMMITS
