"""``asctl invoice settle``: what a case's resolution means for the invoice (R21-R23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from asctl.cli.invoice_sending import WAIT
from asctl.cli.invoice_settling import settle_rows
from asctl.cli.options import Given, batch_input, output_options, pass_run, write_options
from asctl.cli.run import Run
from asctl.domain.resolutions import BOOKED_AS, amount_of
from asctl.intake.columns import RMA, TAX_ID, TITLE, Column, clean_code, clean_plain
from asctl.intake.rows import Row
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.resolutions import Wish
    from asctl.services.settling import Settled

REFUND = Column("refund", clean_plain, ("amount",))
DIFFERENCE, FEE = Column("difference", clean_plain), Column("fee", clean_plain)
GOODS, NEW_SKU = Column("goods", clean_plain), Column("sku", clean_plain)
BOOKED = Column("as", clean_code)


@click.command(
    "settle",
    help=_(
        "Do to the invoice what the resolution of cases means: a return revises it, an exchange endorses or reissues it, a repair"
        " gives the original back. One line says why; --explain tells the rule."
    ),
)
@batch_input(RMA, REFUND, DIFFERENCE, FEE, GOODS, NEW_SKU, BOOKED, TITLE, TAX_ID)
@click.option("--refund", metavar="AMOUNT", help=_("The money that goes back; without it, the share of the goods."))
@click.option(
    "--difference", metavar="AMOUNT", help=_("Exchange: what the customer pays more, as 12.00; -5.00 goes back.")
)
@click.option("--goods", metavar="NAME", help=_("Exchange: what went out instead, as the invoice shall name it."))
@click.option("--sku", metavar="SKU", help=_("Exchange: its SKU, for the tax category; see: asctl goods list."))
@click.option("--fee", metavar="AMOUNT", help=_("Repair: what the customer pays for it."))
@click.option("--as", "as_", type=click.Choice(BOOKED_AS), help=_("Compensation: what it is in the books."))
@click.option("--freight", is_flag=True, help=_("The freight is refunded, too."))
@click.option("--unseen", is_flag=True, help=_("Return: the goods need not be there."))
@click.option("--paper", is_flag=True, help=_("Repair: a paper original came with the goods."))
@click.option("--used", is_flag=True, help=_("The buyer has used the invoice (entered or deducted it)."))
@click.option(
    "--approved-by", default="", metavar="NAME", help=_("Who in finance agreed to issue a special invoice anew.")
)
@click.option("--title", metavar="NAME", help=_("Whom a separate invoice for a fee is made out to."))
@click.option("--tax-id", metavar="ID", help=_("The company's tax ID that goes with --title."))
@click.option("--explain", is_flag=True, help=_("Tell on stderr which rule applied, and what it looked at."))
@WAIT
@output_options
@write_options
@pass_run
def settle(
    run: Run,
    /,
    given: Given,
    as_: str | None,
    freight: bool,
    unseen: bool,
    paper: bool,
    used: bool,
    approved_by: str,
    explain: bool,
    wait: float,
    **options: str | None,
) -> None:
    from asctl.domain.resolutions import Wish

    flags = Wish(freight=freight, unseen=unseen, paper=paper, used=used, approved_by=approved_by)
    rows = list(given.rows(**options, **{"as": as_}))

    def decided(row: Row) -> Settled:
        from asctl.services.settling import settle_case

        return settle_case(run.desk, row.get("rma"), wish_of(row, flags), run.choices.dry_run)

    settle_rows(run, "invoice settle", rows, _question(rows), decided, wait, explain)


def wish_of(row: Row, flags: Wish) -> Wish:
    """What a row tells of its resolution. Raises :class:`BadInput`."""
    from asctl.cli.invoice_buyers import buyer_of_row

    amounts: dict[str, Any] = {
        name: amount_of(row.get(name), name, negative=name == "difference")
        for name in ("refund", "difference", "fee")
        if row.get(name)
    }
    buyer = buyer_of_row(row) if row.get("title") or row.get("tax-id") else None
    return replace(flags, goods=row.get("goods"), sku=row.get("sku"), booked_as=row.get("as"), buyer=buyer, **amounts)


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("rma") if rows else ""
    return _(
        "Settle the invoices of {count} cases, the first {first}? Red invoices go out at once and cannot be taken back."
    ).format(count=len(rows), first=first)
