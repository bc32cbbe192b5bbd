"""What the verbs have in common that send invoices: one batch, in order, then the wait until they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import status_of, tell_followed
from asctl.cli.report import PLANNED, SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.shared import tried
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError, Refused
from asctl.domain.invoices import InvoiceState
from asctl.domain.times import iso
from asctl.output.invoice_schemas import invoice_fields
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.invoices import Invoice
    from asctl.services.batches import Line, Result
    from asctl.services.issuing import Due
    from asctl.services.sending import Sent

IN_ORDER = 1
"""A drawer issues one invoice after the other (reference/invoices.md section 12)."""

NOT_BEGUN = ("limit", _("not begun: the run met its limit first"))

WAIT = click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=0.0,
    metavar="SECONDS",
    help=_("Ask for so long until they are issued, and send what follows from them; default 0: the next run does."),
)


@dataclass(slots=True)
class Fared:
    """How one of them fared, as the batch told it."""

    due: Due
    result: Result | None = None
    error: AsctlError | None = None

    @property
    def key(self) -> tuple[str, bool]:
        """Which invoice, and whether it was handed over."""
        return self.due.invoice.invoice, self.due.hand_over


@dataclass(slots=True)
class Sending:
    """One run over invoices of the books."""

    run: Run
    verb: str
    fared: dict[tuple[str, bool], Fared] = field(default_factory=dict)

    def send(self, dues: Sequence[Due]) -> list[Fared]:
        """Send them as a batch; each with what came of it. Raises :class:`LockHeld`, :class:`StoreTrouble`."""
        from asctl.services.batches import BatchRun

        each = [Fared(due) for due in dues]
        lines = [self._line(one) for one in each]
        batch = BatchRun(self.run.desk, self.verb, lines, IN_ORDER, self.run.budget)
        results = batch.rehearse() if self.run.choices.dry_run else batch.run()
        try:
            for result in results:
                each[result.line].result = result
                if result.sent is not None and result.sent.action.state is ActionState.PLANNED:
                    self.run.unfinished = self.run.unfinished or bool(result.sent.action.action)
        finally:
            self.run.batch_id = batch.batch.batch if batch.batch else self.run.batch_id
        tell_followed(self.run, batch.extra)
        self.run.limit_hit = bool(self.run.budget.cut_by) and self.run.unfinished
        self.fared |= {one.key: one for one in each}
        return each

    def wait(self, numbers: Iterable[str], seconds: float) -> None:
        """Ask until they stand, and send what waited for them, as long as the time lasts."""
        from asctl.services.issuing import wait_for

        if not seconds or self.run.choices.dry_run:
            return
        until = self.run.clock.now() + timedelta(seconds=seconds)
        open_ones = list(dict.fromkeys(numbers))
        while open_ones and self.run.clock.now() < until and not self.run.stopping():
            wait_for(self.run.desk, open_ones, until, self.run.budget)
            freed = [due for due in self._freed(open_ones) if Fared(due).key not in self.fared]
            if not freed:
                return
            self.send(freed)
            open_ones = [due.invoice.invoice for due in freed if not due.hand_over]

    def standing(self, number: str) -> Invoice | None:
        """An invoice as the books have it now."""
        from asctl.store.invoices import get_invoice

        with self.run.store.read() as tx:
            return get_invoice(tx, number)

    def _freed(self, numbers: Sequence[str]) -> list[Due]:
        """What may go out now that these stand: blue ones that waited for them, and they themselves to the marketplace."""
        from asctl.services.handing_over import to_hand_over
        from asctl.services.issuing import Due
        from asctl.store.invoices import queue

        with self.run.store.read() as tx:
            blue = [Due(each) for each in queue(tx) if each.after in numbers]
        return [*blue, *(Due(each, True) for each in to_hand_over(self.run.desk) if each.invoice in numbers)]

    def _line(self, fared: Fared) -> Line:
        from asctl.services.batches import Line
        from asctl.services.issuing import sending_due

        made = tried(lambda due: sending_due(self.run.desk, due, self.run.choices.dry_run), fared.due)
        given = fared.due.invoice.invoice
        if isinstance(made, AsctlError):
            fared.error = made
            return Line(given, error=made)
        return Line(given, made)


def refresh(run: Run) -> list[Invoice]:
    """Ask what became of what is under way; returns what has come to an end by now. What stood in the way is told on stderr."""
    from asctl.services.budget import Budget
    from asctl.services.issuing import refresh as refreshed

    ended: list[Invoice] = []
    if run.choices.dry_run:
        return ended
    looking = Budget(stopped=lambda: bool(run.budget.over))  # --max-items counts what is sent
    for found in refreshed(run.desk, run.choices.jobs, looking):
        if isinstance(found, AsctlError):
            when = _("; asked again at {time}").format(time=iso(found.retry_at)) if found.retry_at else ""
            run.say(found.message + when)
            run.tally.note(found)
        else:
            ended.append(found)
    return ended


def report_ended(report: Report, invoice: Invoice) -> None:
    """The record of one that an earlier run sent, and that has come to its end since."""
    record = {"input": invoice.invoice, **invoice_fields(invoice), "step": "look"}
    record.pop("error_code")
    report.add(record, error=came_to_nothing(invoice))


def report_fared(report: Report, sending: Sending, fared: Fared, given: str) -> None:
    """The record of one that was to be sent: the invoice as it stands now, and how the send fared."""
    standing = sending.standing(fared.due.invoice.invoice) or fared.due.invoice
    record = {"input": given, **invoice_fields(standing)}
    record.pop("error_code")
    result = fared.result
    if result is None:
        report.add(record, status=PLANNED, note=NOT_BEGUN)
        return
    if result.sent is None:
        report.add(record, status=SKIPPED if result.skipped else "", error=result.error, note=result.skipped)
        return
    action, failed = _as_it_stands(sending.run, result.sent)
    told = {
        "step": action.kind.value,
        "submission": action.state.value,
        "effect": action.effect or None,
        "action_id": action.action or None,
    }
    error = failed or came_to_nothing(standing)
    status = "" if error and not failed else status_of(action, error)
    report.add({**record, **told}, status=SKIPPED if result.sent.note else status, error=error, note=result.sent.note)


def _as_it_stands(run: Run, sent: Sent) -> tuple[Action, AsctlError | None]:
    """The write by now: what was not known at first may have been found while the run waited."""
    from asctl.store.actions import get_action

    if sent.action.state is not ActionState.UNCLEAR or not sent.action.action:
        return sent.action, sent.error
    with run.store.read() as tx:
        action = get_action(tx, sent.action.action) or sent.action
    return action, sent.error if action.state is ActionState.UNCLEAR else None


def came_to_nothing(invoice: Invoice) -> Refused | None:
    """An invoice that was accepted and then failed, by the end of the run, is no success."""
    if invoice.state is not InvoiceState.FAILED:
        return None
    return Refused(
        _("{invoice} was not issued: {why}").format(
            invoice=invoice.invoice, why=invoice.message or invoice.error_code or _("no reason was told")
        ),
        code=invoice.error_code or "failed_at_provider",
        hint=_("see: asctl invoice show {invoice}").format(invoice=invoice.invoice),
        account=invoice.account,
    )
