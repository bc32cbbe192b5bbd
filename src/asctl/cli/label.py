"""``asctl label``: render."""

from __future__ import annotations

from pathlib import Path

import click

from asctl.cli.options import Given, batch_input, output_options, pass_run
from asctl.cli.run import Run
from asctl.cli.shared import Worked, report_failed, tried, work_rows
from asctl.domain.errors import AsctlError, BadInput
from asctl.intake.columns import RMA
from asctl.intake.rows import Row
from asctl.output.records import Record
from asctl.output.schemas import LABEL
from asctl.services.labels import DrawnLabel, Ready, Renderer, draw_labels, prepare_label, renderer_of
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
    if target is None:
        _a_file_each(run, given, renderer, folder or Path())
    else:
        _one_file(run, given, renderer, target)


def _a_file_each(run: Run, given: Given, renderer: Renderer, folder: Path) -> None:
    def draw(row: Row) -> Worked:
        ready = prepare_label(run.desk, row.get("rma"))
        (drawn,) = draw_labels(run.desk, renderer, [ready], folder / (ready.rma.rma + renderer.suffix))
        _say_missing(run, drawn)
        return Worked(_record(drawn))

    work_rows(run, LABEL, given.rows(), draw)


def _one_file(run: Run, given: Given, renderer: Renderer, target: Path) -> None:
    ready: list[tuple[Row, Ready]] = []
    with run.report(LABEL) as report:
        for row in report.good(given.rows()):
            found = tried(lambda row: prepare_label(run.desk, row.get("rma")), row)
            if isinstance(found, AsctlError):
                report_failed(report, LABEL, row, found)
            else:
                ready.append((row, found))
        if not ready:
            return
        drawn = draw_labels(run.desk, renderer, [each for _row, each in ready], target)
        for (row, _ready), one in zip(ready, drawn, strict=True):
            report.add({**_record(one), "input": row.given})
    _say_missing(run, drawn[0])


def _record(drawn: DrawnLabel) -> Record:
    return LABEL.record(
        rma=drawn.rma.rma,
        waybill=drawn.rma.waybill,
        file=str(drawn.file),
        format=drawn.format,
        pages=drawn.pages,
    )


def _say_missing(run: Run, drawn: DrawnLabel) -> None:
    """All labels of one file miss the same characters."""
    if missing := sorted(drawn.missing):
        run.say(
            _("no font has {characters}; they are marked on the label").format(
                characters=" ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            )
        )
