"""How many return labels a second one process draws, how large they are, and what they hold in memory."""

from __future__ import annotations

import json
import random
import statistics
import sys
from pathlib import Path

import pytest

from tests.bench.measuring import BARE, Spent, asctl, bare, spent
from tests.bench.truetype import write_truetype
from tests.bench.world import World, clean_environ

pytestmark = pytest.mark.bench

LABELS, MANY, BARE_LABELS, ROUNDS = 1000, 4000, 40, 3
LEAST_A_SECOND, LEAST_TIMES = 300, 18
"""CPU seconds are measured, so that other work on the machine counts little; the ratio of two of them wavers all the same."""
MOST_KB, MOST_GROWTH_KB = 4, 0.5
MOST_CPU_S, LEAST_FROM_SHELL = 1.5, 100
"""From the shell, with start-up and store: CPU seconds of one label, and labels a CPU second of many in one file."""
RENDERED = 500
DRAW = Path(__file__).with_name("draw_labels.py")


GOODS = "晨光家居陶瓷马克杯北欧风棉麻桌布防水免洗餐具收纳盒加厚款礼品灯饰"
SURNAMES = "王李张刘陈杨赵黄周吴"
REASONS = ("质量问题", "运输破损", "发错货", "缺件")
ALIKE = {
    "kind": "退货 / RETURN",
    "return_name": "晨光售后仓",
    "return_phone": "021-5555 0123",
    "return_address": "上海市青浦区华新镇示范路 88 号 3 号库 2 层 退货组",
    "valid_until": "2026-12-06T09:30:00+08:00",
    "approved_by": "8012",
    "approved_at": "2026-11-21T09:30:00+08:00",
    "courier": "顺丰速运",
}
WORDS = "".join((GOODS, SURNAMES, *REASONS, *ALIKE.values()))


def record(number: int) -> dict[str, object]:
    """An invented label with numbers, names and goods of its own."""
    chance = random.Random(number)

    def digits(count: int) -> str:
        return "".join(chance.choices("0123456789", k=count))

    rma, order, shop = f"RMA261121{number:04d}X", digits(19), chance.choice(("flagship", "outlet"))
    goods = [
        {"title": "".join(chance.choices(GOODS, k=18)), "sku": f"SKU-{digits(5)}", "quantity": quantity}
        for quantity in range(1, chance.randrange(2, 4))
    ]
    return ALIKE | {
        "rma": rma,
        "qr": f"ASCTL1|{rma}|{order}|{shop}",
        "order_id": order,
        "shop": shop,
        "reason": chance.choice(REASONS),
        "customer": f"{chance.choice(SURNAMES)}**",
        "contact": f"1{digits(2)}********",
        "goods": goods,
        "waybill": f"SF{digits(13)}",
    }


def records(folder: Path, count: int) -> str:
    """The name of a file with so many labels."""
    file = folder / f"{count}.ndjson"
    file.write_text("".join(json.dumps(record(number)) + "\n" for number in range(count)), "utf-8")
    return str(file)


def drawn(folder: Path, count: int) -> Spent:
    """Draw so many labels into one file with our renderer."""
    return spent([sys.executable, str(DRAW), records(folder, count), str(folder / f"{count}.pdf")], clean_environ())


def drawn_bare(folder: Path, count: int, *font: str) -> Spent:
    """Draw so many labels into a file each with the bare script."""
    return spent(bare("label_pages.py", records(folder, count), str(folder), *font), clean_environ())


def bare_rate(folder: Path, *font: str) -> float:
    """How many labels a CPU second the bare script draws, without its start-up."""
    few, many = drawn_bare(folder, 1, *font).cpu, drawn_bare(folder, BARE_LABELS, *font).cpu
    return (BARE_LABELS - 1) / (many - few)


def test_renderer_against_the_obvious_script(tmp_path: Path) -> None:
    """A thousand labels in one file: at least 300 a second, start-up and fonts included, 20 times the bare script's rate."""
    font = tmp_path / "font.ttf"
    write_truetype(
        font, {*Path(BARE / "label_pages.py").read_text("utf-8"), *WORDS, *map(chr, range(32, 127))} - {"\n"}
    )
    rounds = []
    for _ in range(ROUNDS):
        one, many = drawn(tmp_path, 1).cpu, drawn(tmp_path, LABELS).cpu
        ours = (LABELS - 1) / (many - one)
        rounds.append((LABELS / many, ours, ours / bare_rate(tmp_path, str(font)), ours / bare_rate(tmp_path)))
    whole, ours, ratio, ratio_without = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    size = (tmp_path / f"{LABELS}.pdf").stat().st_size / LABELS / 1000
    print(
        f"\nlabel renderer, {LABELS} labels of 100x150 with Chinese in one file: {whole:.0f} labels a CPU second with start-up"
        f" (aim: at least 300), {ours:.0f} without; {size:.2f} kB each (aim: at most 4); a page and a document each with"
        f" reportlab's widgets and an embedded font {ours / ratio:.0f}: {ratio:.0f} times (aim: at least 20);"
        f" {ratio_without:.0f} times if it embeds no font"
    )
    assert whole >= LEAST_A_SECOND
    assert ratio >= LEAST_TIMES
    assert size <= MOST_KB


def test_memory_of_a_file_of_labels(tmp_path: Path) -> None:
    """Eight times the labels hold no more memory than a few bytes each, for their places in the file."""
    few, many = drawn(tmp_path, RENDERED).peak, drawn(tmp_path, MANY).peak
    growth = (many - few) * 1024 / (MANY - RENDERED)
    print(
        f"\nlabel renderer, most memory held: {few:.1f} MiB for {RENDERED} labels, {many:.1f} MiB for {MANY}:"
        f" {growth:.2f} kB a label more (aim: near 0)"
    )
    assert growth <= MOST_GROWTH_KB


@pytest.fixture
def cases(world: World, tmp_path: Path) -> Path:
    """A file with the numbers of approved RMAs."""
    world.older_orders(RENDERED)
    world.records("order", "sync", "--jobs", "16")
    orders = [
        order["order_id"] for order in world.records("order", "list", "--status", "shipped", "--limit", str(RENDERED))
    ]
    opened = world.records("rma", "open", "-", "--kind", "return", "--reason", "quality", given="\n".join(orders))
    numbers = "\n".join(case["rma"] for case in opened)
    assert len(world.records("rma", "approve", "-", given=numbers)) == RENDERED
    file = tmp_path / "cases.csv"
    file.write_text(f"rma\n{numbers}\n", "utf-8")
    return file


def test_labels_from_the_shell(world: World, cases: Path, tmp_path: Path) -> None:
    """``asctl label render`` of one label and of many in one file."""
    file = tmp_path / "labels.pdf"
    number = cases.read_text("utf-8").split()[-1]
    first = spent(asctl("label", "render", number, "-f", str(tmp_path / "one.pdf")), world.environ)
    many = spent(asctl("label", "render", "--from", str(cases), "-f", str(file)), world.environ)
    more = RENDERED - 1
    print(
        f"\nasctl label render: one label takes {first.wall:.2f} s (aim: at most 1.5), {first.cpu:.2f} s CPU; of {RENDERED} in"
        f" one file every other {(many.wall - first.wall) / more * 1e3:.1f} ms ({(many.cpu - first.cpu) / more * 1e3:.1f} ms"
        f" CPU); {RENDERED / many.wall:.0f} labels a second, {file.stat().st_size / RENDERED / 1000:.2f} kB each"
    )
    assert first.cpu <= MOST_CPU_S
    assert RENDERED / many.cpu >= LEAST_FROM_SHELL
