"""How many return labels a second one process draws, and how large they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.measuring import asctl, spent
from tests.bench.world import World

pytestmark = pytest.mark.bench

LABELS = 500


@pytest.fixture
def cases(world: World, tmp_path: Path) -> Path:
    """A file with the numbers of approved RMAs."""
    world.older_orders(LABELS)
    world.records("order", "sync", "--jobs", "16")
    orders = [
        order["order_id"] for order in world.records("order", "list", "--status", "shipped", "--limit", str(LABELS))
    ]
    opened = world.records("rma", "open", "-", "--kind", "return", "--reason", "quality", given="\n".join(orders))
    numbers = "\n".join(case["rma"] for case in opened)
    assert len(world.records("rma", "approve", "-", given=numbers)) == LABELS
    file = tmp_path / "cases.csv"
    file.write_text(f"rma\n{numbers}\n", "utf-8")
    return file


def test_labels_in_one_file(world: World, cases: Path, tmp_path: Path) -> None:
    """``asctl label render`` of many labels into one file, and what the first one costs."""
    drawn = tmp_path / "labels.pdf"
    number = cases.read_text("utf-8").split()[-1]
    first = spent(asctl("label", "render", number, "-f", str(tmp_path / "one.pdf")), world.environ)
    many = spent(asctl("label", "render", "--from", str(cases), "-f", str(drawn)), world.environ)
    more = LABELS - 1
    print(
        f"\nasctl label render, {LABELS} labels in one file: {LABELS / many.wall:.0f} labels a second (aim of later work: 300),"
        f" {drawn.stat().st_size / LABELS / 1000:.2f} kB each; the first takes {first.wall:.2f} s ({first.cpu:.2f} s CPU),"
        f" every other {(many.wall - first.wall) / more * 1e3:.1f} ms ({(many.cpu - first.cpu) / more * 1e3:.1f} ms CPU)"
    )
    assert many.wall < 60
