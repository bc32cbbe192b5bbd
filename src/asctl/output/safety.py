"""Remote text must neither drive a terminal nor run in a spreadsheet."""

from __future__ import annotations

import re

_DRIVING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_DRIVES = re.compile(f"[{_DRIVING}]")
_DRIVES_OR_BREAKS = re.compile(f"[{_DRIVING}\t\n]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def visible(text: str) -> str:
    """``text`` on one line, with control and bidirectional characters written as escapes."""
    return _DRIVES_OR_BREAKS.sub(_escape, text)


def spreadsheet_cell(text: str) -> str:
    """``text`` for CSV and TSV: a leading apostrophe where a spreadsheet would see a formula; a plain number is none.

    Line breaks and tabs stay (the format quotes them); all else that could drive a terminal is escaped.
    """
    guarded = text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    safe = _DRIVES.sub(_escape, text)
    return f"'{safe}" if guarded else safe


def json_text(encoded: str) -> str:
    """Encoded JSON with the characters that could drive a terminal as ``\\uXXXX``: the same value to every parser."""
    return _DRIVES.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _SHORT.get(character) or (f"\\x{ord(character):02x}" if character < "\u0100" else f"\\u{ord(character):04x}")
