"""To be filled in."""

from __future__ import annotations

from asctl.api import ProviderSpec, hookimpl


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    return []
