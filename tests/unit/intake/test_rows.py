from __future__ import annotations

import io
import os
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from asctl.domain.errors import BadInput
from asctl.intake.columns import COURIER, REASON, WAYBILL
from asctl.intake.rows import Row, Source, read_rows

from .conftest import ReadFile

SF = "SF1234567890123"


def rows(*arguments: str, stdin: bytes = b"", file: Path | None = None, **options: str | None) -> list[Row]:
    return list(read_rows(Source(arguments, io.BytesIO(stdin), file), (WAYBILL, COURIER), options))


def test_arguments_are_cleaned() -> None:
    """Trimmed, half width, upper case; as given beside it."""
    (row,) = rows(" ｓｆ1234567890123 ")
    assert (row.given, row.get("waybill"), row.error) == ("ｓｆ1234567890123", SF, None)


def test_stdin_is_one_identifier_per_line() -> None:
    """Blank lines and comments are skipped, a byte order mark is no part of the first, lines keep their number."""
    got = rows("-", stdin=f"\ufeff{SF}\r\n\n  # two\nYT1234567890123\n".encode())
    assert [(row.line, row.place, row.get("waybill")) for row in got] == [
        (1, "line 1", SF),
        (4, "line 4", "YT1234567890123"),
    ]


def test_a_bad_row_does_not_stop_the_good_ones() -> None:
    """A spoilt number and a wrong shape are set aside with their line; the rest runs."""
    got = rows("-", stdin=b"7.12E+13\n" + SF.encode() + b"\n!!\n\xff\xfe\n")
    assert [row.error.code if row.error else "" for row in got] == ["spoilt_number", "", "bad_waybill", "bad_waybill"]
    assert got[0].error is not None
    assert got[0].error.message.startswith("line 1: 7.12E+13")
    assert got[0].error.hint


def test_the_same_row_twice_is_one() -> None:
    """A repeat names the place of the first, even when it is written differently."""
    got = rows(SF, "sf1234567890123", "-", stdin=f"{SF}\nYT1234567890123\nYT1234567890123\n".encode())
    assert [row.repeats for row in got] == ["", "given twice", "given twice", "", "the same as line 2"]


def test_rows_that_differ_are_two(read_file: ReadFile) -> None:
    """The same waybill with another courier is another intent."""
    got = read_file(b"waybill,courier\nSF1234567890123,sf\nSF1234567890123,zto\nsf1234567890123,SF\n")
    assert [bool(row.repeats) for row in got] == [False, False, True]


def test_an_option_wins_over_the_cells(read_file: ReadFile) -> None:
    """Precedence is as everywhere: the option, then the file; a cell that is not used may be wrong."""
    content = b"waybill,courier,order\nSF1234567890123,,20011\nSF1234567890124,zto,7.1E+12\n"
    got = read_file(content, courier="SF", order="20012")
    assert [(row.get("courier"), row.get("order"), row.error) for row in got] == [("sf", "20012", None)] * 2
    assert [row.get("courier") for row in read_file(content)] == ["", ""]
    assert [row.get("courier") for row in read_file(b"waybill,courier\nSF1234567890124,zto\n")] == ["zto"]


def test_a_missing_value_is_asked_for_where_it_is_given(tmp_path: Path) -> None:
    """For identifiers that were typed or piped it is the option, in a file the cell, for an empty argument itself."""
    path = tmp_path / "in.csv"
    path.write_text(f"waybill,reason\n{SF},\n{SF}\n,late\n")
    source = Source((SF, "-", ""), io.BytesIO(SF.encode()), path)
    errors = [row.error for row in read_rows(source, (WAYBILL, replace(REASON, required=True)))]
    assert [(error.message, error.hint) for error in errors if error] == [
        ("no reason is given", "give --reason; it holds for every row"),
        ("line 1: no reason is given", "give --reason; it holds for every row"),
        ("waybill is empty", "leave it out, or give one"),
        ("in.csv line 2: reason is empty", "fill the cell"),
        ("in.csv line 3: reason is empty", "fill the cell"),
        ("in.csv line 4: waybill is empty", "fill the cell"),
    ]


