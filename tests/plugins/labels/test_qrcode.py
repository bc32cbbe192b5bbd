from __future__ import annotations

from functools import cache

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from asctl_labels.qrcode import symbol

MASK, QUIET, MODULE = 3, 4, 3
LARGEST = 25
CAPACITY = {1: 14, 2: 26, 3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180, 10: 213, 15: 412, 20: 666, 25: 997}
"""Bytes that a version holds at level M, from the standard (table 7)."""


def text_of(length: int) -> str:
    """So many lower case letters, digits and bars, so that every encoder takes bytes."""
    return ("asctl1|rma2611210001x|" * 50)[:length]


@cache
def versions() -> list[int]:
    """The version of the text of each length."""
    return [(len(symbol(text_of(length))) - 17) // 4 for length in range(998)]


def read(rows: list[str]) -> list[str]:
    """What an independent decoder reads."""
    size = len(rows) + 2 * QUIET
    picture = Image.new("L", (size, size), 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            picture.putpixel((x + QUIET, y + QUIET), 0 if module == "1" else 255)
    return [
        code.text for code in zxingcpp.read_barcodes(picture.resize((size * MODULE,) * 2, Image.Resampling.NEAREST))
    ]


@pytest.mark.parametrize("version", range(1, LARGEST + 1))
def test_every_version_is_that_of_another_encoder(version: int) -> None:
    """Module by module, for a text that fills a version to the last byte; one that begins it is read.

    Only full symbols are compared: before the padding of others segno writes an empty codeword, which decoders ignore.
    """
    shortest = max(versions().index(version), 1)
    longest = versions().index(version) + versions().count(version) - 1
    other = segno.make_qr(text_of(longest), error="m", boost_error=False, mask=MASK, mode="byte")
    assert (other.version, other.error) == (version, "M")
    assert symbol(text_of(longest)) == ["".join(map(str, row)) for row in other.matrix]
    assert read(symbol(text_of(shortest))) == [text_of(shortest)]


@pytest.mark.parametrize(("version", "bytes_"), CAPACITY.items())
def test_a_version_holds_what_the_standard_says(version: int, bytes_: int) -> None:
    """One byte more takes the next version, or is refused after the largest."""
    assert len(symbol("x" * bytes_)) == 17 + 4 * version
    if version == LARGEST:
        with pytest.raises(ValueError, match="998"):
            symbol("x" * (bytes_ + 1))
    else:
        assert len(symbol("x" * (bytes_ + 1))) == 17 + 4 * (version + 1)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_whatever_text_comes_back(text: str) -> None:
    """Chinese, emoji, combining marks and rare characters are read as they were written."""
    assert read(symbol(text)) == [text]
