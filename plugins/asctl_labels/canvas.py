"""Where labels are drawn: pages of a PDF, with lengths in points from the upper left corner.

The only module that knows fpdf2. Fonts are embedded as subsets, once for the whole file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import BinaryIO, cast

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from asctl_labels.fonts import Face, Typefaces
from asctl_labels.marks import Block

_BOLD_STROKE = 0.035  # em; the font comes in one weight, so bold is drawn as an outline around it
_WHITE, _BLACK = 255, 0

# The box of a missing character: its frame in 24ths of an em, then, in em, where it and its digits stand.
_BOX_UNITS = 24
_BOX: tuple[Block, ...] = ((1, 0, 22, 1), (1, 23, 22, 1), (1, 1, 1, 22), (22, 1, 1, 22))
_BOX_ABOVE, _UPPER_DIGITS, _LOWER_DIGITS, _DIGITS_IN, _DIGITS = 0.88, 0.44, -0.01, 0.12, 0.45


class PdfCanvas:
    """A PDF under construction; ``made_at`` is the creation date in it."""

    def __init__(self, width: float, height: float, faces: Typefaces, made_at: datetime) -> None:
        self._pdf = FPDF(unit="pt", format=(width, height))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_creation_date(made_at)
        self._pdf.viewer_preferences = ViewerPreferences(print_scaling="None")
        self._height = height
        self._faces = faces
        self._families: dict[Face, str] = {}

    def page(self) -> None:
        """Begin the next page."""
        self._pdf.add_page()

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line; a character that no face has becomes a box with its code point."""
        shade = _WHITE if white else _BLACK
        self._pdf.set_text_color(shade)
        if bold:
            with self._pdf.local_context(
                text_mode=TextMode.FILL_STROKE, line_width=size * _BOLD_STROKE, draw_color=shade
            ):
                self._runs(x, baseline, line, size)
        else:
            self._runs(x, baseline, line, size)

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        """Fill blocks, given in units of (width, height) points from (x, y), as one path.

        Blocks filled one by one leave hairlines where they touch, and scanners stumble over those. fpdf2 has no
        door for a path of many rectangles that is fast enough for a thousand labels, hence the operators themselves.
        """
        path = " ".join(f"{left} {top} {wide} {high} re" for left, top, wide, high in blocks)
        self._pdf._out(f"q {unit[0]:.5f} 0 0 {-unit[1]:.5f} {x:.3f} {self._height - y:.3f} cm {path} f Q")

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be drawn afterwards."""
        out.write(self._pdf.output())

    def _runs(self, x: float, baseline: float, line: str, size: float) -> None:
        for face, glyphs in groupby(line, lambda character: self._faces[character].face):
            run = "".join(glyphs)
            if face is None:
                self._missing(x, baseline, run, size)
            else:
                self._pdf.set_font(self._family(face), size=size)
                self._pdf.text(x, baseline, run)
            x += sum(self._faces.advances(run)) * size

    def _family(self, face: Face) -> str:
        family = self._families.get(face)
        if family is None:
            family = self._families[face] = f"face{len(self._families)}"
            self._pdf.add_font(family, fname=face.path)
            # The subset keeps the whole font's bounding box: measuring each glyph anew would double the time of saving.
            cast(TTFFont, self._pdf.fonts[family]).ttfont.recalcBBoxes = False
        return family

    def _missing(self, x: float, baseline: float, run: str, size: float) -> None:
        for place, character in enumerate(run):
            code = f"{ord(character):X}"
            middle = (len(code) + 1) // 2
            left = x + place * size
            self.blocks(left, baseline - _BOX_ABOVE * size, (size / _BOX_UNITS, size / _BOX_UNITS), _BOX)
            for digits, rise in ((code[:middle], _UPPER_DIGITS), (code[middle:], _LOWER_DIGITS)):
                self._runs(left + _DIGITS_IN * size, baseline - rise * size, digits, size * _DIGITS)
