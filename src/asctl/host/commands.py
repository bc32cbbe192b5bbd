"""Commands that plugins bring along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from asctl.domain.errors import PluginBroken
from asctl.host.blame import in_words
from asctl.host.calls import Whose
from asctl.host.fitness import PluginState, Unfit
from asctl.host.guard import load_object
from asctl.text import _

if TYPE_CHECKING:
    from asctl.host.plugins import Host

_NAME = re.compile(r"\w[\w-]*")


class FoundCommand(NamedTuple):
    """A command by its name, the plugin that brings it, and the ``module:name`` of what it is."""

    name: str
    plugin: str
    path: str


def check_command(told: Any) -> tuple[str, str, str]:
    """What ``asctl_commands`` tells of one command. Raises :class:`Unfit` for what is none, and for a name that no command line
    could hold as one word."""
    if not isinstance(told, (tuple, list)) or [type(part) for part in told] != [str, str, str]:
        raise Unfit(PluginState.BROKEN, _("asctl_commands must return three texts for each command"))
    name, path, line = told
    if not _NAME.fullmatch(name):
        raise Unfit(
            PluginState.BROKEN, _("{name!r} is no name for a command: letters, digits, - and _").format(name=name[:40])
        )
    return name, path, line


def find_command(host: Host, name: str) -> FoundCommand | None:
    """The plugin command of that name, or ``None``; ours are found before any plugin is asked."""
    return next(
        (
            FoundCommand(name, plugin.name, path)
            for plugin in host.plugins()
            for own, path, _line in plugin.commands
            if own == name
        ),
        None,
    )


def load_command(host: Host, command: FoundCommand) -> Any:
    """Import the click command behind it. Raises :class:`PluginBroken`."""
    call = host.warden.load(Whose(command.plugin), lambda: load_object(command.path))
    host.warden.tell_changes(call)
    if call.error is not None:
        raise PluginBroken(
            _("the command {name} cannot be loaded: {error}").format(name=command.name, error=in_words(call.error)),
            code="plugin_broken",
            hint=_("see: asctl plugin list"),
            provider=command.plugin,
        ) from call.error
    return call.result
