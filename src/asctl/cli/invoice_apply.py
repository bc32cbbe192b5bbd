"""``asctl invoice request``, ``sync`` and ``cancel``: applications come into the books, and leave them unsent (R107)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from asctl.cli.invoice_buyers import BUYER, buyer_of_row, buyer_options
from asctl.cli.options import Given, batch_input, output_options, pass_run, work_options
from asctl.cli.report import PLANNED, SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.shared import Worked, tried, word, work_rows
from asctl.domain.errors import AsctlError
from asctl.domain.invoices import ISSUED_HERE, InvoiceKind
from asctl.domain.times import moment_or_distance
from asctl.intake.columns import KIND, OF_INVOICE, ORDER, SHOP
from asctl.intake.rows import Row, Source
from asctl.output.invoice_changes import INVOICE_CHANGED, changed_record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.orders import Order
    from asctl.services.applications import Applied

_ONE_SHOP = click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))


@click.command(
    "request",
    help=_(
        "Apply for the invoices of orders: they stand in the queue then, and are issued in the order of application. With"
        " --tax-id the title is a company's."
    ),
)
@batch_input(ORDER, *BUYER, KIND, SHOP)
@buyer_options
@click.option(
    "--kind",
    type=click.Choice(sorted(kind.value for kind in ISSUED_HERE)),
    help=_("Ordinary (default), or special, whose tax is deducted."),
)
@_ONE_SHOP
@click.option(
    "--force-by", default="", metavar="NAME", help=_("Who in finance agreed to bill an order with an open case.")
)
@click.option("--dry-run", is_flag=True, help=_("Check everything and enter nothing."))
@output_options
@pass_run
def request(run: Run, /, given: Given, force_by: str, dry_run: bool, **options: str | None) -> None:
    from asctl.services.applications import apply_for
    from asctl.services.orders import one_order

    def apply_one(row: Row) -> Worked:
        buyer = buyer_of_row(row)
        kind = word(InvoiceKind, row.get("kind") or InvoiceKind.DIGITAL_ORDINARY, "kind")
        order = one_order(run.desk, row.get("order"), row.get("shop"))
        applied = apply_for(run.desk, order, buyer, kind, force_by, dry_run)
        _say_odd(run, applied)
        return Worked(changed_record(applied.invoice, applied.news), PLANNED if dry_run else "done")

    work_rows(run, INVOICE_CHANGED, given.rows(**options), apply_one)


@click.command(
    "sync",
    help=_(
        "Ask the marketplaces for what customers applied for: at the orders that changed of late, or at the named ones. What is"
        " new stands in the queue then."
    ),
)
@click.argument("ids", nargs=-1, metavar="[ORDER|-]...")
@click.option("--shop", "shops", multiple=True, metavar="SHOP", help=_("Only this shop; may be given several times."))
@click.option(
    "--since", default="3d", show_default=True, metavar="TIME", help=_("Ask at the orders that changed since then.")
)
@output_options
@work_options
@pass_run
def sync(run: Run, ids: tuple[str, ...], shops: tuple[str, ...], since: str) -> None:
    from asctl.services.marketplace_applications import sync_order
    from asctl.services.parallel import work_through
    from asctl.store.locks import hold

    def ask(order: Order) -> tuple[Applied | None]:
        return (sync_order(run.desk, order),)

    with run.report(INVOICE_CHANGED) as report, hold(run.store, "invoice sync"):
        orders = _named(run, report, ids, shops) if ids else _of_shops(run, report, shops, since)
        for order, asked in work_through(orders, ask, run.choices.jobs, run.budget):
            if isinstance(asked, tuple):
                _tell(run, report, order, asked[0], named=bool(ids))
            elif asked is None:
                run.limit_hit = True
            else:
                report.add(_of_order(order), error=asked)


def _named(run: Run, report: Report, ids: tuple[str, ...], shops: tuple[str, ...]) -> Iterator[Order]:
    from asctl.services.marketplace_applications import asking_shops
    from asctl.services.orders import one_order

    only = shops[0] if len(shops) == 1 else ""

    def find(row: Row) -> Order:
        order = one_order(run.desk, row.get("order"), only)
        asking_shops(run.desk, (order.shop,))
        return order

    for row in report.good(Given(run, (ORDER,), Source(ids, run.stdin_bytes)).rows()):
        found = tried(find, row)
        if isinstance(found, AsctlError):
            report.add({"input": row.given, "order_id": row.get("order")}, error=found)
        else:
            yield found


def _of_shops(run: Run, report: Report, shops: tuple[str, ...], since: str) -> Iterator[Order]:
    from asctl.services.marketplace_applications import asking_shops, orders_to_ask

    moment = moment_or_distance(since, run.clock.now())
    for shop in asking_shops(run.desk, shops):
        found = tried(lambda name: orders_to_ask(run.desk, name, moment), shop.name)
        if isinstance(found, AsctlError):
            report.add({"input": shop.name, "shop": shop.name}, error=found)
        else:
            yield from found


def _tell(run: Run, report: Report, order: Order, applied: Applied | None, named: bool) -> None:
    """What is new; an order that was named is told of whatever there is."""
    if applied is None:
        if named:
            nobody = ("no_application", _("nobody applied for an invoice at this order"))
            report.add(_of_order(order), status=SKIPPED, note=nobody)
        return
    _say_odd(run, applied)
    known = None if applied.news else ("known", _("it was known before"))
    record = {**changed_record(applied.invoice, applied.news), "input": order.order_id}
    report.add(record, status=SKIPPED if known else "", note=known)


def _of_order(order: Order) -> dict[str, object]:
    return {"input": order.order_id, "order_id": order.order_id, "shop": order.shop}


def _say_odd(run: Run, applied: Applied) -> None:
    for sentence in applied.odd:
        run.say(f"{applied.invoice.order_id}: {sentence}")


@click.command("cancel", help=_("Call invoices off that are queued and were never sent."))
@batch_input(OF_INVOICE, SHOP)
@_ONE_SHOP
@output_options
@pass_run
def cancel(run: Run, given: Given, shop: str | None) -> None:
    from asctl.services.calling_off import call_off

    def cancel_one(row: Row) -> Worked:
        invoice, just_now = call_off(run.desk, row.get("invoice"), row.get("shop"))
        known = None if just_now else ("already_cancelled", _("it was called off before"))
        return Worked(changed_record(invoice, "cancelled" if just_now else ""), skipped=known)

    work_rows(run, INVOICE_CHANGED, given.rows(shop=shop), cancel_one)
