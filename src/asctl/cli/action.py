"""``asctl action``: list, show, reconcile, resolve, cancel."""

from __future__ import annotations

import click

from asctl.cli.batching import status_of
from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, work_options
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, Worked, show_each, stored, words, work_rows
from asctl.domain.actions import ActionKind, ActionState
from asctl.domain.identifiers import clean_order_id, clean_waybill
from asctl.intake.columns import ACTION
from asctl.intake.rows import Row
from asctl.output.action_records import action_record
from asctl.output.records import Record
from asctl.output.write_schemas import ACTION as ACTION_SHAPE
from asctl.output.write_schemas import ACTION_CHANGED
from asctl.text import _


@click.group("action", help=_("Outgoing writes on record: list, show, reconcile, resolve, cancel."))
def action() -> None:
    """The group."""


@action.command("list", help=_("Actions, the newest first."))
@click.option("--state", "states", type=words(ActionState), multiple=True, help=_("Only in this state."))
@click.option("--kind", "kinds", type=words(ActionKind), multiple=True, help=_("Only of this kind."))
@click.option(
    "--effect",
    type=click.Choice(["accepted", "effective", "ineffective", "cancelled"]),
    help=_("Only those of which this came."),
)
@click.option("--batch", default="", metavar="BATCH", help=_("Only of this batch."))
@click.option("--waybill", default="", metavar="WAYBILL", help=_("Only about this parcel."))
@click.option("--order", default="", metavar="ORDER", help=_("Only about this order."))
@LIMIT
@list_options
@pass_run
def list_(
    run: Run,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    effect: str | None,
    batch: str,
    waybill: str,
    order: str,
    limit: int | None,
) -> None:
    from asctl.store.action_lists import ActionFilter, list_actions

    wanted = ActionFilter(
        states=frozenset(map(ActionState, states)),
        kinds=frozenset(map(ActionKind, kinds)),
        effect=effect or "",
        batch=batch,
        waybill=clean_waybill(waybill) if waybill else "",
        order_id=clean_order_id(order) if order else "",
        limit=limit,
    )
    with run.report(ACTION_SHAPE) as report:
        for each in stored(run, lambda tx: list_actions(tx, wanted)):
            report.add(action_record(each), status=FOUND)


@action.command("show", help=_("Actions by number, with the command that takes each further."))
@click.argument("numbers", nargs=-1, required=True, metavar="ACTION...")
@output_options
@pass_run
def show(run: Run, numbers: tuple[str, ...]) -> None:
    def find(text: str) -> list[Record]:
        from asctl.services.resolving import find_action

        with run.store.read() as tx:
            return [action_record(find_action(tx, text))]

    show_each(run, ACTION_SHAPE, numbers, find)


@action.command(
    "reconcile",
    help=_(
        "Look what became of actions whose outcome is not known, and of requests that were only accepted. Changes nothing"
        " outside; with --yes what surely did not arrive is sent again, and remarks follow. May be run from cron."
    ),
)
@click.option("--until-quiet", is_flag=True, help=_("Go on, waiting for looks that come due, until none is unclear."))
@click.option("--yes", "send", is_flag=True, help=_("Send again what surely did not arrive."))
@click.option("--dry-run", "dry", is_flag=True, help=_("With --yes: send nothing all the same."))
@output_options
@work_options
@pass_run
def reconcile(run: Run, until_quiet: bool, send: bool, dry: bool) -> None:
    from asctl.services.reconciling import reconciled

    rounds = reconciled(run.desk, run.choices.jobs, run.budget, until_quiet, send and not dry)
    with run.report(ACTION_CHANGED) as report:
        for looked in rounds:
            record = {"input": looked.action.action, **action_record(looked.action)}
            report.add(record, status=status_of(looked.action, looked.error), error=looked.error)
    run.limit_hit = bool(run.budget.cut_by)
    _tell_planned(run)


def _tell_planned(run: Run) -> None:
    """Which batches hold what is still to be sent: what was not there, and the remarks on what was."""
    from asctl.store.action_lists import ActionFilter, list_actions

    planned = ActionFilter(states=frozenset({ActionState.PLANNED}))
    with run.store.read() as tx:
        batches = sorted({each.batch for each in list_actions(tx, planned) if each.batch})
    if batches:
        run.say(
            _("still to be sent: {commands}").format(
                commands=", ".join(f"asctl batch resume {batch} --yes" for batch in batches)
            )
        )


@action.command("resolve", help=_("Say how unclear actions came out, after asking the far side."))
@batch_input(ACTION)
@click.option(
    "--as",
    "as_",
    type=click.Choice(["done", "absent"]),
    required=True,
    help=_("done: it was carried out. absent: it was not, and may be sent again."),
)
@click.option("--reason", metavar="TEXT", required=True, help=_("Who said so; goes into the audit trail."))
@output_options
@pass_run
def resolve(run: Run, given: Given, as_: str, reason: str) -> None:
    from asctl.services.resolving import resolve_action

    def work(row: Row) -> Worked:
        return Worked(action_record(resolve_action(run.desk, row.get("action"), as_, reason)))

    work_rows(run, ACTION_CHANGED, given.rows(), work)
    _tell_planned(run)


@action.command("cancel", help=_("Take back actions that are planned and were surely not sent."))
@batch_input(ACTION)
@click.option("--reason", default="", metavar="TEXT", help=_("Why; kept with the action."))
@output_options
@pass_run
def cancel(run: Run, given: Given, reason: str) -> None:
    from asctl.services.resolving import cancel_action

    def work(row: Row) -> Worked:
        return Worked(action_record(cancel_action(run.desk, row.get("action"), reason)))

    work_rows(run, ACTION_CHANGED, given.rows(), work)
