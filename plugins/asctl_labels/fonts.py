"""The label's typefaces: Noto Sans SC, then Noto Serif SC, then what the system has for characters that both lack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont, TTLibError

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
SPARE_NAMES = (
    "HanaMinB.ttf",
    "HanaMinB.otf",
    "BabelStoneHan.ttf",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Regular.ttc",
    "simsunb.ttf",
)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file: for each character it has, the width in em, and the number that the font knows its glyph by.

    That is the glyph's CID where the font has such, else its index.
    """

    path: Path
    advances: Mapping[str, float]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """How wide a character is, in em, and which face draws it; without a face it is missing."""

    advance: float
    face: Face | None


class Typefaces(dict[str, Glyph]):
    """The glyph of each character asked for, found at its first use; ``missing`` are those that no face has."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[str] = set()
        self._faces = [open_face(Path(pylopdf_fonts_zh_cn.sans_path()))]
        self._spares = _spare_faces()

    def __missing__(self, character: str) -> Glyph:
        self[character] = glyph = self._find(character)
        return glyph

    def advances(self, text: str) -> list[float]:
        """The width of each character in em."""
        return [self[character].advance for character in text]

    def _find(self, character: str) -> Glyph:
        for face in self._all_faces():
            if character in face.advances:
                return Glyph(face.advances[character], face)
        self.missing.add(character)
        return Glyph(1.0, None)

    def _all_faces(self) -> Iterator[Face]:
        """The faces in use, then spare ones, which are opened no earlier than somebody asks for them."""
        yield from self._faces
        for face in self._spares:
            self._faces.append(face)
            yield face


@cache
def open_face(path: Path) -> Face:
    """Read a font's characters. Raises :class:`OSError`, :class:`KeyError` or fontTools' ``TTLibError``."""
    with TTFont(path, lazy=True, fontNumber=0) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        names = {chr(code): name for code, name in font.getBestCmap().items()}
        number = _cid if has_cids(font) else font.getGlyphID
        return Face(
            path,
            {character: metrics[name][0] / em for character, name in names.items()},
            {character: number(name) for character, name in names.items()},
        )


def has_cids(font: TTFont) -> bool:
    """Whether the font's glyphs have character identifiers of their own, as those of large Chinese CFF fonts do."""
    return "CFF " in font and hasattr(font["CFF "].cff.topDictIndex[0], "ROS")


def cid_name(cid: int) -> str:
    """What fontTools calls a glyph that has an identifier instead of a name."""
    return f"cid{cid:05d}"


def _cid(name: str) -> int:
    return int(name.removeprefix("cid"))


def _spare_faces() -> Iterator[Face]:
    for path in [Path(pylopdf_fonts_zh_cn.serif_path()), *_spare_files()]:
        try:
            yield open_face(path)
        except (OSError, TTLibError, KeyError):
            continue


def _spare_files() -> list[Path]:
    folders = (os.walk(os.path.expanduser(folder)) for folder in FONT_FOLDERS)
    found = [Path(at, name) for walk in folders for at, _, names in walk for name in names if name in SPARE_NAMES]
    return sorted(found, key=lambda path: (SPARE_NAMES.index(path.name), path))
