"""``asctl aftersale``: sync, list, show."""

from __future__ import annotations

import click

from asctl.cli.options import list_options, output_options, pass_run, reveal_option
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, note_reveal, revealing, show_each, stored, words
from asctl.cli.syncing import sync_options, sync_shops
from asctl.domain.aftersales import AfterSaleStatus
from asctl.domain.errors import NotFound
from asctl.domain.identifiers import clean_order_id
from asctl.output.records import Record
from asctl.output.schemas import AFTER_SALE, after_sale_record
from asctl.text import _


@click.group("aftersale", help=_("After-sale applications of the marketplaces: sync, list, show."))
def aftersale() -> None:
    """The group."""


@aftersale.command("sync", help=_("Pull changed applications and put the parcels that come back under watch."))
@sync_options
@pass_run
def sync(run: Run, shops: tuple[str, ...], since: str | None) -> None:
    sync_shops(run, shops, since, "after-sale")


@aftersale.command(
    "list", help=_("Applications in the store: the open ones, the nearest deadline first, then the newest.")
)
@click.option("--shop", default="", metavar="SHOP", help=_("Only of this shop."))
@click.option("--status", type=words(AfterSaleStatus), help=_("Only in this status."))
@click.option("--order", "order_id", metavar="ORDER", help=_("Only of this order."))
@click.option("--open", "open_only", is_flag=True, help=_("Only those that are not closed or done."))
@LIMIT
@list_options
@reveal_option
@pass_run
def list_(run: Run, shop: str, status: str | None, order_id: str | None, open_only: bool, limit: int | None) -> None:
    from asctl.store.aftersales import AfterSaleFilter, list_after_sales

    wanted = AfterSaleFilter(
        shop=known_shop(run, shop),
        status=AfterSaleStatus(status) if status else None,
        order_id=clean_order_id(order_id) if order_id else "",
        open_only=open_only,
        limit=limit,
    )
    listed = stored(run, lambda tx: list_after_sales(tx, wanted))
    with run.report(AFTER_SALE) as report:
        for sale in revealing(run, "aftersale list", listed, lambda sale: sale.after_sale_id):
            report.add(after_sale_record(sale, run.choices.reveal))


@aftersale.command("show", help=_("Whole applications by number."))
@click.argument("ids", nargs=-1, required=True, metavar="AFTERSALE...")
@click.option("--shop", default="", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@reveal_option
@pass_run
def show(run: Run, ids: tuple[str, ...], shop: str) -> None:
    from asctl.store.aftersales import get_after_sale

    def find(text: str) -> list[Record]:
        number = clean_order_id(text)
        with run.store.read() as tx:
            sale = get_after_sale(tx, number, shop)
        if sale is None:
            raise NotFound(
                _("application {number} is not in the store").format(number=number),
                code="unknown_after_sale",
                hint=_("check the number, or fetch what changed: asctl aftersale sync"),
            )
        note_reveal(run, f"aftersale {number}", [number])
        return [after_sale_record(sale, run.choices.reveal)]

    show_each(run, AFTER_SALE, ids, find)
