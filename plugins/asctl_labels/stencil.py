"""A panel of a layout made ready for many labels: what never changes set once, what repeats not set twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from asctl_labels.elements import ALIGNMENTS, Box, Element, Panel, Text
from asctl_labels.fonts import Typefaces
from asctl_labels.surface import MM
from asctl_labels.text import LEADING, fit

_MIDDLE = 0.35  # em from the baseline up to the middle of a line
_BRACES = frozenset("{}")
_KEPT = 128  # settings kept of each text: shops, reasons, dates and goods come again and again


class Line(NamedTuple):
    """Words that have found their place: points from the panel's upper left corner, size in points."""

    x: float
    baseline: float
    words: str
    size: float


class Slot:
    """A text's place; ``lines`` sets words into it, sideways as aligned, upright in the middle."""

    def __init__(self, text: Text, faces: Typefaces) -> None:
        self.text = text
        self._faces = faces
        self.lines = lru_cache(maxsize=_KEPT)(self._lines)

    def _lines(self, words: str) -> tuple[Line, ...]:
        text, box, width = self.text, self.text.box, self.text.width * MM
        fitted = fit(words.strip(), self._faces, (width, box.h * MM), text.size, text.smallest)
        step = fitted.size * LEADING
        baseline = (box.y + box.h / 2) * MM - (len(fitted.lines) - 1) * step / 2 + _MIDDLE * fitted.size
        return tuple(
            Line(
                (box.x + text.padding) * MM + self._indent(line, width, fitted.size),
                baseline + at * step,
                line,
                fitted.size,
            )
            for at, line in enumerate(fitted.lines)
            if line
        )

    def _indent(self, line: str, width: float, size: float) -> float:
        share = ALIGNMENTS[self.text.align]
        return share and share * (width - sum(self._faces.advances(line)) * size)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is the same on every label that shows it: black boxes, and lines with the slots they stand in.

    ``condition`` is an element that is shown exactly when all of these are.
    """

    name: str
    condition: Element
    boxes: tuple[Box, ...]
    lines: tuple[tuple[Slot, Line], ...]


class Stencil:
    """A panel's ``fixed`` parts, by condition, and the ``slots`` of its texts with words."""

    def __init__(self, panel: Panel, faces: Typefaces) -> None:
        self.panel = panel
        slots = [Slot(text, faces) for text in panel.texts]
        constant = [slot for slot in slots if not _BRACES & set(slot.text.say)]
        self.slots = tuple(slot for slot in slots if slot not in constant)
        self.fixed = tuple(_fixed(panel, constant))


def _fixed(panel: Panel, constant: list[Slot]) -> Iterable[Fixed]:
    blacks: list[Element] = [*panel.rules, *(text for text in panel.texts if text.reverse)]
    parts: dict[tuple[str, str], Element] = {}
    for element in (*blacks, *(slot.text for slot in constant)):
        parts.setdefault((element.when, element.unless), element)
    for condition, element in parts.items():
        yield Fixed(
            name=":".join((panel.name, *condition)),
            condition=element,
            boxes=tuple(black.box for black in blacks if (black.when, black.unless) == condition),
            lines=tuple(
                (slot, line)
                for slot in constant
                if (slot.text.when, slot.text.unless) == condition
                for line in slot.lines(slot.text.say)
            ),
        )
