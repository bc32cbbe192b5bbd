"""What a poll costs: wall time against asking one at a time, CPU against a bare loop that stores nothing."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from asctl_kuaidi100.sandbox import CUSTOMER, KEY
from tests.bench.measuring import Spent, asctl, bare, report, spent
from tests.bench.watched import put_under_watch
from tests.bench.world import World

pytestmark = pytest.mark.bench

PARCELS, ALONE, JOBS, ROUNDS, LATENCY_MS = 2000, 100, 16, 1, 50


def poll(world: World, waybills: list[str], jobs: int) -> Spent:
    """Put the waybills under watch and measure the poll that asks about them."""
    put_under_watch(world, waybills)
    return spent(asctl("parcel", "poll", "--jobs", str(jobs), "-o", "ndjson"), world.environ)


def bare_loop(world: World, waybills: list[str], file: Path) -> Spent:
    """Measure the bare script on the same questions about other waybills."""
    file.write_text("\n".join(waybills), "utf-8")
    url = f"{world.url}/kuaidi100/poll/query.do"
    return spent(bare("ask_courier.py", url, CUSTOMER, KEY, str(JOBS), str(file)), world.environ)


def test_poll_of_2000_parcels(world: World, tmp_path: Path) -> None:
    """Sixteen jobs are at least eight times faster than one at a time, at about the CPU of the bare loop.

    No waybill may be asked about twice within half an hour, so every run has its own.
    """
    world.post("latency", {"ms": LATENCY_MS})
    idle = poll(world, [], JOBS)
    alone = poll(world, world.waybills(ALONE), 1)
    pairs = [
        (poll(world, world.waybills(PARCELS), JOBS), bare_loop(world, world.waybills(PARCELS), tmp_path / "waybills"))
        for _ in range(ROUNDS)
    ]
    one_each = (alone.wall - idle.wall) / ALONE
    of_many = (statistics.median(ours.wall for ours, _theirs in pairs) - idle.wall) / PARCELS
    print(
        f"\nasctl parcel poll, {LATENCY_MS} ms latency, without its start-up of {idle.wall:.2f} s: {one_each * 1e3:.1f} ms a"
        f" parcel one at a time ({ALONE} parcels), {of_many * 1e3:.2f} ms with {JOBS} jobs ({PARCELS} parcels):"
        f" {one_each / of_many:.1f} times faster (aim: at least 8)"
    )
    ratio = statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs)
    ours, theirs = (statistics.median(run.cpu for run in runs) / PARCELS for runs in zip(*pairs, strict=True))
    report("asctl parcel poll with its start-up, a parcel", (ratio, ours, theirs), 1.3)
    assert one_each / of_many > 3
    assert ratio < 4
