"""XLSX: the first sheet, its first row as header. Spreadsheets keep 15 digits; what is longer is spoilt, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from asctl.domain.errors import BadInput
from asctl.intake.columns import HeaderMatcher
from asctl.intake.encoding import not_text
from asctl.text import _

EXACT_BELOW = 10**15


def read_workbook(file: BinaryIO, name: str, matcher: HeaderMatcher) -> Iterator[tuple[int, dict[str, str] | BadInput]]:
    """(row number, its cells by column name); empty rows are skipped. Needs the extra ``xlsx``."""
    rows = ((line, row) for line, row in enumerate(_rows(file, name), start=1) if any(cell != "" for cell in row))
    _line, header = next(rows, (0, ()))
    names = [str(cell) for cell in header]
    places = {column: names.index(cell) for column, cell in matcher.match(names).items()} if names else {}
    for line, row in rows:
        try:
            yield line, {column: cell_text(row[place]) for column, place in places.items()}
        except BadInput as error:
            yield line, error


def cell_text(cell: object) -> str:
    """A cell as it would have been typed. Raises :class:`BadInput` (``spoilt_number``) from 10**15 on."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (int, float)):
        if abs(cell) >= EXACT_BELOW:
            raise BadInput(
                _("a number of more than 15 digits was rounded by the spreadsheet; its last digits are gone"),
                code="spoilt_number",
                hint=_("format the column as text before typing or pasting, or export it again"),
            )
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)


def _rows(file: BinaryIO, name: str) -> Iterator[Sequence[Any]]:
    try:
        import python_calamine
    except ImportError:
        raise BadInput(
            _("{file} is an XLSX workbook, and the reader for it is not installed").format(file=name),
            code="extra_missing",
            hint=_("install it with: pip install 'asctl[xlsx]', or save the sheet as CSV"),
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheet: Any = book.get_sheet_by_index(0)
    except python_calamine.CalamineError as error:
        raise not_text(name) from error
    return iter(sheet.to_python(skip_empty_area=False))
