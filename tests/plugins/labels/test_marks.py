from __future__ import annotations

import pytest

from asctl_labels.marks import DOT, UnprintableCodeError, bar_mark, qr_mark


@pytest.mark.parametrize("width", [48, 60, 66, 71, 94])
def test_modules_are_whole_dots_within_the_place(width: float) -> None:
    """Modules are three dots where the code fits with its quiet zones, else two, and nothing in between."""
    mark = bar_mark("RMA2611210001X", width)
    assert mark.module in (3 * DOT, 2 * DOT)
    assert mark.across * mark.module <= width
    assert mark.module == 3 * DOT or mark.across * 3 * DOT > width


def test_bars_leave_quiet_zones() -> None:
    """Ten modules on either side stay white."""
    mark = bar_mark("RMA2611210001X", 71)
    assert mark.blocks[0][0] == 10
    assert mark.blocks[-1][0] + mark.blocks[-1][2] == mark.across - 10


@pytest.mark.parametrize("side", [16, 20, 23, 30])
def test_qr_modules_are_three_dots_or_more(side: float) -> None:
    """A QR code fills its square with whole dots, quiet zone included."""
    mark = qr_mark("ASCTL1|RMA2611210001X|4012345678901234567|flagship", side)
    dots = mark.module / DOT
    assert dots == int(dots) >= 3
    assert mark.across * mark.module <= side < mark.across * (mark.module + DOT)
    assert {4, mark.across - 5} <= {y for _, y, _, _ in mark.blocks}


@pytest.mark.parametrize("text", ["A" * 40, "运单号"])
def test_bars_that_no_scanner_would_read_are_refused(text: str) -> None:
    """Too long or of foreign characters is an error, not a code shrunk or changed."""
    with pytest.raises(UnprintableCodeError):
        bar_mark(text, 94)


@pytest.mark.parametrize("text", ["4" * 600, "晨" * 5000])
def test_a_qr_text_that_needs_finer_dots_is_refused(text: str) -> None:
    """Modules never get finer than three dots."""
    with pytest.raises(UnprintableCodeError):
        qr_mark(text, 23)
