"""How labels are to be drawn: the options of all commands that draw some, ``asctl label layout``, and what is said of missing
characters."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import click

from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.text import _

FORMAT = click.option("--format", "kind", default="pdf", show_default=True, metavar="F", help=_("pdf, png or zpl."))
SIZE = click.option(
    "--size", default="100x150", show_default=True, metavar="SIZE", help=_("Width x height in mm, or a6, a4.")
)
DPI = click.option("--dpi", type=int, default=0, metavar="N", help=_("Dots per inch of a png or zpl: 203 or 300."))
LAYOUT = click.option(
    "--layout", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=_("A layout of your own; a first one: asctl label layout 100x150."),
)  # fmt: skip


def say_missing(run: Run, missing: Set[str]) -> None:
    """Tell which characters no font has."""
    if missing:
        run.say(
            _("no font has {characters}; they are marked on the label").format(
                characters=" ".join(f"{c} (U+{ord(c):04X})" for c in sorted(missing))
            )
        )


@click.command("layout", help=_("The renderer's own layout of a size, as TOML on stdout: to copy and to change."))
@click.argument("size", metavar="SIZE")
@FORMAT
@pass_run
def layout(run: Run, size: str, kind: str) -> None:
    from asctl.services.renderers import standard_layout

    run.stdout.write(standard_layout(run.host, run.clock, kind, size))
