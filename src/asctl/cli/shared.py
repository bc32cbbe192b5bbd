"""What several command files need: words of a closed list, lists that page through the store, revealed data on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

import click

from asctl.cli.report import SKIPPED
from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, BadInput, StoreTrouble
from asctl.domain.slips import did_you_mean
from asctl.intake.rows import Row, placed
from asctl.output.records import Record, RecordShape
from asctl.text import _

if TYPE_CHECKING:
    from asctl.cli.report import Report
    from asctl.store.opening import Transaction

A = TypeVar("A")
E = TypeVar("E", bound=Enum)
T = TypeVar("T")

NAMED_AT_MOST = 50
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
        hint=did_you_mean(text, words(kind).choices)
        or _("known are {words}").format(words=" ".join(words(kind).choices)),
    )


def tried(work: Callable[[A], T], given: A) -> T | AsctlError:
    """What ``work`` makes of one of many, or its error: one bad row never stops the others. What is wrong in a row of a file
    is told with its place. Raises :class:`StoreTrouble` all the same, since every one after it would fail alike."""
    try:
        return work(given)
    except StoreTrouble:
        raise
    except BadInput as error:
        return placed(error, given.place) if isinstance(given, Row) else error
    except AsctlError as error:
        return error


def show_each(run: Run, shape: RecordShape, ids: Iterable[str], find: Callable[[str], Iterable[Record]]) -> None:
    """One record or more per identifier; those that are not found are told on stderr and counted as failed."""
    with run.report(shape) as report:
        for identifier in ids:
            records = tried(lambda sought: list(find(sought)), identifier)
            if isinstance(records, AsctlError):
                run.tally.count("failed", records)
                continue
            for record in records:
                report.add(record)


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of a row that did not fail. ``skipped`` says why nothing was left to do: a code and a sentence."""

    record: Record
    status: str = "done"
    skipped: tuple[str, str] | None = None


def work_rows(run: Run, shape: RecordShape, rows: Iterable[Row], work: Callable[[Row], Worked]) -> None:
    """One record per row: what ``work`` makes of it, or its error."""
    with run.report(shape) as report:
        for row in report.good(rows):
            result = tried(work, row)
            if isinstance(result, AsctlError):
                report_failed(report, shape, row, result)
            else:
                status = SKIPPED if result.skipped else result.status
                report.add({**result.record, "input": row.given}, status=status, note=result.skipped)


def report_failed(report: Report, shape: RecordShape, row: Row, error: AsctlError) -> None:
    """The record of a row that came to nothing: what it says itself, and the error."""
    report.add({**known_of(row, shape), "input": row.given}, error=error)


def known_of(row: Row, shape: RecordShape) -> Record:
    """What a failed row itself says, under the fields' names: the column ``order`` is the field ``order_id``."""
    named = {field: value for name, value in row.values.items() for field in (name, f"{name}_id") if value}
    return {field: value for field, value in named.items() if field in shape.fields}


def stored(run: Run, query: Callable[[Transaction], Iterable[T]]) -> Iterator[T]:
    """What a query finds, as it comes; on SQLite it is read whole before any of it is shown.

    There an open read holds writers off, and who reads stdout may take his time (``| less``).
    """
    with run.store.read() as tx:
        found = query(tx)
        if run.store.place.path is None:
            yield from found
            return
        whole = list(found)
    yield from whole


def revealing(run: Run, what: str, found: Iterable[T], name: Callable[[T], str]) -> Iterable[T]:
    """A list that may show personal data: with ``--reveal`` it is read whole, and noted, before any of it is shown."""
    if not run.choices.reveal:
        return found
    whole = list(found)
    note_reveal(run, what, [name(each) for each in whole])
    return whole


def show_below(run: Run, shape: RecordShape, records: Iterable[Record]) -> None:
    """A second table under the first, for what does not fit into one row; it is not counted."""
    from asctl.output.writer import open_writer

    run.stdout.write("\n")
    writer = open_writer(shape, run.choices.format, (), run.stdout)
    for record in records:
        writer.write(record)
    writer.close()


def known_shop(run: Run, shop: str) -> str:
    """The shop that a list is asked for, which must be configured: a slip would look like "nothing there".

    Raises :class:`BadInput` with the likely name.
    """
    return run.settings.account(shop).name if shop else ""


def note_reveal(run: Run, what: str, names: Sequence[str]) -> None:
    """Where personal data was asked for, leave an audit record before showing it (design section 5): who, how many, and
    which unless they are very many. Raises :class:`BadConfiguration` where nobody says who asks."""
    if not run.choices.reveal:
        return
    from asctl.store.audit import write_audit

    detail = {"count": str(len(names))}
    if len(names) <= NAMED_AT_MOST:
        detail["which"] = " ".join(names)
    who = run.desk.staff_no
    with run.store.write() as tx:
        write_audit(tx, run.clock.now(), who, "reveal", what, detail)
