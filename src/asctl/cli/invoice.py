"""``asctl invoice``: queue, show, issue; what else one does with invoices is in files of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from asctl.cli.callback import receive
from asctl.cli.invoice_apply import cancel, request, sync
from asctl.cli.invoice_files import download, resend
from asctl.cli.invoice_retitle import retitle
from asctl.cli.invoice_reverse import reverse
from asctl.cli.invoice_sending import WAIT, Sending, refresh, report_ended, report_fared
from asctl.cli.invoice_settle import settle
from asctl.cli.invoice_urgent import urgent
from asctl.cli.options import list_options, output_options, pass_run, reveal_option, write_options
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, known_shop, note_reveal, revealing, show_below, show_each, stored, words
from asctl.domain.identifiers import clean_order_id
from asctl.domain.invoices import LIVING, NOT_YET, UNDER_WAY, InvoiceState
from asctl.domain.masking import mask_numbers
from asctl.domain.times import iso
from asctl.output.invoice_schemas import (
    INVOICE,
    INVOICE_LINE,
    INVOICE_QUEUE,
    INVOICE_SENT,
    invoice_record,
    line_record,
)
from asctl.output.records import Record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.invoices import Invoice
    from asctl.store.invoices import InvoiceNote


@click.group(
    "invoice",
    help=_(
        "Invoices: sync, request, queue, urgent, issue, settle, reverse, retitle, show, resend, download, cancel, receive."
    ),
)
def invoice() -> None:
    """The group."""


@invoice.command("queue", help=_("Invoices that are not issued yet, in the order in which they will be."))
@click.option("--all", "all_", is_flag=True, help=_("Those that are issued, reversed or over, too."))
@click.option("--state", "states", type=words(InvoiceState), multiple=True, help=_("Only in this state."))
@click.option("--order", default="", metavar="ORDER", help=_("Only of this order."))
@click.option("--shop", default="", metavar="SHOP", help=_("Only of this shop."))
@click.option("--rma", default="", metavar="RMA", help=_("Only what came of this case."))
@click.option("--urgent", is_flag=True, help=_("Only urgent ones."))
@LIMIT
@list_options
@reveal_option
@pass_run
def queue(
    run: Run,
    all_: bool,
    states: tuple[str, ...],
    order: str,
    shop: str,
    rma: str,
    urgent: bool,
    limit: int | None,
) -> None:
    from asctl.store.invoices import InvoiceFilter, list_invoices

    open_ones = NOT_YET | UNDER_WAY | {InvoiceState.FAILED, InvoiceState.SEAL_FAILED}
    wanted = InvoiceFilter(
        order_id=clean_order_id(order) if order else "",
        shop=known_shop(run, shop),
        rma=rma.strip().upper(),
        states=frozenset(map(InvoiceState, states)) or (frozenset() if all_ else open_ones),
        urgent=urgent,
        limit=limit,
    )
    found = stored(run, lambda tx: list_invoices(tx, wanted))
    with run.report(INVOICE_QUEUE) as report:
        for each in revealing(run, "invoice queue", _in_line(found), lambda one: one.invoice):
            report.add(invoice_record(each, reveal=run.choices.reveal), status=FOUND)


def _in_line(found: Iterable[Invoice]) -> list[Invoice]:
    """What finance promoted comes first, as it does when they are sent."""
    return sorted(found, key=lambda each: (each.promoted_at is None, each.promoted_at or each.requested_at))


@invoice.command(
    "show", help=_("Invoices by number, or all of an order: what they bill, where they stand, what follows.")
)
@click.argument("ids", nargs=-1, required=True, metavar="INVOICE-OR-ORDER...")
@click.option("--shop", default="", metavar="SHOP", help=_("The shop, where two have the same number."))
@output_options
@reveal_option
@pass_run
def show(run: Run, ids: tuple[str, ...], shop: str) -> None:
    shown: list[Invoice] = []

    def find(text: str) -> list[Record]:
        from asctl.services.finding_invoices import invoices_about
        from asctl.store.invoices import notes_of

        found = invoices_about(run.desk, text, known_shop(run, shop))
        note_reveal(run, "invoice show", [each.invoice for each in found])
        with run.store.read() as tx:
            notes = notes_of(tx, [each.invoice for each in found])
        shown.extend(found)
        return [invoice_record(each, _told(notes.get(each.invoice, ())), run.choices.reveal) for each in found]

    show_each(run, INVOICE, ids, find)
    if run.choices.format == "table":
        for each in shown:
            _say_more(run, each)
    if run.choices.format == "table" and len(shown) == 1:
        show_below(run, INVOICE_LINE, [line_record(line) for line in shown[0].lines])


def _say_more(run: Run, one: Invoice) -> None:
    """What no column is wide enough for: why it failed, whom it waits for."""
    if one.message or one.error_code:
        run.say(f"{one.invoice}: {mask_numbers(one.message) or one.error_code}")
    if one.form_deadline is not None:
        run.say(_("{red}: its form waits until {until}").format(red=one.invoice, until=iso(one.form_deadline)))


def _told(notes: Iterable[InvoiceNote]) -> list[Record]:
    return [
        {"kind": note.kind, "rma": note.rma or None, "said": note.said, "by": note.by, "at": iso(note.at)}
        for note in notes
    ]


@invoice.command(
    "issue",
    help=_(
        "Work the queue, as cron does: ask what became of those under way, then send what is due, in the order of application."
        " Or only the named ones; one that failed is tried again."
    ),
)
@click.argument("ids", nargs=-1, metavar="[INVOICE-OR-ORDER]...")
@click.option("--shop", default="", metavar="SHOP", help=_("The shop, where two have the same number."))
@WAIT
@output_options
@write_options
@pass_run
def issue(run: Run, ids: tuple[str, ...], shop: str, wait: float) -> None:
    from asctl.services.issuing import due_invoices, under_way

    if not run.choices.dry_run:
        what = _("Issue {count} invoices?").format(count=len(ids)) if ids else _("Issue what is in the queue?")
        run.confirm(what)
    ended = refresh(run)
    sending = Sending(run, "invoice issue")
    with run.report(INVOICE_SENT) as report:
        for each in ended:
            report_ended(report, each)
        before = [] if ids else under_way(run.desk)
        sent = sending.send(due_invoices(run.desk, ids, known_shop(run, shop)))
        sending.wait([*before, *(each.due.invoice.invoice for each in sent)], wait)
        for number in before:
            standing = sending.standing(number)
            if standing is not None and standing.state not in UNDER_WAY:
                report_ended(report, standing)
        for fared in sending.fared.values():
            report_fared(report, sending, fared, fared.due.invoice.invoice)
    _say_what_waits(run)


def _say_what_waits(run: Run) -> None:
    """How many are still on their way, so that nobody takes accepted for issued."""
    from asctl.services.issuing import left_waiting
    from asctl.store.invoices import InvoiceFilter, list_invoices

    with run.store.read() as tx:
        left = list(list_invoices(tx, InvoiceFilter(states=LIVING - {InvoiceState.PARTLY_REVERSED})))
    counts = {state: sum(each.state is state for each in left) for state in (*NOT_YET, *UNDER_WAY)}
    told = ", ".join(f"{count} {state.value}" for state, count in sorted(counts.items()) if count)
    if waiting := left_waiting(run.desk):
        told += _(" ({count} of them until their case is settled)").format(count=waiting)
    if told:
        run.say(_("not issued yet: {counts}; see: asctl invoice queue").format(counts=told))


for command in (request, sync, cancel, urgent, settle, retitle, reverse, resend, download, receive):
    invoice.add_command(command)
