"""What several command files need: words of a closed list, lists that page through the store, revealed data on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

import click

from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, BadInput, StoreTrouble
from asctl.intake.rows import Row
from asctl.output.records import Record, RecordShape
from asctl.text import _

if TYPE_CHECKING:
    from asctl.store.opening import Transaction

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

LIMIT = click.option("--limit", type=click.IntRange(1), help=_("At most so many records."))


def words(kind: type[Enum]) -> click.Choice[str]:
    """The values of an enumeration as an option's type, in any case."""
    return click.Choice([str(member.value) for member in kind], case_sensitive=False)


def word(kind: type[E], text: str, name: str) -> E:
    """The member that a cell of a batch names. Raises :class:`BadInput`."""
    for member in kind:
        if member.value == text:
            return member
    raise BadInput(
        _("{text!r} is no {name}").format(text=text, name=name),
        code=f"unknown_{name.replace('-', '_')}",
        hint=_("known are {words}").format(words=" ".join(str(member.value) for member in kind)),
    )


def show_each(run: Run, shape: RecordShape, ids: Iterable[str], find: Callable[[str], Iterable[Record]]) -> None:
    """One record or more per identifier; those that are not found are told on stderr and counted as failed."""
    with run.report(shape) as report:
        for identifier in ids:
            try:
                records = list(find(identifier))
            except AsctlError as error:
                run.tally.count("failed", error)
                continue
            for record in records:
                report.add(record)


def work_rows(run: Run, shape: RecordShape, rows: Iterable[Row], work: Callable[[Row], tuple[Record, str]]) -> None:
    """One record per row: what ``work`` makes of it with its status, or its error. One bad row never stops the others;
    a store in trouble does, since every row after it would fail alike."""
    with run.report(shape) as report:
        for row in report.good(rows):
            try:
                record, status = work(row)
            except StoreTrouble:
                raise
            except AsctlError as error:
                report.add({**known_of(row, shape), "input": row.given}, error=error)
            else:
                report.add({**record, "input": row.given}, status=status)


def known_of(row: Row, shape: RecordShape) -> Record:
    """What a failed row itself says, under the fields' names: the column ``order`` is the field ``order_id``."""
    named = {field: value for name, value in row.values.items() for field in (name, f"{name}_id") if value}
    return {field: value for field, value in named.items() if field in shape.fields}


def stored(run: Run, query: Callable[[Transaction], Iterable[T]]) -> list[T]:
    """What a query finds, read whole before any of it is shown.

    On SQLite an open read holds writers off, and who reads stdout may take his time (``| less``).
    """
    with run.store.read() as tx:
        return list(query(tx))


def note_reveal(run: Run, subject: str) -> None:
    """Personal data was asked for: leave an audit record before showing it (design section 5)."""
    if run.choices.reveal:
        from asctl.store.audit import write_audit

        with run.store.write() as tx:
            who = str(run.settings.value("operator.staff_no") or "")
            write_audit(tx, run.clock.now(), who, "reveal", subject, {})
