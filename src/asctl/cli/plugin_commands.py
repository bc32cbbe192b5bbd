"""Commands that plugins bring: they run on the main thread, as ours do, and what goes wrong in them is their plugin's fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from asctl.cli.exits import is_documented
from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.text import _

if TYPE_CHECKING:
    from asctl.host.commands import FoundCommand


def plugin_command(ctx: click.Context, name: str) -> click.Command | None:
    """A plugin's command of that name, ready to run in ``ctx``. With a broken configuration there is none: the name itself is the
    likelier slip. Raises :class:`PluginBroken`."""
    from asctl.host.checks import name_of
    from asctl.host.commands import find_command, load_command
    from asctl.host.surroundings import printing

    run = ctx.ensure_object(Run)
    try:
        found = find_command(run.host, name)
    except AsctlError:
        return None
    if found is None:
        return None
    command = load_command(run.host, found)
    if not isinstance(command, click.Command):
        raise _fails(found, name_of(command))
    run.plugin_command = found
    ctx.with_resource(printing())
    return command


def blamed(run: Run, raised: BaseException) -> BaseException:
    """What ended the run; where a plugin's command did so in a way that no command should, a fault of that plugin instead."""
    found = run.plugin_command
    if found is None or _may_end(run, raised):
        return raised
    from asctl.host.checks import name_of

    odd_exit = isinstance(raised, click.exceptions.Exit)
    error = _fails(found, _("an exit code that asctl does not have") if odd_exit else name_of(raised))
    error.__cause__ = raised
    return error


def _may_end(run: Run, raised: BaseException) -> bool:
    """Whether a command may end with this."""
    if isinstance(raised, click.exceptions.Exit):
        return is_documented(raised.exit_code)
    if isinstance(raised, KeyboardInterrupt):
        return run.interruption.signum != 0
    return isinstance(raised, (click.Abort, BrokenPipeError)) or _can_be_told(raised)


def _can_be_told(raised: BaseException) -> bool:
    """Whether it is an error for people: one of ours, or click's, with nothing in it but what belongs there."""
    from asctl.host.checks import check_error

    try:
        if isinstance(raised, AsctlError):
            check_error(raised)
            return True
        return isinstance(raised, click.ClickException) and isinstance(raised.format_message(), str)
    except Exception:
        return False


def _fails(found: FoundCommand, what: str) -> PluginBroken:
    return PluginBroken(
        _("the command {name} failed with {error}; this is a fault of its plugin").format(name=found.name, error=what),
        code="plugin_failed",
        hint=_("see which plugin brings it: asctl plugin list"),
        provider=found.plugin,
    )
