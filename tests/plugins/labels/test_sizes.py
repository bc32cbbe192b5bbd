"""The layouts that are shipped."""

from __future__ import annotations

from importlib.resources import files
from string import Formatter

import pytest

from asctl.api import LabelForm
from asctl_labels import SIZES
from asctl_labels.checks import flaws
from asctl_labels.elements import Bars, Page, Panel, Qr, Text
from asctl_labels.layout import load_layout, standard_layout
from asctl_labels.marks import bar_mark
from asctl_labels.words import CASE_WORDS, GOODS_WORDS, TYPICAL, WORDS
from tests.plugins.labels.recorder import recorded
from tests.plugins.labels.samples import LABEL, PARCEL

PAPERS = {"100x150": (100, 150), "100x180": (100, 180), "76x130": (76, 130), "a6": (105, 148), "a4": (105, 148)}
ON_EVERY_PAGE = {"rma", "qr", "kind", "reason", "valid_until", "reprint", "page", "others", "cases_count"}
SMALLEST = 6  # pt; smaller Chinese does not survive 203 dpi


def said(panel: Panel, kinds: tuple[type, ...] = (Text, Bars, Qr)) -> set[str]:
    """The words that a panel shows."""
    shown = (
        element.say for element in panel.elements if isinstance(element, Text | Bars | Qr) and type(element) in kinds
    )
    return {word for say in shown for _literal, word, _form, _conversion in Formatter().parse(say) if word}


def pages(size: str) -> tuple[Page, ...]:
    return load_layout(LabelForm(size)).pages


def test_every_declared_size_has_a_layout() -> None:
    """The sizes that the plugin promises and the files it ships are the same; a sheet of A4 carries labels of A6."""
    shipped = {file.name.removesuffix(".toml") for file in files("asctl_labels").joinpath("sizes").iterdir()}
    assert shipped | {"a4"} == set(SIZES)
    assert standard_layout("a4") == standard_layout("a6")


@pytest.mark.parametrize("size", SIZES)
def test_papers_have_their_size(size: str) -> None:
    """Width and height in mm are what the size's name says; A6 is 105 x 148 (ISO 216)."""
    layout = load_layout(LabelForm(size))
    assert (layout.width, layout.height) == PAPERS[size]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_or_leaves_the_paper(size: str) -> None:
    """Whichever words a label lacks, no two boxes share a place, all are on the paper and large enough."""
    assert list(flaws(load_layout(LabelForm(size)))) == []


@pytest.mark.parametrize("size", SIZES)
def test_every_size_says_everything(size: str) -> None:
    """The first page shows every word there is, and each page whose it is, why, until when, and that it is one of some."""
    first, others, more = pages(size)
    assert said(first) == WORDS - {"goods_here"}
    for page in (others, more):
        assert said(page) >= ON_EVERY_PAGE
    for page in (first, others, more):
        assert said(page.goods.panel) == GOODS_WORDS
        assert said(page, (Bars,)) >= {"rma"}
        assert said(page, (Qr,)) == {"qr"}
    assert others.cases is not None
    assert said(others.cases.panel) == CASE_WORDS
    assert said(others.cases.panel, (Bars,)) == {"rma"}
    assert said(first, (Bars,)) == {"rma", "waybill"}


@pytest.mark.parametrize("size", SIZES)
def test_the_number_is_what_one_sees_first(size: str) -> None:
    """On every page the RMA number is by far the largest text, bold, in the upper third."""
    for page in recorded(PARCEL, size=size).pages:
        number, second = sorted(page.lines, key=lambda line: -line.size)[:2]
        assert (number.words, number.bold) == (LABEL.rma, True)
        assert number.size > 1.25 * second.size
        assert number.extent.y + number.extent.h < PAPERS[size][1] / 3


@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_set_too_small_to_print(size: str) -> None:
    """No text may shrink below what a printer of 203 dpi can show."""
    panels = [panel for page in pages(size) for panel in (page, *(table.panel for table in page.tables))]
    assert min(text.smallest for panel in panels for text in panel.texts) >= SMALLEST


@pytest.mark.parametrize("size", SIZES)
def test_bars_of_usual_numbers_have_modules_of_three_dots(size: str) -> None:
    """RMA number and waybill of usual length get modules of 0.375 mm, on pages and in the table of cases."""
    for page in pages(size):
        for bars in (*page.bars, *(page.cases.panel.bars if page.cases else ())):
            assert bar_mark(bars.say.format_map(TYPICAL), bars.box.w).module == 0.375


@pytest.mark.parametrize("size", SIZES)
def test_a_copy_of_the_standard_layout_is_a_layout_of_ones_own(size: str) -> None:
    """What a shop copies, it can hand back; unchanged it draws the same."""
    own = load_layout(LabelForm(size, layout=standard_layout(size), layout_name="my.toml"))
    assert own == load_layout(LabelForm(size))
