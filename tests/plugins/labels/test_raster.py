from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFont

from asctl_labels import fonts
from asctl_labels.fonts import Typefaces
from asctl_labels.marks import dot_of
from asctl_labels.painter import MM
from asctl_labels.raster import WHITE, Raster

SIDE = 40.0  # mm


class Pages:
    """A file that only collects."""

    def __init__(self) -> None:
        self.pages: list[Image.Image] = []

    def add(self, page: Image.Image) -> None:
        self.pages.append(page)

    def write(self, out: BinaryIO) -> None:
        out.write(b"%d pages" % len(self.pages))


class Sheet(Raster):
    """A raster of 40 by 40 mm whose pages can be looked at."""

    def __init__(self, dpi: int = 203) -> None:
        self.file = Pages()
        self.faces = Typefaces()
        super().__init__(SIDE * MM, SIDE * MM, self.faces, dot_of(dpi), self.file)
        self.page()

    def ink(self) -> Image.Image:
        """What is black on the last page; nothing can be drawn afterwards."""
        self.save(io.BytesIO())
        return ImageChops.invert(self.file.pages[-1])

    def box(self) -> tuple[int, int, int, int]:
        """Where ink is: left, top, right, bottom; nothing can be drawn afterwards."""
        return self.ink().getbbox() or (0, 0, 0, 0)


def dark(sheet: Sheet) -> int:
    """How many dots are black."""
    return sheet.ink().histogram()[WHITE]


@pytest.mark.parametrize(("dpi", "dots"), [(203, 320), (300, 472)])
def test_a_page_is_its_paper_in_dots(dpi: int, dots: int) -> None:
    """40 mm are 320 dots of a head with 8 dots per mm, and 472 at 300 dpi."""
    assert Sheet(dpi).ink().size == (dots, dots)


@given(
    st.sampled_from([203, 300]),
    st.floats(0, 10),
    st.integers(1, 4),
    st.lists(st.integers(1, 4), min_size=1, max_size=12),
)
def test_bars_are_whole_dots_wherever_they_stand(dpi: int, x: float, module: int, widths: list[int]) -> None:
    """Each bar and each gap is its number of modules wide, to the dot, even where the place is between dots."""
    sheet = Sheet(dpi)
    steps = [2 * sum(widths[:place]) for place in range(len(widths))]
    sheet.blocks(
        x * MM,
        0,
        (module * sheet.dot * MM, 5 * MM),
        [(at, 0, width, 1) for at, width in zip(steps, widths, strict=True)],
    )
    row = sheet.ink().crop((0, 5, 320, 6)).convert("L").tobytes()
    start = round(x / sheet.dot)
    for at, width in zip(steps, widths, strict=True):
        first = start + at * module
        if first + 2 * width * module <= len(row):
            assert row[first : first + 2 * width * module] == b"\xff" * width * module + b"\x00" * width * module


def test_a_hairline_is_a_dot() -> None:
    """What is thinner than a dot is still printed."""
    sheet = Sheet()
    sheet.blocks(10 * MM, 10 * MM, (5 * MM, 0.01 * MM), ((0, 0, 1, 1),))
    assert sheet.box() == (80, 80, 120, 81)


@pytest.mark.parametrize("size", [6.0, 9.5, 17.0, 34.0])
def test_words_are_as_wide_as_the_painter_reckons(size: float) -> None:
    """Each character stands within a dot of its place, so words neither drift nor leave their box."""
    sheet, words = Sheet(), "退 X2"
    sheet.text(2 * MM, 20 * MM, words, size, bold=True)
    left, top, right, bottom = sheet.box()
    ends = 2 / sheet.dot + sum(sheet.faces.advances(words)) * size / MM / sheet.dot
    assert 2 / sheet.dot - 1 <= left
    assert ends - 0.15 * size / MM / sheet.dot - 1 <= right <= ends + 1
    assert 20 / sheet.dot - size / MM / sheet.dot <= top < bottom <= 20 / sheet.dot + 0.2 * size / MM / sheet.dot


def test_bold_is_blacker() -> None:
    """The same words take more ink in bold."""
    plain, bold = Sheet(), Sheet()
    plain.text(2 * MM, 20 * MM, "寄回", 12)
    bold.text(2 * MM, 20 * MM, "寄回", 12, bold=True)
    assert dark(bold) > 1.1 * dark(plain)


