"""Text files as people have them: UTF-8 with or without a byte order mark, else GB18030 (what Chinese Excel writes)."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from io import TextIOWrapper
from typing import BinaryIO

from asctl.domain.errors import BadInput
from asctl.text import _

_CHUNK = 1 << 16


def open_text(file: BinaryIO, name: str, say: Callable[[str], None]) -> TextIOWrapper:
    """Decode a rewindable file as it streams, line ends untouched. ``say`` is told when it is not UTF-8.

    The whole file is looked at first, because a short GB18030 text may begin like UTF-8.
    Raises :class:`BadInput` (``not_text``).
    """
    if _decodes(file, "utf-8"):
        return TextIOWrapper(file, "utf-8-sig", newline="")
    if _decodes(file, "gb18030"):
        say(_("{file} is not UTF-8; it was read as GB18030").format(file=name))
        return TextIOWrapper(file, "gb18030", newline="")
    raise not_text(name)


def decode_line(line: bytes) -> str:
    """One line of a stream that cannot be read twice; bytes that are neither encoding become U+FFFD."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")


def not_text(name: str) -> BadInput:
    """The error for a file that is neither text nor a workbook."""
    return BadInput(
        _("{file} is neither a text file in UTF-8 or GB18030 nor an XLSX workbook").format(file=name),
        code="not_text",
        hint=_("save it as 'CSV UTF-8' or as .xlsx"),
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
