"""``asctl invoice reverse``: red invoices that somebody asks for by hand, outside a case (R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from asctl.cli.invoice_sending import WAIT, Sending, refresh, report_fared
from asctl.cli.options import Given, batch_input, output_options, pass_run, write_options
from asctl.cli.report import PLANNED, SKIPPED, Report
from asctl.cli.rma import wanted_lines
from asctl.cli.run import Run
from asctl.cli.shared import report_failed, tried, word, words
from asctl.domain.errors import AsctlError
from asctl.domain.invoices import InvoiceState, Reason
from asctl.domain.resolutions import amount_of
from asctl.intake.columns import AMOUNT, LINE, OF_INVOICE, REASON, SHOP
from asctl.intake.rows import Row
from asctl.output.invoice_schemas import INVOICE_SENT, invoice_fields
from asctl.output.records import Record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.reversing import ReversalWish, Reversed


@dataclass(frozen=True, slots=True)
class _Entered:
    """A row whose red invoice is in the books, or would be."""

    row: Row
    reversed: Reversed


@click.command(
    "reverse",
    help=_(
        "Reverse issued invoices by hand, all or a part; what follows from a case is done by settle. The buyer must confirm"
        " where he has used the invoice. A red invoice cannot be taken back."
    ),
)
@batch_input(OF_INVOICE, replace(REASON, required=True), AMOUNT, LINE, SHOP)
@click.option(
    "--reason", type=words(Reason), help=_("Goods returned, price allowance, wrong invoice, service stopped.")
)
@click.option("--amount", metavar="AMOUNT", help=_("Only so much of it, in yuan with tax."))
@click.option(
    "--line", "lines", multiple=True, metavar="SKU=QTY", help=_("Only these goods; may be given several times.")
)
@click.option("--used", is_flag=True, help=_("The buyer has used the invoice (entered or deducted it)."))
@click.option("--again", is_flag=True, help=_("Another one, although the same was reversed before."))
@click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))
@WAIT
@output_options
@write_options
@pass_run
def reverse(
    run: Run, /, given: Given, lines: tuple[str, ...], used: bool, again: bool, wait: float, **options: str | None
) -> None:
    rows = list(given.rows(line=" ".join(lines) or None, **options))
    if not run.choices.dry_run:
        run.confirm(_question(rows))
    refresh(run)
    with run.report(INVOICE_SENT) as report:
        entered = _enter(run, report, rows, again, used)
        if run.choices.dry_run:
            for each in entered:
                report.add(_planned(each), status=PLANNED)
            return
        _send(run, report, entered, wait)


def _enter(run: Run, report: Report, rows: Sequence[Row], again: bool, used: bool) -> list[_Entered]:
    """Put the red invoices into the books; what speaks against one is told, and what was asked for before."""

    def enter(row: Row) -> Reversed:
        from asctl.services.reversing import reverse as reversed_

        return reversed_(run.desk, row.get("invoice"), _wish(row, again, used), row.get("shop"), run.choices.dry_run)

    entered: list[_Entered] = []
    for row in report.good(rows):
        if run.stopping():
            break
        found = tried(enter, row)
        if isinstance(found, AsctlError):
            report_failed(report, INVOICE_SENT, row, found)
        elif known := _known(found, entered):
            report.add(_record(found, row.given), status=SKIPPED, note=known)
        else:
            entered.append(_Entered(row, found))
    return entered


def _known(found: Reversed, entered: Sequence[_Entered]) -> tuple[str, str] | None:
    """Why nothing is left to send for a row: the same was reversed before, or is by an earlier row."""
    for each in entered:
        if found.known and each.reversed.red.invoice == found.red.invoice:
            return "duplicate", _("the same as {given}").format(given=each.row.given)
    if found.known and found.red.state is not InvoiceState.QUEUED:
        told = _("{red} reverses the same already; --again makes another one")
        return "already_reversed", told.format(red=found.red.invoice)
    return None


def _send(run: Run, report: Report, entered: Sequence[_Entered], wait: float) -> None:
    from asctl.services.issuing import Due

    reds: Mapping[str, _Entered] = {each.reversed.red.invoice: each for each in entered}
    sending = Sending(run, "invoice reverse")
    sent = sending.send([Due(each.reversed.red) for each in reds.values()]) if reds else []
    sending.wait(reds, wait)
    for fared in sent:
        report_fared(report, sending, fared, reds[fared.due.invoice.invoice].row.given)


def _wish(row: Row, again: bool, used: bool) -> ReversalWish:
    from asctl.services.reversing import ReversalWish

    reason = word(Reason, row.get("reason"), "reason")
    amount = amount_of(row.get("amount"), "amount") if row.get("amount") else None
    return ReversalWish(reason, amount, wanted_lines(row.get("line")), again, used)


def _planned(entered: _Entered) -> Record:
    return _record(entered.reversed, entered.row.given)


def _record(found: Reversed, given: str) -> Record:
    told = invoice_fields(found.red)
    told.pop("error_code")
    return {**told, "invoice": found.red.invoice or None, "input": given}


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("invoice") if rows else ""
    return _("Reverse {count} invoices, the first {first}? A red invoice cannot be taken back.").format(
        count=len(rows), first=first
    )