def test_white_words_on_a_black_box_are_the_black_words_reversed() -> None:
    """Reversed text loses no dot."""
    plain, box, reverse = Sheet(), Sheet(), Sheet()
    plain.text(12 * MM, 20 * MM, "退货 RETURN", 12)
    for sheet in (box, reverse):
        sheet.blocks(10 * MM, 10 * MM, (28 * MM, 20 * MM), ((0, 0, 1, 1),))
    reverse.text(12 * MM, 20 * MM, "退货 RETURN", 12, white=True)
    assert ImageChops.logical_xor(box.ink(), plain.ink()).tobytes() == reverse.ink().tobytes()


def test_neighbouring_chinese_characters_differ_at_the_smallest_size() -> None:
    """At 6 pt and 203 dpi characters that differ in one stroke are different dots, and none is a clogged blot."""
    for one, other in ("未末", "日曰", "己已", "土士", "龚龏"):
        pictures = []
        for character in (one, other):
            sheet = Sheet()
            sheet.text(2 * MM, 20 * MM, character, 6)
            ink = sheet.ink()
            pictures.append(ink.tobytes())
            left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
            assert ink.histogram()[WHITE] < 0.7 * (right - left) * (bottom - top)
        assert pictures[0] != pictures[1]


@pytest.mark.parametrize("white", [False, True])
def test_a_missing_character_is_a_box_with_its_code_point(
    white: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands on any ground, takes one em, holds digits, and two such characters do not look alike."""
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (str(tmp_path),))
    boxes = []
    for character in "𪚥𪚦":
        sheet = Sheet()
        if white:
            sheet.blocks(0, 0, (SIDE * MM, SIDE * MM), ((0, 0, 1, 1),))
        sheet.text(10 * MM, 20 * MM, character + "日", 12, white=white)
        ink = sheet.ink()
        drawn = ImageChops.invert(ink) if white else ink
        em = round(12 / MM / sheet.dot)
        left, top, right, _bottom = drawn.getbbox() or (0, 0, 0, 0)
        assert 80 <= left <= 82
        assert 1.7 * em < right - left <= 2 * em
        assert drawn.crop((left, top, left + em * 22 // 24, top + 1)).histogram()[WHITE] == em * 22 // 24
        boxes.append(drawn.crop((left + 4, top + 4, left + em - 4, top + em - 4)))
        assert sheet.faces.missing == {character}
    assert boxes[0].histogram()[WHITE] > 20
    assert boxes[0].tobytes() != boxes[1].tobytes()


def test_a_stamp_is_drawn_once_and_stands_on_every_page() -> None:
    """Later pages carry its dots without drawing them again, over or under what is already there."""
    sheet, drawn = Sheet(), []

    def draw() -> None:
        drawn.append(1)
        sheet.blocks(10 * MM, 10 * MM, (20 * MM, 8 * MM), ((0, 0, 1, 1),))
        sheet.text(12 * MM, 16 * MM, "退货", 12, white=True)

    plain = Sheet()
    sheet.stamp("head", draw)
    sheet.page()
    sheet.blocks(2 * MM, 2 * MM, (3 * MM, 3 * MM), ((0, 0, 1, 1),))
    sheet.stamp("head", draw)
    second = sheet.ink()
    plain.blocks(2 * MM, 2 * MM, (3 * MM, 3 * MM), ((0, 0, 1, 1),))
    first = ImageChops.invert(sheet.file.pages[0])
    assert len(drawn) == 1
    assert first.getpixel((81, 81)) == WHITE
    assert second.tobytes() == ImageChops.logical_or(first, plain.ink()).tobytes()


def test_a_stamp_without_ink_changes_nothing() -> None:
    """Nothing drawn is nothing printed."""
    sheet = Sheet()
    sheet.stamp("empty", lambda: None)
    assert dark(sheet) == 0


def test_fonts_are_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred pages in two sizes that nobody used before open the font file twice."""
    opened = []
    real = ImageFont.truetype
    monkeypatch.setattr(ImageFont, "truetype", lambda *args, **more: opened.append(args) or real(*args, **more))
    sheet = Sheet()
    for number in range(100):
        sheet.page()
        sheet.text(2 * MM, 10 * MM, f"商品 {number}", 9.125)
        sheet.text(2 * MM, 20 * MM, f"SKU-{number}", 12.125)
    assert len(opened) == 2


def test_pages_go_into_the_file_one_by_one() -> None:
    """A page is handed over as soon as the next one begins, and the last one when the file is written."""
    sheet, out = Sheet(), io.BytesIO()
    sheet.page()
    assert len(sheet.file.pages) == 1
    sheet.save(out)
    assert out.getvalue() == b"2 pages"
