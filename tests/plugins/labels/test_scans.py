"""An independent decoder reads what comes out of the printers: every code, exactly, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image

from asctl.api import BadConfiguration, LabelContent, LabelForm
from asctl_labels import DPIS, marks, painter
from asctl_labels.layout import standard_layout
from tests.plugins.labels.printers import draw, limits, printed_pages, specs
from tests.plugins.labels.samples import (
    LABEL,
    PARCEL,
    codes_of,
    goods,
    hostile_parcel,
    random_label,
    scanned,
)

FORMS = [(format, size) for format in specs() for size in limits(format).sizes]
TURNS = (0, 90, 180, 270)
PLACES = {"a4": 4}
"""Sizes whose papers hold several label pages, and how many."""


def papers(size: str, pages: Sequence[list[str]]) -> list[set[str]]:
    """The codes on each paper, given those on each label page."""
    places = PLACES.get(size, 1)
    return [set().union(*pages[first : first + places]) for first in range(0, len(pages), places)]


def read(pictures: Sequence[Image.Image], blur: float = 0.8) -> list[set[str]]:
    """The codes on each paper, every paper lying another way. A decoder may find the same bars twice."""
    return [set(scanned(picture, turn=TURNS[number % 4], blur=blur)) for number, picture in enumerate(pictures)]


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize(("format", "size"), FORMS)
def test_every_code_is_read_however_the_parcel_lies(format: str, size: str, dpi: int) -> None:
    """Number, QR text and waybill come back exactly from each format, paper and resolution, in all four positions."""
    (page,) = printed_pages(format, [LABEL], size, dpi)
    for turn in TURNS:
        assert set(scanned(page, turn=turn)) == set(codes_of(LABEL)), turn


@pytest.mark.parametrize(("format", "size"), FORMS)
def test_random_labels_scan(format: str, size: str) -> None:
    """Whatever digits and lengths occur, every code of every label of a file is read, and on its own paper."""
    for dpi in DPIS:
        seed = dpi * FORMS.index((format, size))
        labels = [random_label(seed + number) for number in range(4 if limits(format).many else 1)]
        pictures = printed_pages(format, labels, size, dpi)
        assert read(pictures) == papers(size, [codes_of(label) for label in labels])


@pytest.mark.parametrize(("format", "size"), FORMS)
def test_a_parcel_of_three_cases_scans(format: str, size: str) -> None:
    """The codes are those of the label and the numbers of the further cases; every paper names the parcel's own."""
    found = read(printed_pages(format, [PARCEL], size, DPIS[0]))
    assert set().union(*found) == {*codes_of(PARCEL), *(case.rma for case in PARCEL.others)}
    assert all({PARCEL.rma, PARCEL.qr} <= codes for codes in found)


@pytest.mark.parametrize(("format", "size"), FORMS)
def test_hostile_text_leaves_the_codes_alone(format: str, size: str) -> None:
    """No text of a label or of its further cases disturbs a code, on any page."""
    label = hostile_parcel()
    assert set().union(*read(printed_pages(format, [label], size, DPIS[0]))) == {
        *codes_of(label),
        *(case.rma for case in label.others),
    }


@pytest.mark.parametrize("size", limits("pdf").sizes)
def test_later_pages_carry_the_number_as_code_too(size: str) -> None:
    """Pages that got apart are brought together again by a scan."""
    label = replace(LABEL, goods=goods(40))
    pages = draw("pdf", [label], LabelForm(size))[0].pages[0]
    assert pages > 1
    expected = [codes_of(label), *[sorted([label.rma, label.qr])] * (pages - 1)]
    assert read(printed_pages("pdf", [label], size, DPIS[0])) == papers(size, expected)


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("format", specs())
@pytest.mark.parametrize("waybill", ["ABCDEFGHIJKLMNOPQRSTUVWXY", "SF-1A2B3C4D5E6F7G8H9"])
def test_a_long_waybill_in_narrow_bars_scans(waybill: str, format: str, dpi: int) -> None:
    """A waybill too long for wide modules is drawn with a quarter of a millimetre each, and is still read."""
    label = replace(LABEL, waybill=waybill)
    assert read(printed_pages(format, [label], "100x150", dpi), blur=0.6) == [set(codes_of(label))]


@pytest.mark.parametrize("format", specs())
def test_a_long_shop_name_in_the_qr_code_scans(format: str) -> None:
    """The QR code grows with its text, and its Chinese comes back as it went in."""
    label = replace(LABEL, qr=f"ASCTL1|{LABEL.rma}|{'4' * 30}|{'晨光家居旗舰店' * 4}")
    for dpi in DPIS:
        assert read(printed_pages(format, [label], "100x150", dpi)) == [set(codes_of(label))]


@pytest.mark.parametrize("format", specs())
def test_bars_between_dots_would_fail(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scans above can fail: with modules of 0.2 mm, which is no whole number of dots, the RMA number is not read."""
    monkeypatch.setattr(
        painter, "bar_mark", lambda text, width, dot: replace(marks.bar_mark(text, width, dot), module=0.2)
    )
    (codes,) = read(printed_pages(format, [LABEL], "100x150", DPIS[0]))
    assert LABEL.rma not in codes


@pytest.mark.parametrize("format", specs())
def test_bars_one_dot_wide_would_fail(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blur of more than a dot, which our modules stand, leaves nothing of modules of a single dot."""
    blur = 1.2
    assert read(printed_pages(format, [LABEL], "100x150", DPIS[0]), blur) == [set(codes_of(LABEL))]
    monkeypatch.setattr(marks, "_BAR_MODULES", (0.125, 0.0))
    assert read(printed_pages(format, [LABEL], "100x150", DPIS[0]), blur) == [{LABEL.qr}]


def test_a_layout_with_bars_of_half_the_width_is_refused() -> None:
    """Where the number's bars would need modules that scanners do not read, nothing is printed."""
    toml = standard_layout("100x150")
    bars = next(block for block in toml.split("[[") if block.startswith(("both.bars", "first.bars")))
    x, y, width, height = bars.partition("box = [")[2].partition("]")[0].split(",")
    halved = bars.replace(f"{x},{y},{width},{height}", f"{x},{y}, {float(width) / 2:g},{height}")
    assert halved != bars
    form = LabelForm("100x150", layout=toml.replace(bars, halved), layout_name="own.toml")
    with pytest.raises(BadConfiguration) as caught:
        draw("pdf", [LABEL], form)
    assert caught.value.code == "bad_label_layout"


def test_labels_of_one_file_scan_in_their_order() -> None:
    """The third paper is the third label's."""
    labels: list[LabelContent] = [random_label(seed) for seed in (7, 3, 5)]
    for format in ("pdf", "zpl"):
        pictures = printed_pages(format, labels, "100x150", DPIS[0])
        assert [label.rma in scanned(page) for label, page in zip(labels, pictures, strict=True)] == [True] * 3
