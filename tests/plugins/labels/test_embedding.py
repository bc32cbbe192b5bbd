from __future__ import annotations

import ctypes
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from asctl_labels import fonts
from tests.plugins.labels.samples import LABEL, document, page_text, render

RARE = "𠮷"
SQUARE = ((100, 0), (100, 800), (800, 800), (800, 0))
FILLERS = [f"filler{number}" for number in range(300)]
ORDER = [".notdef", "space", *FILLERS, "square"]


def write_spare(path: Path, *, outlines: str) -> None:
    """A font whose last glyph, after many unused ones, is a square for the rare character."""
    builder = FontBuilder(1000, isTTF=outlines == "TrueType")
    builder.setupGlyphOrder(ORDER)
    builder.setupCharacterMap({0x20: "space", ord(RARE): "square"})
    pens = {name: TTGlyphPen(None) if outlines == "TrueType" else T2CharStringPen(900, None) for name in ORDER}
    for pen in (pens["square"], *(pens[name] for name in FILLERS)):
        pen.moveTo(SQUARE[0])
        for point in SQUARE[1:]:
            pen.lineTo(point)
        pen.closePath()
    if outlines == "TrueType":
        builder.setupGlyf({name: pen.glyph() for name, pen in pens.items()})
    else:
        builder.setupCFF("Spare", {}, {name: pen.getCharString() for name, pen in pens.items()}, {})
    builder.setupHorizontalMetrics(dict.fromkeys(ORDER, (900, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def fonts_of(page: pypdfium2.PdfPage) -> dict[str, tuple[bool, int]]:
    """For each font of a page's text, as another reader sees it: whether it is embedded, and how many bytes it has."""
    seen = {}
    for text in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3):
        font = pdfium.FPDFTextObj_GetFont(text)
        name, size = ctypes.create_string_buffer(200), ctypes.c_size_t()
        pdfium.FPDFFont_GetBaseFontName(font, name, 200)
        pdfium.FPDFFont_GetFontData(font, None, 0, size)
        seen[name.value.decode()] = pdfium.FPDFFont_GetIsEmbedded(font) == 1, size.value
    return seen


def test_fonts_are_real_and_small() -> None:
    """Text is text in an embedded subset of a few kB, not a picture and not a font that the printer may not have."""
    page = document(replace(LABEL, customer="王鿰"))[0]
    found = fonts_of(page)
    assert sorted(name.partition("+")[2] for name in found) == ["NotoSansSC-Regular", "NotoSerifSC-Regular"]
    for name, (embedded, size) in found.items():
        tag = name.partition("+")[0]
        assert (tag.isupper(), len(tag)) == (True, 6)
        assert embedded
        assert 0 < size < 40_000


def test_other_characters_are_another_subset() -> None:
    """Programs that join files must not take one label's subset for another's."""
    names = [set(fonts_of(document(label)[0])) for label in (LABEL, replace(LABEL, customer="黄**"))]
    assert not names[0] & names[1]


@pytest.mark.parametrize("outlines", ["TrueType", "CFF"])
def test_a_font_of_the_system_is_embedded_as_well(
    outlines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both kinds of outlines work: the glyph is drawn, is its own width, can be copied, and the unused ones stay behind."""
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (str(tmp_path),))
    spare = tmp_path / "HanaMinB.ttf"
    write_spare(spare, outlines=outlines)
    rendered, pdf = render([replace(LABEL, customer=f"甲{RARE}乙")])
    page = pypdfium2.PdfDocument(pdf)[0]
    assert not rendered.missing
    assert f"甲{RARE}乙" in page_text(page)
    embedded, size = fonts_of(page)[next(name for name in fonts_of(page) if name.endswith("+HanaMinB"))]
    assert embedded
    assert size < spare.stat().st_size / 2
    reader = page.get_textpage()
    left, bottom, right, top = reader.get_charbox(reader.search("甲").get_next()[0] + 1)
    shade = page.render(scale=4).to_pil().convert("L").getpixel
    height = page.get_height()
    assert shade((int((left + right) * 2), int((height - (bottom + top) / 2) * 4))) == 0
    assert (right - left) / (top - bottom) == pytest.approx(700 / 800, abs=0.05)


def test_text_can_be_found_and_copied() -> None:
    """What stands on a page, the parts that never change among it, comes out as it went in."""
    text = page_text(document(replace(LABEL, customer="欧阳龘䶮"))[0])
    for words in ("欧阳龘䶮", "订单号 Order", "Return waybill", LABEL.return_name, LABEL.goods[0].title):
        assert words in text
