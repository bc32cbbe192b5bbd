from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import pytest

from asctl.api import BadConfiguration, BadInput
from asctl_labels import SIZES
from asctl_labels.layout import Box, Layout, Page, load_layout, read_layout
from asctl_labels.words import WORDS

MINIMAL = """
paper = [50, 30]
[[first.text]]
say = "{rma}"
box = [1, 1, 48, 8]
size = 10
[first.goods]
box = [1, 10, 48, 19]
row = 6
size = 8
smallest = 6
columns = [{ word = "title", w = 48 }]
[next.goods]
box = [1, 1, 48, 28]
row = 7
size = 8
smallest = 6
columns = [{ word = "title", w = 48 }]
"""


def boxes(page: Page, words: dict[str, str]) -> list[Box]:
    """The boxes of words, codes and the table that a label with these words shows."""
    elements = [element for element in (*page.texts, *page.bars, *page.qrs) if element.wanted(words)]
    return [*(element.box for element in elements), page.goods.box]


def overlap(one: Box, other: Box) -> bool:
    sideways = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    upright = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return sideways > 1e-6 and upright > 1e-6


def pages(layout: Layout) -> tuple[Page, Page]:
    return layout.first, layout.next


def test_every_declared_size_has_a_layout() -> None:
    """The sizes that the plugin promises and the files it ships are the same."""
    shipped = {file.name.removesuffix(".toml") for file in files("asctl_labels").joinpath("sizes").iterdir()}
    assert shipped == set(SIZES)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("absent", [(), ("waybill",), ("reprint", "page"), ("waybill", "reprint", "page")])
def test_nothing_overlaps_or_leaves_the_paper(size: str, absent: tuple[str, ...]) -> None:
    """Whichever words a label lacks, no two of its boxes share a place and all are on the paper."""
    layout = load_layout(size)
    words = {word: "" if word in absent else "x" for word in WORDS}
    for page in pages(layout):
        places = boxes(page, words)
        assert not [pair for pair in combinations(places, 2) if overlap(*pair)]
        assert all(box.x >= 0 and box.x + box.w <= layout.width for box in places)
        assert all(box.y >= 0 and box.y + box.h <= layout.height for box in places)


@pytest.mark.parametrize("size", SIZES)
def test_columns_fill_the_goods_table(size: str) -> None:
    """No column stands outside its table."""
    for page in pages(load_layout(size)):
        assert sum(column.w for column in page.goods.columns) <= page.goods.box.w + 1


@pytest.mark.parametrize(("lines", "expected"), [(0, 1), (1, 1), (3, 1), (4, 2), (7, 2), (8, 3)])
def test_pages_follow_from_the_goods(lines: int, expected: int) -> None:
    """The first page holds three lines here and each later one four; a label without goods is one page."""
    assert read_layout(MINIMAL, "test.toml").pages(lines) == expected


@pytest.mark.parametrize("size", ["a0", "", "../100x150", "100X150"])
def test_an_unknown_size_is_refused_with_the_known_ones(size: str) -> None:
    """The error names the sizes there are; a path is not a size."""
    with pytest.raises(BadInput) as caught:
        load_layout(size)
    assert caught.value.code == "unknown_size"
    assert "100x150" in caught.value.hint


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('"{rma}"', '"{rna}"', "rna"),
        ('"{rma}"', '"{rma.__class__}"', "__class__"),
        ("size = 10", "sise = 10", "sise"),
        ("size = 10\n", "", "size"),
        ("size = 10", 'size = 10\nalign = "up"', "align"),
        ("size = 10", 'size = 10\nwhen = "raining"', "raining"),
        ('word = "title"', 'word = "price"', "price"),
        ("row = 6", "row = 60", "row"),
        ("box = [1, 1, 48, 8]", "box = [1, 1, 48]", "argument"),
        ("paper = [50, 30]", "", "paper"),
        ("paper = [50, 30]", "paper = [50, 30", "line"),
    ],
)
def test_a_bad_layout_is_a_clear_error(found: str, put: str, said: str) -> None:
    """The error names the file and what is wrong in it."""
    with pytest.raises(BadConfiguration) as caught:
        read_layout(MINIMAL.replace(found, put, 1), "test.toml")
    assert caught.value.code == "bad_label_layout"
    assert "test.toml" in caught.value.message
    assert said in caught.value.message
