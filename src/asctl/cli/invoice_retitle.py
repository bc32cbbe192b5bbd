"""``asctl invoice retitle``: the same sale under another title (row *title change* of the decision table)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from asctl.cli.invoice_buyers import BUYER, buyer_of_row, buyer_options
from asctl.cli.invoice_sending import WAIT
from asctl.cli.invoice_settling import settle_rows
from asctl.cli.options import Given, batch_input, output_options, pass_run, write_options
from asctl.cli.run import Run
from asctl.domain.errors import BadInput
from asctl.intake.columns import APPLICATION, ORDER, SHOP
from asctl.intake.rows import Row
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.invoices import Buyer
    from asctl.domain.orders import Order
    from asctl.services.settling import Settled


@click.command(
    "retitle",
    help=_(
        "Have the invoices of orders made out to another title: what is queued is changed, what is issued is reversed, and"
        " issued anew once the red one stands. The new title is told here, or is the one that the customer applied for."
    ),
)
@batch_input(ORDER, *BUYER, APPLICATION, SHOP)
@buyer_options
@click.option(
    "--application", metavar="ID", help=_("The customer's application at the marketplace, which names the new title.")
)
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@WAIT
@output_options
@write_options
@pass_run
def retitle(run: Run, /, given: Given, wait: float, **options: str | None) -> None:
    def decided(row: Row) -> Settled:
        from asctl.services.orders import one_order
        from asctl.services.settling import change_title

        order = one_order(run.desk, row.get("order"), row.get("shop"))
        return change_title(run.desk, order, _new_buyer(run, row, order), run.choices.dry_run)

    rows = list(given.rows(**options))
    question = _(
        "Make the invoices of {count} orders out to another title, the first {first}? Red invoices go out at once and cannot"
        " be taken back."
    ).format(count=len(rows), first=rows[0].get("order") if rows else "")
    settle_rows(run, "invoice retitle", rows, question, decided, wait)


def _new_buyer(run: Run, row: Row, order: Order) -> Buyer:
    from asctl.services.marketplace_applications import buyer_applied_for

    application = row.get("application")
    if not application:
        return buyer_of_row(row)
    if any(row.get(column.name) for column in BUYER):
        raise BadInput(
            _("application {application} names the buyer, and so does this row").format(application=application[:40]),
            code="usage",
            hint=_("leave --application out, or everything that tells of the buyer"),
        )
    return buyer_applied_for(run.desk, order, application)
