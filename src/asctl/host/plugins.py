"""Plugins by entry point: found without importing, loaded one by one, each by the warden (design section 3)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection
from functools import cached_property, partial
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pluggy

from asctl.api import hooks
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import NotOffered
from asctl.domain.slips import did_you_mean
from asctl.host.blame import class_and_place, in_words
from asctl.host.calls import Whose
from asctl.host.checks import check_of
from asctl.host.commands import check_command
from asctl.host.entries import Entries, distribution_of, find_entries, names_a_module
from asctl.host.fitness import PluginState, Unfit, check_hooks, check_specs
from asctl.host.installed import Plugin, PluginCommand, broken, is_own, names_of, not_allowed, plugin_of
from asctl.host.warden import USUAL, Patience, Warden
from asctl.text import _

Offers = tuple[dict[ProviderKind, tuple[ProviderSpec, ...]], tuple[PluginCommand, ...]]
_PLAIN_TEXT = check_of(str)
LIST_HOOKS = {
    ProviderKind.ORDER_SOURCE: "asctl_order_sources",
    ProviderKind.COURIER: "asctl_couriers",
    ProviderKind.INVOICE: "asctl_invoice_providers",
    ProviderKind.LABEL: "asctl_label_renderers",
    ProviderKind.NOTIFIER: "asctl_notifiers",
}


class Host:
    """All plugins of this installation; threads may share it.

    ``allow`` restricts which may load; ``warn`` gets one line per broken plugin. ``patience`` is how long plugin code may
    take; ``taken`` are the names of commands that no plugin may bring.
    """

    def __init__(
        self,
        allow: Collection[str] | None,
        warn: Callable[[str], None],
        patience: Patience = USUAL,
        taken: Collection[str] = (),
    ) -> None:
        self.warden = Warden(patience, warn)
        self._allow = allow
        self._taken = taken
        self._manager = pluggy.PluginManager("asctl")
        self._manager.add_hookspecs(hooks)
        self._lock = threading.RLock()
        self._plugins: dict[str, Plugin] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all plugins that may load, without importing any; the tool's own come first."""
        return tuple(self._found.by_name)

    def plugin(self, name: str) -> Plugin:
        """Load one plugin by its entry point's name. Raises :class:`NotOffered` for a name that nobody installed or that
        ``allow`` leaves out."""
        with self._lock:
            if name not in self._plugins:
                entry = self._found.by_name.get(name)
                if entry is None:
                    raise self._unknown(name, self.names())
                self._plugins[name] = self._load(name, entry)
            return self._plugins[name]

    def plugins(self) -> tuple[Plugin, ...]:
        """Load and return every plugin, broken ones included, and those whose name another distribution has already."""
        with self._lock:
            return (*(self.plugin(name) for name in self.names()), *self._useless)

    def installed(self) -> tuple[Plugin, ...]:
        """All of :meth:`plugins`, and those that ``allow`` leaves out, which are not imported."""
        return (*self.plugins(), *map(not_allowed, self._found.left_out))

    def specs(self, kind: ProviderKind) -> tuple[ProviderSpec, ...]:
        """Every spec of a kind that a working plugin offers."""
        return tuple(spec for plugin in self.plugins() for spec in plugin.specs.get(kind, ()))

    def spec(self, kind: ProviderKind, name: str) -> ProviderSpec:
        """The spec with this id; the plugin of that name is tried first, so that the others stay unloaded.

        Raises :class:`PluginBroken` when that plugin cannot be loaded, :class:`NotOffered` when nobody has it.
        """
        if name in self._found.by_name:
            plugin = self.plugin(name)
            if plugin.error is not None:
                raise plugin.error
            if spec := _with_id(plugin.specs.get(kind, ()), name):
                return spec
        if spec := _with_id(self.specs(kind), name):
            return spec
        offered = tuple(spec.id for spec in self.specs(kind))
        if any(_with_id(self.specs(other), name) for other in ProviderKind):
            raise NotOffered(
                _("{name} is no {kind} plugin").format(name=name, kind=kind.value),
                code="plugin_missing",
                hint=_("of that kind are: {names}").format(names=", ".join(offered) or "-"),
            )
        raise self._unknown(name, offered)

    def left_out(self, name: str) -> NotOffered | None:
        """The error where a plugin of that name is installed and ``allow`` leaves it out, else ``None``."""
        if not any(entry.name == name for entry in self._found.left_out):
            return None
        return NotOffered(
            _("the plugin {name} is installed, but plugins.allow does not name it").format(name=name),
            code="plugin_not_allowed",
            hint=_("add it to [plugins] allow in the configuration"),
        )

    def tell(self, event: str, **arguments: object) -> None:
        """Call an event hook in every plugin; what one raises is told once and stops nothing."""
        for plugin in self.plugins():
            if plugin.error is None and self._listens(plugin, event):
                call = self.warden.call(Whose(plugin.name), partial(self._call, plugin, event, **arguments))
                if call.error is not None:
                    self.warden.tell(
                        _("plugin {name} failed in {event}: {error}").format(
                            name=plugin.name, event=event, error=class_and_place(call.error)
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
            elif self._listens(plugin, hook) and (reason := self._objection(plugin, hook, arguments)):
                return reason
        return None

    def _objection(self, plugin: Plugin, hook: str, arguments: dict[str, object]) -> str:
        """The first reason that this plugin gives; empty where it has none."""

        def first_reason() -> str:
            return next((_PLAIN_TEXT(reason) for reason in self._call(plugin, hook, **arguments) if reason), "")

        call = self.warden.call(Whose(plugin.name), first_reason)
        if call.error is not None:
            words = _("its review failed with {error}").format(error=class_and_place(call.error))
            raise broken(plugin, words) from call.error
        return call.result

    def _listens(self, plugin: Plugin, hook: str) -> bool:
        caller = getattr(self._manager.hook, hook)
        return any(implementation.plugin_name == plugin.name for implementation in caller.get_hookimpls())

    @cached_property
    def _found(self) -> Entries:
        """Read once; names in ``allow`` that stand for nothing are told."""
        found = find_entries(self._allow)
        installed = (*found.by_name, *(entry.name for entry in found.left_out))
        if unknown := sorted(set(self._allow or ()) - set(installed)):
            line = _("plugins.allow names what is not installed: {names}").format(names=", ".join(unknown))
            hints = filter(None, (did_you_mean(name, installed) for name in unknown))
            self.warden.tell("; ".join((line, *hints)))
        return found

    @cached_property
    def _useless(self) -> tuple[Plugin, ...]:
        """What never loads: plugins whose name another distribution has already, and distributions that cannot be read."""
        unreadable = (self._unreadable(name, error) for name, error in self._found.unreadable.items())
        return (*map(self._clash, self._found.clashing), *unreadable)

    def _clash(self, entry: EntryPoint) -> Plugin:
        plugin = plugin_of(entry)
        first = distribution_of(self._found.by_name[entry.name])[0]
        words = _("{other} has a plugin of that name already, which stays; the entry point of this one must be renamed")
        self._refuse(plugin, Unfit(PluginState.NAME_TAKEN, words.format(other=first or "?")))
        return plugin

    def _unreadable(self, distribution: str, error: Exception) -> Plugin:
        plugin = Plugin(distribution, "", distribution, "")
        words = _("its entry points cannot be read: {error}").format(error=in_words(error))
        self._refuse(plugin, Unfit(PluginState.BROKEN, words))
        return plugin

    def _refuse(self, plugin: Plugin, why: Unfit) -> None:
        plugin.specs, plugin.commands = {}, ()
        plugin.state = why.state
        plugin.error = broken(plugin, why.words, "plugin_hangs" if why.state is PluginState.HANGS else "plugin_broken")
        self.warden.tell(plugin.error.message)
        with contextlib.suppress(Exception):
            self._manager.unregister(name=plugin.name)

    def _load(self, name: str, entry: EntryPoint) -> Plugin:
        plugin = plugin_of(entry)
        if not is_own(plugin):
            self._load_own()
        try:
            if not names_a_module(entry):
                raise Unfit(
                    PluginState.BROKEN, _("its entry point names no module: {value!r}").format(value=entry.value[:80])
                )
            plugin.specs, plugin.commands = self._made_ready(plugin, entry)
            self._check_names(plugin)
        except Unfit as why:
            self._refuse(plugin, why)
        return plugin

    def _load_own(self) -> None:
        """The tool's own plugins come first, so that no stranger's can take a name of theirs."""
        for entry in tuple(self._found.by_name.values()):
            if is_own(plugin_of(entry)):
                self.plugin(entry.name)

    def _made_ready(self, plugin: Plugin, entry: EntryPoint) -> Offers:
        """Let the warden do all that is code of the plugin's. Raises :class:`Unfit`."""

        def imported_and_asked() -> Offers:
            module = entry.load()
            if plugin.error is None:  # else nobody waits for it any more
                self._manager.register(module, plugin.name)
            return self._offers(plugin, module)

        call = self.warden.load(Whose(plugin.name), imported_and_asked)
        if call.hung:
            raise Unfit(PluginState.HANGS, _("it does not come back"))
        if isinstance(call.error, Unfit):
            raise call.error
        if call.error is not None:
            raise Unfit(PluginState.BROKEN, in_words(call.error)) from call.error
        if call.changed:
            words = _("it changed {what}, which all share; it was put back").format(what=", ".join(call.changed))
            raise Unfit(PluginState.CHANGES_PROCESS, words)
        return call.result

    def _offers(self, plugin: Plugin, module: ModuleType) -> Offers:
        """What the plugin's hooks answer. Raises :class:`Unfit`, and whatever a plugin may raise."""
        check_hooks(module)
        if not self._manager.get_hookcallers(module):
            words = _(
                "{value} has no hook; the entry point must name the module that holds them, such as asctl_couriers"
            )
            raise Unfit(PluginState.BROKEN, words.format(value=plugin.module[:80]))
        specs = {
            kind: tuple(spec for answer in self._call(plugin, hook) for spec in check_specs(answer, hook))
            for kind, hook in LIST_HOOKS.items()
        }
        answers = self._call(plugin, "asctl_commands")
        return specs, tuple(check_command(command) for answer in answers for command in answer)

    def _check_names(self, plugin: Plugin) -> None:
        """Of two plugins with one name for a provider or a command one keeps it, in whatever order they are loaded. Raises
        :class:`Unfit` where that is the other."""
        ours = set(self._taken) & {name for name, _path, _line in plugin.commands}
        if ours:
            words = _("asctl has a command {name} already").format(name=min(ours))
            raise Unfit(PluginState.NAME_TAKEN, words)
        for other in tuple(self._plugins.values()):
            for name in sorted(names_of(plugin) & names_of(other)):
                first, second = sorted(
                    (plugin, other), key=lambda one: (not is_own(one), one.name != name[1], one.name)
                )
                words = _("{id} is already offered by {other} ({distribution})").format(
                    id=name[1], other=first.name, distribution=first.distribution or "?"
                )
                taken = Unfit(PluginState.NAME_TAKEN, words)
                if second is plugin:
                    raise taken
                self._refuse(second, taken)

    def _call(self, plugin: Plugin, hook: str, **arguments: object) -> list[Any]:
        others = [
            other for name, other in self._manager.list_name_plugin() if name != plugin.name and other is not None
        ]
        answers = self._manager.subset_hook_caller(hook, others)(**arguments)
        return list(answers)

    def _unknown(self, name: str, offered: tuple[str, ...]) -> NotOffered:
        return self.left_out(name) or NotOffered(
            _("no installed plugin offers {name!r}").format(name=name),
            code="plugin_missing",
            hint=did_you_mean(name, offered)
            or _("installed are: {names}; see: asctl plugin list").format(names=", ".join(offered) or "-"),
        )


def _with_id(specs: tuple[ProviderSpec, ...], name: str) -> ProviderSpec | None:
    return next((spec for spec in specs if spec.id == name), None)
