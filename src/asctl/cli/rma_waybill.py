"""``asctl rma waybill``: the customer ships himself, and tells the number of his parcel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from asctl.cli.options import Given, output_options, pass_run
from asctl.cli.pairs import pair_input
from asctl.cli.run import Run
from asctl.cli.shared import Worked, work_rows
from asctl.domain.times import iso
from asctl.intake.columns import COURIER, PHONE_TAIL, RMA
from asctl.intake.columns import WAYBILL as WAYBILL_COLUMN
from asctl.intake.rows import Row
from asctl.output.scan_schemas import WAYBILL
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.return_parcels import Told

Command = TypeVar("Command", bound=Callable[..., Any])


def waybill_options(command: Command) -> Command:
    """What is told of a return parcel besides its waybill."""
    options = (
        click.option(
            "--courier", metavar="COURIER", help=_("Our code, such as sf, zto, yto; guessed where the shape is plain.")
        ),
        click.option(
            "--phone-tail", metavar="1234", help=_("Last four digits of the sender's phone; default: the shop's.")
        ),
        click.option("--also", is_flag=True, help=_("Also where the parcel brings goods of another order.")),
        click.option("--replace", "replaces", is_flag=True, help=_("The waybill that is known so far was wrong.")),
    )
    for option in reversed(options):
        command = option(command)
    return command


def told_in(row: Row, column: str, also: bool, replaces: bool) -> Told:
    """What a row says of a return parcel, its waybill in ``column``."""
    from asctl.services.return_parcels import Told

    return Told(row.get(column), row.get("courier"), row.get("phone-tail"), also, replaces)


@click.command(
    "waybill", help=_("The customer ships himself: his waybill becomes the watched return parcel of the RMA.")
)
@pair_input(RMA, WAYBILL_COLUMN, COURIER, PHONE_TAIL)
@waybill_options
@output_options
@pass_run
def waybill(
    run: Run, /, given: Given, pair: dict[str, str | None], also: bool, replaces: bool, **options: str | None
) -> None:
    from asctl.services.return_parcels import register_parcel

    def register_one(row: Row) -> Worked:
        registered = register_parcel(run.desk, row.get("rma"), told_in(row, "waybill", also, replaces))
        if registered.cautions and not registered.known:
            late = _("{rma} ran out at {due}, and its parcel is under way: decide before it is opened")
            run.say(late.format(rma=registered.rma.rma, due=iso(registered.rma.due_at)))
        record = WAYBILL.record(
            rma=registered.rma.rma,
            order_id=registered.rma.order_id,
            shop=registered.rma.shop,
            courier=registered.parcel.courier,
            waybill=registered.parcel.waybill,
            waybill_before=registered.before,
            warnings=registered.cautions,
            next=registered.next,
        )
        known = ("already_registered", _("it was registered before")) if registered.known else None
        return Worked(record, skipped=known)

    work_rows(run, WAYBILL, given.rows(**pair, **options), register_one)
