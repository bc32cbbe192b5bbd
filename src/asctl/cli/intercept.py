"""``asctl intercept``: request, status, cancel, list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
from asctl.cli.leaves import change_flag, flag_named, leave_options
from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, work_options, write_options
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, show_each, stored
from asctl.domain.actions import INTERCEPTIONS
from asctl.domain.errors import BadInput, NotFound
from asctl.domain.identifiers import clean_waybill
from asctl.domain.parcels import ParcelKey
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import ACCOUNT, COURIER, FLAG, RETURN_TO, SHIP_ANEW, SHOP, WAYBILL, WHY
from asctl.intake.rows import Row
from asctl.output.action_records import standing_fields
from asctl.output.records import Record
from asctl.output.write_schemas import INTERCEPTED, INTERCEPTION
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Action, Wanted
    from asctl.services.interceptions import InterceptionWish

PLACES = ("sender", "outlet")


@click.group("intercept", help=_("Interceptions of parcels under way: request, status, cancel, list."))
def intercept() -> None:
    """The group."""


@intercept.command(
    "request", help=_("Have parcels called back. Accepted is not intercepted: see asctl intercept status.")
)
@batch_input(WAYBILL, COURIER, ACCOUNT, RETURN_TO, WHY, FLAG, SHIP_ANEW, SHOP)
@click.option("--courier", metavar="C", help=_("The courier, where the waybill does not tell it."))
@click.option("--account", metavar="A", help=_("The account to use; a shop asks its marketplace."))
@click.option("--return-to", type=click.Choice(PLACES), help=_("Where the parcel goes back to; default sender."))
@click.option("--reason", metavar="TEXT", help=_("Why; goes to the courier and into the remark."))
@change_flag
@click.option(
    "--ship-anew", metavar="GOODS", help=_("What must be sent instead: a task opens once the parcel is caught.")
)
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@click.option("--again", is_flag=True, help=_("Ask again although it was asked before and accepted."))
@leave_options
@output_options
@write_options
@pass_run
def request(
    run: Run, /, given: Given, again: bool, allow_signed: bool, allow_several_orders: bool, **options: str | None
) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.interceptions import interception_wanted

        return interception_wanted(run.desk, row.get("waybill"), _wish(row, allow_signed, allow_several_orders))

    write_in_batch(run, "intercept request", INTERCEPTED, given.rows(**options), wanted, _question, again=again)


def _wish(row: Row, signed: bool, several: bool) -> InterceptionWish:
    from asctl.services.interceptions import InterceptionWish
    from asctl.services.shipments import Leave

    place = row.get("return-to") or PLACES[0]
    if place not in PLACES:
        raise BadInput(
            _("{place!r} is no place to return a parcel to").format(place=place[:40]),
            code="unknown_return_to",
            hint=_("known are {words}").format(words=" ".join(PLACES)),
        )
    flag = flag_named(row.get("flag"))
    return InterceptionWish(
        return_to=place,
        reason=row.get("reason"),
        flag=flag.name.lower() if flag is not None else "red",
        ship_anew=row.get("ship-anew"),
        account=row.get("account"),
        courier=row.get("courier"),
        shop=row.get("shop"),
        leave=Leave(signed, several),
    )


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("waybill") if rows else ""
    return _(
        "Have {count} parcels called back, the first {first}? Couriers may charge for it (the fee is not known before),"
        " and most cannot undo it."
    ).format(count=len(rows), first=first)


@intercept.command("cancel", help=_("Take interceptions back, where the courier can, before it has acted."))
@batch_input(WAYBILL, COURIER)
@click.option("--courier", metavar="C", help=_("The courier, where two have the waybill."))
@output_options
@write_options
@pass_run
def cancel(run: Run, given: Given, courier: str | None) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.interceptions import cancellation_wanted

        return cancellation_wanted(run.desk, row.get("waybill"), row.get("courier"))

    def question(rows: Sequence[Row]) -> str:
        return _("Take back the interceptions of {count} parcels?").format(count=len(rows))

    write_in_batch(run, "intercept cancel", INTERCEPTED, given.rows(courier=courier), wanted, question)


@intercept.command(
    "status", help=_("What became of interceptions: asks the courier where it tells, and reads the scans.")
)
@click.argument("waybills", nargs=-1, required=True, metavar="WAYBILL...")
@click.option("--courier", default="", metavar="C", help=_("The courier, where two have the waybill."))
@click.option("--offline", is_flag=True, help=_("Ask nobody; tell what is on record."))
@output_options
@work_options
@pass_run
def status(run: Run, waybills: tuple[str, ...], courier: str, offline: bool) -> None:
    def find(text: str) -> list[Record]:
        from asctl.services.interceptions import latest_interception

        waybill = clean_waybill(text)
        action = latest_interception(run.desk, waybill, courier)
        if action is None:
            raise NotFound(
                _("no interception of {waybill} is on record").format(waybill=waybill),
                code="no_interception",
                hint=_("ask for one: asctl intercept request {waybill}; or see: asctl intercept list").format(
                    waybill=waybill
                ),
            )
        return [_as_it_stands(run, action, offline)]

    show_each(run, INTERCEPTION, waybills, find)


def _as_it_stands(run: Run, action: Action, offline: bool) -> Record:
    """The interception after a look, where a look is due to tell more; a look that fails is told beside what is known."""
    from asctl.services.reconciling import Reconciler

    error = None
    waits = action.effect == "accepted" or action.state.value in ("unclear", "needs_person")
    if waits and not offline:
        looked = Reconciler(run.desk, 1, run.budget).look(action)
        action, error = looked.action, looked.error
    if error is not None:
        run.tally.note(error)
    record = _records(run, [action])[0]
    if error is not None:
        record |= {"error_family": error.family, "error_code": error.code, "error_message": error.message}
    return record


@intercept.command("list", help=_("Interceptions on record, the newest first."))
@click.option(
    "--effect",
    type=click.Choice(["accepted", "effective", "ineffective", "cancelled"]),
    help=_("Only those of which this came."),
)
@click.option("--account", default="", metavar="A", help=_("Only through this account."))
@click.option("--since", metavar="TIME", help=_("Only those asked for since then."))
@LIMIT
@list_options
@pass_run
def list_(run: Run, effect: str | None, account: str, since: str | None, limit: int | None) -> None:
    from asctl.store.action_lists import ActionFilter, list_actions

    wanted = ActionFilter(
        kinds=INTERCEPTIONS,
        effect=effect or "",
        account=known_shop(run, account),
        asked_since=moment_or_distance(since, run.clock.now()) if since else None,
        limit=limit,
    )
    listed = list(stored(run, lambda tx: list_actions(tx, wanted)))
    with run.report(INTERCEPTION) as report:
        for record in _records(run, listed):
            report.add(record, status=FOUND)


def _records(run: Run, actions: Sequence[Action]) -> list[Record]:
    """Interceptions with what is known of their parcels; where marketplace and courier disagree, both are shown."""
    from asctl.services.parcels import disagreements
    from asctl.store.parcels import get_parcels

    with run.store.read() as tx:
        keys = [ParcelKey(action.courier, action.waybill) for action in actions if action.waybill]
        parcels = get_parcels(tx, keys)
        contradicted = disagreements(tx, parcels.values())
    records = []
    for action in actions:
        key = ParcelKey(action.courier, action.waybill)
        told = standing_fields(action) | {
            "parcel_status": parcels[key].status.value if key in parcels else None,
            "disagreement": contradicted.get(key),
        }
        records.append({name: told.get(name) for name in INTERCEPTION.fields})
    return records
