"""Layouts are data: one TOML file per size says what stands where, in mm from the paper's upper left corner.

``paper = [width, height]``; then for each of the pages ``first`` and ``next`` (or ``both``) lists of ``text``,
``bars``, ``qr`` and ``rule`` elements, and one ``goods`` table for ``first`` and ``next`` each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, TypeVar

from asctl.api import BadConfiguration, BadInput
from asctl.api import translate as _
from asctl_labels import SIZES
from asctl_labels.words import GOODS_WORDS, WORDS

T = TypeVar("T")

ALIGNMENTS = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Which share of a line's free room stands before it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the paper, in mm."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Something in a box. ``when`` and ``unless`` name a word: it is drawn unless that word is, or is not, empty."""

    box: Box
    when: str = ""
    unless: str = ""

    def wanted(self, words: Mapping[str, str]) -> bool:
        """Whether a label with these words shows it."""
        return not (self.when and not words[self.when]) and not (self.unless and words[self.unless])


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Element):
    """Words: ``size`` pt where they fit, down to ``smallest``. ``reverse`` is white on black."""

    say: str
    size: float
    smallest: float = 6.0
    align: str = "left"
    bold: bool = False
    reverse: bool = False


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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the goods table: a word of the line, and how wide it is in mm."""

    word: str
    w: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Goods:
    """The table of goods: as many rows of ``row`` mm as the box holds."""

    box: Box
    row: float
    size: float
    smallest: float
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """How many lines of goods it holds."""
        return int(self.box.h / self.row)


@dataclass(frozen=True, slots=True)
class Page:
    texts: tuple[Text, ...]
    bars: tuple[Bars, ...]
    qrs: tuple[Qr, ...]
    rules: tuple[Rule, ...]
    goods: Goods


@dataclass(frozen=True, slots=True)
class Layout:
    """Paper size in mm, the first page, and the page that goods which do not fit there go on."""

    width: float
    height: float
    first: Page
    next: Page

    def pages(self, lines: int) -> int:
        """How many pages a label with so many lines of goods takes."""
        overflow = max(lines - self.first.goods.rows, 0)
        return 1 + -(-overflow // self.next.goods.rows)


@cache
def load_layout(size: str) -> Layout:
    """The layout of a size such as ``100x150``.

    Raises :class:`BadInput` for a size that there is none of, :class:`BadConfiguration` for a bad file.
    """
    if size not in SIZES:
        raise BadInput(
            _("there is no label size {size!r}").format(size=size[:20]),
            code="unknown_size",
            hint=_("choose one of: {sizes}").format(sizes=", ".join(SIZES)),
        )
    name = f"{size}.toml"
    return read_layout(files("asctl_labels").joinpath("sizes", name).read_text(encoding="utf-8"), name)


def read_layout(toml: str, name: str) -> Layout:
    """A layout from the text of the file ``name``. Raises :class:`BadConfiguration` that says what is wrong in it."""
    try:
        data = tomllib.loads(toml)
        width, height = map(float, data["paper"])
        return Layout(width, height, _page(data, "first"), _page(data, "next"))
    except (KeyError, TypeError, ValueError) as trouble:
        what = _("{key} is missing").format(key=trouble) if isinstance(trouble, KeyError) else str(trouble)
        raise BadConfiguration(
            _("the label layout {name} is wrong: {what}").format(name=name, what=what),
            code="bad_label_layout",
            hint=_("compare it with a layout that comes with asctl_labels"),
        ) from trouble


def _page(data: Mapping[str, Any], name: str) -> Page:
    def elements(kind: str, record: Callable[..., T]) -> tuple[T, ...]:
        both = data.get("both", {}).get(kind, []) + data[name].get(kind, [])
        return tuple(_element(record, entry) for entry in both)

    return Page(
        texts=elements("text", Text),
        bars=elements("bars", Bars),
        qrs=elements("qr", Qr),
        rules=elements("rule", Rule),
        goods=_goods(data[name]["goods"]),
    )


def _goods(table: Mapping[str, Any]) -> Goods:
    columns = tuple(_element(Column, column) for column in table["columns"])
    _check_words((column.word for column in columns), GOODS_WORDS)
    goods = _element(Goods, {**table, "columns": columns})
    if goods.rows < 1:
        raise ValueError(_("the goods table holds no row"))
    return goods


def _element(record: Callable[..., T], entry: Mapping[str, Any]) -> T:
    values = dict(entry)
    if "box" in values:
        values["box"] = Box(*map(float, values["box"]))
    if values.get("align", "left") not in ALIGNMENTS:
        raise ValueError(_("align is one of: {names}").format(names=", ".join(ALIGNMENTS)))
    _check_words((word for _text, word, _spec, _conversion in Formatter().parse(entry.get("say", "")) if word), WORDS)
    _check_words((entry[key] for key in ("when", "unless") if entry.get(key)), WORDS)
    return record(**values)


def _check_words(words: Iterable[str], known: frozenset[str]) -> None:
    for word in words:
        if word not in known:
            raise ValueError(_("there is no word {word!r}").format(word=word))
