"""CSV and TSV with a header row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from asctl.domain.errors import BadInput
from asctl.intake.columns import HeaderMatcher
from asctl.text import _

if TYPE_CHECKING:
    from _csv import Reader


def delimiter_of(header: bytes) -> str:
    """What separates the cells of a header row; where one cell is all there is, a comma will do.

    Some countries' spreadsheets write ``;`` and call it CSV. No column's name holds any of the three.
    """
    return next((delimiter for delimiter in "\t,;" if delimiter.encode() in header), ",")


def read_delimited(
    text: TextIO, delimiter: str, matcher: HeaderMatcher
) -> Iterator[tuple[int, dict[str, str] | BadInput]]:
    """(first line of the row, its cells by column name); blank rows are skipped, cells that a short row lacks are empty."""
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] = []
    places: dict[str, int] = {}
    for line, row in _numbered(rows):
        if isinstance(row, BadInput):
            yield line, row
        elif not any(cell.strip() for cell in row):
            continue
        elif not header:
            header = row
            places = {name: header.index(cell) for name, cell in matcher.match(header).items()}
        elif len(row) > len(header):
            yield line, _too_many(len(row), len(header))
        else:
            yield line, {name: row[place] if place < len(row) else "" for name, place in places.items()}


def _numbered(rows: Reader) -> Iterator[tuple[int, list[str] | BadInput]]:
    while True:
        line = rows.line_num + 1
        try:
            yield line, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _broken(error)


def _broken(error: csv.Error) -> BadInput:
    return BadInput(
        _("the row cannot be read: {reason}").format(reason=error),
        code="bad_row",
        hint=_('close every quote; a quote inside a quoted cell is written ""'),
    )


def _too_many(cells: int, columns: int) -> BadInput:
    return BadInput(
        _("the row has {cells} cells, the header has {columns}").format(cells=cells, columns=columns),
        code="too_many_cells",
        hint=_("put cells that hold the separator into quotes"),
    )
