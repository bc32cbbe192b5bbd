"""``asctl invoice urgent``: mark who waits, hand finance the list, put one first (R107, R108)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from asctl.cli.options import Given, list_options, pass_run, reveal_option
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.cli.shared import Worked, known_shop, note_reveal, revealing, work_rows
from asctl.domain.errors import BadInput
from asctl.intake.columns import OF_INVOICE, SHOP
from asctl.intake.rows import Row, Source
from asctl.output.invoice_changes import INVOICE_MARKED, INVOICE_URGENT, urgent_record
from asctl.output.records import Record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.urgency import Urgent

_WAITING_FOR = replace(OF_INVOICE, name="order", aliases=("order_id", "invoice"))


@click.command(
    "urgent",
    help=_(
        "Mark the invoices of orders as urgent; without an order, the list for finance: who waits, under which customer ID, how"
        " long. Marking changes no order; --promote puts an invoice first, which finance decides."
    ),
)
@click.argument("ids", nargs=-1, metavar="[ORDER|-]...")
@click.option("--reason", default="", metavar="TEXT", help=_("Why it is urgent; finance reads it."))
@click.option("--promote", "first", is_flag=True, help=_("Put them first in the queue."))
@click.option("--shop", default="", metavar="SHOP", help=_("Only this shop; or where two have the same number."))
@list_options
@reveal_option
@pass_run
def urgent(run: Run, ids: tuple[str, ...], reason: str, first: bool, shop: str) -> None:
    if first and reason:
        raise BadInput(
            _("--reason says why it is urgent, and --promote puts it first"),
            code="usage",
            hint=_("mark it with --reason, and have finance promote it"),
        )
    if ids:
        _mark(run, ids, reason, first, shop)
        return
    if first or reason:
        raise BadInput(_("no order is given"), code="no_input", hint=_("name the orders: asctl invoice urgent ORDER"))
    _list(run, shop)


def _mark(run: Run, ids: tuple[str, ...], reason: str, first: bool, shop: str) -> None:
    from asctl.services.urgency import mark_urgent, promote

    def mark_one(row: Row) -> Worked:
        subject, where = row.get("order"), row.get("shop")
        marked = promote(run.desk, subject, where) if first else mark_urgent(run.desk, subject, reason, where)
        told = (
            ("already_first", _("it was put first before")) if first else ("already_urgent", _("it was marked before"))
        )
        return Worked(_shown(run, marked, _places(run)), skipped=told if marked.known else None)

    given = Given(run, (_WAITING_FOR, SHOP), Source(ids, run.stdin_bytes))
    rows = list(given.rows(shop=shop or None))
    note_reveal(run, "invoice urgent", [row.given for row in rows])
    work_rows(run, INVOICE_MARKED, rows, mark_one)


def _list(run: Run, shop: str) -> None:
    from asctl.services.urgency import urgent_ones

    only = known_shop(run, shop)
    found = [each for each in urgent_ones(run.desk) if only in ("", each.invoice.shop)]
    places = _places(run)
    with run.report(INVOICE_URGENT) as report:
        for each in revealing(run, "invoice urgent", found, lambda one: one.invoice.invoice):
            report.add(_shown(run, each, places), status=FOUND)


def _shown(run: Run, one: Urgent, places: Mapping[str, int]) -> Record:
    return urgent_record(one.invoice, one.buyer, places.get(one.invoice.invoice), run.choices.reveal)


def _places(run: Run) -> Mapping[str, int]:
    """Where each invoice stands in the queue, from 1."""
    from asctl.store.invoices import queue

    with run.store.read() as tx:
        return {each.invoice: place for place, each in enumerate(queue(tx), start=1)}
