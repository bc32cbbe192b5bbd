"""``asctl address``: change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
from asctl.cli.leaves import change_flag, flag_named, leave_options
from asctl.cli.options import Given, batch_input, output_options, pass_run, reveal_option, write_options
from asctl.cli.run import Run
from asctl.cli.shared import note_reveal
from asctl.domain.actions import ActionState
from asctl.domain.masking import mask_receiver
from asctl.domain.orders import Receiver
from asctl.intake.columns import (
    ACCOUNT,
    CITY,
    COURIER,
    DETAIL,
    DISTRICT,
    FLAG,
    NAME,
    PHONE,
    PROVINCE,
    SHOP,
    TARGET,
    TOWN,
    WHY,
)
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.write_schemas import ADDRESS
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.services.sending import Sent

_PARTS = ("name", "phone", "province", "city", "district", "town", "detail")


@click.group("address", help=_("Where parcels go: change the receiver of an order or of a parcel under way."))
def address() -> None:
    """The group."""


@address.command(
    "change",
    help=_(
        "Change the receiver of orders or parcels: before shipping at the marketplace, after it at the courier, where only"
        " the address can change. Prints the text to send to the customer for checking; --reveal prints it in full."
    ),
)
@batch_input(TARGET, NAME, PHONE, PROVINCE, CITY, DISTRICT, TOWN, DETAIL, WHY, FLAG, COURIER, ACCOUNT, SHOP)
@click.option("--name", metavar="NAME", help=_("The receiver's name."))
@click.option("--phone", metavar="PHONE", help=_("The receiver's phone."))
@click.option("--province", metavar="TEXT", help=_("Province, as 浙江省."))
@click.option("--city", metavar="TEXT", help=_("City, as 杭州市."))
@click.option("--district", metavar="TEXT", help=_("District or county."))
@click.option("--town", metavar="TEXT", help=_("Street or town."))
@click.option("--detail", metavar="TEXT", help=_("Road, number, door."))
@click.option("--reason", metavar="TEXT", help=_("Why; goes into the remark."))
@change_flag
@click.option("--courier", metavar="C", help=_("The courier, where the waybill does not tell it."))
@click.option("--account", metavar="A", help=_("The courier account to use."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@click.option("--again", is_flag=True, help=_("Send it again although the same change was done before."))
@leave_options
@reveal_option
@output_options
@write_options
@pass_run
def change(
    run: Run, /, given: Given, again: bool, allow_signed: bool, allow_several_orders: bool, **options: str | None
) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.addresses import AddressWish, address_wanted
        from asctl.services.shipments import Leave

        flag = flag_named(row.get("flag"))
        wish = AddressWish(
            receiver=_receiver(row),
            reason=row.get("reason"),
            flag=flag.name.lower() if flag is not None else "red",
            account=row.get("account"),
            courier=row.get("courier"),
            shop=row.get("shop"),
            leave=Leave(allow_signed, allow_several_orders),
        )
        return address_wanted(run.desk, row.get("target"), wish)

    def more(row: Row, sent: Sent) -> Record:
        text = _customer_text(run, row, sent)
        if run.choices.dry_run or sent.action.state is ActionState.DONE:
            texts.append(text)
        count = _labels_void(run, sent)
        if count:
            voided[sent.action.order_id] = count
        return {"customer_text": text, "labels_void": count}

    texts: list[str] = []
    voided: dict[str, int] = {}
    rows = list(given.rows(**options))
    note_reveal(run, "address change", [row.given for row in rows])
    write_in_batch(run, "address change", ADDRESS, rows, wanted, _question, more, again=again)
    if voided:
        run.say(
            _("{count} return labels show the old address now; draw them again: asctl label render RMA").format(
                count=sum(voided.values())
            )
        )
    if run.choices.format == "table" and texts:
        whole = _("To send to the customer for checking:")
        masked = _("To send to the customer for checking (masked; --reveal prints it in full):")
        run.stdout.write("\n".join(["", whole if run.choices.reveal else masked, *texts, ""]))


def _receiver(row: Row) -> Receiver:
    return Receiver(**{part: row.get(part) for part in _PARTS})


def _customer_text(run: Run, row: Row, sent: Sent) -> str:
    from asctl.services.addresses import customer_text

    receiver = _receiver(row)
    number = sent.action.order_id or sent.action.waybill
    return customer_text(number, receiver if run.choices.reveal else mask_receiver(receiver))


def _labels_void(run: Run, sent: Sent) -> int:
    from asctl.store.labels import void_of

    if not sent.action.order_id:
        return 0
    with run.store.read() as tx:
        return void_of(tx, sent.action.shop, sent.action.order_id)


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("target") if rows else ""
    return _(
        "Change the receiver of {count} orders or parcels, the first {first}? A courier may charge for it."
    ).format(count=len(rows), first=first)
