"""``asctl order``: sync, list, show, remark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from asctl.cli.options import (
    Given,
    batch_input,
    list_options,
    output_options,
    pass_run,
    reveal_option,
    write_options,
)
from asctl.cli.report import SKIPPED, UNCLEAR, Report
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, note_reveal, revealing, show_below, show_each, stored, words
from asctl.cli.syncing import sync_options, sync_shops
from asctl.domain.errors import AsctlError, BadInput
from asctl.domain.identifiers import clean_order_id, clean_waybill
from asctl.domain.orders import Flag, OrderLine, OrderStatus
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import FLAG, ORDER, SHOP, TEXT
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import ORDER as ORDER_SHAPE
from asctl.output.schemas import ORDER_LINE, REMARK, masked_text, order_line_record, order_record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.desk import Desk
    from asctl.services.remarks import Remarked

FLAGS = [flag.name.lower() for flag in Flag]


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


def flag_named(text: str) -> Flag | None:
    """The flag that a cell names; ``None`` for an empty one. Raises :class:`BadInput`."""
    if text and text not in FLAGS:
        raise BadInput(
            _("there is no flag {text!r}").format(text=text[:40]),
            code="unknown_flag",
            hint=_("known are {words}").format(words=" ".join(FLAGS)),
        )
    return Flag[text.upper()] if text else None


@order.command("remark", help=_("Append a line to the remark on the marketplace, with your staff number and the date."))
@batch_input(ORDER, replace(TEXT, required=True), FLAG, SHOP)
@click.option("--text", metavar="TEXT", help=_("What to add."))
@click.option("--flag", type=click.Choice(FLAGS), help=_("Set this flag as well."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@write_options
@pass_run
def remark(run: Run, given: Given, text: str | None, flag: str | None, shop: str | None) -> None:
    from asctl.services.parallel import work_through
    from asctl.services.remarks import remark_order

    desk, dry_run = run.desk, run.choices.dry_run
    rows: Iterable[Row] = given.rows(text=text, flag=flag, shop=shop)
    if not dry_run:
        rows = _confirmed(run, rows)

    def work(row: Row) -> Remarked:
        named = flag_named(row.get("flag"))
        wanted = named if flag or named is None else _changed_flag(desk, row, named)
        return remark_order(desk, row.get("order"), row.get("text"), wanted, row.get("shop"), dry_run)

    with run.report(REMARK) as report:
        for row, result in work_through(report.good(rows), work, run.choices.jobs, run.budget):
            _report(report, row, result)
        run.limit_hit = bool(run.budget.cut_by)


def _confirmed(run: Run, rows: Iterable[Row]) -> Iterable[Row]:
    """Ask a person how many orders he means; a script says ``--yes`` and is read as it comes."""
    if not run.choices.yes and run.stdin.isatty():
        rows = list(rows)
        good = [row for row in rows if row.error is None and not row.repeats]
        text = good[0].get("text") if good else ""
        run.confirm(
            _("Append to the remarks of {count} orders, the first: {text!r}?").format(count=len(good), text=text)
        )
    else:
        run.confirm(_("Write the remark on the marketplace?"))
    return rows


def _changed_flag(desk: Desk, row: Row, named: Flag) -> Flag | None:
    """A file that began as our own export names the flag that stood there; only another one is a wish to change it."""
    from asctl.services.orders import one_order

    return None if one_order(desk, row.get("order"), row.get("shop")).flag is named else named


def _report(report: Report, row: Row, result: Remarked | AsctlError | None) -> None:
    """One row's record. What may have been written is never called failed: after a bug, too, somebody must look."""
    from asctl.services.remarks import Unrecorded

    known: Record = {"input": row.given, "order_id": row.get("order"), "shop": row.get("shop") or None}
    if result is None:
        told = _("not begun: the run met its limit first")
        report.add(known | {"error_code": "limit", "error_message": told}, status=SKIPPED)
    elif isinstance(result, AsctlError):
        open_end = isinstance(result, Unrecorded) or result.family == "bug"
        report.add(known, status=UNCLEAR if open_end else "", error=result)
    else:
        record = REMARK.record(
            input=row.given, order_id=result.order.order_id, shop=result.order.shop, remark=masked_text(result.remark),
            flag=result.flag.name.lower(), remark_before=masked_text(result.before),
        )  # fmt: skip
        standing = ("already_there", _("this line stands there already")) if result.status == SKIPPED else None
        report.add(record, status=result.status, note=standing)
