"""Commands that plugins bring along."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from asctl.domain.errors import PluginBroken
from asctl.host.plugins import Host, PluginCommand
from asctl.text import _


def find_command(host: Host, name: str, taken: frozenset[str]) -> PluginCommand | None:
    """The plugin command of that name, or ``None``; names in ``taken`` are ours and cannot be replaced."""
    if name in taken:
        return None
    return next((command for plugin in host.plugins() for command in plugin.commands if command[0] == name), None)


def load_command(command: PluginCommand) -> Any:
    """Import the click command behind it. Raises :class:`PluginBroken`."""
    name, path, _line = command
    module, _colon, attribute = path.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (Exception, SystemExit) as error:
        raise PluginBroken(
            _("the command {name} cannot be loaded: {error}").format(name=name, error=type(error).__name__),
            code="plugin_broken",
            hint=_("see: asctl plugin list"),
        ) from error
