"""Text that stays in its box: cleaned, shrunk, wrapped, and cut with an ellipsis where all that is not enough."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from asctl_labels.fonts import Typefaces

LEADING = 1.2
"""From one baseline to the next, in em."""

_MOST = 2000  # more than any box holds, so cutting here is never seen
_MOST_MARKS = 2  # on one letter; Vietnamese needs two, more of them climb into the line above
_STEP = 0.5
_ELLIPSIS = "…"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Me"})  # Me: rings and boxes around a letter, wider than it
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = (("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0000", "\U000e0fff"))
_NO_LINE_BEGINS_WITH = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%")
_NO_LINE_ENDS_WITH = frozenset("（《「『【〈“‘([{")
_FIRST_WIDE = "\u2e80"
_A_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of text and the size, in points, at which they fit."""

    lines: tuple[str, ...]
    size: float


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """One line of visible text: white space collapsed, control, bidi and other invisible characters dropped.

    Of the marks piled on one letter the first few stay; a mark on nothing goes.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text[:_MOST].split())
    spaced = (" " if each.isspace() else each for each in text[:_MOST] if each.isspace() or not invisible(each))
    return _without_piles(unicodedata.normalize("NFC", " ".join("".join(spaced).split())))


def fit(text: str, faces: Typefaces, box: tuple[float, float], largest: float, smallest: float) -> Fitted:
    """Set ``text`` into a box of (width, height) points: one line if it can, then smaller, then wrapped, then cut.

    ``largest`` and ``smallest`` are sizes in points. What is returned is never wider or higher than the box, as long
    as one line of the smallest size is not.
    """
    width, height = box
    advances = faces.advances(text)
    length = sum(advances)
    size = max(min(largest, height / LEADING), smallest)
    while True:
        room, limit = max(int(height / (size * LEADING) + _A_HAIR), 1), width / size
        # Text longer than all the lines together need not be wrapped to see that it does not fit.
        if length <= limit or size <= smallest or length <= limit * room:
            lines = wrap(text, advances, limit)
            if len(lines) <= room:
                return Fitted(tuple(lines), size)
            if size <= smallest:
                return Fitted(tuple(_cut(lines, room, faces, limit)), size)
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
            end = may_break if may_break > start else _before_marks(text, start, at)
            lines.append(text[start:end].rstrip())
            start, filled = end, sum(advances[end : at + 1])
    return [*lines, text[start:].rstrip()]


@cache
def invisible(character: str) -> bool:
    """Whether it has no place on a line of its own: controls, formats, fillers, half surrogates, enclosing marks."""
    return (
        unicodedata.category(character) in _UNSEEN
        or character in _FILLERS
        or any(first <= character <= last for first, last in _SELECTORS)
    )


def _cut(lines: list[str], room: int, faces: Typefaces, limit: float) -> list[str]:
    last = lines[room - 1]
    while last and sum(faces.advances(last + _ELLIPSIS)) > limit:
        last = last[:-1]
    return [*lines[: room - 1], last.rstrip() + _ELLIPSIS]


def _before_marks(text: str, start: int, at: int) -> int:
    """Where to break inside a word so that a letter keeps its marks."""
    end = at
    while end > start and _is_mark(text[end]):
        end -= 1
    return end if end > start else at


def _breaks_between(before: str, after: str) -> bool:
    if before == " ":
        return True
    if _is_mark(after) or before in _NO_LINE_ENDS_WITH or after in _NO_LINE_BEGINS_WITH:
        return False
    return before >= _FIRST_WIDE or after >= _FIRST_WIDE


def _without_piles(text: str) -> str:
    kept: list[str] = []
    marks = _MOST_MARKS
    for character in text:
        marks = marks + 1 if _is_mark(character) else (_MOST_MARKS if character == " " else 0)
        if marks <= _MOST_MARKS or character == " ":
            kept.append(character)
    return "".join(kept)


@cache
def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
