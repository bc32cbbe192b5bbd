"""Where labels are drawn: pages of a PDF, with lengths in points from the upper left corner.

A page is written out as soon as the next one begins. Fonts are embedded as subsets, once for the whole file.
"""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import BinaryIO

from asctl_labels.embedding import UsedGlyphs, embed
from asctl_labels.fonts import Face, Typefaces
from asctl_labels.marks import DOT, Block
from asctl_labels.missing import draw_missing
from asctl_labels.pdffile import PdfFile

_BOLD_STROKE = 0.035  # em; the font comes in one weight, so bold is drawn as an outline around it
_IN_MEMORY = 1 << 20  # bytes; larger files wait on disk for their end


class PdfCanvas:
    """A PDF under construction; ``made_at`` is the creation date in it. Its codes suit printers of 203 and 300 dpi."""

    dot = DOT

    def __init__(self, width: float, height: float, faces: Typefaces, made_at: datetime) -> None:
        self._faces = faces
        self._width, self._height = width, height
        self._made_at = made_at
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._pdf = PdfFile(self._spool)
        self._resources, self._tree = self._pdf.reserve(), self._pdf.reserve()
        self._pages = array("L")
        self._stamps: dict[str, int] = {}
        self._fonts: dict[Face, tuple[int, UsedGlyphs]] = {}
        self._drawn: list[str] = []

    def page(self) -> None:
        """Begin the next page."""
        self._finish_page()
        self._pages.append(self._pdf.reserve())

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        """Draw what never changes: it is in the file once, and pages refer to it."""
        if name not in self._stamps:
            page, self._drawn = self._drawn, []
            draw()
            self._stamps[name] = self._pdf.put_stream(
                self._operators(),
                b"/Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Resources %d 0 R"
                % (self._width, self._height, self._resources),
            )
            self._drawn = page
        self._drawn.append(f"/S{self._stamps[name]} Do")

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line; a character that no face has becomes a box with its code point."""
        style = "1 g 1 G " * white + f"2 Tr {size * _BOLD_STROKE:.3f} w 1 j" * bold
        if style:
            self._drawn.append(f"q {style}")
        for face, glyphs in groupby(line, lambda character: self._faces[character].face):
            run = "".join(glyphs)
            if face:
                self._show(face, x, baseline, run, size)
            else:
                for place, character in enumerate(run):
                    draw_missing(self, x + place * size, baseline, character, size)
            x += sum(self._faces.advances(run)) * size
        if style:
            self._drawn.append("Q")

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        """Fill blocks, given in units of (width, height) points from (x, y), as one path.

        Blocks filled one by one leave hairlines where they touch, and scanners stumble over those.
        """
        path = "\n".join([f"{left} {top} {wide} {high} re" for left, top, wide, high in blocks])
        self._drawn.append(
            f"q {unit[0]:.5f} 0 0 {-unit[1]:.5f} {x:.3f} {self._height - y:.3f} cm\n{path}\nf Q",
        )

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be drawn afterwards."""
        pdf = self._pdf
        self._finish_page()
        fonts = b"".join(b"/F%d %d 0 R" % (number, embed(glyphs, pdf)) for number, glyphs in self._fonts.values())
        stamps = b"".join(b"/S%d %d 0 R" % (number, number) for number in self._stamps.values())
        pdf.put(b"<</Font<<%b>>/XObject<<%b>>>>" % (fonts, stamps), self._resources)
        pages = b" ".join(b"%d 0 R" % number for number in self._pages)
        pdf.put(
            b"<</Type/Pages/MediaBox[0 0 %.3f %.3f]/Resources %d 0 R/Count %d/Kids[%b]>>"
            % (self._width, self._height, self._resources, len(self._pages), pages),
            self._tree,
        )
        catalog = pdf.put(
            b"<</Type/Catalog/Pages %d 0 R/ViewerPreferences<</PrintScaling /None>>>>" % self._tree,
        )
        pdf.close(catalog, pdf.put(b"<</Producer(asctl)/CreationDate(%b)>>" % _date(self._made_at)))
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, out)
        self._spool.close()

    def _finish_page(self) -> None:
        if self._pages:
            contents = self._pdf.put_stream(self._operators())
            self._pdf.put(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (self._tree, contents), self._pages[-1])

    def _operators(self) -> bytes:
        """What was drawn since the last call, as a content stream."""
        drawn, self._drawn = "\n".join(self._drawn), []
        return drawn.encode("ascii")

    def _show(self, face: Face, x: float, baseline: float, run: str, size: float) -> None:
        if face not in self._fonts:
            self._fonts[face] = len(self._fonts), UsedGlyphs(face)
        font, glyphs = self._fonts[face]
        codes = "".join([glyphs[character] for character in run])
        self._drawn.append(f"BT /F{font} {size:g} Tf {x:.3f} {self._height - baseline:.3f} Td <{codes}> Tj ET")


def _date(moment: datetime) -> bytes:
    """ISO 32000-1, 7.9.4."""
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'".encode("ascii")
