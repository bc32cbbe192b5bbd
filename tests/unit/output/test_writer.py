from __future__ import annotations

import csv
import io
import json
import tracemalloc

import pytest
from wcwidth import wcswidth

from asctl.domain.errors import BadInput
from asctl.output.records import RecordShape
from asctl.output.writer import FORMATS, choose_fields, open_writer

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
    assert refused.value.hint.startswith("did you mean text? ")


def test_a_column_like_no_other_has_no_likely_one() -> None:
    """Nothing is proposed where nothing is near."""
    with pytest.raises(BadInput) as refused:
        choose_fields(SHAPE, "csv", ("zzzz",))
    assert refused.value.hint.startswith("there are: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """There, and only there: long texts give way, identifiers and what must stay whole lose no character."""
    shape = RecordShape("thing", ("order_id", "text", "mend"), ("order_id", "text", "mend"), whole=("mend",))
    mend = "set return_address in the configuration, 然后再运行一次这个命令, and look again"
    record = {"order_id": "4000000010000001600", "text": "好" * 40, "mend": mend}
    monkeypatch.setenv("COLUMNS", str(width))
    streams = (Terminal(), io.StringIO())
    for stream in streams:
        writer = open_writer(shape, "table", (), stream)
        writer.write(record)
        writer.close()
    on_terminal, elsewhere = (stream.getvalue() for stream in streams)
    assert max(map(wcswidth, on_terminal.splitlines())) <= width
    assert "4000000010000001600" in on_terminal
    told = "".join(line[line.index("  ", 22) :] if "…" in line else line for line in on_terminal.splitlines()[2:])
    assert "".join(mend.split()) in "".join(told.split())
    assert mend in elsewhere


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
