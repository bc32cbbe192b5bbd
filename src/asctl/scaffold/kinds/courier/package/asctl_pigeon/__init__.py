"""Pigeon Parcels: where a parcel is.

This file says what the plugin offers. It is read whenever plugins are listed, so it imports nothing but ``asctl.api``.
"""

from asctl.api import Capability, ProviderSpec, Setting, SettingType, TrackerLimits, hookimpl

COURIER = "pigeon"
SETTINGS = (
    Setting("base_url", SettingType.URL, "Where Pigeon answers.", default="https://api.courier.example"),
    Setting("customer", SettingType.TEXT, "The customer number that Pigeon gave you.", required=True),
    Setting("secret", SettingType.SECRET, "Signs every call.", required=True),
)


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec; ``factory`` and ``sandbox`` are paths, imported only when they are needed."""
    return [
        ProviderSpec(
            id="pigeon",
            title="Pigeon Parcels",
            api_version=1,
            factory="asctl_pigeon.provider:PigeonParcels",
            settings=SETTINGS,
            capabilities=(Capability("Tracker", TrackerLimits(batch=1)), Capability("AccountChecker")),
            couriers=(COURIER,),
            sandbox="asctl_pigeon.sandbox:PigeonSandbox",
        )
    ]
