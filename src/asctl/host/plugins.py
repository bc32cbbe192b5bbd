"""Plugins by entry point: found without importing, loaded one by one, each inside its own ``try`` (design section 3)."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy

from asctl.api import API_VERSION, hooks
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import NotOffered, PluginBroken
from asctl.text import _

GROUP = "asctl.plugins"
LIST_HOOKS = {
    ProviderKind.ORDER_SOURCE: "asctl_order_sources",
    ProviderKind.COURIER: "asctl_couriers",
    ProviderKind.INVOICE: "asctl_invoice_providers",
    ProviderKind.LABEL: "asctl_label_renderers",
    ProviderKind.NOTIFIER: "asctl_notifiers",
}
PluginCommand = tuple[str, str, str]


@dataclass(slots=True)
class Plugin:
    """One installed plugin. ``error`` is set when it could not be loaded; only using it then fails."""

    name: str
    module: str
    distribution: str
    version: str
    specs: dict[ProviderKind, tuple[ProviderSpec, ...]] = field(default_factory=dict)
    commands: tuple[PluginCommand, ...] = ()
    error: PluginBroken | None = None


class Host:
    """All plugins of this installation; threads may share it.

    ``allow`` restricts which may load; ``warn`` gets one line per broken plugin.
    """

    def __init__(self, allow: Collection[str] | None, warn: Callable[[str], None]) -> None:
        self._allow = allow
        self._warn = warn
        self._manager = pluggy.PluginManager("asctl")
        self._manager.add_hookspecs(hooks)
        self._lock = threading.RLock()
        self._entries: dict[str, EntryPoint] | None = None
        self._clashing: list[EntryPoint] = []
        self._clashes: tuple[Plugin, ...] | None = None
        self._plugins: dict[str, Plugin] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all plugins that may load, without importing any; the tool's own come first."""
        return tuple(self._found())

    def plugin(self, name: str) -> Plugin:
        """Load one plugin by its entry point's name. Raises :class:`NotOffered` for a name nobody installed."""
        with self._lock:
            if name not in self._plugins:
                entry = self._found().get(name)
                if entry is None:
                    raise self._unknown(name)
                self._plugins[name] = self._load(name, entry)
            return self._plugins[name]

    def plugins(self) -> tuple[Plugin, ...]:
        """Load and return every plugin, broken ones included, and those whose name another distribution has already."""
        with self._lock:
            loaded = tuple(self.plugin(name) for name in self.names())
            if self._clashes is None:
                self._clashes = tuple(self._clash(entry) for entry in self._clashing)
            return loaded + self._clashes

    def specs(self, kind: ProviderKind) -> tuple[ProviderSpec, ...]:
        """Every spec of a kind that a working plugin offers."""
        return tuple(spec for plugin in self.plugins() for spec in plugin.specs.get(kind, ()))

    def spec(self, kind: ProviderKind, name: str) -> ProviderSpec:
        """The spec with this id; the plugin of that name is tried first, so that the others stay unloaded.

        Raises :class:`PluginBroken` when that plugin cannot be loaded, :class:`NotOffered` when nobody has it.
        """
        if name in self._found():
            plugin = self.plugin(name)
            if plugin.error is not None:
                raise plugin.error
            if spec := _with_id(plugin.specs.get(kind, ()), name):
                return spec
        if spec := _with_id(self.specs(kind), name):
            return spec
        raise self._unknown(name)

    def tell(self, event: str, **arguments: object) -> None:
        """Call an event hook in every plugin; what one raises is told once and stops nothing."""
        for plugin in self.plugins():
            if plugin.error is None and self._listens(plugin, event):
                try:
                    self._call(plugin, event, **arguments)
                except (Exception, SystemExit) as error:
                    self._warn(
                        _("plugin {name} failed in {event}: {error}").format(
                            name=plugin.name, event=event, error=type(error).__name__
                        )
                    )

    def first_objection(self, hook: str, **arguments: object) -> str | None:
        """The first reason that a plugin gives in a review hook.

        Raises :class:`PluginBroken` for a plugin that fails to answer, and for one that ``allow`` names but that cannot
        be loaded: nobody knows whether it would object. Without ``allow`` a plugin that cannot be loaded has no say.
        """
        for plugin in self.plugins():
            if plugin.error is not None:
                if self._allow is not None:
                    raise plugin.error
                continue
            try:
                reasons = [reason for reason in self._call(plugin, hook, **arguments) if reason]
            except (Exception, SystemExit) as error:
                raise _broken(plugin, _("its review failed with {error}").format(error=type(error).__name__)) from error
            if reasons:
                return str(reasons[0])
        return None

    def _listens(self, plugin: Plugin, hook: str) -> bool:
        caller = getattr(self._manager.hook, hook)
        return any(implementation.plugin_name == plugin.name for implementation in caller.get_hookimpls())

    def _found(self) -> dict[str, EntryPoint]:
        """Entry points by name. Of two with one name the tool's own wins, else the distribution that sorts first."""
        with self._lock:
            if self._entries is None:
                self._entries = {}
                for entry in sorted(entry_points(group=GROUP), key=_rank):
                    if self._allow is not None and entry.name not in self._allow:
                        continue
                    if self._entries.setdefault(entry.name, entry) is not entry:
                        self._clashing.append(entry)
            return self._entries

    def _clash(self, entry: EntryPoint) -> Plugin:
        plugin = Plugin(entry.name, entry.value, *_distribution(entry))
        first = _distribution(self._found()[entry.name])[0]
        plugin.error = _broken(plugin, _("{other} has a plugin of that name already").format(other=first or "?"))
        self._warn(plugin.error.message)
        return plugin

    def _load(self, name: str, entry: EntryPoint) -> Plugin:
        distribution, version = _distribution(entry)
        plugin = Plugin(name, entry.value, distribution, version)
        try:
            with _stdout_aside():
                module = entry.load()
                self._manager.register(module, name)
                self._check_hooks(module)
                plugin.specs = {kind: tuple(self._listed(plugin, hook)) for kind, hook in LIST_HOOKS.items()}
                plugin.commands = tuple(self._commands(plugin))
            self._check_specs(plugin)
        except (Exception, SystemExit) as error:
            plugin.specs, plugin.commands = {}, ()
            plugin.error = _broken(plugin, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
            self._warn(plugin.error.message)
            with contextlib.suppress(Exception):
                self._manager.unregister(name=name)
        return plugin

    def _check_hooks(self, module: ModuleType) -> None:
        known = {name for name in vars(hooks) if name.startswith("asctl_")}
        strange = {
            name for name in vars(module) if name.startswith("asctl_") and hasattr(vars(module)[name], "asctl_impl")
        }
        if strange - known:
            raise ValueError(_("there is no hook {names}").format(names=", ".join(sorted(strange - known))))

    def _listed(self, plugin: Plugin, hook: str) -> Iterator[ProviderSpec]:
        for answer in self._call(plugin, hook):
            for spec in answer:
                if not isinstance(spec, ProviderSpec):
                    raise TypeError(_("{hook} must return ProviderSpec records").format(hook=hook))
                yield spec

    def _commands(self, plugin: Plugin) -> Iterator[PluginCommand]:
        for answer in self._call(plugin, "asctl_commands"):
            for name, path, line in answer:
                yield (str(name), str(path), str(line))

    def _check_specs(self, plugin: Plugin) -> None:
        for kind, specs in plugin.specs.items():
            for spec in specs:
                if spec.api_version > API_VERSION:
                    raise ValueError(
                        _("{id} was written for plugin API {version}, this asctl offers {ours}").format(
                            id=spec.id, version=spec.api_version, ours=API_VERSION
                        )
                    )
                taken = next((o for o in self._plugins.values() if _with_id(o.specs.get(kind, ()), spec.id)), None)
                if taken:
                    raise ValueError(_("{id} is already offered by {other}").format(id=spec.id, other=taken.name))

    def _call(self, plugin: Plugin, hook: str, **arguments: object) -> list[Any]:
        others = [
            other for name, other in self._manager.list_name_plugin() if name != plugin.name and other is not None
        ]
        answers = self._manager.subset_hook_caller(hook, others)(**arguments)
        return list(answers)

    def _unknown(self, name: str) -> NotOffered:
        return NotOffered(
            _("no installed plugin offers {name!r}").format(name=name),
            code="plugin_missing",
            hint=_("installed are: {names}; see: asctl plugin list").format(names=", ".join(self.names()) or "-"),
        )


def _with_id(specs: tuple[ProviderSpec, ...], name: str) -> ProviderSpec | None:
    return next((spec for spec in specs if spec.id == name), None)


def _rank(entry: EntryPoint) -> tuple[bool, str, str]:
    distribution, _version = _distribution(entry)
    return distribution != "asctl", entry.name, distribution


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    return (entry.dist.name, entry.dist.version) if entry.dist else ("", "")


def _broken(plugin: Plugin, what: str) -> PluginBroken:
    return PluginBroken(
        _("plugin {name} ({distribution} {version}) is broken: {what}").format(
            name=plugin.name, distribution=plugin.distribution or "?", version=plugin.version or "?", what=what
        ),
        code="plugin_broken",
        hint=_("update or remove {distribution}, or tell its author").format(
            distribution=plugin.distribution or plugin.name
        ),
        provider=plugin.name,
    )


@contextlib.contextmanager
def _stdout_aside() -> Iterator[None]:
    """What a plugin prints while it loads must not end up among the data."""
    with contextlib.redirect_stdout(sys.stderr):
        yield
