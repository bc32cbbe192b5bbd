"""On which line of a TOML text a key stands; ``tomllib`` does not tell.

Right for ordinary layouts; a key inside an inline table gets the line of the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from asctl.settings.origin import KeyPath

_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_FENCES = ('"""', "'''")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line numbers, from 1, of each table header and key."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        inside, fence = fence, _fence_after(line, fence)
        if inside:
            continue
        if header := _HEADER.match(line):
            table = _parts(header[1])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _parts(key[1]), number)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a key, else of the nearest table around it, else 1."""
    ends = range(len(path), 0, -1)
    return next((lines[path[:end]] for end in ends if path[:end] in lines), 1)


def _parts(text: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_PART, text))


def _fence_after(line: str, fence: str) -> str:
    """The multi-line string that is open behind ``line``, given the one open before it."""
    if fence:
        return "" if line.count(fence) % 2 else fence
    return next((mark for mark in _FENCES if line.count(mark) % 2), "")
