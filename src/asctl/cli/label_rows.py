"""From rows to labels that can be drawn: cases by parcel, their pickups ordered first where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asctl.cli.batching import line_of, status_of, tell_followed
from asctl.cli.report import PLANNED, Report
from asctl.cli.returning import Cases, pickup_of, read_cases, travels_with
from asctl.cli.run import Run
from asctl.cli.shared import known_of, report_failed, tried
from asctl.domain.actions import ActionState
from asctl.domain.errors import AsctlError
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import LABEL
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.rmas import Rma
    from asctl.services.batches import Result
    from asctl.services.labels import Ready


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A row whose case has a label that can be drawn; rows of one parcel share it. ``action`` is the pickup's."""

    row: Row
    rma: Rma
    ready: Ready
    action: str = ""

    @property
    def known(self) -> Record:
        """What a record says of the row, whatever comes of its file."""
        return {
            "rma": self.rma.rma,
            "waybill": self.rma.waybill or None,
            "courier": self.rma.courier or None,
            "travels_with": travels_with(self.ready.cases, self.rma.rma),
            "action_id": self.action or None,
            "input": self.row.given,
        }


def rows_with_labels(run: Run, report: Report, given: Iterable[Row], together: bool) -> list[LabelRow]:
    """The rows whose label can be drawn, in their order; what stands in the way of the others is told in ``report``."""
    rows = list(report.good(given))
    return _ready(run, report, rows, read_cases(run, rows, together), {})


def rows_with_pickups(
    run: Run,
    report: Report,
    given: Iterable[Row],
    together: bool,
    account: str,
    check: Callable[[Sequence[Ready]], None],
) -> list[LabelRow]:
    """As :func:`rows_with_labels`, after ``account`` was asked to fetch each parcel: on record as any write, so that a run
    that was cut off goes on where it was.

    ``check`` raises what speaks against drawing the labels at all; no courier is asked then.
    """
    rows = list(report.good(given))
    cases = read_cases(run, rows, together)
    check(_parcels_as_they_are(run, cases))
    actions = _fetched(run, report, rows, cases, account)
    rows = [row for row in rows if row.get("rma") in actions]
    return _ready(run, report, rows, read_cases(run, rows, together), actions)


def _parcels_as_they_are(run: Run, cases: Cases) -> list[Ready]:
    """The labels of these parcels before their pickups: they name no waybill yet."""
    from asctl.services.labels import prepare_labels

    parcels = {parcel[0].rma: parcel for parcel in cases.parcels.values()}
    return [each for each in prepare_labels(run.desk, list(parcels.values())) if not isinstance(each, AsctlError)]


def _ready(run: Run, report: Report, rows: Sequence[Row], cases: Cases, actions: Mapping[str, str]) -> list[LabelRow]:
    from asctl.services.labels import prepare_labels

    sendable: list[tuple[Row, Sequence[Rma]]] = []
    for row in rows:
        parcel = tried(cases.parcel_of, row)
        if isinstance(parcel, AsctlError):
            report_failed(report, LABEL, row, parcel)
        else:
            sendable.append((row, parcel))
    parcels = {parcel[0].rma: parcel for _row, parcel in sendable}
    prepared = dict(zip(parcels, prepare_labels(run.desk, list(parcels.values())), strict=True))
    found = []
    for row, parcel in sendable:
        ready, number = prepared[parcel[0].rma], row.get("rma")
        if isinstance(ready, AsctlError):
            report_failed(report, LABEL, row, ready)
        else:
            found.append(LabelRow(row, cases.case_of(row), ready, actions.get(number, "")))
    return found


def _fetched(run: Run, report: Report, rows: Sequence[Row], cases: Cases, account: str) -> dict[str, str]:
    """Order the pickups. Returns the action of each row's case, by its number as given, where the courier will come; the
    other rows are told. Nothing is ordered in a rehearsal, and every row is told then."""
    from asctl.services.batches import BatchRun

    if not run.choices.dry_run:
        run.confirm(
            _(
                "Have the goods of {count} RMAs fetched through {account}? The courier is told the customers' names, phones"
                " and addresses, and charges for it."
            ).format(count=len(rows), account=account)
        )
    lines = [line_of(row, lambda each: pickup_of(run, each, cases, account)) for row in rows]
    batch = BatchRun(run.desk, "label render", lines, run.choices.jobs, run.budget)
    try:
        results = sorted(batch.rehearse() if run.choices.dry_run else batch.run(), key=lambda result: result.line)
    finally:
        run.batch_id = batch.batch.batch if batch.batch else None
    tell_followed(run, batch.extra)
    comes = {result.sent.action.action for result in results if result.sent and _comes(result)}
    ordered: dict[str, str] = {}
    for result in results:
        action = result.sent.action.action if result.sent else ""
        if action in comes and not run.choices.dry_run:
            ordered[rows[result.line].get("rma")] = action
        else:
            _tell(run, report, rows[result.line], result)
    return ordered


def _comes(result: Result) -> bool:
    action = result.sent.action if result.sent else None
    return action is not None and action.state is ActionState.DONE and action.effect in ("accepted", "effective")


def _tell(run: Run, report: Report, row: Row, result: Result) -> None:
    """A row whose label is not drawn, since its pickup did not come about, or is only rehearsed."""
    known = {**known_of(row, LABEL), "input": row.given}
    if result.sent is None:
        report.add(known, error=result.error)
        return
    action = result.sent.action
    known["action_id"] = action.action or None
    if result.sent.error is None and action.state is ActionState.PLANNED and action.action:
        run.unfinished = True
        report.add(known, status=PLANNED, note=("limit", _("not begun: the run met its limit first")))
        return
    report.add(known, status=status_of(action, result.sent.error), error=result.sent.error)
