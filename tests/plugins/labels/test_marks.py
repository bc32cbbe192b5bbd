from __future__ import annotations

import random

import pytest

import asctl_labels
from asctl.api import BadInput
from asctl_labels.marks import UnprintableCodeError, bar_mark, dot_of, qr_mark

DPIS = asctl_labels.DPIS
A_HAIR = 1e-6  # mm


def dots(module: float, dpi: int) -> int:
    """How many dots a module is wide; it must be a whole number."""
    count = module / dot_of(dpi)
    assert count == pytest.approx(round(count), abs=A_HAIR)
    return round(count)


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("width", [48, 60, 66, 71, 94])
def test_modules_are_whole_dots_within_the_place(width: float, dpi: int) -> None:
    """Modules are as many dots as fit with the quiet zones: from 0.25 mm, which scanners still read, to 0.39 mm."""
    mark, dot = bar_mark("RMA2611210001X", width, dot_of(dpi)), dot_of(dpi)
    dots(mark.module, dpi)
    assert 0.25 - A_HAIR <= mark.module <= 0.39
    assert mark.across * mark.module <= width + A_HAIR
    assert mark.across * (mark.module + dot) > width or mark.module + dot > 0.39


@pytest.mark.parametrize(("dpi", "few", "many"), [(203, 2, 3), (300, 3, 4)])
def test_narrow_and_wide_modules_of_each_resolution(dpi: int, few: int, many: int) -> None:
    """At 203 dpi bars have two or three dots, at 300 dpi three or four: 0.25 mm or more in either case."""
    assert dots(bar_mark("RMA2611210001X", 94, dot_of(dpi)).module, dpi) == many
    assert dots(bar_mark("RMA2611210001X", 48, dot_of(dpi)).module, dpi) == few


@pytest.mark.parametrize("dpi", DPIS)
def test_a_place_that_holds_a_code_at_one_resolution_holds_it_at_all(dpi: int) -> None:
    """With a fiftieth to spare, no printer refuses a number that another one prints."""
    chance = random.Random(1)
    for length in range(6, 22):
        text = "".join(chance.choices("0123456789ABCDEFX", k=length))
        narrowest = 0.25 * bar_mark(text, 200).across
        assert bar_mark(text, narrowest * 1.02, dot_of(dpi)).across * 0.25 == narrowest


@pytest.mark.parametrize("dpi", [0, 200, 600])
def test_other_resolutions_are_refused(dpi: int) -> None:
    """A resolution that no printer here has is bad input, and the hint names those there are."""
    with pytest.raises(BadInput) as caught:
        dot_of(dpi)
    assert caught.value.code == "unknown_dpi"
    assert "203, 300" in caught.value.hint


def test_bars_leave_quiet_zones() -> None:
    """Ten modules on either side stay white."""
    mark = bar_mark("RMA2611210001X", 71)
    assert mark.blocks[0][0] == 10
    assert mark.blocks[-1][0] + mark.blocks[-1][2] == mark.across - 10


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("side", [16, 20, 23, 30])
def test_qr_modules_fill_their_square(side: float, dpi: int) -> None:
    """A QR code takes whole dots, 0.33 mm or more a module, as large as its square allows, quiet zone included."""
    mark = qr_mark("ASCTL1|RMA2611210001X|4012345678901234567|flagship", side, dot_of(dpi))
    dots(mark.module, dpi)
    assert mark.module >= 0.33
    assert mark.across * mark.module <= side + A_HAIR
    assert mark.across * (mark.module + dot_of(dpi)) > side
    assert {4, mark.across - 5} <= {y for _, y, _, _ in mark.blocks}


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("text", ["A" * 40, "运单号"])
def test_bars_that_no_scanner_would_read_are_refused(text: str, dpi: int) -> None:
    """Too long or of foreign characters is an error, not a code shrunk or changed."""
    with pytest.raises(UnprintableCodeError):
        bar_mark(text, 94, dot_of(dpi))


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("text", ["4" * 600, "晨" * 5000])
def test_a_qr_text_that_needs_finer_dots_is_refused(text: str, dpi: int) -> None:
    """Modules never get finer than scanners read."""
    with pytest.raises(UnprintableCodeError):
        qr_mark(text, 23, dot_of(dpi))
