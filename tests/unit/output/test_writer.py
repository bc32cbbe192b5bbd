from __future__ import annotations

import csv
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from asctl.domain.errors import BadInput
from asctl.output.records import RecordShape
from asctl.output.writer import FORMATS, choose_fields, open_writer, shortened

SHAPE = RecordShape(
    "thing", ("id", "text", "amount", "ok", "tags", "events"), ("id", "text"), nested=("events",), whole=("amount",)
)
RECORD = {"id": "0012", "text": "好", "amount": "-5.00", "ok": True, "tags": ["a", "b"], "events": [{"at": None}]}


def written(format: str, *records: dict[str, object], columns: tuple[str, ...] = ()) -> str:
    stream = io.StringIO()
    writer = open_writer(SHAPE, format, columns, stream)
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def test_json_is_one_array_of_all_fields() -> None:
    """Every field of the shape is there, absent ones are null; Chinese stays readable."""
    text = written("json", RECORD, {"id": "2"})
    assert json.loads(text) == [
        RECORD,
        {"id": "2", "text": None, "amount": None, "ok": None, "tags": None, "events": None},
    ]
    assert "好" in text


def test_json_of_nothing_is_an_empty_array() -> None:
    """A run without records is still a document."""
    assert written("json") == "[]\n"


def test_ndjson_is_one_object_per_line_as_they_come() -> None:
    """Each record is on the stream before the next one is made."""
    stream = io.StringIO()
    writer = open_writer(SHAPE, "ndjson", (), stream)
    writer.write(RECORD)
    assert json.loads(stream.getvalue()) == RECORD
    writer.write({"id": "a\nb"})
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_delimited_has_a_header_and_flat_cells(format: str, delimiter: str) -> None:
    """CSV and TSV: flat fields only, null is empty, lists are joined, truth values are words."""
    rows = list(csv.reader(io.StringIO(written(format, RECORD, {"id": None})), delimiter=delimiter))
    assert rows == [
        ["id", "text", "amount", "ok", "tags"],
        ["0012", "好", "-5.00", "true", "a, b"],
        ["", "", "", "", ""],
    ]


def test_a_table_keeps_ids_as_text_and_aligns_chinese() -> None:
    """Leading zeros stay, the header is the field name, and columns line up on a terminal."""
    lines = written("table", RECORD, {"id": "13", "text": "ab"}, columns=("text", "id")).splitlines()
    assert lines[0].split() == ["text", "id"]
    assert lines[2].split() == ["好", "0012"]
    assert wcswidth(lines[2][: lines[2].index("0012")]) == lines[3].index("13")


def test_a_table_of_nothing_is_nothing() -> None:
    """No rows, no header on its own."""
    assert written("table") == ""


def test_only_a_table_shortens() -> None:
    """Long text is cut with an ellipsis in a table, whole fields and other formats keep all of it."""
    long = "z" * 300
    table = written("table", {"id": "1", "text": long, "amount": long}, columns=("text", "amount"))
    assert "…" in table
    assert long in table
    assert table.count("z") == 300 + 39
    for format in ("json", "ndjson", "csv", "tsv"):
        assert long in written(format, {"text": long})


def test_remote_text_does_not_break_a_table() -> None:
    """A line break or an escape sequence in a cell is shown, so a row is one line."""
    table = written("table", {"id": "1", "text": "a\nb\x1b[31m"})
    assert len(table.splitlines()) == 3
    assert "a\\nb\\x1b[31m" in table


@pytest.mark.parametrize("format", FORMATS)
def test_columns_pick_fields_in_order(format: str) -> None:
    """--columns decides which fields there are and their order."""
    assert choose_fields(SHAPE, format, ("tags", "id")) == ("tags", "id")


@pytest.mark.parametrize("format", FORMATS)
def test_unknown_columns_are_refused(format: str) -> None:
    """An unknown column names those there are; nested ones are unknown outside JSON."""
    with pytest.raises(BadInput) as refused:
        choose_fields(SHAPE, format, ("id", "txet"))
    assert refused.value.code == "unknown_column"
    assert "id, text, amount" in refused.value.hint
    assert ("events" in refused.value.hint) == (format in ("json", "ndjson"))


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cf"))), st.integers(2, 50)
)
def test_shortened_text_fits(text: str, width: int) -> None:
    """What fits stays; what does not fits afterwards and ends with an ellipsis."""
    short = shortened(text, width)
    needed = sum(max(wcwidth(character), 0) for character in text)
    if needed <= width:
        assert short == text
    else:
        assert short.endswith("…")
        assert wcswidth(short) <= width


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
def test_streams_keep_nothing(format: str) -> None:
    """20,000 records leave nothing behind in the writer."""

    class Sink(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    writer = open_writer(SHAPE, format, (), Sink())
    writer.write(RECORD)
    tracemalloc.start()
    for number in range(20_000):
        writer.write({"id": str(number), "text": "text"})
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000
