"""Whether a plugin can be used, and if not, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from types import ModuleType

from asctl.api import API_VERSION, hooks
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.slips import did_you_mean
from asctl.host.specs import faults
from asctl.text import _


class PluginState(StrEnum):
    """How an installed plugin is doing; only a ``ready`` one can be used."""

    READY = "ready"
    BROKEN = "broken"
    HANGS = "hangs"
    NEWER_API = "newer_api"
    NAME_TAKEN = "name_taken"
    CHANGES_PROCESS = "changes_process"
    NOT_ALLOWED = "not_allowed"


class Unfit(Exception):
    """A plugin that cannot be used: its state and, in words, why."""

    def __init__(self, state: PluginState, words: str) -> None:
        super().__init__(words)
        self.state = state
        self.words = words


def check_spec(spec: object, hook: str) -> ProviderSpec:
    """A spec that ``hook`` returned. Raises :class:`Unfit` for one of a newer plugin API, and for what is no spec or is a wrong
    one, with all that is wrong."""
    if type(spec) is not ProviderSpec:
        raise Unfit(PluginState.BROKEN, _("{hook} must return a list of ProviderSpec records").format(hook=hook))
    if type(spec.api_version) is int and spec.api_version > API_VERSION:
        raise Unfit(
            PluginState.NEWER_API,
            _("{id} was written for plugin API {version}, this asctl offers {ours}").format(
                id=spec.id, version=spec.api_version, ours=API_VERSION
            ),
        )
    if wrong := faults(spec):
        raise Unfit(PluginState.BROKEN, _("in its ProviderSpec: {faults}").format(faults="; ".join(wrong)))
    return spec


def check_specs(answer: object, hook: str) -> tuple[ProviderSpec, ...]:
    """All that one call of ``hook`` returned. Raises :class:`Unfit`, and what a plugin's own iterator raises."""
    if isinstance(answer, ProviderSpec) or not isinstance(answer, Iterable):
        answer = (None,)
    return tuple(check_spec(spec, hook) for spec in answer)


def check_hooks(module: ModuleType) -> None:
    """Raises :class:`Unfit` for a function of a plugin's module that is meant as a hook and is none."""
    known = [name for name in vars(hooks) if name.startswith("asctl_")]
    for name, value in tuple(vars(module).items()):
        marked = hasattr(value, "asctl_impl")
        if name in known and callable(value) and not marked:
            raise Unfit(PluginState.BROKEN, _("{hook} lacks @hookimpl in front of it").format(hook=name))
        if marked and name.startswith("asctl_") and name not in known:
            hint = did_you_mean(name, known) or _("hooks are: {names}").format(names=", ".join(known))
            raise Unfit(PluginState.BROKEN, _("there is no hook {name}; {hint}").format(name=name, hint=hint))
