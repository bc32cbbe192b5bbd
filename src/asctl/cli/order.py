"""``asctl order``: sync, list, show, remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
from asctl.cli.leaves import FLAGS, flag_named
from asctl.cli.options import (
    Given,
    batch_input,
    list_options,
    output_options,
    pass_run,
    reveal_option,
    write_options,
)
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, note_reveal, revealing, show_below, show_each, stored, words
from asctl.cli.syncing import sync_options, sync_shops
from asctl.domain.identifiers import clean_order_id, clean_waybill
from asctl.domain.orders import Flag, OrderLine, OrderStatus
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import FLAG, ORDER, SHOP, TEXT
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import ORDER as ORDER_SHAPE
from asctl.output.schemas import ORDER_LINE, masked_text, order_line_record, order_record
from asctl.output.write_schemas import REMARK
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.services.desk import Desk
    from asctl.services.sending import Sent


@click.group("order", help=_("Orders: sync, list, show, remark."))
def order() -> None:
    """The group."""


@order.command("sync", help=_("Pull changed orders and put their parcels under watch."))
@sync_options
@pass_run
def sync(run: Run, shops: tuple[str, ...], since: str | None) -> None:
    sync_shops(run, shops, since, "order")


@order.command("list", help=_("Orders in the store, newest first."))
@click.option("--shop", default="", metavar="SHOP", help=_("Only of this shop."))
@click.option("--status", type=words(OrderStatus), help=_("Only in this status."))
@click.option("--since", metavar="TIME", help=_("Only those made since then."))
@click.option("--waybill", metavar="WAYBILL", help=_("Only those that this parcel belongs to."))
@LIMIT
@list_options
@reveal_option
@pass_run
def list_(run: Run, shop: str, status: str | None, since: str | None, waybill: str | None, limit: int | None) -> None:
    from asctl.store.orders import OrderFilter, list_orders

    wanted = OrderFilter(
        shop=known_shop(run, shop),
        status=OrderStatus(status) if status else None,
        since=moment_or_distance(since, run.clock.now()) if since else None,
        waybill=clean_waybill(waybill) if waybill else "",
        limit=limit,
    )
    listed = stored(run, lambda tx: list_orders(tx, wanted))
    with run.report(ORDER_SHAPE) as report:
        for found, after_sales in revealing(run, "order list", listed, lambda pair: pair[0].order_id):
            report.add(order_record(found, after_sales, run.choices.reveal))


@order.command("show", help=_("Whole orders by number."))
@click.argument("ids", nargs=-1, required=True, metavar="ORDER...")
@click.option("--shop", default="", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@reveal_option
@pass_run
def show(run: Run, ids: tuple[str, ...], shop: str) -> None:
    from asctl.services.orders import one_order
    from asctl.store.aftersales import AfterSaleFilter, list_after_sales

    goods: list[tuple[OrderLine, ...]] = []

    def find(text: str) -> list[Record]:
        found = one_order(run.desk, clean_order_id(text), shop)
        goods.append(found.lines)
        note_reveal(run, f"order {found.order_id}", [found.order_id])
        with run.store.read() as tx:
            count = sum(1 for _sale in list_after_sales(tx, AfterSaleFilter(shop=found.shop, order_id=found.order_id)))
        return [order_record(found, count, run.choices.reveal)]

    show_each(run, ORDER_SHAPE, ids, find)
    if run.choices.format == "table":
        for lines in goods:
            show_below(run, ORDER_LINE, map(order_line_record, lines))


@order.command("remark", help=_("Append a line to the remark on the marketplace, with your staff number and the date."))
@batch_input(ORDER, replace(TEXT, required=True), FLAG, SHOP)
@click.option("--text", metavar="TEXT", help=_("What to add."))
@click.option("--flag", type=click.Choice(FLAGS), help=_("Set this flag as well."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@write_options
@pass_run
def remark(run: Run, given: Given, text: str | None, flag: str | None, shop: str | None) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.remarks import remark_wanted

        named = flag_named(row.get("flag"))
        chosen = named if flag or named is None else _changed_flag(run.desk, row, named)
        return remark_wanted(run.desk, row.get("order"), row.get("text"), chosen, row.get("shop"))

    write_in_batch(run, "order remark", REMARK, given.rows(text=text, flag=flag, shop=shop), wanted, _question, _masked)


def _question(rows: Sequence[Row]) -> str:
    text = rows[0].get("text") if rows else ""
    return _("Append to the remarks of {count} orders, the first: {text!r}?").format(count=len(rows), text=text)


def _masked(_row: Row, sent: Sent) -> Record:
    return {name: masked_text(str(sent.shown[name])) for name in ("remark", "remark_before") if name in sent.shown}


def _changed_flag(desk: Desk, row: Row, named: Flag) -> Flag | None:
    """A file that began as our own export names the flag that stood there; only another one is a wish to change it."""
    from asctl.services.orders import one_order

    return None if one_order(desk, row.get("order"), row.get("shop")).flag is named else named
