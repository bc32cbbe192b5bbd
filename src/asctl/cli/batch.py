"""``asctl batch``: list, show, resume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import STATUS, status_of, tell_sent
from asctl.cli.options import list_options, output_options, pass_run, write_options
from asctl.cli.report import DONE, FAILED, PLANNED, REFUSED, SKIPPED, UNCLEAR
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import Refused
from asctl.output.action_records import request_fields
from asctl.output.records import Record
from asctl.output.write_schemas import BATCH, BATCH_ITEM
from asctl.text import _

if TYPE_CHECKING:
    from asctl.store.batches import Batch, BatchItem

_COUNTED: Mapping[str, str] = {**STATUS, "failed": FAILED, "refused": REFUSED, "skipped": SKIPPED}


@click.group("batch", help=_("Batches of outgoing writes: list, show, resume."))
def batch() -> None:
    """The group."""


@batch.command("list", help=_("Batches, the newest first, and how their rows stand."))
@LIMIT
@list_options
@pass_run
def list_(run: Run, limit: int | None) -> None:
    from asctl.store.batches import list_batches, states_in, unfinished

    with run.store.read() as tx:
        found = list_batches(tx, limit)
        states = states_in(tx, [each.batch for each in found])
        to_send = unfinished(tx, [each.batch for each in found])
    with run.report(BATCH) as report:
        for each in found:
            report.add(_batch_record(each, states[each.batch], each.batch in to_send))


def _batch_record(each: Batch, states: dict[ActionState | str, int], to_send: bool) -> Record:
    counts = dict.fromkeys((DONE, REFUSED, FAILED, UNCLEAR, SKIPPED, PLANNED), 0)
    for state, count in states.items():
        counts[_COUNTED[state]] += count
    unplanned = each.total - sum(states.values())
    following = ""
    if counts[UNCLEAR]:
        following = "asctl action reconcile"
    if to_send or counts[PLANNED]:
        following = f"asctl batch resume {each.batch} --yes"
    return BATCH.of(
        each, **counts, unplanned=unplanned, next=_("run the same command again") if unplanned else following
    )


@batch.command("show", help=_("The rows of a batch, each with its action as it stands."))
@click.argument("number", metavar="BATCH")
@output_options
@pass_run
def show(run: Run, number: str) -> None:
    from asctl.services.resuming import find_batch
    from asctl.store.batches import items_of

    found = find_batch(run.desk, number)
    with run.store.read() as tx:
        items = list(items_of(tx, found.batch))
    with run.report(BATCH_ITEM) as report:
        for item, action in items:
            record, status = _item_record(found, item, action)
            report.add(record, status=status)


def _item_record(found: Batch, item: BatchItem, action: Action | None) -> tuple[Record, str]:
    record: Record = dict.fromkeys(BATCH_ITEM.fields) | {"input": item.input, "batch": found.batch}
    source = action if action is not None and not item.status else item
    record |= {name: getattr(source, name) or None for name in ("error_family", "error_code", "error_message")}
    if action is not None:
        record |= {name: value for name, value in request_fields(action).items() if name in BATCH_ITEM.fields}
    status = item.status or (status_of(action, None) if action else FAILED)
    return record, status


@batch.command(
    "resume", help=_("Send what a crash, a signal or a limit left of a batch. What is unclear is not sent again.")
)
@click.argument("number", metavar="BATCH")
@output_options
@write_options
@pass_run
def resume(run: Run, number: str) -> None:
    from asctl.services.resuming import find_batch
    from asctl.services.resuming import resume as resumed
    from asctl.store.action_lists import planned_in
    from asctl.store.batches import items_of

    found = find_batch(run.desk, number)
    run.batch_id = found.batch
    with run.store.read() as tx:
        planned = planned_in(tx, found.batch)
        items = [item for item, _action in items_of(tx, found.batch)]
    given, rows = {item.action: item.input for item in items if item.action}, len(items)
    if not run.choices.dry_run:
        run.confirm(
            _("Send what is left of {batch} ({verb}): {count} actions?").format(
                batch=found.batch, verb=found.verb, count=len(planned)
            )
        )
    with run.report(BATCH_ITEM) as report:
        if run.choices.dry_run:
            for action in planned:
                report.add(_resumed(found, action, given), status=PLANNED)
            return
        for sent in resumed(run.desk, found.batch, run.choices.jobs, run.budget):
            tell_sent(run, report, _resumed(found, sent.action, given), sent)
    run.limit_hit = bool(run.budget.cut_by) and run.unfinished
    if found.total > rows:
        run.tally.note(_never_planned(found, found.total - rows))


def _never_planned(found: Batch, count: int) -> Refused:
    return Refused(
        _("{count} of the {total} rows of {batch} were never planned: its run ended while it was reading them").format(
            count=count, total=found.total, batch=found.batch
        ),
        code="rows_unplanned",
        hint=_("run the same command with the same rows again: what is done already is skipped"),
    )


def _resumed(found: Batch, action: Action, given: Mapping[str, str]) -> Record:
    """A row's record under what was typed for it; what followed from the rows goes by its target."""
    told = request_fields(action) | {"input": given.get(action.action, action.target), "batch": found.batch}
    return {name: told.get(name) for name in BATCH_ITEM.fields}
