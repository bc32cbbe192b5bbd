"""Sheets of labels for office printers: four A6 places on A4, and marks that show where to cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from asctl_labels.elements import Layout
from asctl_labels.marks import Block
from asctl_labels.surface import MM, Surface

SHEET = "a4"
"""The size whose pages are places on a sheet."""

_WIDTH, _HEIGHT = 210.0, 297.0  # mm, ISO 216
_CUTS = (105.0, 148.5)  # mm
# The A6 labels of both rows move from the edges towards the middle, for office printers leave 4 mm white.
_ROWS = (1.5, 147.5)  # mm
_PLACES = tuple((column, row) for row in _ROWS for column in (0.0, 105.0))
_MARK = 8.0  # mm, from an edge inwards; printers leave the outer ones white
_CROSS = 3.0  # mm, from the middle in each direction


def label_surface(size: str, layout: Layout, begin: Callable[[float, float], Surface]) -> Surface:
    """Where the pages of a layout are drawn: each on a paper of its own, or four on a sheet.

    ``begin`` makes a surface for papers of (width, height) points.
    """
    if size == SHEET:
        return Sheet(begin(_WIDTH * MM, _HEIGHT * MM))
    return begin(layout.width * MM, layout.height * MM)


class Sheet:
    """A :class:`~asctl_labels.surface.Surface` whose pages take the places of A4 sheets in order, row by row."""

    def __init__(self, surface: Surface) -> None:
        self.dot = surface.dot
        self._surface = surface
        self._places = [(self._on_grid(x) * MM, self._on_grid(y) * MM) for x, y in _PLACES]
        self._place = len(_PLACES) - 1

    def page(self) -> None:
        """Begin the label page in the next place."""
        self._place = (self._place + 1) % len(_PLACES)
        if self._place == 0:
            self._surface.page()
            self._surface.stamp("cuts", self._cuts)

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        """Draw what never changes; each place has its own."""
        self._surface.stamp(f"{name}@{self._place}", draw)

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line."""
        left, top = self._places[self._place]
        self._surface.text(left + x, top + baseline, line, size, bold=bold, white=white)

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        """Fill blocks."""
        left, top = self._places[self._place]
        self._surface.blocks(left + x, top + y, unit, blocks)

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be drawn afterwards."""
        self._surface.save(out)

    def _cuts(self) -> None:
        """A short line from the middle of each edge, and a cross where they would meet."""
        across, down = _CUTS
        for begin, end in ((0.0, _MARK), (down - _CROSS, down + _CROSS), (_HEIGHT - _MARK, _HEIGHT)):
            self._line(across, begin, self.dot, end - begin)
        for begin, end in ((0.0, _MARK), (across - _CROSS, across + _CROSS), (_WIDTH - _MARK, _WIDTH)):
            self._line(begin, down, end - begin, self.dot)

    def _line(self, x: float, y: float, width: float, height: float) -> None:
        left, top = self._on_grid(x) * MM, self._on_grid(y) * MM
        self._surface.blocks(left, top, (width * MM, height * MM), ((0, 0, 1, 1),))

    def _on_grid(self, length: float) -> float:
        return round(length / self.dot) * self.dot
