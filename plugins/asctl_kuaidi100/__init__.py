"""Kuaidi100 (快递100), an aggregator: one protocol for nearly all Chinese couriers (reference/couriers/kuaidi100.md)."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    API_VERSION,
    Capability,
    Pace,
    ProviderSpec,
    Setting,
    SettingType,
    TrackerLimits,
    hookimpl,
)

COURIERS = ("sf", "zto", "yto", "sto", "yunda", "jd", "jt", "ems", "post", "deppon", "best")
TRACKING = TrackerLimits(
    batch=1,
    phone_tail=frozenset({"sf", "zto"}),
    same_waybill_every=timedelta(minutes=30),
    same_waybill_per_day=48,
)
# The service publishes a quota of calls under way, which differs by contract, and no rate.
PACE = Pace(calls=500, at_once=16)


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    return [
        ProviderSpec(
            id="kuaidi100",
            title="Kuaidi100 (快递100)",
            api_version=API_VERSION,
            factory="asctl_kuaidi100.provider:Kuaidi100",
            settings=_settings(),
            capabilities=(
                Capability("Tracker", limits=TRACKING),
                Capability("PushReceiver"),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            couriers=COURIERS,
            aggregator=True,
            sandbox="asctl_kuaidi100.sandbox:Kuaidi100Sandbox",
        )
    ]


def _settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the service answers; a sandbox or a proxy may stand in.",
            default="https://poll.kuaidi100.com",
        ),
        Setting("customer", SettingType.TEXT, "The customer number of the enterprise account.", required=True),
        Setting("key", SettingType.SECRET, "The authorisation key (授权key) that signs queries.", required=True),
        Setting("salt", SettingType.SECRET, "The text that signs callbacks; without it every callback is refused."),
        Setting(
            "busy_pause",
            SettingType.DURATION,
            "How long the account rests when the service says that too many calls are under way.",
            default="5s",
        ),
        Setting(
            "check_waybill",
            SettingType.TEXT,
            "The YTO waybill that the account check asks about; nobody's by default.",
            default="YT0000000000000",
        ),
    )
