"""What is offered to people: the specs of every plugin but the one that is imaginary, and made for authors."""

from __future__ import annotations

import pytest

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.host.plugins import Host

IMAGINARY = "demo"


def offered(kind: ProviderKind) -> dict[str, ProviderSpec]:
    """The specs of a kind by their ids."""
    plugins = [plugin for plugin in Host(None, pytest.fail).plugins() if plugin.name != IMAGINARY]
    return {spec.id: spec for plugin in plugins for spec in plugin.specs.get(kind, ())}
