"""``asctl track``: ask now, store nothing."""

from __future__ import annotations

from contextlib import closing

import click

from asctl.capabilities.tracking import TrackQuery
from asctl.cli.options import Given, batch_input, output_options, pass_run, work_options
from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, StoreTrouble
from asctl.host.plugins import Host
from asctl.intake.columns import COURIER, PHONE_TAIL, WAYBILL
from asctl.intake.rows import Row
from asctl.output.schemas import TRACK, track_record
from asctl.services.lookups import StoredLookups
from asctl.services.parcels import courier_of
from asctl.services.tracking import track as ask
from asctl.settings.places import lookup_path
from asctl.store.lookups import open_lookup_store
from asctl.store.opening import Store
from asctl.store.parcels import find_parcels
from asctl.text import _


@click.command(
    "track", help=_("Ask where parcels are, now. Stores nothing; a courier's limit per waybill still counts.")
)
@batch_input(WAYBILL, COURIER, PHONE_TAIL)
@click.option(
    "--courier", metavar="COURIER", help=_("Our code, such as sf, zto, yto; guessed where the shape is plain.")
)
@click.option("--phone-tail", metavar="1234", help=_("Last four digits of the sender's or receiver's phone."))
@click.option("--account", default="", metavar="ACCOUNT", help=_("Ask this account, whatever the routing says."))
@output_options
@work_options
@pass_run
def track(run: Run, given: Given, courier: str | None, phone_tail: str | None, account: str) -> None:
    store = _store_if_any(run)
    books = store or open_lookup_store(lookup_path())
    accounts = run.accounts(lambda: books)
    if account:
        run.settings.account(account)
    with closing(books), run.report(TRACK) as report:
        queries: list[TrackQuery] = []
        for row in report.good(given.rows(courier=courier, phone_tail=phone_tail)):
            try:
                queries.append(_query(run.host, row, store))
            except AsctlError as error:
                report.add({"waybill": row.get("waybill")}, error=error)
        for found in ask(accounts, StoredLookups(books), run.clock, queries, account, run.choices.jobs, run.budget):
            query = found.query
            record = track_record(
                query.waybill, query.courier, found.account, found.status.value, found.raw_code, found.events
            )
            report.add(record, error=found.error)
    run.limit_hit = bool(run.budget.cut_by)


def _store_if_any(run: Run) -> Store | None:
    """The store, where there is a sound one: it knows phone tails, and counts questions for the whole team."""
    try:
        return run.store_if_any
    except StoreTrouble as trouble:
        run.say(_("the store is not used: {reason}").format(reason=trouble.message))
        return None


def _query(host: Host, row: Row, store: Store | None) -> TrackQuery:
    """What to ask; a parcel under watch lends its courier, order and phone tail."""
    waybill, courier, tail = row.get("waybill"), row.get("courier"), row.get("phone-tail")
    known = None
    if store is not None:
        with store.read() as tx:
            known = next((p for p in find_parcels(tx, waybill) if courier in ("", p.courier)), None)
    if known is None:
        return TrackQuery(courier_of(host, waybill, courier), waybill, tail)
    return TrackQuery(known.courier, waybill, tail or known.phone_tail, known.order_id)
