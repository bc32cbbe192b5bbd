"""One stream of rows, wherever they come from; bad ones are set aside and never stop the good ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from asctl.domain.errors import BadInput
from asctl.intake.columns import Column, HeaderMatcher
from asctl.intake.encoding import decode_line
from asctl.intake.files import read_file
from asctl.text import _

STDIN = "-"
Raw = tuple[str, int, dict[str, str] | BadInput]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a command's input comes from: arguments (``-`` among them is stdin, one identifier per line), then a file."""

    arguments: tuple[str, ...]
    stdin: BinaryIO
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One input. ``given`` is the identifier as it was typed; ``place`` names file and line (empty for an argument).

    ``error`` says why the row is set aside; ``repeats`` is the place of the earlier row that says the same.
    """

    given: str
    place: str = ""
    line: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    error: BadInput | None = None
    repeats: str = ""

    def get(self, name: str) -> str:
        """The cleaned value of a column; empty where neither the row nor an option gives one."""
        return self.values.get(name, "")


def read_rows(
    source: Source,
    columns: Sequence[Column],
    options: Mapping[str, str | None] | None = None,
    ignored: Collection[str] = (),
    say: Callable[[str], None] = lambda _message: None,
) -> Iterator[Row]:
    """The rows of a source, as they are read. ``columns[0]`` is the identifier; ``options`` fill empty cells.

    Duplicates come with ``repeats`` set, bad rows with ``error``. Raises :class:`BadInput` for a wrong option, and for a
    file that cannot be read as a whole.
    """
    given = {column.name: value for column in columns if (value := (options or {}).get(column.name))}
    defaults = {column.name: column.clean(given[column.name]) for column in columns if column.name in given}
    matcher = HeaderMatcher(columns, ignored, defaults)
    seen: dict[tuple[str, ...], str] = {}
    for place, line, cells in _raw(source, columns[0].name, matcher, say):
        yield _row(place, line, cells, columns, defaults, seen)


def _raw(source: Source, name: str, matcher: HeaderMatcher, say: Callable[[str], None]) -> Iterator[Raw]:
    for argument in source.arguments:
        if argument != STDIN:
            yield "", 0, {name: argument}
            continue
        for line, text in enumerate(map(decode_line, source.stdin), start=1):
            word = text.removeprefix("\ufeff").strip()
            if word and not word.startswith("#"):
                yield _("line {line}").format(line=line), line, {name: word}
    if source.file is not None:
        for line, cells in read_file(source.file, matcher, say):
            yield _("{file} line {line}").format(file=source.file.name, line=line), line, cells


def _row(
    place: str,
    line: int,
    cells: dict[str, str] | BadInput,
    columns: Sequence[Column],
    defaults: Mapping[str, str],
    seen: dict[tuple[str, ...], str],
) -> Row:
    if isinstance(cells, BadInput):
        return Row("", place, line, error=_placed(cells, place))
    given = cells.get(columns[0].name, "").strip()
    try:
        values = {column.name: _value(column, cells, defaults) for column in columns}
    except BadInput as error:
        return Row(given, place, line, error=_placed(error, place))
    same = tuple(values.values())
    repeats = seen.get(same, "")
    seen.setdefault(same, place or _("the arguments"))
    return Row(given, place, line, values, repeats=repeats)


def _value(column: Column, cells: Mapping[str, str], defaults: Mapping[str, str]) -> str:
    text = cells.get(column.name, "").strip()
    if text:
        return column.clean(text)
    if column.required and column.name not in defaults:
        raise BadInput(_("{name} is empty").format(name=column.name), code="missing_value", hint=_("fill the cell"))
    return defaults.get(column.name, "")


def _placed(error: BadInput, place: str) -> BadInput:
    if not place:
        return error
    return BadInput(
        _("{place}: {message}").format(place=place, message=error.message), code=error.code, hint=error.hint
    )
