"""Code 128 and QR codes as blocks on the printer's grid.

A thermal printer prints whole dots. A module that is no whole number of dots comes out now thinner, now wider, and
scanners give up; so a module here is always a whole number of dots of a 203 dpi printer.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno

from asctl.api import translate as _
from asctl_labels import code128

DOT = 0.125
"""One dot of a 203 dpi printer (8 dots per mm), in mm."""

Block = tuple[int, int, int, int]
"""x, y, width and height in modules, y downwards."""

_BAR_DOTS = (3, 2)
_BAR_QUIET = 10
_QR_LEAST_DOTS = 3
_QR_QUIET = 4
_QR_MASK = 3  # one mask for all codes: trying all eight takes four times as long, and the tests scan this one


class UnprintableCodeError(ValueError):
    """The text does not fit into a code of that size, or has characters the code cannot hold."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A code's dark blocks. ``module`` is in mm, ``across`` in modules with both quiet zones, in which the blocks stand."""

    module: float
    across: int
    blocks: tuple[Block, ...]


def bar_mark(text: str, width: float) -> Mark:
    """Code 128 for a place ``width`` mm wide; each block is one module high, so stretch it to the bars' height.

    Raises :class:`UnprintableCodeError`.
    """
    try:
        widths = code128.element_widths(code128.symbol_values(text))
    except ValueError:
        raise UnprintableCodeError(_("a barcode holds letters, digits and ASCII signs only")) from None
    across = sum(map(int, widths)) + 2 * _BAR_QUIET
    dots = next((dots for dots in _BAR_DOTS if across * dots * DOT <= width), None)
    if dots is None:
        raise UnprintableCodeError(_("it is too long for a barcode of {width:g} mm").format(width=width))
    return Mark(dots * DOT, across, tuple(_bars(widths)))


def qr_mark(text: str, side: float) -> Mark:
    """A QR code, error level M, for a square of ``side`` mm, as large as whole dots allow.

    Raises :class:`UnprintableCodeError`.
    """
    trouble = _("it is too long for a QR code of {side:g} mm").format(side=side)
    try:
        matrix = segno.make_qr(text, error="m", boost_error=False, mask=_QR_MASK).matrix
    except segno.DataOverflowError:
        raise UnprintableCodeError(trouble) from None
    across = len(matrix) + 2 * _QR_QUIET
    dots = int(side / across / DOT)
    if dots < _QR_LEAST_DOTS:
        raise UnprintableCodeError(trouble)
    rows = (_runs(bytes(row), y) for y, row in enumerate(matrix))
    return Mark(dots * DOT, across, tuple(block for row in rows for block in row))


def _bars(widths: str) -> list[Block]:
    blocks, x = [], _BAR_QUIET
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            blocks.append((x, 0, width, 1))
        x += width
    return blocks


def _runs(row: bytes, y: int) -> list[Block]:
    """The dark runs of one row of a QR code, each one block."""
    blocks, end = [], 0
    while (start := row.find(1, end)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        blocks.append((start + _QR_QUIET, y + _QR_QUIET, end - start, 1))
    return blocks
