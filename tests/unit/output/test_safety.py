from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.output.safety import json_text, spreadsheet_cell, visible

DRIVING = {"\x1b", "\x9b", "\x07", "\u202e", "\u2066", "\u200f", "\x00", "\r"}
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(st.text())
def test_visible_text_drives_nothing_and_stays_on_its_line(text: str) -> None:
    """No control and no bidirectional character survives; ordinary text is left alone."""
    shown = visible(text)
    assert not any(unicodedata.category(character) == "Cc" for character in shown)
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"} for c in shown
    )
    assert visible(shown) == shown


def test_visible_text_shows_what_was_there() -> None:
    """What is taken out can be read: escapes instead of silence."""
    assert visible("a\x1b[31m\u202eb\nc\td\x9b中") == "a\\x1b[31m\\u202eb\\nc\\td\\x9b中"


@pytest.mark.parametrize("start", STARTS)
def test_a_formula_becomes_text(start: str) -> None:
    """A cell that a spreadsheet would calculate begins with an apostrophe instead."""
    assert spreadsheet_cell(f"{start}cmd|'/c calc'!A1").startswith("'")


@pytest.mark.parametrize("text", ["-5.00", "-12", "7.5", "SF1234567890123", "", "a=b", "中文"])
def test_ordinary_cells_are_left_alone(text: str) -> None:
    """Negative amounts and ordinary words are no formulas."""
    assert spreadsheet_cell(text) == text


@given(st.text())
def test_a_cell_survives_csv(text: str) -> None:
    """Whatever a cell holds, it is one cell again after CSV, and no control character but tab and line feed is left."""
    safe = spreadsheet_cell(text)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow([safe, "end"])
    assert list(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [[safe, "end"]]
    assert not DRIVING & set(safe)


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    """Escaping in JSON loses nothing, and leaves no character that drives a terminal."""
    encoded = json_text(json.dumps(text, ensure_ascii=False))
    assert json.loads(encoded) == text
    assert not DRIVING & set(encoded)
