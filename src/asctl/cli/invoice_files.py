"""``asctl invoice resend`` and ``download``: copies of issued invoices, for customers and for the books."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asctl.cli.batching import write_in_batch
from asctl.cli.options import Given, batch_input, output_options, pass_run, write_options
from asctl.cli.report import DONE, SKIPPED, Report
from asctl.cli.run import Run
from asctl.cli.shared import report_failed, tried
from asctl.domain.errors import AsctlError
from asctl.intake.columns import EMAIL, MOBILE, OF_INVOICE, SHOP
from asctl.intake.rows import Row
from asctl.output.invoice_changes import INVOICE_FILE
from asctl.output.invoice_schemas import INVOICE_SENT, invoice_fields
from asctl.output.records import Record
from asctl.text import _

if TYPE_CHECKING:
    from asctl.domain.actions import Wanted
    from asctl.domain.invoices import Invoice
    from asctl.services.handing_over import Fetched
    from asctl.services.sending import Sent

FORMATS = ("pdf", "ofd", "xml")
_SHOP = click.option("--shop", metavar="SHOP", help=_("The shop, where two have the same number."))


@click.command("resend", help=_("Have issued invoices sent to their customers once more, by the provider."))
@batch_input(OF_INVOICE, EMAIL, MOBILE, SHOP)
@click.option("--email", metavar="ADDRESS", help=_("Where to; the address of the application where nothing is said."))
@click.option("--mobile", metavar="NUMBER", help=_("The mobile phone that is told of it."))
@_SHOP
@click.option("--again", is_flag=True, help=_("Send it although it was sent there once more before."))
@output_options
@write_options
@pass_run
def resend(run: Run, /, given: Given, again: bool, **options: str | None) -> None:
    from asctl.services.finding_invoices import find_invoice

    def wanted(row: Row) -> Wanted:
        from asctl.services.handing_over import delivering

        invoice = find_invoice(run.desk, row.get("invoice"), row.get("shop"))
        return delivering(run.desk, invoice, row.get("email"), row.get("mobile"))

    def more(_row: Row, sent: Sent) -> Record:
        told = invoice_fields(find_invoice(run.desk, str(sent.action.payload["invoice"])))
        return {name: told[name] for name in told if name not in ("error_code", "action_id")}

    write_in_batch(run, "invoice resend", INVOICE_SENT, given.rows(**options), wanted, _question, more, again=again)


def _question(rows: Sequence[Row]) -> str:
    first = rows[0].get("invoice") if rows else ""
    return _("Send {count} invoices to their customers once more, the first {first}?").format(
        count=len(rows), first=first
    )


@click.command(
    "download",
    help=_(
        "Fetch the files of issued invoices into a folder: of an order, those of all its invoices. A file that is there is never"
        " written over."
    ),
)
@batch_input(OF_INVOICE, SHOP)
@click.option(
    "-d", "--dir", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help=_("The folder.")
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help=_("Only this format; may be given several times. Default: whatever the provider has."),
)
@_SHOP
@output_options
@pass_run
def download(run: Run, given: Given, folder: Path, formats: tuple[str, ...], shop: str | None) -> None:
    def find(row: Row) -> list[Invoice]:
        from asctl.services.finding_invoices import invoices_about

        found = invoices_about(run.desk, row.get("invoice"), row.get("shop"))
        return [each for each in found if each.number] or list(found[:1])

    with run.report(INVOICE_FILE) as report:
        for row in report.good(given.rows(shop=shop)):
            invoices = tried(find, row)
            if isinstance(invoices, AsctlError):
                report_failed(report, INVOICE_FILE, row, invoices)
                continue
            for wanted in _wanted(invoices, formats):
                fetched = tried(lambda one: _fetched(run, *one, folder), wanted)
                _tell(report, {**_of_invoice(*wanted), "input": row.given}, fetched)


def _tell(report: Report, record: Record, fetched: Fetched | AsctlError) -> None:
    if isinstance(fetched, AsctlError):
        report.add(record, error=fetched)
        return
    known = ("there_already", _("the same file is there already")) if fetched.known else None
    report.add({**record, **_of_file(fetched)}, status=SKIPPED if known else DONE, note=known)


def _wanted(invoices: Sequence[Invoice], formats: Sequence[str]) -> Iterator[tuple[Invoice, str]]:
    """Each file to fetch. An invoice of which no format is known is asked for its PDF, so that it is told why there is none."""
    for invoice in invoices:
        there = [file.format for file in invoice.files] or [FORMATS[0]]
        yield from ((invoice, format_) for format_ in formats or there)


def _fetched(run: Run, invoice: Invoice, format_: str, folder: Path) -> Fetched:
    from asctl.services.handing_over import download as fetch

    return fetch(run.desk, invoice, format_, folder)


def _of_invoice(invoice: Invoice, format_: str) -> Record:
    return INVOICE_FILE.record(
        invoice=invoice.invoice,
        order_id=invoice.order_id,
        shop=invoice.shop,
        colour=invoice.colour.value,
        number=invoice.number or None,
        format=format_,
    )


def _of_file(fetched: Fetched) -> Record:
    return {"file": str(fetched.path), "sha256": fetched.sha256, "bytes": fetched.size}
