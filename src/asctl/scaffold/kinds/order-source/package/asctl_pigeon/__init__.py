"""Pigeon Market: the orders of a shop.

This file says what the plugin offers. It is read whenever plugins are listed, so it imports nothing but ``asctl.api``.
"""

from datetime import timedelta

from asctl.api import Capability, ChangesLimits, ProviderSpec, Setting, SettingType, hookimpl

SETTINGS = (
    Setting("base_url", SettingType.URL, "Where Pigeon answers.", default="https://api.market.example"),
    Setting("customer", SettingType.TEXT, "The number that Pigeon gave your shop.", required=True),
    Setting("secret", SettingType.SECRET, "Signs every call.", required=True),
)


@hookimpl
def asctl_order_sources() -> list[ProviderSpec]:
    """The one spec. The limits say how changes are asked for: never more than six hours at once."""
    limits = ChangesLimits(window=timedelta(hours=6), overlap=timedelta(minutes=2), lag=timedelta(seconds=30))
    return [
        ProviderSpec(
            id="pigeon",
            title="Pigeon Market",
            api_version=1,
            factory="asctl_pigeon.provider:PigeonMarket",
            settings=SETTINGS,
            capabilities=(Capability("OrderSource", limits), Capability("AccountChecker")),
            sandbox="asctl_pigeon.sandbox:PigeonSandbox",
        )
    ]
