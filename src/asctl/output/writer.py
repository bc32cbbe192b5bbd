"""The five formats. All but the table are streamed; none but the table's width depends on whether stdout is a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TextIO

from asctl.domain.errors import BadInput
from asctl.domain.slips import did_you_mean
from asctl.output.records import IDENTIFIERS, RecordShape
from asctl.output.safety import json_text, spreadsheet_cell, visible
from asctl.output.widths import fitted, shortened
from asctl.text import _

FORMATS = ("table", "json", "ndjson", "csv", "tsv")
JSON_FORMATS = ("json", "ndjson")


class Writer(Protocol):
    """Takes records and puts them on a stream."""

    def write(self, record: Mapping[str, object]) -> None:
        """Add one record; fields it lacks are absent."""
        ...

    def close(self) -> None:
        """Write what is still held back and finish the document. The stream stays open."""
        ...


def open_writer(shape: RecordShape, format: str, columns: Sequence[str], stream: TextIO) -> Writer:
    """A writer for one of :data:`FORMATS`. ``columns`` picks fields and their order; none means the shape's own choice.

    Raises :class:`BadInput` (``unknown_column``) naming the columns there are.
    """
    chosen = choose_fields(shape, format, columns)
    if format == "table":
        return TableWriter(shape, chosen, stream)
    if format in JSON_FORMATS:
        return JsonWriter(chosen, stream, array=format == "json")
    return DelimitedWriter(chosen, stream, delimiter="," if format == "csv" else "\t")


def choose_fields(shape: RecordShape, format: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The fields to write, in order. Raises :class:`BadInput` (``unknown_column``)."""
    known = shape.fields if format in JSON_FORMATS else tuple(f for f in shape.fields if f not in shape.nested)
    if not columns:
        return shape.table if format == "table" else known
    for column in columns:
        if column not in known:
            raise BadInput(
                _("{shape} records have no column {column!r} in {format}").format(
                    shape=shape.name, column=column, format=format
                ),
                code="unknown_column",
                hint=f"{did_you_mean(column, known)} {_('there are: {names}').format(names=', '.join(known))}".lstrip(),
            )
    return tuple(columns)


class JsonWriter:
    """NDJSON as results arrive, or the same objects as one array."""

    def __init__(self, fields: Sequence[str], stream: TextIO, array: bool) -> None:
        import json

        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
        self._fields = fields
        self._stream = stream
        self._array = array
        self._begun = False

    def write(self, record: Mapping[str, object]) -> None:
        line = json_text(self._encode({name: record.get(name) for name in self._fields}))
        if self._array:
            self._stream.write(("," if self._begun else "[") + "\n" + line)
        else:
            self._stream.write(line + "\n")
            self._stream.flush()
        self._begun = True

    def close(self) -> None:
        if self._array:
            self._stream.write("\n]\n" if self._begun else "[]\n")


class DelimitedWriter:
    """CSV and TSV with a header row, safe to open in a spreadsheet."""

    def __init__(self, fields: Sequence[str], stream: TextIO, delimiter: str) -> None:
        import csv

        self._fields = fields
        self._rows = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self._rows.writerow(fields)

    def write(self, record: Mapping[str, object]) -> None:
        self._rows.writerow([spreadsheet_cell(as_text(record.get(name))) for name in self._fields])

    def close(self) -> None:
        """Nothing is held back."""


class TableWriter:
    """A table for people: held back until all widths are known, long texts shortened, on a terminal to its width."""

    def __init__(self, shape: RecordShape, fields: Sequence[str], stream: TextIO) -> None:
        self._whole = shape.whole
        self._fields = fields
        self._stream = stream
        self._rows: list[list[str]] = []

    def write(self, record: Mapping[str, object]) -> None:
        self._rows.append([self._cell(name, record.get(name)) for name in self._fields])

    def close(self) -> None:
        """Print the table; nothing where there are no rows."""
        if not self._rows:
            return
        from tabulate import tabulate

        names, rows, wrapped = self._fitted() if self._stream.isatty() else (self._fields, self._rows, None)
        table: Any = tabulate(rows, names, tablefmt="simple", disable_numparse=True, maxcolwidths=wrapped)
        lines = str(table).splitlines()
        self._stream.write("".join(f"{line.rstrip()}\n" for line in lines))

    def _fitted(self) -> tuple[Sequence[str], list[list[str]], list[int | None]]:
        from shutil import get_terminal_size

        kept = [name in self._whole or name in IDENTIFIERS for name in self._fields]
        return fitted(self._fields, self._rows, kept, get_terminal_size().columns)

    def _cell(self, name: str, value: object) -> str:
        text = visible(as_text(value))
        return text if name in self._whole else shortened(text)


def as_text(value: object) -> str:
    """A plain value in a cell: empty for ``None``, lists joined with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(as_text, value)) if isinstance(value, list) else str(value)