def test_a_wrong_option_ends_the_run_before_it_begins() -> None:
    """An option is checked once, not row by row."""
    with pytest.raises(BadInput) as refused:
        rows(SF, waybill="7.1E+12")
    assert refused.value.code == "spoilt_number"


@pytest.mark.parametrize(
    "header",
    ["waybill", "Waybill", " WAY-BILL ", "way bill", "--waybill", "\ufeffwaybill", '"waybill"'],
)
def test_headers_are_named_as_the_options(read_file: ReadFile, header: str) -> None:
    """Case, blanks, dashes and underscores make no difference."""
    assert read_file(f"{header}\n{SF}\n".encode())[0].get("waybill") == SF


def test_our_own_exports_can_be_fed_back(read_file: ReadFile) -> None:
    """Fields that are no options are ignored, field names stand for options, and ``input`` for the identifier."""
    (row,) = read_file(b"waybill,courier,order_id,status,verdict\nSF1234567890123,sf,20011,IN_TRANSIT,slow\n")
    assert dict(row.values) == {"waybill": SF, "courier": "sf", "order": "20011"}
    (row,) = read_file(b"input,status\nSF1234567890123,failed\n")
    assert row.get("waybill") == SF
    (row,) = read_file(b"input,waybill\nxx,SF1234567890123\n")
    assert row.get("waybill") == SF


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"waybill,colour\n", "unknown_column"),
        (b"courier\nsf\n", "missing_column"),
        (b"waybill,Way-Bill\n", "repeated_column"),
        (b"[\n{}\n]\n", "json_array"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_text"),
        (b"waybill\n\xff\xff\xff\n", "not_text"),
        (b"PK\x03\x04 no workbook", "not_text"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(read_file: ReadFile, content: bytes, code: str) -> None:
    """Unknown or missing columns and unreadable files end the run before it begins, with what to do."""
    with pytest.raises(BadInput) as refused:
        read_file(content)
    assert refused.value.code == code
    assert refused.value.hint


def test_an_unknown_column_lists_the_known_ones(read_file: ReadFile) -> None:
    """The refusal names the columns there are."""
    with pytest.raises(BadInput) as refused:
        read_file(b"waybill,colour\n")
    assert "waybill, courier, order" in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"\n\n", b"waybill\n", b"\xef\xbb\xbf"])
def test_nothing_in_a_file_is_no_rows(read_file: ReadFile, content: bytes) -> None:
    """An empty export fed back is nothing to do."""
    assert read_file(content) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file and a folder are refused by name."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match=str(path)) as refused:
            rows(file=path)
        assert refused.value.code == "file_unreadable"


def test_a_pipe_is_a_file(tmp_path: Path) -> None:
    """``--from <(command)`` works: what cannot be read twice is put aside first."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(f"waybill\n{SF}\n".encode(),))
    writer.start()
    (row,) = rows(file=pipe)
    writer.join()
    assert row.get("waybill") == SF


def test_gb18030_is_read_and_said(read_file: ReadFile) -> None:
    """A file from a Chinese spreadsheet is understood, and the operator is told."""
    said: list[str] = []
    content = "waybill,verdict\nSF1234567890123,联通很慢\n".encode("gb18030")
    assert read_file(content, said)[0].get("waybill") == SF
    assert said == ["rows.txt is not UTF-8; it was read as GB18030"]
    read_file("waybill,verdict\nSF1234567890123,慢\n".encode(), said)
    assert len(said) == 1


def test_a_big_file_is_streamed(tmp_path: Path) -> None:
    """Only what tells repeats apart is kept: 20 MB of rows need less than half of that."""
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("waybill,status\n")
        file.writelines(f"SF{number:013},{'x' * 1000}\n" for number in range(20_000))
    tracemalloc.start()
    count = sum(
        1 for row in read_rows(Source((), io.BytesIO(), path), (WAYBILL,), ignored={"status"}) if row.error is None
    )
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 10_000_000
