"""A surface that draws nothing and remembers everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO, NamedTuple

from asctl.api import LabelContent, LabelForm
from asctl_labels.elements import Box, Layout, Page
from asctl_labels.fonts import Typefaces
from asctl_labels.layout import load_layout
from asctl_labels.marks import DOT, Block
from asctl_labels.painter import Painter
from asctl_labels.surface import MM

FACES = Typefaces()


class Written(NamedTuple):
    """A line of text as it was asked for, in points."""

    x: float
    baseline: float
    words: str
    size: float
    bold: bool
    white: bool

    @property
    def extent(self) -> Box:
        """The place it takes on the page, in mm: as wide as its glyphs, as high as Chinese ones."""
        width = sum(FACES.advances(self.words)) * self.size
        return Box(self.x / MM, (self.baseline - 0.88 * self.size) / MM, width / MM, self.size / MM)


class Filled(NamedTuple):
    """Blocks as they were asked for."""

    x: float
    y: float
    unit: tuple[float, float]
    blocks: tuple[Block, ...]


class Drawn(list[Written | Filled]):
    """A page."""

    @property
    def lines(self) -> list[Written]:
        return [each for each in self if isinstance(each, Written)]

    @property
    def words(self) -> list[str]:
        return [line.words for line in self.lines]

    @property
    def codes(self) -> list[Filled]:
        """Bars and QR codes, which have more blocks than one."""
        return [each for each in self if isinstance(each, Filled) and len(each.blocks) > 1]


class Recorder:
    """A :class:`~asctl_labels.surface.Surface`; ``stamps`` says under which names what was drawn."""

    dot = DOT

    def __init__(self) -> None:
        self.pages: list[Drawn] = []
        self.stamps: dict[str, list[Written | Filled]] = {}

    def page(self) -> None:
        self.pages.append(Drawn())

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        begin = len(self.pages[-1])
        draw()
        drawn = self.pages[-1][begin:]
        assert self.stamps.setdefault(name, drawn) == drawn, "the same name comes with another drawing"

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        self.pages[-1].append(Written(x, baseline, line, size, bold, white))

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        self.pages[-1].append(Filled(x, y, unit, tuple(blocks)))

    def save(self, out: BinaryIO) -> None:
        raise AssertionError("there is nothing to save")


def recorded(*labels: LabelContent, size: str = "100x150", layout: Layout | None = None) -> Recorder:
    """What a painter asks for when it draws these labels."""
    recorder = Recorder()
    painter = Painter(recorder, layout or load_layout(LabelForm(size)), FACES)
    for label in labels:
        painter.label(label)
    return recorder


def text_places(page: Page) -> list[Box]:
    """The boxes of a page's texts, those of all rows of its tables too."""
    rows = [
        Box(table.box.x + text.box.x, table.box.y + number * table.row + text.box.y, text.box.w, text.box.h)
        for table in page.tables
        for number in range(table.rows)
        for text in table.panel.texts
    ]
    return [*(text.box for text in page.texts), *rows]
