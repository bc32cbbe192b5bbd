"""The far sides that plugins bring for the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from asctl.api.sandbox import SandboxApp
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import NotOffered
from asctl.host.plugins import Host
from asctl.text import _


def sandbox_apps(host: Host, warn: Callable[[str], None]) -> dict[str, SandboxApp]:
    """Every installed plugin's sandbox app by provider id; one that cannot be made is told to ``warn`` and left out.

    Raises :class:`NotOffered` (``no_sandbox``) where that leaves none.
    """
    apps: dict[str, SandboxApp] = {}
    for spec in _with_sandbox(host):
        module, _colon, name = spec.sandbox.partition(":")
        try:
            apps[spec.id] = getattr(import_module(module), name)()
        except (Exception, SystemExit) as error:
            warn(_("the sandbox of {id} is left out: {error}").format(id=spec.id, error=type(error).__name__))
    if not apps:
        raise NotOffered(
            _("no installed plugin brings a sandbox that works"), code="no_sandbox", hint=_("see: asctl plugin list")
        )
    return apps


def _with_sandbox(host: Host) -> Iterator[ProviderSpec]:
    return (spec for kind in ProviderKind for spec in host.specs(kind) if spec.sandbox)
