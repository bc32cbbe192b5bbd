"""``asctl aftersale``: sync, list, show, agree, refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
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
from asctl.cli.shared import LIMIT, known_shop, note_reveal, revealing, show_each, stored, words
from asctl.cli.syncing import sync_options, sync_shops
from asctl.domain.aftersales import AfterSaleStatus
from asctl.domain.identifiers import clean_order_id
from asctl.intake.columns import AFTER_SALE as AFTER_SALE_ID
from asctl.intake.columns import PROOF, REASON_ID, SHOP, WHY
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import AFTER_SALE, after_sale_record
from asctl.output.write_schemas import DECISION
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.services.sending import Sent


@click.group("aftersale", help=_("After-sale applications of the marketplaces: sync, list, show, agree, refuse."))
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
    from asctl.services.decisions import find_application

    def find(text: str) -> list[Record]:
        sale = find_application(run.desk, clean_order_id(text), shop)
        note_reveal(run, f"aftersale {sale.after_sale_id}", [sale.after_sale_id])
        return [after_sale_record(sale, run.choices.reveal)]

    show_each(run, AFTER_SALE, ids, find)


@aftersale.command(
    "agree",
    help=_(
        "Agree to applications as they stand in the store: to the refund, or that the goods come back. One that changed"
        " since is not agreed to."
    ),
)
@batch_input(AFTER_SALE_ID, SHOP)
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@click.option("--code", default="", metavar="DIGITS", help=_("The code that the marketplace sent by text message."))
@click.option(
    "--release-by", default="", metavar="NAME", help=_("Who in finance lets refunds go before the invoice is reversed.")
)
@output_options
@write_options
@pass_run
def agree(run: Run, given: Given, shop: str | None, code: str, release_by: str) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.decisions import agreement_wanted

        return agreement_wanted(run.desk, row.get("after-sale"), row.get("shop"), release_by)

    def question(rows: Sequence[Row]) -> str:
        return _("Agree to {count} applications? Refunds are paid at once and cannot be taken back.").format(
            count=len(rows)
        )

    write_in_batch(run, "aftersale agree", DECISION, given.rows(shop=shop), wanted, question, _amount, code=code)


@aftersale.command("refuse", help=_("Refuse applications, with a reason that the buyer reads."))
@batch_input(AFTER_SALE_ID, replace(WHY, required=True), REASON_ID, PROOF, SHOP)
@click.option("--reason", metavar="TEXT", help=_("What the buyer is told: 2 to 200 characters."))
@click.option(
    "--reason-id", metavar="ID", help=_("The marketplace's own number for the reason, where the text is not one.")
)
@click.option("--proof", metavar="FILE", help=_("A picture that proves it; Tmall wants one."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@write_options
@pass_run
def refuse(run: Run, /, given: Given, **options: str | None) -> None:
    def wanted(row: Row) -> Wanted:
        from asctl.services.decisions import refusal_wanted

        return refusal_wanted(
            run.desk, row.get("after-sale"), row.get("reason"), row.get("reason-id"), row.get("proof"), row.get("shop")
        )

    def question(rows: Sequence[Row]) -> str:
        text = rows[0].get("reason") if rows else ""
        return _("Refuse {count} applications, the first because of {text!r}?").format(count=len(rows), text=text)

    write_in_batch(run, "aftersale refuse", DECISION, given.rows(**options), wanted, question, _amount)


def _amount(_row: Row, sent: Sent) -> Record:
    from asctl.services.frozen import thawed_after_sale

    sale = thawed_after_sale(sent.action.payload["after_sale"])
    return {"amount": format(sale.amount, "f"), "currency": sale.currency, "kind": sale.kind.value}
