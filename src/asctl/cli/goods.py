"""``asctl goods``: how the shop's goods are taxed: set, list, forget."""

from __future__ import annotations

from itertools import islice

import click

from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, Worked, stored, work_rows
from asctl.domain.billing import GoodsTax
from asctl.intake.columns import GOODS_CODE, NAME, RATE, SKU, SPEC, UNIT
from asctl.intake.rows import Row
from asctl.output.invoice_changes import GOODS, GOODS_CHANGED
from asctl.text import _


@click.group("goods", help=_("Tax categories of the shop's goods, which invoices need: set, list, forget."))
def goods() -> None:
    """The group."""


@goods.command("set", help=_("Note under which tax category and rate SKUs are billed, in place of what was noted."))
@batch_input(SKU, GOODS_CODE, RATE, NAME, UNIT, SPEC)
@click.option("--code", metavar="CODE", help=_("The tax category (税收分类编码): 19 digits."))
@click.option("--rate", metavar="RATE", help=_("The tax rate, as 0.13."))
@click.option("--name", metavar="NAME", help=_("The name on the invoice; the order's where nothing is said."))
@click.option("--unit", metavar="UNIT", help=_("The unit, as 件."))
@click.option("--spec", metavar="TEXT", help=_("The model or size."))
@output_options
@pass_run
def set_(run: Run, /, given: Given, **options: str | None) -> None:
    from asctl.services.goods_taxes import note_goods, rate_of

    def note_one(row: Row) -> Worked:
        told = {name: row.get(name) for name in ("sku", "code", "name", "unit", "spec")}
        noted = GoodsTax(rate=rate_of(row.get("rate")), **told)
        known = None if note_goods(run.desk, noted) else ("already_set", _("the same was noted before"))
        return Worked(GOODS_CHANGED.of(noted, input=None, status=None), skipped=known)

    work_rows(run, GOODS_CHANGED, given.rows(**options), note_one)


@goods.command("list", help=_("What is noted, by SKU."))
@LIMIT
@list_options
@pass_run
def list_(run: Run, limit: int | None) -> None:
    from asctl.store.settlements import list_goods

    with run.report(GOODS) as report:
        for each in islice(stored(run, list_goods), limit):
            report.add(GOODS.of(each), status=FOUND)


@goods.command("forget", help=_("Take SKUs from the list: they are billed as the account's other goods then."))
@batch_input(SKU)
@output_options
@pass_run
def forget(run: Run, given: Given) -> None:
    from asctl.services.goods_taxes import forget_goods

    def forget_one(row: Row) -> Worked:
        forget_goods(run.desk, row.get("sku"))
        return Worked(GOODS_CHANGED.record(sku=row.get("sku")))

    work_rows(run, GOODS_CHANGED, given.rows(), forget_one)
