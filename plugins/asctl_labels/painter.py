"""Draws labels by their layout: the words into the boxes, the codes onto the printer's grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from asctl.api import BadInput, LabelContent
from asctl.api import translate as _
from asctl_labels.canvas import PdfCanvas
from asctl_labels.fonts import Typefaces
from asctl_labels.layout import ALIGNMENTS, Bars, Box, Element, Goods, Layout, Page, Qr, Text
from asctl_labels.marks import DOT, Mark, UnprintableCodeError, bar_mark, qr_mark
from asctl_labels.text import LEADING, fit
from asctl_labels.words import goods_words, label_words, page_word

MM = 72 / 25.4
"""Points in a millimetre."""

_MIDDLE = 0.35  # em from the baseline up to the middle of a line
_PADDING = 1.25  # mm between the edge of a black box and its white words
_GAP = 1.0  # mm between the columns of a table
E = TypeVar("E", bound=Element)
_Words = Mapping[str, str]


class Painter:
    """Draws one label after the other onto a canvas."""

    def __init__(self, canvas: PdfCanvas, layout: Layout, faces: Typefaces) -> None:
        self._canvas = canvas
        self._layout = layout
        self._faces = faces

    def label(self, content: LabelContent) -> int:
        """Draw a label and return how many pages it took. Raises :class:`BadInput` for a code that cannot be drawn."""
        words, goods = label_words(content), goods_words(content)
        pages = self._layout.pages(len(goods))
        for number in range(1, pages + 1):
            page = self._layout.first if number == 1 else self._layout.next
            here, goods = goods[: page.goods.rows], goods[page.goods.rows :]
            self._page(page, words | {"page": page_word(number, pages)}, here)
        return pages

    def _page(self, page: Page, words: _Words, goods: list[dict[str, str]]) -> None:
        self._canvas.page()
        for rule in _wanted(page.rules, words):
            self._fill(rule.box)
        for text in _wanted(page.texts, words):
            self._text(text, words)
        for bars in _wanted(page.bars, words):
            self._bars(bars, words)
        for qr in _wanted(page.qrs, words):
            self._qr(qr, words)
        self._goods(page.goods, goods)

    def _text(self, text: Text, words: _Words) -> None:
        box = text.box
        if text.reverse:
            self._fill(box)
            box = Box(box.x + _PADDING, box.y, box.w - 2 * _PADDING, box.h)
        self._write(text.say.format_map(words).strip(), replace(text, box=box))

    def _write(self, line: str, style: Text) -> None:
        """Set the words into their box: sideways as aligned, upright in the middle."""
        box = style.box
        fitted = fit(line, self._faces, (box.w * MM, box.h * MM), style.size, style.smallest)
        step = fitted.size * LEADING
        baseline = (box.y + box.h / 2) * MM - (len(fitted.lines) - 1) * step / 2 + _MIDDLE * fitted.size
        for number, words in enumerate(fitted.lines):
            room = box.w * MM - sum(self._faces.advances(words)) * fitted.size
            x = box.x * MM + room * ALIGNMENTS[style.align]
            self._canvas.text(x, baseline + number * step, words, fitted.size, bold=style.bold, white=style.reverse)

    def _bars(self, bars: Bars, words: _Words) -> None:
        mark = self._mark(bars, words)
        self._canvas.blocks(
            _on_grid(bars.box.x) * MM, bars.box.y * MM, (mark.module * MM, bars.box.h * MM), mark.blocks
        )

    def _qr(self, qr: Qr, words: _Words) -> None:
        mark = self._mark(qr, words)
        x, y = (
            _on_grid(start + (room - mark.across * mark.module) / 2)
            for start, room in ((qr.box.x, qr.box.w), (qr.box.y, qr.box.h))
        )
        self._canvas.blocks(x * MM, y * MM, (mark.module * MM, mark.module * MM), mark.blocks)

    def _mark(self, code: Bars | Qr, words: _Words) -> Mark:
        text = code.say.format_map(words)
        try:
            return bar_mark(text, code.box.w) if isinstance(code, Bars) else qr_mark(text, code.box.w)
        except UnprintableCodeError as trouble:
            raise BadInput(
                _("the label of {rma} cannot carry {text!r} as a code: {why}").format(
                    rma=words["rma"][:20], text=text[:40], why=trouble
                ),
                code="unprintable_code",
                hint=_("correct the number or choose a larger label"),
            ) from trouble

    def _goods(self, table: Goods, goods: list[dict[str, str]]) -> None:
        for number, line in enumerate(goods):
            y, x = table.box.y + number * table.row, table.box.x
            self._fill(Box(x, y + table.row - DOT, table.box.w, DOT))
            for column in table.columns:
                box = Box(x, y, column.w - _GAP, table.row - DOT)
                self._write(
                    line[column.word],
                    Text(say="", box=box, size=table.size, smallest=table.smallest, align=column.align),
                )
                x += column.w

    def _fill(self, box: Box) -> None:
        self._canvas.blocks(box.x * MM, box.y * MM, (box.w * MM, box.h * MM), ((0, 0, 1, 1),))


def _wanted(elements: tuple[E, ...], words: _Words) -> Iterator[E]:
    return (element for element in elements if element.wanted(words))


def _on_grid(length: float) -> float:
    return round(length / DOT) * DOT
