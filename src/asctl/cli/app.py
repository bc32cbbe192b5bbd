"""The click program: a group that imports a command when it is called, and turns every end into an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from asctl import __version__
from asctl.cli.ending import finish
from asctl.cli.options import common_options, format_meant
from asctl.cli.plugin_commands import blamed, plugin_command
from asctl.cli.run import Run, run_of_process
from asctl.cli.streams import leave
from asctl.cli.table import commands, overview
from asctl.domain.slips import did_you_mean
from asctl.text import _, teach_libraries


class LazyGroup(click.Group):
    """Commands by name from the table, else from a plugin."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import just that command."""
        if cmd_name not in commands():
            return plugin_command(ctx, cmd_name)
        module, _colon, attribute = commands()[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            raise _unknown(ctx, name)
        return name, command, args[1:]

    def get_help(self, ctx: click.Context) -> str:
        return overview().rstrip()

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *_args: Any, **_extra: Any
    ) -> NoReturn:
        """Run and exit; click's own way of ending is not used, so that every end has one of our codes."""
        teach_libraries()
        sys.exit(carry_out(sys.argv[1:] if args is None else args, run_of_process(os.environ)))


def be_the_process(arguments: Sequence[str]) -> NoReturn:
    """Carry out one command line and end the process with its code, whatever a plugin left running or registered."""
    teach_libraries()
    shared = sys.stdout, sys.stderr
    run = run_of_process(os.environ)
    code = carry_out(arguments, run)
    if "asctl.services.pools" in sys.modules:
        from asctl.services.pools import wait_for_calls

        with contextlib.suppress(KeyboardInterrupt):
            wait_for_calls()
    leave(code, run.stdout, run.stderr, *shared)


def carry_out(arguments: Sequence[str], run: Run) -> int:
    """Carry out one command line in ``run``; returns the exit code and raises nothing."""
    problem: BaseException | None = None
    with run.interruption.heard():
        try:
            _refuse_broken(arguments)
            with app.make_context("asctl", list(arguments), obj=run) as context:
                app.invoke(context)
        except BaseException as raised:
            problem = blamed(run, raised)
            if isinstance(problem, click.UsageError):
                run.choices.format = format_meant(arguments, run.environ)
        _let_others_finish()
        code = finish(run, problem)
        run.close()
    return code


def _let_others_finish() -> None:
    """What a plugin wrote to the process's own stdout comes out before the last line, which is for scripts."""
    with contextlib.suppress(Exception):
        sys.__stdout__.flush()  # type: ignore[union-attr]


def _refuse_broken(arguments: Sequence[str]) -> None:
    """Bytes that are no UTF-8, or half characters, fit neither a store nor a marketplace. Raises a usage error."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            shown = argument.encode("utf-8", "backslashreplace").decode()
            raise click.UsageError(_("{argument} is not written in UTF-8").format(argument=shown[:60])) from None


def _unknown(ctx: click.Context, name: str) -> click.UsageError:
    advice = did_you_mean(name, commands()) or _("no plugin brings it either")
    return click.UsageError(_("there is no command {name!r}; {advice}").format(name=name[:40], advice=advice), ctx)


@click.group(
    "asctl",
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="asctl %(version)s")
@common_options
def app() -> None:
    """After-sales operations for online shops."""
