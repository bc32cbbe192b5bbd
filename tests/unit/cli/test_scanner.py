from __future__ import annotations

import io
from typing import BinaryIO, cast

import pytest

from asctl.cli.scanner import typed_codes


class Slow(io.RawIOBase):
    """A stream that hands over a few bytes at a time, and counts how often it was asked."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = list(parts)
        self.asked = 0

    def read1(self, _size: int) -> bytes:
        self.asked += 1
        return self._parts.pop(0) if self._parts else b""


def typed(*parts: bytes) -> list[str]:
    return list(typed_codes(cast(BinaryIO, Slow(*parts))))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\t", b"\r\n\r\n"])
def test_a_code_ends_with_its_key(end: bytes) -> None:
    """Whatever a scanner is set to press, one code after the other comes out; the last may lack it."""
    assert typed(b"A1" + end + b"B2" + end + b"C3") == ["A1", "B2", "C3"]


def test_a_code_may_come_in_pieces() -> None:
    """A slow line does not cut codes, not even within a character or between CR and LF."""
    text = "SF1\r\n运单\rYT2\n".encode()
    assert typed(*(text[at : at + 1] for at in range(len(text)))) == ["SF1", "运单", "YT2"]


def test_a_code_is_out_as_soon_as_its_end_is_read() -> None:
    """Nobody waits for the next code to get the answer to this one, with a single CR either."""
    stream = Slow(b"A1\r", b"B2\r")
    codes = typed_codes(cast(BinaryIO, stream))
    assert (next(codes), stream.asked) == ("A1", 1)


def test_blank_lines_and_marks_are_no_codes() -> None:
    """Empty lines, blanks and the mark that editors put before a text are left out."""
    assert typed(b"\xef\xbb\xbfA1\n\n   \n\x00\n B2 ") == ["A1", "B2"]
    assert typed() == []
