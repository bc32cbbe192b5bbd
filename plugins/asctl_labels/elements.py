"""What a layout is made of: words, codes and rules in boxes, tables of rows, pages. All lengths are mm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALIGNMENTS = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Which share of a line's free room stands before it."""

_PADDING = 1.25  # mm between the edge of a black box and its white words
_A_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Box:
    """A place, from the upper left corner of what it stands in: the paper, or a table's row."""

    x: float
    y: float
    w: float
    h: float

    def holds(self, other: Box) -> bool:
        """Whether ``other``, measured from the same corner, is wholly inside."""
        return (
            self.x - _A_HAIR <= other.x
            and self.y - _A_HAIR <= other.y
            and other.x + other.w <= self.x + self.w + _A_HAIR
            and other.y + other.h <= self.y + self.h + _A_HAIR
        )

    def overlaps(self, other: Box) -> bool:
        """Whether the two share a place; edges may touch."""
        sideways = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        upright = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return sideways > _A_HAIR and upright > _A_HAIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Something in a box. ``when`` and ``unless`` name a word: it is drawn unless that word is, or is not, empty."""

    box: Box
    when: str = ""
    unless: str = ""

    def wanted(self, words: Mapping[str, str]) -> bool:
        """Whether it is shown among these words."""
        return not (self.when and not words[self.when]) and not (self.unless and words[self.unless])

    def never_beside(self, other: Element) -> bool:
        """Whether no label can show both."""
        return bool((self.when and self.when == other.unless) or (self.unless and self.unless == other.when))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Element):
    """Words: ``size`` pt where they fit, down to ``smallest``. ``reverse`` is white on black."""

    say: str
    size: float
    smallest: float = 6.0
    align: str = "left"
    bold: bool = False
    reverse: bool = False

    @property
    def width(self) -> float:
        """How much of the box the words may take."""
        return self.box.w - 2 * self.padding

    @property
    def padding(self) -> float:
        """From the edge of the box to the words."""
        return _PADDING if self.reverse else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Element):
    """A Code 128, quiet zones within the box."""

    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr(Element):
    """A QR code in a square, quiet zone within the box."""

    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A black box, as a rule a thin one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Elements that are drawn together: a page, or a row of a table. ``name`` is where the layout has it: ``first.goods``."""

    name: str
    texts: tuple[Text, ...] = ()
    bars: tuple[Bars, ...] = ()
    qrs: tuple[Qr, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """All of them."""
        return (*self.texts, *self.bars, *self.qrs, *self.rules)


@dataclass(frozen=True, slots=True)
class Table:
    """As many rows of ``row`` mm, each alike, as the box holds."""

    box: Box
    row: float
    panel: Panel

    @property
    def rows(self) -> int:
        """How many it holds."""
        return int(self.box.h / self.row + _A_HAIR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Panel):
    """A page with its table of goods and, on the pages for them, the table of the parcel's other cases."""

    goods: Table
    cases: Table | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables there are."""
        return (self.goods, self.cases) if self.cases else (self.goods,)


@dataclass(frozen=True, slots=True)
class Layout:
    """Paper size, and the pages: ``first``; ``others``, where the parcel's other cases stand; ``next``, for goods beyond."""

    width: float
    height: float
    first: Page
    others: Page
    next: Page

    @property
    def pages(self) -> tuple[Page, ...]:
        """The three kinds."""
        return (self.first, self.others, self.next)

    def sheets(self, goods: int, cases: int) -> list[Page]:
        """The pages of a label with so many lines of goods and so many other cases, in order."""
        sheets = [self.first]
        goods -= self.first.goods.rows
        while cases > 0 or goods > 0:
            page = self.others if cases > 0 else self.next
            sheets.append(page)
            goods -= page.goods.rows
            cases -= page.cases.rows if page.cases else 0
        return sheets
