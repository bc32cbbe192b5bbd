"""Who is examined: one spec with what it tells the kit, and the sites on which rules are tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from asctl.api.conformance import Conformance
from asctl.api.sandbox import SandboxApp
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import BadConfiguration
from asctl.host.calls import Whose
from asctl.host.fitness import PluginState, Unfit, check_hooks, check_specs
from asctl.host.guard import load_object
from asctl.host.plugins import LIST_HOOKS
from asctl.host.warden import Warden
from asctl.sandbox.config_file import write_config
from asctl.settings import load
from asctl.settings.declared import ACCOUNT_SECTIONS
from asctl.testing.far_side import NoFarSide, Port
from asctl.testing.guarded import PATIENCE, given
from asctl.testing.recording_files import Folder, Recording, read_recordings
from asctl.testing.recordings import RecordedApp
from asctl.testing.rules import Missing, Rule, Stage
from asctl.testing.site import Site
from asctl.text import _

ACCOUNT = "kit"
"""The name of the account under examination."""
_SECTIONS = {kind: section for section, kind in ACCOUNT_SECTIONS.items()}
"""Label renderers have none: no account, no settings."""
_UNKNOWN = "unknown"
"""The recorded case on which the rule of that name can be tried."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A spec under examination. ``plugin`` is how people name it, ``module`` what its entry point names. ``flaws``: what is
    wrong with files that should be recordings."""

    plugin: str
    module: str
    kind: ProviderKind
    spec: ProviderSpec
    conformance: Conformance
    recordings: tuple[Recording, ...]
    flaws: tuple[str, ...] = ()

    def exemption(self, rule: Rule) -> str:
        """Why it need not keep a rule; empty where it must."""
        reason = self.conformance.exempt.get(rule.id)
        return reason.strip() if isinstance(reason, str) else ""

    @property
    def recorded_only(self) -> bool:
        """Whether recorded answers are all that it has for a far side."""
        return not self.spec.sandbox and bool(self.recordings) and self.kind is not ProviderKind.LABEL

    def stands_in(self, rule: Rule) -> bool:
        """Whether the author's expectations of recorded answers stand in for a rule."""
        found = any((one.method, one.case) == (rule.method, "found") for one in self.recordings)
        return self.recorded_only and rule.stage is Stage.WORLD and rule.name != _UNKNOWN and found

    @contextmanager
    def site(self, port: Port, rule: Rule) -> Iterator[Site]:
        """A fresh world with this provider in it, for a rule to be tried there. Raises :class:`Missing` where the spec has no far
        side, or its sandbox app fails."""
        told: list[str] = []
        warden = Warden(PATIENCE, told.append)
        app, account = given(
            warden, Whose(self.spec.id), "the sandbox app", lambda: self._beginning(rule, f"{port.url}/{self.spec.id}")
        )
        site = Site(self, app, account, self._typed(account), port, rule.patience, warden, told)
        try:
            yield site
        finally:
            site.close()

    def _beginning(self, rule: Rule, url: str) -> tuple[SandboxApp, dict[str, object]]:
        app = self._app(rule)
        return app, self._account(app, url)

    def _app(self, rule: Rule) -> SandboxApp:
        if self.kind is ProviderKind.LABEL:
            return NoFarSide()
        if self.spec.sandbox:
            app: SandboxApp = load_object(self.spec.sandbox)()
            return app
        if self.recordings:
            return RecordedApp(self.recordings, {rule.method: _UNKNOWN} if rule.name == _UNKNOWN else {})
        if self.flaws:
            raise Missing(f"no recording can be used: {'; '.join(self.flaws)}")
        raise Missing(
            "needs a far side: name a sandbox app in the spec (sandbox=), or record answers (conformance=): asctl help authors"
        )

    def _account(self, app: SandboxApp, url: str) -> dict[str, object]:
        """The account as a configuration has it, its section's own settings included."""
        section = _SECTIONS.get(self.kind, "")
        accounts = app.accounts(url).get(section, {})
        written = [dict(account) for account in accounts.values() if account.get("plugin") == self.spec.id]
        if accounts and not written:
            others = ", ".join(sorted({str(account.get("plugin")) for account in accounts.values()}))
            raise Missing(
                f"accounts() of the sandbox app writes no account of {self.spec.id} into {section}, only of {others}"
            )
        return {**(written[0] if written else {"plugin": self.spec.id, "base_url": url}), **self.conformance.settings}

    def _typed(self, account: Mapping[str, object]) -> dict[str, object]:
        """The account's settings as a provider gets them. Raises :class:`Missing` where they are no configuration."""
        if self.kind not in _SECTIONS:
            return {}
        with TemporaryDirectory() as folder:
            path = write_config(Path(folder), [{_SECTIONS[self.kind]: {ACCOUNT: dict(account)}}])
            try:
                loaded = load(path, {}, {})
                return loaded.typed_account(loaded.account(ACCOUNT), self.spec)
            except BadConfiguration as error:
                source = "that Conformance.settings make" if self.recorded_only else "that the sandbox app writes"
                raise Missing(f"the account {source} is wrong: {error.message}") from error


def subject_of(plugin: str, module: str, kind: ProviderKind, spec: ProviderSpec) -> Subject:
    """A spec with what it tells the kit. Imports what ``spec.conformance`` names, and raises whatever that raises."""
    told = load_object(spec.conformance)() if spec.conformance else Conformance()
    conformance = _checked(told, spec.conformance)
    recordings, flaws = read_recordings(conformance.recorded) if conformance.recorded else Folder((), ())
    return Subject(plugin, module, kind, spec, conformance, recordings, flaws)


def _checked(told: object, path: str) -> Conformance:
    """What a plugin tells the kit, in mappings of our own. Raises :class:`~asctl.host.fitness.Unfit`."""
    if not isinstance(told, Conformance):
        raise Unfit(PluginState.BROKEN, _("{path} must return a Conformance record").format(path=path))
    fit = {
        "settings": _is_named(told.settings),
        "waybills": isinstance(told.waybills, tuple) and all(isinstance(one, str) for one in told.waybills),
        "pushes": told.pushes is None or callable(told.pushes),
        "refusal_reason": isinstance(told.refusal_reason, str),
        "recorded": told.recorded is None or isinstance(told.recorded, Path),
        "exempt": _is_named(told.exempt),
    }
    if wrong := ", ".join(name for name, right in fit.items() if not right):
        raise Unfit(PluginState.BROKEN, _("wrong types in its Conformance: {fields}").format(fields=wrong))
    return replace(told, settings={**told.settings}, exempt={**told.exempt})


def _is_named(values: object) -> bool:
    return isinstance(values, Mapping) and all(isinstance(name, str) for name in values)


def subjects_in(module: str) -> tuple[Subject, ...]:
    """Every spec that a module's list hooks return. Raises what importing and calling them raises, and
    :class:`~asctl.host.fitness.Unfit`."""
    return subjects_of(import_module(module))


def subjects_of(module: ModuleType) -> tuple[Subject, ...]:
    """As :func:`subjects_in`, of a module that is imported already."""
    name = module.__name__
    check_hooks(module)
    found = ((kind, hook, getattr(module, hook, None)) for kind, hook in LIST_HOOKS.items())
    specs = ((kind, spec) for kind, hook, call in found if call for spec in check_specs(call(), hook))
    return tuple(subject_of(name, name, kind, spec) for kind, spec in specs)
