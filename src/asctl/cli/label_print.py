"""``asctl label print``: labels handed to a printer, without a file that anybody keeps."""

from __future__ import annotations

from pathlib import Path

import click

from asctl.cli.label_forms import DPI, FORMAT, LAYOUT, SIZE, say_missing
from asctl.cli.label_rows import rows_with_labels
from asctl.cli.options import Given, batch_input, output_options, pass_run
from asctl.cli.report import PLANNED
from asctl.cli.returning import TOGETHER
from asctl.cli.run import Run
from asctl.intake.columns import RMA
from asctl.output.label_schemas import LABEL_PRINTED
from asctl.text import _


@click.command(
    "print",
    help=_("Draw the return labels of approved RMAs and hand them to a printer, in one job and in their order."),
)
@batch_input(RMA)
@click.option("--printer", default="", metavar="NAME", help=_("As lpstat -p names it; default: label.printer."))
@click.option("--copies", type=click.IntRange(1, 99), default=1, show_default=True, help=_("How many of each."))
@FORMAT
@SIZE
@DPI
@LAYOUT
@TOGETHER
@click.option("--dry-run", is_flag=True, help=_("Check everything and print nothing."))
@output_options
@pass_run
def print_(
    run: Run,
    /,
    given: Given,
    printer: str,
    copies: int,
    kind: str,
    size: str,
    dpi: int,
    layout: Path | None,
    together: bool,
    dry_run: bool,
) -> None:
    from asctl.services.printing import print_labels, print_order
    from asctl.services.renderers import renderer_of

    order = print_order(run.desk, printer, copies)
    renderer = renderer_of(run.desk, kind, size, dpi, layout)
    asked = {"printer": order.printer, "copies": copies, "format": renderer.format, "size": size}
    with run.report(LABEL_PRINTED) as report:
        rows = rows_with_labels(run, report, given.rows(), together)
        parcels = {id(row.ready): row.ready for row in rows}
        if dry_run or not parcels:
            for row in rows:
                report.add({**row.known, **asked}, status=PLANNED)
            return
        printed = print_labels(run.desk, renderer, list(parcels.values()), order)
        pages = dict(zip(parcels, printed.pages, strict=True))
        told = {**asked, "job": printed.answer.job or None, "said": printed.answer.said or None}
        for row in rows:
            report.add({**row.known, **told, "pages": pages[id(row.ready)]}, error=printed.error)
    say_missing(run, printed.missing)
