"""``asctl rma strays``, ``match``, ``dismiss``: parcels on the bench that nobody knows."""

from __future__ import annotations

import click

from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run
from asctl.cli.pairs import pair_input
from asctl.cli.rma_waybill import told_in, waybill_options
from asctl.cli.run import Run
from asctl.cli.shared import Worked, work_rows
from asctl.domain.identifiers import clean_identifier, clean_waybill
from asctl.intake.columns import COURIER, PHONE_TAIL, RMA, Column
from asctl.intake.rows import Row
from asctl.output.scan_records import stray_record
from asctl.output.scan_schemas import STRAY, STRAY_CHANGED
from asctl.text import _

WAYBILL_CODE = Column("code", clean_waybill, required=True)
CODE = Column("code", clean_identifier, required=True)


@click.command(
    "strays",
    help=_("Scanned parcels that nobody knows, the longest waiting first; those that became known leave the list."),
)
@click.option("--all", "closed_too", is_flag=True, help=_("Also those that were matched, found or dismissed."))
@list_options
@pass_run
def strays(run: Run, closed_too: bool) -> None:
    from asctl.services.strays import strays as parked

    with run.report(STRAY) as report:
        for stray in parked(run.desk, closed_too):
            report.add(stray_record(stray))


@click.command("match", help=_("Say whose parcel a stray is: it becomes the return parcel of that RMA."))
@pair_input(WAYBILL_CODE, RMA, COURIER, PHONE_TAIL)
@waybill_options
@output_options
@pass_run
def match(
    run: Run, /, given: Given, pair: dict[str, str | None], also: bool, replaces: bool, **options: str | None
) -> None:
    from asctl.services.strays import match_stray

    def match_one(row: Row) -> Worked:
        told = told_in(row, "code", also, replaces)
        stray, registered = match_stray(run.desk, row.get("rma"), told)
        following = f"asctl rma scan {stray.code} --receive"
        record = {**stray_record(stray), "courier": registered.parcel.courier, "next": following}
        return Worked(record, skipped=("already_matched", _("it was matched before")) if registered.known else None)

    work_rows(run, STRAY_CHANGED, given.rows(**pair, **options), match_one)


@click.command(
    "dismiss", help=_("Take strays from the list that are nobody's return, such as a parcel for a neighbour.")
)
@batch_input(CODE)
@click.option("--reason", required=True, metavar="TEXT", help=_("Why; it goes into the audit trail."))
@output_options
@pass_run
def dismiss(run: Run, given: Given, reason: str) -> None:
    from asctl.services.strays import dismiss_stray

    def dismiss_one(row: Row) -> Worked:
        stray, dismissed = dismiss_stray(run.desk, row.get("code"), reason)
        known = None if dismissed else ("already_closed", _("it is {state} already").format(state=stray.state.value))
        return Worked(stray_record(stray), skipped=known)

    work_rows(run, STRAY_CHANGED, given.rows(), dismiss_one)
