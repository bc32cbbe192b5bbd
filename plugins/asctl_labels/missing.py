"""What stands for a character that no face has: a box of one em with its code point, so that nobody takes it for text."""

from __future__ import annotations

from asctl_labels.marks import Block
from asctl_labels.surface import Surface

_ABOVE = 0.88  # em from the baseline up to the box's upper edge
_UNITS = 24  # in an em
_FRAME: tuple[Block, ...] = ((1, 0, 22, 1), (1, 23, 22, 1), (1, 1, 1, 22), (22, 1, 1, 22))
_DIGITS, _INDENT, _UPPER, _LOWER = 0.45, 0.12, 0.44, -0.01  # em: their size, and where their two lines stand


def draw_missing(surface: Surface, x: float, baseline: float, character: str, size: float) -> None:
    """Draw the box with its left edge at ``x``; all lengths in points."""
    unit = size / _UNITS
    surface.blocks(x, baseline - _ABOVE * size, (unit, unit), _FRAME)
    code = f"{ord(character):X}"
    middle = (len(code) + 1) // 2
    for digits, rise in ((code[:middle], _UPPER), (code[middle:], _LOWER)):
        surface.text(x + _INDENT * size, baseline - rise * size, digits, size * _DIGITS)
