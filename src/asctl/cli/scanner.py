"""A hand scanner types: each code ends with a line end or a tab, and nothing more may come for an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO, cast

from asctl.intake.encoding import decode_line

_ENDS = re.compile(rb"[\r\n\t]+")
_AT_ONCE = 1 << 16


def typed_codes(stream: BinaryIO) -> Iterator[str]:
    """The codes on a stream, each as soon as its end is read; what is not empty, whatever it is."""
    reader, held = cast(BufferedReader, stream), b""
    while chunk := reader.read1(_AT_ONCE):
        *whole, held = _ENDS.split(held + chunk)
        yield from _readable(whole)
    yield from _readable([held])


def _readable(codes: list[bytes]) -> Iterator[str]:
    yield from filter(None, (decode_line(code).strip("\ufeff\0 ") for code in codes))
