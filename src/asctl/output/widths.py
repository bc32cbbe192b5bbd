"""How wide the cells of a table may be: at most so much each, and all together no wider than the terminal."""

from __future__ import annotations

from collections.abc import Sequence

CELL_WIDTH = 40
GAP = 2
HEADER_PADDING = 2
"""A column is that much wider than its name, whatever stands below it."""
NARROWEST, NARROWEST_KEPT = 11, 20
"""Nothing is made narrower than that, which shows the date of a moment; what is still too wide is left to the terminal."""


def fitted(
    header: Sequence[str], rows: Sequence[Sequence[str]], kept: Sequence[bool], room: int
) -> tuple[list[str], list[list[str]], list[int | None]]:
    """Header and rows with the longest columns shortened until a line fits into ``room``.

    Columns that are ``kept`` lose nothing: where all else is as narrow as can be they must be wrapped, and the last value
    has their widths.
    """
    named = [_width_of(name) + HEADER_PADDING for name in header]
    wanted = [max(column) for column in zip(named, *(map(_width_of, row) for row in rows), strict=True)]
    widths = _narrowed(wanted, kept, room - GAP * (len(wanted) - 1))
    columns = list(zip(wanted, widths, kept, strict=True))
    cut = [None if keep else width for _want, width, keep in columns]
    names = [_cut(name, width and width - HEADER_PADDING) for name, width in zip(header, cut, strict=True)]
    cells = [[_cut(cell, width) for cell, width in zip(row, cut, strict=True)] for row in rows]
    return names, cells, [width if keep and width < want else None for want, width, keep in columns]


def _cut(text: str, width: int | None) -> str:
    return text if width is None else shortened(text, width)


def _narrowed(wanted: Sequence[int], kept: Sequence[bool], room: int) -> list[int]:
    """The widest give way first, and those that are kept only after all others."""
    widths = list(wanted)
    for group, least in ((False, NARROWEST), (True, NARROWEST_KEPT)):
        cap = max(widths)
        while sum(widths) > room and cap > least:
            cap -= 1
            widths = [min(width, cap) if keep is group else width for width, keep in zip(widths, kept, strict=True)]
    return widths


def shortened(text: str, width: int = CELL_WIDTH) -> str:
    """``text`` cut with … where it needs more than ``width`` columns of a terminal; a Chinese character needs two."""
    if len(text) * 2 <= width or (text.isascii() and len(text) <= width):
        return text
    from wcwidth import wcwidth

    used = 0
    for position, character in enumerate(text):
        used += max(wcwidth(character), 0)
        if used > width:
            return _fitting(text[:position], width - 1) + "…"
    return text


def _width_of(text: str) -> int:
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _fitting(text: str, width: int) -> str:
    """The longest beginning of ``text`` that fits."""
    while _width_of(text) > width:
        text = text[:-1]
    return text
