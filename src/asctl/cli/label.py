"""``asctl label``: the group and ``render``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asctl.cli.label_forms import DPI, FORMAT, LAYOUT, SIZE, layout, say_missing
from asctl.cli.label_list import list_
from asctl.cli.label_print import print_
from asctl.cli.label_rows import LabelRow, rows_with_labels, rows_with_pickups
from asctl.cli.options import Given, batch_input, output_options, pass_run, write_options
from asctl.cli.report import PLANNED
from asctl.cli.returning import SENDER, TOGETHER, sender_options
from asctl.cli.run import Run
from asctl.cli.shared import tried
from asctl.domain.errors import AsctlError, BadInput
from asctl.intake.columns import COURIER, RMA
from asctl.output.records import Record
from asctl.output.schemas import LABEL
from asctl.text import _

if TYPE_CHECKING:
    from asctl.services.desk import Desk
    from asctl.services.drawing import DrawnLabel
    from asctl.services.labels import Ready
    from asctl.services.renderers import Renderer


@click.group("label", help=_("Return labels that carry the RMA number: render, print, list, layout."))
def label() -> None:
    """The group."""


for command in (list_, print_, layout):
    label.add_command(command)


@label.command("render", help=_("Draw the return labels of approved RMAs, a file each or all in one."))
@batch_input(RMA, COURIER, *SENDER)
@FORMAT
@SIZE
@DPI
@LAYOUT
@click.option(
    "-d", "--dir", "folder", type=click.Path(path_type=Path), help=_("Folder for a file per parcel; default: here.")
)
@click.option("-f", "--file", "target", type=click.Path(path_type=Path), help=_("One file for all of them."))
@TOGETHER
@click.option("--pickup", "account", metavar="ACCOUNT", help=_("Have this account's courier fetch the goods first."))
@click.option("--courier", metavar="C", help=_("Who shall come, where the account serves several couriers."))
@sender_options
@output_options
@write_options
@pass_run
def render(
    run: Run,
    /,
    given: Given,
    kind: str,
    size: str,
    dpi: int,
    layout: Path | None,
    folder: Path | None,
    target: Path | None,
    together: bool,
    account: str | None,
    **options: str | None,
) -> None:
    from asctl.services.renderers import renderer_of

    if given_in_vain := [name for name, value in options.items() if value and not account]:
        raise BadInput(
            _("{options} tell a courier where to come, and none is asked").format(
                options=" ".join("--" + name.replace("_", "-") for name in given_in_vain)
            ),
            code="usage",
            hint=_("say which account shall have him come: --pickup ACCOUNT"),
        )
    if folder and target:
        raise BadInput(_("-d and -f exclude each other"), code="usage", hint=_("choose a folder or one file"))
    files = _Files(run.desk, renderer_of(run.desk, kind, size, dpi, layout), folder or Path(), target)
    rows = given.rows(**options)
    missing: set[str] = set()
    with run.report(LABEL) as report:
        if account:
            found = rows_with_pickups(run, report, rows, together, account, files.check)
        else:
            found = rows_with_labels(run, report, rows, together)
        for row, drawn in _drawn(run, files, found):
            if isinstance(drawn, AsctlError):
                report.add(row.known, error=drawn)
            elif drawn is None:
                report.add(row.known, status=PLANNED)
            else:
                missing |= drawn.missing
                report.add({**row.known, **files.told(drawn)}, error=drawn.outdated.get(row.rma.rma))
    say_missing(run, missing)


@dataclass(frozen=True, slots=True)
class _Files:
    """Where the labels go: a file each in a folder, or one ``target`` for all."""

    desk: Desk
    renderer: Renderer
    folder: Path
    target: Path | None

    def place_of(self, ready: Ready) -> Path:
        """The file of a parcel's label."""
        return self.target or self.folder / (ready.content.rma + self.renderer.suffix)

    def check(self, parcels: Sequence[Ready]) -> None:
        """Raises what would keep the labels of these parcels from being drawn, as far as that can be told before."""
        from asctl.services.drawing import check_drawing

        check_drawing(self.desk, self.renderer, parcels, {self.place_of(each) for each in parcels})

    def draw(self, parcels: Sequence[Ready], place: Path) -> dict[int, DrawnLabel]:
        """Draw these parcels' labels into one file. Raises what :func:`draw_labels` raises."""
        from asctl.services.drawing import draw_labels

        return {id(each.ready): each for each in draw_labels(self.desk, self.renderer, parcels, place)}

    def told(self, drawn: DrawnLabel) -> Record:
        """What a record says of a label's file."""
        return {
            "file": str(drawn.file),
            "format": drawn.format,
            "size": self.renderer.form.size,
            "pages": drawn.pages,
        }


def _drawn(
    run: Run, files: _Files, rows: Sequence[LabelRow]
) -> Iterator[tuple[LabelRow, DrawnLabel | AsctlError | None]]:
    """Each row with its label in a file, or why there is none; nothing is drawn in a rehearsal."""
    if run.choices.dry_run:
        yield from ((row, None) for row in rows)
        return
    parcels: dict[Path, dict[int, Ready]] = {}
    for row in rows:
        parcels.setdefault(files.place_of(row.ready), {})[id(row.ready)] = row.ready
    drawn: dict[Path, dict[int, DrawnLabel] | AsctlError] = {}
    for row in rows:
        place = files.place_of(row.ready)
        if place not in drawn:
            drawn[place] = tried(lambda each: files.draw(list(parcels[each].values()), each), place)
        found = drawn[place]
        yield row, found if isinstance(found, AsctlError) else found[id(row.ready)]
