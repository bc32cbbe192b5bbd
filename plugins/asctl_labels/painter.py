"""Draws labels by their layout: the words into the boxes, the codes onto the printer's grid."""

from __future__ import annotations

from functools import partial

from asctl.api import BadInput, LabelContent
from asctl.api import translate as _
from asctl_labels.elements import Bars, Box, Layout, Qr, Table
from asctl_labels.fonts import Typefaces
from asctl_labels.marks import Mark, UnprintableCodeError, bar_mark, qr_mark
from asctl_labels.stencil import Fixed, Line, Slot, Stencil
from asctl_labels.surface import MM, Surface
from asctl_labels.words import Words, case_words, goods_words, label_words, page_words


class Painter:
    """Draws one label after the other onto a surface."""

    def __init__(self, surface: Surface, layout: Layout, faces: Typefaces) -> None:
        self._surface = surface
        self._layout = layout
        panels = [panel for page in layout.pages for panel in (page, *(table.panel for table in page.tables))]
        self._stencils = {panel.name: Stencil(panel, faces) for panel in panels}

    def label(self, content: LabelContent) -> int:
        """Draw a label and return how many pages it took. Raises :class:`BadInput` for a code that cannot be drawn."""
        words, goods, cases = label_words(content), goods_words(content), case_words(content)
        sheets = self._layout.sheets(len(goods), len(cases))
        for number, page in enumerate(sheets, 1):
            here, goods = goods[: page.goods.rows], goods[page.goods.rows :]
            self._surface.page()
            self._draw(self._stencils[page.name], words | page_words(number, len(sheets), len(here)))
            self._rows(page.goods, here)
            if page.cases:
                self._rows(page.cases, cases[: page.cases.rows])
                cases = cases[page.cases.rows :]
        return len(sheets)

    def _rows(self, table: Table, rows: list[dict[str, str]]) -> None:
        stencil = self._stencils[table.panel.name]
        for number, words in enumerate(rows):
            self._draw(stencil, words, table.box.x, table.box.y + number * table.row)

    def _draw(self, stencil: Stencil, words: Words, left: float = 0.0, top: float = 0.0) -> None:
        """Draw a panel whose upper left corner is at (left, top) mm."""
        for fixed in stencil.fixed:
            if fixed.condition.wanted(words):
                self._surface.stamp(f"{fixed.name}:{top:g}", partial(self._fixed, fixed, left, top))
        for slot in stencil.slots:
            if slot.text.wanted(words):
                for line in slot.lines(slot.text.say.format_map(words)):
                    self._write(slot, line, left, top)
        for bars in stencil.panel.bars:
            if bars.wanted(words):
                self._bars(bars, words, left, top)
        for qr in stencil.panel.qrs:
            if qr.wanted(words):
                self._qr(qr, words, left, top)

    def _fixed(self, fixed: Fixed, left: float, top: float) -> None:
        for box in fixed.boxes:
            self._fill(box, left, top)
        for slot, line in fixed.lines:
            self._write(slot, line, left, top)

    def _write(self, slot: Slot, line: Line, left: float, top: float) -> None:
        self._surface.text(
            line.x + left * MM,
            line.baseline + top * MM,
            line.words,
            line.size,
            bold=slot.text.bold,
            white=slot.text.reverse,
        )

    def _bars(self, bars: Bars, words: Words, left: float, top: float) -> None:
        mark = self._mark(bars, words)
        x, y = self._on_grid(left + bars.box.x), self._on_grid(top + bars.box.y)
        height = self._on_grid(bars.box.h)
        self._surface.blocks(x * MM, y * MM, (mark.module * MM, height * MM), mark.blocks)

    def _qr(self, qr: Qr, words: Words, left: float, top: float) -> None:
        mark = self._mark(qr, words)
        x, y = (
            self._on_grid(start + (room - mark.across * mark.module) / 2)
            for start, room in ((left + qr.box.x, qr.box.w), (top + qr.box.y, qr.box.h))
        )
        self._surface.blocks(x * MM, y * MM, (mark.module * MM, mark.module * MM), mark.blocks)

    def _mark(self, code: Bars | Qr, words: Words) -> Mark:
        text, box = code.say.format_map(words), code.box
        try:
            if isinstance(code, Bars):
                return bar_mark(text, box.w, self._surface.dot)
            return qr_mark(text, min(box.w, box.h), self._surface.dot)
        except UnprintableCodeError as trouble:
            raise BadInput(
                _("the label of {rma} cannot carry {text!r} as a code: {why}").format(
                    rma=words["rma"][:20], text=text[:40], why=trouble
                ),
                code="unprintable_code",
                hint=_("correct the number or choose a larger label"),
            ) from trouble

    def _on_grid(self, length: float) -> float:
        return round(length / self._surface.dot) * self._surface.dot

    def _fill(self, box: Box, left: float, top: float) -> None:
        """Fill a box with black, no thinner than a dot, its edges between dots."""
        x, y = self._on_grid(left + box.x), self._on_grid(top + box.y)
        width, height = (max(self._on_grid(side), self._surface.dot) for side in (box.w, box.h))
        self._surface.blocks(x * MM, y * MM, (width * MM, height * MM), ((0, 0, 1, 1),))
