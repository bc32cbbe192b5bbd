from __future__ import annotations

import pytest

from .conftest import ReadFile

SF = "SF1234567890123"


def test_lines_are_counted_as_an_editor_does(read_file: ReadFile) -> None:
    """A quoted line break makes a row longer, not the next row's number wrong."""
    got = read_file(b'waybill,status\nSF1234567890123,"two\nlines"\n\nSF1234567890124,x\n')
    assert [row.line for row in got] == [2, 5]


def test_tabs_make_a_tsv(read_file: ReadFile) -> None:
    """A header with tabs is TSV; commas are then ordinary."""
    (row,) = read_file(b"waybill\tstatus\tcourier\nSF1234567890123\ta,b\tsf\n")
    assert (row.get("waybill"), row.get("courier")) == (SF, "sf")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n\n"])
def test_the_header_tells_what_separates(read_file: ReadFile, separator: str, before: str) -> None:
    """Comma, semicolon (what some countries' spreadsheets write) or tab; the others are then ordinary text."""
    cells = {",": "a;b", ";": "a,b", "\t": "a,b;c"}[separator]
    text = f"{before}waybill;courier;status\r\n{SF};sf;X\r\n".replace(";", separator).replace("X", cells)
    (row,) = read_file(text.encode())
    assert (row.get("waybill"), row.get("courier"), row.error) == (SF, "sf", None)


def test_bad_rows_are_set_aside(read_file: ReadFile) -> None:
    """Too many cells, a broken quote, an empty identifier and a spoilt number each have their reason and line."""
    got = read_file(
        b'waybill,courier\nSF1234567890123,sf,extra\nSF1234567890124\n"a"b,sf\n,sf\n7.12E+13,sf\nSF1234567890125,sf\n'
    )
    assert [(row.line, row.error.code if row.error else "") for row in got] == [
        (2, "too_many_cells"),
        (3, ""),
        (4, "bad_row"),
        (5, "missing_value"),
        (6, "spoilt_number"),
        (7, ""),
    ]


def test_a_cell_that_was_guarded_for_a_spreadsheet(read_file: ReadFile) -> None:
    """The apostrophe and the ="..." that keep a number as text are no part of it."""
    got = read_file(b'waybill\n\'SF1234567890123\n"=""SF1234567890124"""\n')
    assert [row.get("waybill") for row in got] == [SF, "SF1234567890124"]
