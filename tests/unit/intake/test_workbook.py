from __future__ import annotations

import io
import sys
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.intake.workbook import cell_text

from .conftest import ReadFile


def workbook(*rows: tuple[object, ...]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif cell is not None:
                sheet.write(line, place, cell)
    book.close()
    return stream.getvalue()


def test_rows_keep_the_number_that_the_spreadsheet_shows(read_file: ReadFile) -> None:
    """The first row with anything in it is the header; empty rows are skipped and counted."""
    got = read_file(workbook((), ("Waybill", "courier"), (), ("SF1234567890123", "sf"), ("", ""), ("YT1234567890123",)))
    assert [(row.line, row.get("waybill")) for row in got] == [(4, "SF1234567890123"), (6, "YT1234567890123")]


def test_number_cells(read_file: ReadFile) -> None:
    """Up to 15 digits are exact and become digits; longer ones are spoilt, text cells are not."""
    got = read_file(workbook(("waybill",), (77123456789012,), (731234567890123456,), ("731234567890123456",)))
    assert got[0].get("waybill") == "77123456789012"
    assert got[1].error is not None
    assert got[1].error.code == "spoilt_number"
    assert got[1].error.message.startswith("rows.txt line 3: ")
    assert got[2].get("waybill") == "731234567890123456"


@given(st.integers(-(10**20), 10**20))
def test_integers_are_exact_or_refused(number: int) -> None:
    """Below 10**15 a float holds every integer; from there on nobody can tell."""
    if abs(number) < 10**15:
        assert cell_text(float(number)) == str(number)
    else:
        with pytest.raises(BadInput):
            cell_text(float(number))


def test_other_cells_are_as_typed() -> None:
    """Truth values, fractions and dates become text."""
    cells = [True, 1.5, date(2026, 11, 21), datetime(2026, 11, 21, 8, 0), "x"]  # noqa: DTZ001
    assert [cell_text(cell) for cell in cells] == ["true", "1.5", "2026-11-21", "2026-11-21T08:00:00", "x"]


def test_without_the_reader(read_file: ReadFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the operator is told what to install, or to save as CSV."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(BadInput) as refused:
        read_file(workbook(("waybill",)))
    assert refused.value.code == "extra_missing"
    assert "asctl[xlsx]" in refused.value.hint
