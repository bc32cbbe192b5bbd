"""The far sides that plugins bring for the sandbox: made, and asked for their accounts, by the warden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from math import isfinite

from asctl.api.sandbox import SandboxApp
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import NotOffered
from asctl.host.calls import Whose
from asctl.host.checks import name_of
from asctl.host.guard import load_object
from asctl.host.plugins import Host
from asctl.text import _

NOWHERE = "http://127.0.0.1:9"
"""An address for a first look at an app's accounts, before the sandbox has one."""


def sandbox_apps(host: Host, warn: Callable[[str], None]) -> dict[str, SandboxApp]:
    """Every installed plugin's sandbox app by provider id; one that cannot be made, or whose accounts cannot be written down, is
    told to ``warn`` and left out.

    Raises :class:`NotOffered` (``no_sandbox``) where that leaves none.
    """
    apps: dict[str, SandboxApp] = {}
    for spec in _with_sandbox(host):
        call = host.warden.load(Whose(spec.id), partial(_made, spec))
        host.warden.tell_changes(call)
        if call.error is None:
            apps[spec.id] = call.result
        else:
            warn(_("the sandbox of {id} is left out: {error}").format(id=spec.id, error=_in_words(call.error)))
    if not apps:
        raise NotOffered(
            _("no installed plugin brings a sandbox that works"), code="no_sandbox", hint=_("see: asctl plugin list")
        )
    return apps


def _made(spec: ProviderSpec) -> SandboxApp:
    """The app, once it has told accounts that can be written down. Raises :class:`_Odd`, and whatever a plugin may raise."""
    app: SandboxApp = load_object(spec.sandbox)()
    sections = app.accounts(f"{NOWHERE}/{spec.id}")
    settings = (account for accounts in _members(sections) for account in _members(accounts))
    if not all(_is_setting(value) for account in settings for value in _members(account)):
        raise _Odd
    return app


class _Odd(Exception):
    """The accounts are no sections of accounts with settings."""


def _members(told: object) -> Iterable[object]:
    if not isinstance(told, Mapping) or not all(isinstance(name, str) for name in told):
        raise _Odd
    return told.values()


def _is_setting(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_setting, _members(value)))
    if isinstance(value, (list, tuple)):
        return all(map(_is_setting, value))
    return isinstance(value, (str, int)) or (isinstance(value, float) and isfinite(value))


def _in_words(error: BaseException) -> str:
    return _("accounts() must return sections of accounts with settings") if isinstance(error, _Odd) else name_of(error)


def _with_sandbox(host: Host) -> Iterator[ProviderSpec]:
    return (spec for kind in ProviderKind for spec in host.specs(kind) if spec.sandbox)
