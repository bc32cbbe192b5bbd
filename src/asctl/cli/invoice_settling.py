"""Settlements carried out: every row decided, what came of it sent as one batch, and each told with the line that explains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asctl.cli.batching import status_of
from asctl.cli.invoice_sending import NOT_BEGUN, Fared, Sending, came_to_nothing, refresh
from asctl.cli.report import DONE, PLANNED, SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.shared import report_failed, tried
from asctl.domain.errors import AsctlError
from asctl.domain.invoices import Colour, FormState, InvoiceState
from asctl.domain.times import iso
from asctl.intake.rows import Row
from asctl.output.invoice_schemas import SETTLED, next_command
from asctl.output.records import Record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.invoices import Invoice
    from asctl.services.settling import Settled
    from asctl.store.settlements import Settlement


@dataclass(slots=True)
class _Settling:
    """One row: what it says, what was decided, how what it sends fared."""

    row: Row
    settled: Settled | None = None
    error: AsctlError | None = None


def settle_rows(
    run: Run,
    verb: str,
    rows: Sequence[Row],
    question: str,
    decided: Callable[[Row], Settled],
    wait: float,
    explain: bool = False,
) -> None:
    """Decide about every row, send what came of it as one batch, and tell how each fared."""
    if not run.choices.dry_run:
        run.confirm(question)
    refresh(run)
    with run.report(SETTLED) as report:
        matters = [_Settling(row) for row in report.good(rows)]
        for matter in matters:
            if run.stopping():
                return
            _decide(matter, decided)
        sending = Sending(run, verb)
        _send(sending, matters, wait)
        for matter in matters:
            _tell(report, sending, matter)
            if matter.settled is not None:
                _say_why(run, matter.settled, explain)
                _say_who_waits(sending, matter.settled)


def _decide(matter: _Settling, decided: Callable[[Row], Settled]) -> None:
    found = tried(decided, matter.row)
    if isinstance(found, AsctlError):
        matter.error = found
    else:
        matter.settled = found


def _send(sending: Sending, matters: Sequence[_Settling], wait: float) -> None:
    """What came of the decisions goes out: reversals first, then what need not wait for one."""
    from asctl.services.issuing import Due

    if sending.run.choices.dry_run:
        return
    own = [
        each
        for matter in matters
        if matter.settled is not None
        for each in matter.settled.invoices
        if _came_of(matter.settled.settlement, each)
    ]
    queued = [Due(each) for each in own if each.state is InvoiceState.QUEUED]
    if queued:
        sending.send(queued)
    under_way = [each.invoice for matter in matters if matter.settled is not None for each in matter.settled.invoices]
    sending.wait(under_way, wait)


def _came_of(settlement: Settlement, invoice: Invoice) -> bool:
    """What a decision only changed in the queue keeps its place there."""
    return invoice.rma == settlement.rma and invoice.invoice != settlement.invoice


def _tell(report: Report, sending: Sending, matter: _Settling) -> None:
    if matter.error is not None or matter.settled is None:
        if matter.error is not None:
            report_failed(report, SETTLED, matter.row, matter.error)
        return
    settled = matter.settled
    record, red = _record(sending, settled)
    record["input"] = matter.row.given
    fared = sending.fared.get((red.invoice, False)) if red else None
    if sending.run.choices.dry_run:
        report.add(record, status=PLANNED)
    elif fared is not None:
        _tell_sent(report, record, fared, red or fared.due.invoice)
    elif settled.known:
        report.add(record, status=SKIPPED, note=("settled_before", _("it was settled before")))
    else:
        report.add(record, status=DONE)


def _tell_sent(report: Report, record: Record, fared: Fared, standing: Invoice) -> None:
    result = fared.result
    if result is None or result.sent is None:
        error = result.error if result else fared.error
        report.add(record, status="" if error else PLANNED, error=error, note=None if error else NOT_BEGUN)
        return
    failed = came_to_nothing(standing)
    error = result.sent.error or failed
    status = "" if error is failed and failed else status_of(result.sent.action, error)
    report.add(record, status=status, error=error)


def _record(sending: Sending, settled: Settled) -> tuple[Record, Invoice | None]:
    """The decision with its invoices as they stand now; and the one that was sent for it."""
    rehearsed = sending.run.choices.dry_run
    standing = [each if rehearsed else sending.standing(each.invoice) or each for each in settled.invoices]
    made = [each for each in standing if each.invoice != settled.settlement.invoice]
    about = next((each for each in standing if each.invoice == settled.settlement.invoice), None)
    red = next((each for each in reversed(made) if each.colour is Colour.RED), None)
    blue = next((each for each in reversed(made) if each.colour is Colour.BLUE), None)
    told = settled.settlement
    following = next((command for each in (red, blue, about) if each and (command := next_command(each))), "")
    if rehearsed:  # what it would make has no number yet
        following = f"asctl invoice settle {told.rma} --yes" if told.rma else ""
    record = SETTLED.record(
        rma=told.rma or None,
        order_id=told.order_id,
        shop=told.shop,
        resolution=told.resolution.value,
        standing=told.standing.value,
        steps=" ".join(told.steps),
        why=told.why,
        invoice=told.invoice or None,
        state=about.state.value if about else None,
        red=red.invoice if red and not rehearsed else None,
        red_state=red.state.value if red else None,
        reversed=red.gross if red else None,
        blue=blue.invoice if blue and not rehearsed else None,
        blue_state=blue.state.value if blue else None,
        billed=blue.gross if blue else None,
        currency="CNY",
        next=following,
    )
    return record, red or blue


def _say_why(run: Run, settled: Settled, explain: bool) -> None:
    """The one line that explains; it is in the records, too, but no table is so wide."""
    told = settled.settlement
    subject = told.rma or told.order_id
    if run.choices.format == "table" or explain:
        run.say(f"{subject}: {told.why}")
    if settled.dropped:
        dropped = ", ".join(f"{name}={value}" for name, value in settled.dropped.items())
        run.say(_("{subject}: told before, and left out now: {facts}").format(subject=subject, facts=dropped))
    if explain:
        facts = ", ".join(f"{name}={value}" for name, value in told.facts.items() if name != "title") or _("none")
        rule = _("{subject}: rule {row} x {column} -> {steps}; facts told: {facts}")
        run.say(
            rule.format(
                subject=subject,
                row=told.resolution.value,
                column=told.standing.value,
                steps=" + ".join(told.steps),
                facts=facts,
            )
        )


def _say_who_waits(sending: Sending, settled: Settled) -> None:
    """That a form was applied for is no reversal yet: its buyer has to act."""
    for each in settled.invoices:
        red = sending.standing(each.invoice) if each.invoice else None
        if red is not None and red.form_state is FormState.WAIT_BUYER and red.form_deadline is not None:
            told = _("{red} waits until its buyer confirms, at the latest {until}: remind him; a task says so")
            sending.run.say(told.format(red=red.invoice, until=iso(red.form_deadline)))
