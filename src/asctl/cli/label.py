"""``asctl label``: render."""

from __future__ import annotations

from pathlib import Path

import click

from asctl.cli.options import Given, batch_input, output_options, pass_run
from asctl.cli.report import Report
from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, BadInput
from asctl.intake.columns import RMA
from asctl.output.schemas import LABEL
from asctl.services.labels import DrawnLabel, Ready, draw_labels, prepare_label, renderer_of
from asctl.text import _


@click.group("label", help=_("Return labels that carry the RMA number."))
def label() -> None:
    """The group."""


@label.command("render", help=_("Draw the return labels of approved RMAs, a file each or all in one."))
@batch_input(RMA)
@click.option("--format", "kind", default="pdf", show_default=True, metavar="FORMAT", help=_("The renderer's format."))
@click.option("--size", default="100x150", show_default=True, metavar="SIZE", help=_("Width x height in mm."))
@click.option(
    "-d", "--dir", "folder", type=click.Path(path_type=Path), help=_("Folder for a file per RMA; default: here.")
)
@click.option("-f", "--file", "target", type=click.Path(path_type=Path), help=_("One file for all of them."))
@output_options
@pass_run
def render(run: Run, given: Given, kind: str, size: str, folder: Path | None, target: Path | None) -> None:
    if folder and target:
        raise BadInput(_("-d and -f exclude each other"), code="usage", hint=_("choose a folder or one file"))
    renderer = renderer_of(run.desk, kind, size)
    ready: list[tuple[str, Ready]] = []
    with run.report(LABEL) as report:
        for row in report.good(given.rows()):
            try:
                found = prepare_label(run.desk, row.get("rma"))
                if target is None:
                    own = (folder or Path()) / (found.rma.rma + renderer.suffix)
                    _report(run, report, [(row.given, found)], draw_labels(run.desk, renderer, [found], own))
                else:
                    ready.append((row.given, found))
            except AsctlError as error:
                report.add({"input": row.given, "rma": row.get("rma")}, error=error)
        if target is not None and ready:
            _report(run, report, ready, draw_labels(run.desk, renderer, [each for _input, each in ready], target))


def _report(run: Run, report: Report, ready: list[tuple[str, Ready]], drawn: list[DrawnLabel]) -> None:
    for (given, _ready), one in zip(ready, drawn, strict=True):
        record = LABEL.record(
            input=given,
            rma=one.rma.rma,
            waybill=one.rma.waybill,
            file=str(one.file),
            format=one.format,
            pages=one.pages,
        )
        report.add(record)
    if missing := sorted(drawn[0].missing):
        run.say(
            _("no font has {characters}; they are marked on the label").format(
                characters=" ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            )
        )
