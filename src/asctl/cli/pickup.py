"""``asctl pickup``: request, cancel, list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, write_options
from asctl.cli.report import FOUND
from asctl.cli.returning import SENDER, TOGETHER, pickup_of, read_cases, sender_options
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, stored
from asctl.domain.actions import ActionKind
from asctl.domain.parcels import ParcelKey
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import ACCOUNT, COURIER, RMA
from asctl.intake.rows import Row
from asctl.output.action_records import standing_fields
from asctl.output.records import Record
from asctl.output.write_schemas import PICKUP, PICKUP_ASKED
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Action, Wanted
    from asctl.services.sending import Sent


@click.group("pickup", help=_("Couriers who fetch returns at the customer's: request, cancel, list."))
def pickup() -> None:
    """The group."""


@pickup.command(
    "request", help=_("Have a courier fetch the goods of approved RMAs. The waybill is registered as their way back.")
)
@batch_input(RMA, COURIER, ACCOUNT, *SENDER)
@click.option("--courier", metavar="C", help=_("Who shall come, as sf."))
@click.option("--account", metavar="A", help=_("The account that orders; the courier's own where nothing is said."))
@sender_options
@TOGETHER
@output_options
@write_options
@pass_run
def request(run: Run, /, given: Given, together: bool, **options: str | None) -> None:
    rows = list(given.rows(**options))
    cases = read_cases(run, rows, together)

    def wanted(row: Row) -> Wanted:
        return pickup_of(run, row, cases)

    def more(_row: Row, sent: Sent) -> Record:
        return _of_cases(sent.action)

    write_in_batch(run, "pickup request", PICKUP_ASKED, rows, wanted, _question, more)


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("rma") if rows else ""
    return _(
        "Have the goods of {count} RMAs fetched, the first {first}? The courier is told the customers' names, phones and"
        " addresses, and charges for it."
    ).format(count=len(rows), first=first)


@pickup.command("cancel", help=_("Take pickups back, before the courier has fetched the goods."))
@batch_input(RMA)
@output_options
@write_options
@pass_run
def cancel(run: Run, given: Given) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.pickups import pickup_cancellation_wanted
        from asctl.services.rmas import find_rma

        return pickup_cancellation_wanted(run.desk, find_rma(run.desk, row.get("rma")))

    def question(rows: Sequence[Row]) -> str:
        return _("Take back the pickups of {count} RMAs?").format(count=len(rows))

    def more(_row: Row, sent: Sent) -> Record:
        return _of_cases(sent.action)

    write_in_batch(run, "pickup cancel", PICKUP_ASKED, given.rows(), wanted, question, more)


@pickup.command("list", help=_("Pickups on record, the newest first."))
@click.option(
    "--effect",
    type=click.Choice(["accepted", "effective", "ineffective", "cancelled"]),
    help=_("Only those of which this came; effective ones are fetched."),
)
@click.option("--account", default="", metavar="A", help=_("Only through this account."))
@click.option("--rma", default="", metavar="RMA", help=_("Only for this RMA."))
@click.option("--since", metavar="TIME", help=_("Only those asked for since then."))
@LIMIT
@list_options
@pass_run
def list_(run: Run, effect: str | None, account: str, rma: str, since: str | None, limit: int | None) -> None:
    from asctl.services.rmas import find_rma
    from asctl.store.action_lists import ActionFilter, list_actions
    from asctl.store.pickups import cases_in

    wanted = ActionFilter(
        kinds=frozenset({ActionKind.PICKUP}),
        effect=effect or "",
        account=known_shop(run, account),
        asked_since=moment_or_distance(since, run.clock.now()) if since else None,
        limit=None if rma else limit,
    )
    listed = stored(run, lambda tx: list_actions(tx, wanted))
    if rma:
        meant = find_rma(run.desk, rma).rma
        listed = islice((action for action in listed if meant in cases_in(action.payload)), limit)
    with run.report(PICKUP) as report:
        for record in _records(run, list(listed)):
            report.add(record, status=FOUND)


def _records(run: Run, actions: Sequence[Action]) -> list[Record]:
    """Pickups with where their parcels are."""
    from asctl.store.parcels import get_parcels

    with run.store.read() as tx:
        parcels = get_parcels(tx, [ParcelKey(each.courier, each.waybill) for each in actions if each.waybill])
    records = []
    for action in actions:
        parcel = parcels.get(ParcelKey(action.courier, action.waybill))
        told = standing_fields(action) | {
            "fetch_from": action.payload.get("fetch_from") or None,
            "fetch_until": action.payload.get("fetch_until") or None,
            "parcel_status": parcel.status.value if parcel else None,
        }
        told |= _of_cases(action)
        records.append({name: told.get(name) for name in PICKUP.fields})
    return records


def _of_cases(action: Action) -> Record:
    """The case that names the parcel, and the others in it."""
    kept = action.payload.get("rmas")
    others = [str(number) for number in kept if number != action.rma] if isinstance(kept, list) else []
    return {"rma": action.rma, "travels_with": " ".join(others) or None}
