"""``asctl task``: list, add, done, note."""

from __future__ import annotations

import click

from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run
from asctl.cli.report import DONE
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, Worked, stored, words, work_rows
from asctl.domain.identifiers import clean_identifier, clean_order_id, clean_waybill
from asctl.domain.tasks import Task, TaskState
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import TASK as TASK_COLUMN
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import TASK, TASK_CHANGED, task_record
from asctl.text import _


@click.group("task", help=_("Follow-ups that somebody owes: list, add, done, note."))
def task() -> None:
    """The group."""


@task.command("list", help=_("Open tasks, those due first on top."))
@click.option(
    "--state", type=words(TaskState), default=TaskState.OPEN.value, show_default=True, help=_("In this state.")
)
@click.option("--due", is_flag=True, help=_("Only those that are due by now."))
@click.option("--kind", default="", metavar="KIND", help=_("Only of this kind, such as contact_courier."))
@click.option("--order", "order_id", metavar="ORDER", help=_("Only of this order."))
@click.option("--waybill", metavar="WAYBILL", help=_("Only of this parcel."))
@click.option("--rma", default="", metavar="RMA", help=_("Only of this RMA."))
@LIMIT
@list_options
@pass_run
def list_(
    run: Run, state: str, due: bool, kind: str, order_id: str | None, waybill: str | None, rma: str, limit: int | None
) -> None:
    from asctl.store.tasks import TaskFilter, list_tasks

    wanted = TaskFilter(
        state=TaskState(state),
        due_before=run.clock.now() if due else None,
        kind=kind,
        order_id=clean_order_id(order_id) if order_id else "",
        waybill=clean_waybill(waybill) if waybill else "",
        rma=clean_identifier(rma),
        limit=limit,
    )
    with run.report(TASK) as report:
        for found in stored(run, lambda tx: list_tasks(tx, wanted)):
            report.add(task_record(found))


@task.command("add", help=_("Write down a follow-up of your own."))
@click.argument("subject")
@click.option("--kind", default="follow_up", show_default=True, metavar="KIND", help=_("What sort of follow-up."))
@click.option("--due", "due_at", metavar="TIME", help=_("When it is due; now where nothing is said."))
@click.option("--why", default="", metavar="TEXT", help=_("What it is about."))
@click.option("--order", "order_id", metavar="ORDER", help=_("The order it belongs to."))
@click.option("--owner", default="", metavar="STAFF", help=_("Who owes it; you where nothing is said."))
@output_options
@pass_run
def add(run: Run, subject: str, kind: str, due_at: str | None, why: str, order_id: str | None, owner: str) -> None:
    from asctl.services.tasks import add_task

    due = moment_or_distance(due_at, run.clock.now(), ahead=True) if due_at else run.clock.now()
    with run.report(TASK) as report:
        order = clean_order_id(order_id) if order_id else ""
        report.add(task_record(add_task(run.desk, kind, subject, due, why, order, owner)), status=DONE)


@task.command("done", help=_("Mark tasks as done."))
@batch_input(TASK_COLUMN)
@click.option("--why", default="", metavar="TEXT", help=_("How it was settled."))
@output_options
@pass_run
def done(run: Run, given: Given, why: str) -> None:
    from asctl.services.tasks import close_task

    def close(row: Row) -> Worked:
        closed, by_us = close_task(run.desk, row.get("task"), why)
        known = None if by_us else ("already_closed", _("it was closed before"))
        return Worked(_changed(closed), skipped=known)

    work_rows(run, TASK_CHANGED, given.rows(), close)


@task.command("note", help=_("Add a note to tasks, with your staff number and the time."))
@batch_input(TASK_COLUMN)
@click.option("--text", required=True, metavar="TEXT", help=_("The note."))
@output_options
@pass_run
def note(run: Run, given: Given, text: str) -> None:
    from asctl.services.tasks import note_task

    def add_note(row: Row) -> Worked:
        return Worked(_changed(note_task(run.desk, row.get("task"), text)))

    work_rows(run, TASK_CHANGED, given.rows(), add_note)


def _changed(changed: Task) -> Record:
    return TASK_CHANGED.record(**task_record(changed))
