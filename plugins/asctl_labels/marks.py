"""Code 128 and QR codes as blocks on the printer's grid.

A thermal printer prints whole dots. A module that is no whole number of dots comes out now thinner, now wider, and
scanners give up; so a module here is always a whole number of the dots it is drawn for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asctl.api import BadInput
from asctl.api import translate as _
from asctl_labels import code128, qrcode

_DOTS = {203: 0.125, 300: 25.4 / 300}  # a head that is sold as 203 dpi has 8 dots in a mm

DOT = _DOTS[203]
"""One dot of a 203 dpi printer, in mm."""

Block = tuple[int, int, int, int]
"""x, y, width and height in modules, y downwards."""

_BAR_MODULES = (0.39, 0.25)  # mm, the widest and the narrowest
_BAR_QUIET = 10
_QR_LEAST_MODULE = 0.33  # mm
_QR_QUIET = 4
_A_HAIR = 1e-6
_DARK = re.compile("1+")


class UnprintableCodeError(ValueError):
    """The text does not fit into a code of that size, or has characters the code cannot hold."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A code's dark blocks. ``module`` is in mm, ``across`` in modules with both quiet zones, in which the blocks stand."""

    module: float
    across: int
    blocks: tuple[Block, ...]


def dot_of(dpi: int) -> float:
    """The side of a dot, in mm, of printers of a resolution. Raises :class:`BadInput` (``unknown_dpi``)."""
    if dpi not in _DOTS:
        raise BadInput(
            _("there are no label printers of {dpi} dpi").format(dpi=dpi),
            code="unknown_dpi",
            hint=_("choose one of: {dpis}").format(dpis=", ".join(map(str, _DOTS))),
        )
    return _DOTS[dpi]


def bar_mark(text: str, width: float, dot: float = DOT) -> Mark:
    """Code 128 for a place ``width`` mm wide; each block is one module high, so stretch it to the bars' height.

    Raises :class:`UnprintableCodeError`.
    """
    try:
        widths = code128.element_widths(code128.symbol_values(text))
    except ValueError:
        raise UnprintableCodeError(_("a barcode holds letters, digits and ASCII signs only")) from None
    across = sum(map(int, widths)) + 2 * _BAR_QUIET
    widest, narrowest = _BAR_MODULES
    dots = int(min(widest, width / across) / dot + _A_HAIR)
    if dots < narrowest / dot - _A_HAIR:
        raise UnprintableCodeError(_("it is too long for a barcode of {width:g} mm").format(width=width))
    return Mark(dots * dot, across, tuple(_bars(widths)))


def qr_mark(text: str, side: float, dot: float = DOT) -> Mark:
    """A QR code, error level M, for a square of ``side`` mm, as large as whole dots allow.

    Raises :class:`UnprintableCodeError`.
    """
    trouble = _("it is too long for a QR code of {side:g} mm").format(side=side)
    try:
        rows = qrcode.symbol(text)
    except ValueError:
        raise UnprintableCodeError(trouble) from None
    across = len(rows) + 2 * _QR_QUIET
    dots = int(side / across / dot + _A_HAIR)
    if dots * dot < _QR_LEAST_MODULE:
        raise UnprintableCodeError(trouble)
    return Mark(dots * dot, across, tuple(block for y, row in enumerate(rows) for block in _runs(row, y)))


def _bars(widths: str) -> list[Block]:
    blocks, x = [], _BAR_QUIET
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            blocks.append((x, 0, width, 1))
        x += width
    return blocks


def _runs(row: str, y: int) -> Iterator[Block]:
    """The dark runs of one row of a QR code, each one block."""
    for run in _DARK.finditer(row):
        start, end = run.span()
        yield start + _QR_QUIET, y + _QR_QUIET, end - start, 1
