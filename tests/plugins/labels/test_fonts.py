from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from asctl_labels import fonts
from asctl_labels.fonts import Typefaces


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which spare fonts are looked for."""
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (str(tmp_path),))
    return tmp_path


def write_font(path: Path, character: str) -> None:
    """A font with one square for one character."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square, empty = pen.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", "square"])
    builder.setupCharacterMap({0x20: "space", ord(character): "square"})
    builder.setupGlyf({".notdef": empty, "space": empty, "square": square})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "space": (300, 0), "square": (900, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Spare", "styleName": "Regular", "fullName": "Spare Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_rare_characters_of_names_are_in_the_fonts_that_come_with_the_install(folder: Path) -> None:
    """U+4DAE and Traditional Chinese need no font of the system, nor does U+9FF0, which only the second of ours has."""
    faces = Typefaces()
    first, second = faces["䶮"].face, faces["鿰"].face
    assert first is not None
    assert second is not None
    assert first is not second
    assert {faces[character].face for character in "退貨倉庫龍龜灣體㐂"} == {first}
    assert not faces.missing


def test_every_character_of_big5_and_gbk_is_drawn(folder: Path) -> None:
    """Each ideograph that Traditional or Simplified Chinese systems could type before Unicode."""
    codes = [bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF)]
    typed = {code.decode(name, "ignore") for name in ("big5", "gbk") for code in codes}
    faces = Typefaces()
    ideographs = [text for text in typed if len(text) == 1 and unicodedata.category(text) == "Lo"]
    assert len(ideographs) > 21_000
    assert all(faces[ideograph].face for ideograph in ideographs)


def test_a_character_of_no_font_is_remembered(folder: Path) -> None:
    """U+20BB7 without a second font takes one em and is reported."""
    faces = Typefaces()
    assert faces["𠮷"] == fonts.Glyph(1.0, None)
    assert faces.missing == {"𠮷"}


def test_a_second_font_fills_in(folder: Path) -> None:
    """A system font found by its name draws what the first one lacks, with its own widths."""
    (folder / "hana").mkdir()
    write_font(folder / "hana" / "HanaMinB.ttf", "𠮷")
    faces = Typefaces()
    glyph = faces["𠮷"]
    assert glyph.face is not None
    assert glyph.face.path.name == "HanaMinB.ttf"
    assert glyph.advance == 0.9
    assert not faces.missing


def test_a_broken_second_font_is_passed_over(folder: Path) -> None:
    """A damaged file on the system costs one glyph, not the label."""
    (folder / "HanaMinB.ttf").write_bytes(b"not a font")
    write_font(folder / "simsunb.ttf", "𠮷")
    faces = Typefaces()
    assert [faces[character].face is None for character in "𠮷𪚥"] == [False, True]
