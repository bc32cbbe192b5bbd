"""A small TrueType font with Chinese characters, for programs that cannot embed the CFF fonts that come with asctl."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

_MAX_ERROR = 1.0  # thousandths of an em


def write_truetype(file: Path, characters: Iterable[str]) -> None:
    """Write Noto Sans SC's glyphs of these characters as TrueType outlines."""
    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as source:
        names = {ord(character): source.getBestCmap()[ord(character)] for character in {" ", *characters}}
        outlines, metrics = source.getGlyphSet(), source["hmtx"].metrics
        order = [".notdef", *sorted(set(names.values()))]
        glyphs = {}
        for name in order:
            pen = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(pen, _MAX_ERROR, reverse_direction=True))
            glyphs[name] = pen.glyph()
        builder = FontBuilder(source["head"].unitsPerEm)
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(names)
        builder.setupGlyf(glyphs)
        builder.setupHorizontalMetrics({name: metrics[name] for name in order})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Bench Sans", "styleName": "Regular", "psName": "BenchSans"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)
