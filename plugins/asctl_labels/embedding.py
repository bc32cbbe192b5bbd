"""Faces as fonts of a PDF: the glyphs that are used, how wide they are, and which characters they stand for.

Text is written as glyph numbers of two bytes (ISO 32000-1, 9.7). A subset keeps the numbers of the whole font, so pages can
be written before it is known which characters the last of them needs.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from hashlib import sha256
from itertools import islice

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from asctl_labels.fonts import Face, cid_name, has_cids
from asctl_labels.pdffile import PdfFile

_CFF_TABLES = {"GlyphOrder", "CFF ", "head", "maxp"}
_TRUETYPE_TABLES = {"GlyphOrder", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"}
_WIDE = 1000  # thousandths of an em, the width of a Chinese character
_SYMBOLIC = 4
_STEM = 80  # thousandths of an em; only viewers that cannot read the embedded font look at it
_CMAP_LINES = 100  # at most in one block (Adobe technical note 5014)

_CMAP_BEGINS = b"""\
/CIDInit/ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><FFFF>
endcodespacerange"""
_CMAP_ENDS = b"""\
endcmap
CMapName currentdict/CMap defineresource pop
end
end"""


class UsedGlyphs(dict[str, str]):
    """The number of each character asked for so far, as four hexadecimal digits; ``KeyError`` where the face has none."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, character: str) -> str:
        self[character] = number = f"{self.face.numbers[character]:04X}"
        return number


def embed(glyphs: UsedGlyphs, pdf: PdfFile) -> int:
    """Put the used part of a face into the file and return the font's number."""
    path = glyphs.face.path
    name = b"%b+%b" % (_tag(glyphs), path.stem.encode("ascii"))
    with TTFont(path, fontNumber=0, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        metrics = _metrics(font)
        if "CFF " in font:
            kind, entry, subtype = b"CIDFontType0", b"FontFile3", b"/Subtype/CIDFontType0C"
        else:
            kind, entry, subtype = b"CIDFontType2/CIDToGIDMap/Identity", b"FontFile2", b""
        program = pdf.put_stream(_subset(font, {int(number, 16) for number in glyphs.values()}, name), subtype)
    descriptor = pdf.put(
        b"<</Type/FontDescriptor/FontName/%b/Flags %d/ItalicAngle 0/StemV %d%b/%b %d 0 R>>"
        % (name, _SYMBOLIC, _STEM, metrics, entry, program)
    )
    descendant = pdf.put(
        b"<</Type/Font/Subtype/%b/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/DW %d/W[%b]/FontDescriptor %d 0 R>>" % (kind, name, _WIDE, _widths(glyphs), descriptor)
    )
    return pdf.put(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, pdf.put_stream(_meanings(glyphs)))
    )


def _subset(font: TTFont, numbers: Collection[int], name: bytes) -> bytes:
    """The font program with these glyphs only, under the numbers they had: a bare CFF table, or a TrueType file."""
    cids, cff = has_cids(font), "CFF " in font
    for table in set(font.keys()) - (_CFF_TABLES if cff else _TRUETYPE_TABLES):
        del font[table]
    subsetter = Subsetter(Options(desubroutinize=True, notdef_outline=True, recalc_bounds=False, retain_gids=not cids))
    if cids:
        subsetter.populate(glyphs=map(cid_name, numbers))
    else:
        subsetter.populate(gids=numbers)
    subsetter.subset(font)
    if cff:
        font["CFF "].cff.fontNames = [name.decode()]
        return bytes(font.getTableData("CFF "))
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _tag(characters: Collection[str]) -> bytes:
    """Six capital letters that name this subset: other characters give other letters (ISO 32000-1, 9.6.4)."""
    digest = sha256("".join(sorted(characters)).encode()).digest()
    return bytes(ord("A") + byte % 26 for byte in digest[:6])


def _metrics(font: TTFont) -> bytes:
    head, lines = font["head"], font["hhea"]
    figures = (head.xMin, head.yMin, head.xMax, head.yMax, lines.ascent, lines.descent, lines.ascent)
    scaled = tuple(round(figure * 1000 / head.unitsPerEm) for figure in figures)
    return b"/FontBBox[%d %d %d %d]/Ascent %d/Descent %d/CapHeight %d" % scaled


def _widths(glyphs: UsedGlyphs) -> bytes:
    """The width of each glyph that is not as wide as a Chinese character."""
    widths = {int(number, 16): round(glyphs.face.advances[character] * 1000) for character, number in glyphs.items()}
    return b" ".join(b"%d[%d]" % entry for entry in sorted(widths.items()) if entry[1] != _WIDE)


def _meanings(glyphs: UsedGlyphs) -> bytes:
    """Which character a glyph stands for, so that text can be searched and copied (ISO 32000-1, 9.10.3)."""
    characters: dict[str, str] = {}
    for character, number in glyphs.items():
        characters.setdefault(number, character)
    return b"\n".join((_CMAP_BEGINS, *_blocks(iter(sorted(characters.items()))), _CMAP_ENDS))


def _blocks(entries: Iterator[tuple[str, str]]) -> Iterator[bytes]:
    while block := list(islice(entries, _CMAP_LINES)):
        lines = (f"<{number}><{character.encode('utf-16-be').hex()}>" for number, character in block)
        yield "\n".join((f"{len(block)} beginbfchar", *lines, "endbfchar")).encode()
