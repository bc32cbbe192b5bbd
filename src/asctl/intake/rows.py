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

    ``error`` says why the row is set aside; ``repeats`` is the sentence that tells which earlier row says the same.
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
    """The rows of a source, as they are read. ``columns[0]`` is the identifier; a value in ``options`` wins over the cells.

    Duplicates come with ``repeats`` set, bad rows with ``error``. Raises :class:`BadInput` for a wrong option, and for a
    file that cannot be read as a whole.
    """
    given = {column.name: value for column in columns if (value := (options or {}).get(column.name))}
    chosen = {column.name: column.clean(given[column.name]) for column in columns if column.name in given}
    matcher = HeaderMatcher(columns, ignored, chosen)
    seen: dict[tuple[str, ...], str] = {}
    for place, line, cells in _raw(source, columns[0].name, matcher, say):
        yield _row(place, line, cells, columns, chosen, seen)


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
    chosen: Mapping[str, str],
    seen: dict[tuple[str, ...], str],
) -> Row:
    if isinstance(cells, BadInput):
        return Row("", place, line, error=placed(cells, place))
    given = cells.get(columns[0].name, "").strip()
    try:
        values = {column.name: _value(column, cells, chosen, place) for column in columns}
    except BadInput as error:
        return Row(given, place, line, error=placed(error, place))
    same = tuple(values.values())
    repeats = _repeats(seen[same]) if same in seen else ""
    seen.setdefault(same, place)
    return Row(given, place, line, values, repeats=repeats)


def _repeats(place: str) -> str:
    return _("the same as {place}").format(place=place) if place else _("given twice")


def _value(column: Column, cells: Mapping[str, str], chosen: Mapping[str, str], place: str) -> str:
    if column.name in chosen:
        return chosen[column.name]
    text = cells.get(column.name, "").strip()
    if text:
        return column.clean(text)
    if column.required:
        raise _missing(column, cells, place)
    return ""


def _missing(column: Column, cells: Mapping[str, str], place: str) -> BadInput:
    """A value that nobody gave, by the way it could have been given: option, cell or argument."""
    told, hint = _("{name} is empty"), _("fill the cell") if place else _("leave it out, or give one")
    if column.name not in cells:
        told, hint = _("no {name} is given"), _("give --{name}; it holds for every row")
    return BadInput(told.format(name=column.name), code="missing_value", hint=hint.format(name=column.name))


def placed(error: BadInput, place: str) -> BadInput:
    """The error of a row with the place that the row stands at, where it has one."""
    if not place:
        return error
    return BadInput(
        _("{place}: {message}").format(place=place, message=error.message),
        code=error.code,
        hint=error.hint,
        account=error.account,
    )
