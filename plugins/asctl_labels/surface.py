"""What a painter needs of a file format: pages to write words and fill blocks on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol

from asctl_labels.marks import Block

MM = 72 / 25.4
"""Points in a millimetre."""


class Surface(Protocol):
    """Label pages under construction. Lengths are points from the upper left corner of the label, y downwards.

    ``dot`` is the side, in mm, of the smallest dot that will be printed: codes and thin rules stand on that grid.
    """

    dot: float

    def page(self) -> None:
        """Begin the next label page."""
        ...

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        """Draw what never changes, at the same place, by calling ``draw``: words, blocks, and no page in between.

        A surface may draw it once under its ``name`` and repeat it; the same name always comes with the same drawing.
        """
        ...

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line; a character that no face has becomes a box with its code point."""
        ...

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        """Fill blocks, given in units of (width, height) points from (x, y), without seams between them."""
        ...

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be drawn afterwards."""
        ...
