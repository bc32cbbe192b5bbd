"""One installed plugin: what is known of it, and what is said where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import EntryPoint

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import PluginBroken
from asctl.host.entries import OWN, distribution_of
from asctl.host.fitness import PluginState
from asctl.text import _

PluginCommand = tuple[str, str, str]


@dataclass(slots=True)
class Plugin:
    """One installed plugin. ``error`` says why it cannot be used, for every ``state`` but ``ready``."""

    name: str
    module: str
    distribution: str
    version: str
    specs: dict[ProviderKind, tuple[ProviderSpec, ...]] = field(default_factory=dict)
    commands: tuple[PluginCommand, ...] = ()
    state: PluginState = PluginState.READY
    error: PluginBroken | None = None


def plugin_of(entry: EntryPoint) -> Plugin:
    """The plugin behind an entry point, before it is loaded."""
    return Plugin(entry.name, entry.value, *distribution_of(entry))


def is_own(plugin: Plugin) -> bool:
    """Whether it comes with the tool itself."""
    return plugin.distribution == OWN


def names_of(plugin: Plugin) -> set[tuple[str, str]]:
    """What nobody else may offer: kind and id of its providers, and its commands."""
    ids = {(kind.value, spec.id) for kind, specs in plugin.specs.items() for spec in specs}
    return ids | {("command", name) for name, _path, _line in plugin.commands}


def not_allowed(entry: EntryPoint) -> Plugin:
    """A plugin that may not load."""
    plugin = plugin_of(entry)
    plugin.state = PluginState.NOT_ALLOWED
    plugin.error = PluginBroken(
        _("plugin {name} is not loaded: plugins.allow does not name it").format(name=plugin.name),
        code="plugin_not_allowed",
        provider=plugin.name,
    )
    return plugin


def broken(plugin: Plugin, what: str, code: str = "plugin_broken") -> PluginBroken:
    """The error of one that cannot be used; ``what`` is wrong with it, in words."""
    return PluginBroken(
        _("plugin {name} ({distribution} {version}) is broken: {what}").format(
            name=plugin.name, distribution=plugin.distribution or "?", version=plugin.version or "?", what=what
        ),
        code=code,
        hint=_("update or remove {distribution}, or tell its author").format(
            distribution=plugin.distribution or plugin.name
        ),
        provider=plugin.name,
    )
