"""Text that stays in its box: cleaned, shrunk, wrapped, and cut with an ellipsis where all that is not enough."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from asctl_labels.fonts import Typefaces

LEADING = 1.2
"""From one baseline to the next, in em."""

_MOST = 2000  # more than any box holds, so cutting here is never seen
_STEP = 0.5
_ELLIPSIS = "…"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_NO_LINE_BEGINS_WITH = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%")
_NO_LINE_ENDS_WITH = frozenset("（《「『【〈“‘([{")
_FIRST_WIDE = "\u2e80"
_VARIATION_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of text and the size, in points, at which they fit."""

    lines: tuple[str, ...]
    size: float


def clean(text: str) -> str:
    """One line of visible text: white space collapsed, control, bidi and other invisible characters dropped."""
    spaced = " ".join(unicodedata.normalize("NFC", text[:_MOST]).split())
    return "".join(character for character in spaced if not _invisible(character))


def fit(text: str, faces: Typefaces, box: tuple[float, float], largest: float, smallest: float) -> Fitted:
    """Set ``text`` into a box of (width, height) points: one line if it can, then smaller, then wrapped, then cut.

    ``largest`` and ``smallest`` are sizes in points. What is returned is never wider or higher than the box, as long
    as one line of the smallest size is not.
    """
    width, height = box
    advances = faces.advances(text)
    size = max(min(largest, height / LEADING), smallest)
    while True:
        lines = wrap(text, advances, width / size)
        room = max(int(height / (size * LEADING)), 1)
        if len(lines) <= room:
            return Fitted(tuple(lines), size)
        if size <= smallest:
            return Fitted(tuple(_cut(lines, room, faces, width / size)), size)
        size = max(size - _STEP, smallest)


def wrap(text: str, advances: Sequence[float], limit: float) -> list[str]:
    """Break ``text`` into lines no wider than ``limit`` em; Latin words stay whole where they can."""
    if sum(advances) <= limit:
        return [text]
    lines, start, may_break, filled = [], 0, 0, 0.0
    for at, character in enumerate(text):
        if at > start and _breaks_between(text[at - 1], character):
            may_break = at
        filled += advances[at]
        while filled > limit and at > start and character != " ":
            end = may_break if may_break > start else at
            lines.append(text[start:end].rstrip())
            start, filled = end, sum(advances[end : at + 1])
    return [*lines, text[start:].rstrip()]


def _cut(lines: list[str], room: int, faces: Typefaces, limit: float) -> list[str]:
    last = lines[room - 1]
    while last and sum(faces.advances(last + _ELLIPSIS)) > limit:
        last = last[:-1]
    return [*lines[: room - 1], last.rstrip() + _ELLIPSIS]


def _breaks_between(before: str, after: str) -> bool:
    if before == " ":
        return True
    if before in _NO_LINE_ENDS_WITH or after in _NO_LINE_BEGINS_WITH:
        return False
    return before >= _FIRST_WIDE or after >= _FIRST_WIDE


@cache
def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or any(
        first <= character <= last for first, last in _VARIATION_SELECTORS
    )
