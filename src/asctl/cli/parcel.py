"""``asctl parcel``: add, poll, list, show, watch."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import click

from asctl.cli.callback import receive
from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, reveal_option, work_options
from asctl.cli.report import SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.shared import (
    LIMIT,
    Worked,
    note_reveal,
    report_failed,
    show_below,
    show_each,
    stored,
    tried,
    word,
    words,
    work_rows,
)
from asctl.domain.errors import AsctlError
from asctl.domain.identifiers import clean_identifier, clean_order_id, clean_waybill
from asctl.domain.parcels import Direction, Event, ParcelStatus
from asctl.domain.watch import Verdict
from asctl.intake.columns import ACCOUNT, COURIER, DIRECTION, OF_ORDER, OF_RMA, PHONE_TAIL, SHOP, WAYBILL
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import EVENT, PARCEL, PARCEL_ADDED, POLL, event_record, parcel_record, poll_record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.store.parcels import ParcelEntry

POLL_LOCK = "parcel poll"
ADD_AT_ONCE = 500


@click.group("parcel", help=_("Parcels under watch: add, poll, list, show, forget, watch."))
def parcel() -> None:
    """The group."""


@parcel.command(
    "add", help=_("Put parcels under watch; given again, a parcel is corrected and asked about at the next poll.")
)
@batch_input(WAYBILL, COURIER, OF_ORDER, SHOP, OF_RMA, DIRECTION, PHONE_TAIL, ACCOUNT)
@click.option(
    "--courier", metavar="COURIER", help=_("Our code, such as sf, zto, yto; guessed where the shape is plain.")
)
@click.option("--order", metavar="ORDER", help=_("The order it belongs to."))
@click.option("--shop", metavar="SHOP", help=_("The shop of that order."))
@click.option("--rma", metavar="RMA", help=_("The case whose goods it brings back; several cases may share a parcel."))
@click.option(
    "--direction", metavar="DIRECTION", help=_("outbound (default), return (default with --rma) or replacement.")
)
@click.option("--phone-tail", metavar="1234", help=_("Last four digits of the sender's or receiver's phone."))
@click.option("--account", metavar="ACCOUNT", help=_("Ask this account about it, whatever the routing says."))
@output_options
@pass_run
def add(run: Run, /, given: Given, **options: str | None) -> None:
    with run.report(PARCEL_ADDED) as report:
        rows = report.good(given.rows(**options))
        while read := [(row, tried(partial(_entry, run), row)) for row in islice(rows, ADD_AT_ONCE)]:
            _put(run, report, read)


def _put(run: Run, report: Report, read: list[tuple[Row, ParcelEntry | AsctlError]]) -> None:
    """Many rows with one commit, reported in their order."""
    from asctl.services.entries import enter_parcels

    put = iter(enter_parcels(run.desk, [entry for _row, entry in read if not isinstance(entry, AsctlError)]))
    for row, entry in read:
        if isinstance(entry, AsctlError):
            report_failed(report, PARCEL_ADDED, row, entry)
        else:
            parcel, is_new = next(put)
            report.add(PARCEL_ADDED.of(parcel, input=row.given, status="", added=is_new), status="done")


def _entry(run: Run, row: Row) -> ParcelEntry:
    from asctl.services.entries import checked_entry
    from asctl.store.parcels import ParcelEntry

    entry = ParcelEntry(
        courier=row.get("courier"),
        waybill=row.get("waybill"),
        direction=word(Direction, row.get("direction"), "direction") if row.get("direction") else None,
        account=row.get("account"),
        shop=row.get("shop"),
        order_id=row.get("order"),
        rma=row.get("rma"),
        phone_tail=row.get("phone-tail"),
    )
    return checked_entry(run.desk, entry)


@parcel.command(
    "poll", help=_("Ask about the parcels that are due, apply the watch rules, open and close tasks; for cron.")
)
@click.option("--account", metavar="ACCOUNT", help=_("Only parcels that this account is asked about."))
@output_options
@work_options
@pass_run
def poll(run: Run, account: str | None) -> None:
    from asctl.services.polling import Poll
    from asctl.store.locks import hold

    only = run.settings.account(account) if account else None
    with run.report(POLL) as report, hold(run.store, POLL_LOCK):
        work = Poll(run.desk, run.budget, run.choices.jobs, only)
        for polled in work.run():
            early = (polled.early.code, polled.early.message) if polled.early else None
            outcome = SKIPPED if early else ""
            report.add(poll_record(polled.parcel, polled.changed), status=outcome, error=polled.error, note=early)
    done = work.summary
    for error in done.given_up:
        run.tally.note(error)
    run.limit_hit = bool(done.stopped)
    run.say(
        _("{asked} parcels looked at, {changed} with news, {failed} without an answer; {opened} tasks opened, {closed} closed")
        .format(asked=done.asked, changed=done.changed, failed=done.failed, opened=done.opened, closed=done.closed)
    )  # fmt: skip
    if done.odd_scans:
        run.say(_("{count} odd scans set aside; -v tells which").format(count=done.odd_scans))


@parcel.command("list", help=_("Parcels under watch with their verdicts, the last added first."))
@click.option("--verdict", type=words(Verdict), help=_("Only with this verdict."))
@click.option("--status", type=words(ParcelStatus), help=_("Only in this status."))
@click.option("--courier", default="", metavar="COURIER", help=_("Only of this courier."))
@click.option("--direction", type=words(Direction), help=_("Only in this direction."))
@click.option("--order", "order_id", metavar="ORDER", help=_("Only of this order."))
@click.option("--rma", default="", metavar="RMA", help=_("Only of this RMA."))
@click.option("--open", "open_only", is_flag=True, help=_("Only those that are still watched."))
@LIMIT
@list_options
@pass_run
def list_(
    run: Run,
    verdict: str | None,
    status: str | None,
    courier: str,
    direction: str | None,
    order_id: str | None,
    rma: str,
    open_only: bool,
    limit: int | None,
) -> None:
    from asctl.services.parcels import with_disagreements
    from asctl.store.parcels import ParcelFilter, list_parcels

    wanted = ParcelFilter(
        verdict=verdict or "",
        status=ParcelStatus(status) if status else None,
        courier=courier.lower(),
        direction=Direction(direction) if direction else None,
        order_id=clean_order_id(order_id) if order_id else "",
        rma=clean_identifier(rma),
        open_only=open_only,
        limit=limit,
    )
    with run.report(PARCEL) as report:
        for found, told in stored(run, lambda tx: with_disagreements(tx, list_parcels(tx, wanted))):
            report.add(parcel_record(found, disagreement=told))


@parcel.command("show", help=_("A parcel with all its events, the newest first."))
@click.argument("ids", nargs=-1, required=True, metavar="WAYBILL...")
@click.option("--courier", default="", metavar="COURIER", help=_("The courier, where two have the same waybill."))
@output_options
@reveal_option
@pass_run
def show(run: Run, ids: tuple[str, ...], courier: str) -> None:
    from asctl.services.parcels import disagreements, show_parcel

    histories: list[tuple[Event, ...]] = []

    def find(text: str) -> list[Record]:
        found = show_parcel(run.desk, clean_waybill(text), courier.lower())
        histories.extend(events for _parcel, events in found)
        note_reveal(run, "parcel show", [one.waybill for one, _events in found])
        with run.store.read() as tx:
            told = disagreements(tx, [one for one, _events in found])
        return [parcel_record(one, events, run.choices.reveal, told.get(one.key, "")) for one, events in found]

    show_each(run, PARCEL, ids, find)
    if run.choices.format == "table":
        for events in histories:
            show_below(run, EVENT, (event_record(event, run.choices.reveal) for event in reversed(events)))


@parcel.command("forget", help=_("Take parcels from the watch, such as a mistyped one; their open tasks are dropped."))
@batch_input(WAYBILL, COURIER)
@click.option("--courier", metavar="COURIER", help=_("The courier, where two have the same waybill."))
@click.option("--why", required=True, metavar="TEXT", help=_("Why; it goes into the audit trail."))
@output_options
@pass_run
def forget(run: Run, given: Given, courier: str | None, why: str) -> None:
    from asctl.services.entries import forget_parcel

    def forget_one(row: Row) -> Worked:
        dropped, watched = forget_parcel(run.desk, row.get("waybill"), row.get("courier"), why)
        record = PARCEL_ADDED.of(dropped, input=row.given, status="", added=False)
        return Worked(record, skipped=None if watched else ("not_watched", _("it was not watched any more")))

    work_rows(run, PARCEL_ADDED, given.rows(courier=courier), forget_one)


@parcel.command(
    "watch", help=_("Apply the watch rules again without asking anyone, for instance after a policy was changed.")
)
@list_options
@pass_run
def watch(run: Run) -> None:
    from asctl.services.parcels import rejudge
    from asctl.store.locks import hold

    with run.report(PARCEL) as report, hold(run.store, POLL_LOCK):
        for found in rejudge(run.desk):
            report.add(parcel_record(found))


parcel.add_command(receive)
