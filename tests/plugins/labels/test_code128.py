from __future__ import annotations

from functools import cache

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from asctl_labels.code128 import element_widths, symbol_values

PRINTABLE = [chr(code) for code in range(32, 127)]
TEXTS = st.text(st.sampled_from([*PRINTABLE, *"0123456789" * 9]), min_size=1, max_size=30)


def read_back(values: list[int]) -> str:
    """What the symbols between start and check say."""
    start, *data = values[:-2]
    in_c, text = start == 105, ""
    for value in data:
        if in_c and value < 100:
            text += f"{value:02d}"
        elif value in (99, 100):
            in_c = value == 99
        else:
            text += chr(value + 32)
    return text


def fewest_symbols(text: str) -> int:
    """Data symbols of the shortest code, start included, found by trying everything."""

    @cache
    def rest(at: int, in_c: bool) -> float:
        if at == len(text):
            return 0
        pair = text[at : at + 2]
        in_b = 1 + rest(at + 1, False) + in_c
        return min(in_b, 1 + rest(at + 2, True) + (not in_c)) if len(pair) == 2 and pair.isdigit() else in_b

    return int(1 + min(rest(0, False), rest(0, True)))


def picture(text: str) -> Image.Image:
    """The bars, three pixels a module, between quiet zones."""
    shades, bar = [255] * 10, True
    for width in map(int, element_widths(symbol_values(text))):
        shades += [0 if bar else 255] * width
        bar = not bar
    row = Image.new("L", (len(shades) + 10, 1), 255)
    row.putdata(shades + [255] * 10)
    return row.resize((row.width * 3, 60), Image.Resampling.NEAREST)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Wikipedia", [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]),
        ("AIM1234", [104, 33, 41, 45, 99, 12, 34, 87, 106]),
        ("0123456789", [105, 1, 23, 45, 67, 89, 73, 106]),
    ],
)
def test_published_symbols(text: str, values: list[int]) -> None:
    """Data, code set switches and check symbol are those of published examples."""
    assert symbol_values(text) == values


@given(TEXTS)
def test_symbols_say_the_text_in_the_fewest_symbols(text: str) -> None:
    """The symbols read back as the text, and no other choice of code sets is shorter."""
    values = symbol_values(text)
    assert read_back(values) == text
    assert len(values) == fewest_symbols(text) + 2


def test_each_symbol_is_eleven_modules_wide() -> None:
    """Every symbol has six elements of one to four modules, eleven in all; its bars add up to an even number."""
    patterns = [element_widths([value]) for value in range(106)]
    assert len(set(patterns)) == 106
    for widths in (list(map(int, pattern)) for pattern in patterns):
        assert (len(widths), sum(widths), sum(widths[::2]) % 2) == (6, 11, 0)
        assert set(widths) <= {1, 2, 3, 4}
    assert element_widths([106]) == "2331112"


@pytest.mark.parametrize("at", range(0, 95, 19))
def test_every_character_is_read_by_an_independent_decoder(at: int) -> None:
    """All 95 printable characters come back."""
    text = "".join(PRINTABLE[at : at + 19])
    assert [code.text for code in zxingcpp.read_barcodes(picture(text))] == [text]


@pytest.mark.parametrize("tens", range(10))
def test_every_pair_of_digits_is_read_by_an_independent_decoder(tens: int) -> None:
    """All 100 symbols of code set C come back."""
    text = "".join(f"{tens}{ones}" for ones in range(10))
    assert [code.text for code in zxingcpp.read_barcodes(picture(text))] == [text]


@pytest.mark.parametrize("text", ["", "运单", "A\tB", "ÄB", "\x7f", "１２３"])
def test_other_texts_are_refused(text: str) -> None:
    """What the two code sets cannot hold is an error, never another text."""
    with pytest.raises(ValueError, match="ASCII"):
        symbol_values(text)
