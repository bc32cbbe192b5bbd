"""``asctl completion``: the script that makes a shell ask what may follow."""

from __future__ import annotations

from importlib.resources import files

import click

from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.text import _

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    help=_(
        "Print what makes a shell complete commands, options, accounts and numbers; its first lines say where to put it."
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@pass_run
def completion(run: Run, shell: str) -> None:
    script = files("asctl.cli.completing") / f"asctl.{shell}"
    run.stdout.write(script.read_text(encoding="utf-8"))
