"""What all verbs have in common that write to the outside in batches: read every row, ask, plan, send, tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from asctl.cli.report import DONE, FAILED, PLANNED, REFUSED, SKIPPED, UNCLEAR, Report
from asctl.cli.run import Run
from asctl.cli.shared import known_of, tried
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError
from asctl.intake.rows import Row
from asctl.output.action_records import request_fields
from asctl.output.records import Record, RecordShape
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.services.batches import Line, Result
    from asctl.services.sending import Sent

STATUS: Mapping[str, str] = {
    ActionState.DONE: DONE,
    ActionState.REFUSED: REFUSED,
    ActionState.PLANNED: PLANNED,
    ActionState.SENDING: UNCLEAR,
    ActionState.UNCLEAR: UNCLEAR,
    ActionState.NEEDS_PERSON: UNCLEAR,
    ActionState.CANCELLED: SKIPPED,
}


def write_in_batch(
    run: Run,
    verb: str,
    shape: RecordShape,
    rows: Iterable[Row],
    wanted: Callable[[Row], Wanted],
    question: Callable[[Sequence[Row]], str],
    more: Callable[[Row, Sent], Record] = lambda _row, _sent: {},
    again: bool = False,
    code: str = "",
) -> None:
    """Make an action of every row and send it; one record per row, as they end.

    ``question`` asks a person about the good rows; ``more`` are the fields of a record that the action does not tell.
    Raises :class:`LockHeld` before anything is written, and :class:`StoreTrouble`.
    """
    from asctl.services.batches import BatchRun

    read = list(rows)
    if not run.choices.dry_run:
        run.confirm(question([row for row in read if row.error is None and not row.repeats]))
    lines = [line_of(row, wanted) for row in read if not run.stopping()]
    if run.stopping():
        return
    batch = BatchRun(run.desk, verb, lines, run.choices.jobs, run.budget, again, code)
    with run.report(shape) as report:
        results = batch.rehearse() if run.choices.dry_run else batch.run()
        try:
            for result in results:
                _tell(run, report, shape, read[result.line], lines[result.line], result, more)
        finally:
            run.batch_id = batch.batch.batch if batch.batch else None
    tell_followed(run, batch.extra)
    run.limit_hit = bool(run.budget.cut_by) and run.unfinished


def tell_followed(run: Run, followed: Iterable[Sent]) -> None:
    """Tell what went wrong with what followed from the rows: they have no record of their own on stdout."""
    for sent in followed:
        if sent.error is not None:
            run.tally.note(sent.error)
        run.unfinished = run.unfinished or sent.action.state is ActionState.PLANNED


def tell_sent(run: Run, report: Report, record: Record, sent: Sent) -> None:
    """One action's record with its outcome."""
    status = status_of(sent.action, sent.error)
    note = sent.note
    if sent.action.state is ActionState.PLANNED and sent.action.action and note is None:
        run.unfinished = True
        note = ("limit", _("not begun: the run met its limit first"))
    report.add(record, status=SKIPPED if sent.note else status, error=sent.error, note=note)


def status_of(action: Action, error: AsctlError | None) -> str:
    """How a row fared whose action stands so."""
    if action.state is ActionState.REFUSED:
        return REFUSED if (error.family if error else action.error_family) == "refused" else FAILED
    if action.state is ActionState.NEEDS_PERSON and action.error_family == "needs_approval":
        return FAILED
    return STATUS[action.state]


def line_of(row: Row, wanted: Callable[[Row], Wanted]) -> Line:
    """A row as a batch takes it."""
    from asctl.services.batches import Line

    given = row.given or row.place
    if row.error is not None:
        return Line(given, error=row.error)
    if row.repeats:
        return Line(given, skipped=("duplicate", row.repeats))
    made = tried(wanted, row)
    return Line(given, error=made) if isinstance(made, AsctlError) else Line(given, made)


def _tell(
    run: Run,
    report: Report,
    shape: RecordShape,
    row: Row,
    line: Line,
    result: Result,
    more: Callable[[Row, Sent], Record],
) -> None:
    known = {**known_of(row, shape), "input": line.given}
    if result.sent is None:
        report.add(known, status=SKIPPED if result.skipped else "", error=result.error, note=result.skipped)
        return
    told = {**request_fields(result.sent.action), **result.sent.shown, **more(row, result.sent)}
    fields = {name: value for name, value in told.items() if name in shape.fields}
    tell_sent(run, report, {**known, **fields}, result.sent)
