"""Label pages in dots, black or white and nothing between: what the head of a thermal printer burns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO, NamedTuple, Protocol

from PIL import Image, ImageChops, ImageDraw, ImageFont

from asctl_labels.fonts import Face, Typefaces
from asctl_labels.marks import Block
from asctl_labels.missing import draw_missing
from asctl_labels.surface import MM

BLACK, WHITE = 0, 255

_BOLD = 0.035  # em wider strokes, for the font comes in one weight
_FONTS_KEPT = 32  # a face in one size takes about 1 MB
_GLYPHS_KEPT = 20_000


class PageFile(Protocol):
    """A file that takes label pages as pictures of mode ``1``."""

    def add(self, page: Image.Image) -> None:
        """Take the next page; it does not change any more."""
        ...

    def write(self, out: BinaryIO) -> None:
        """Write the file with all pages."""
        ...


class _Ink(NamedTuple):
    """Dots to print, and where their upper left corner is from the place they are put to."""

    dots: Image.Image
    right: int
    down: int


class Raster:
    """A :class:`~asctl_labels.surface.Surface`: pages of ``width`` by ``height`` points in dots of ``dot`` mm.

    A length is rounded where a thing begins, and what belongs to it counts whole dots from there: no bar is a dot
    wider than its like.
    """

    def __init__(self, width: float, height: float, faces: Typefaces, dot: float, file: PageFile) -> None:
        self.dot = dot
        self._scale = 1 / (dot * MM)
        self._size = (round(width * self._scale), round(height * self._scale))
        self._faces = faces
        self._file = file
        self._sheet = self._blank()
        self._begun = False
        self._colour = BLACK
        self._stamps: dict[str, _Ink] = {}

    def page(self) -> None:
        """Begin the next page; the one before goes into the file."""
        self._finish()
        self._begun = True

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        """Draw a stamp when its name is new; every page then takes over its black dots."""
        if name not in self._stamps:
            sheet, self._sheet = self._sheet, self._blank()
            draw()
            self._stamps[name] = _ink_of(self._sheet)
            self._sheet = sheet
        self._put(self._stamps[name], 0, 0)

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line, each character at the dot nearest to its place."""
        around, self._colour = self._colour, WHITE if white else self._colour
        for character in line:
            glyph = self._faces[character]
            if glyph.face is None:
                draw_missing(self, x, baseline, character, size)
            else:
                ink = _glyph(glyph.face, character, size * self._scale, bold)
                self._put(ink, round(x * self._scale), round(baseline * self._scale))
            x += glyph.advance * size
        self._colour = around

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        """Fill blocks, given in units of (width, height) points from (x, y); none is thinner than a dot."""
        across, down = unit[0] * self._scale, unit[1] * self._scale
        x, y = round(x * self._scale), round(y * self._scale)
        for left, top, wide, high in blocks:
            x1, x2 = x + round(left * across), x + round((left + wide) * across)
            y1, y2 = y + round(top * down), y + round((top + high) * down)
            self._sheet.paste(self._colour, (x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)))

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be drawn afterwards."""
        self._finish()
        self._file.write(out)

    def _put(self, ink: _Ink, x: int, y: int) -> None:
        self._sheet.paste(self._colour, (x + ink.right, y + ink.down), ink.dots)

    def _finish(self) -> None:
        if self._begun:
            self._file.add(self._sheet)
        self._sheet = self._blank()

    def _blank(self) -> Image.Image:
        return Image.new("1", self._size, WHITE)


def _ink_of(sheet: Image.Image) -> _Ink:
    """What is black on a sheet, without the white around it."""
    dots = ImageChops.invert(sheet)
    place = dots.getbbox() or (0, 0, 1, 1)
    return _Ink(dots.crop(place), *place[:2])


@lru_cache(maxsize=_GLYPHS_KEPT)
def _glyph(face: Face, character: str, em: float, bold: bool) -> _Ink:
    """Hinted for dots, and bold by a dot or more to the right: at 6 pt any other way clogs Chinese characters."""
    font, more = _font(face, em), round(em * _BOLD) if bold else 0
    left, top, right, bottom = map(int, font.getbbox(character, mode="1", anchor="ls"))
    dots = Image.new("1", (right - left + more, bottom - top))
    for shift in range(more + 1):
        ImageDraw.Draw(dots).text((shift - left, -top), character, fill=WHITE, font=font, anchor="ls")
    return _Ink(dots, left - more // 2, top)


@lru_cache(maxsize=_FONTS_KEPT)
def _font(face: Face, em: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), em, layout_engine=ImageFont.Layout.BASIC)
