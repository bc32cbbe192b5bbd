"""YTO Express (圆通) by its own open platform (reference/couriers/yto.md)."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    API_VERSION,
    Capability,
    InterceptorLimits,
    Pace,
    PickupLimits,
    ProviderSpec,
    Setting,
    SettingType,
    TrackerLimits,
    WriteContract,
    hookimpl,
)

COURIER = "yto"
INTERCEPTION = InterceptorLimits(return_to=("sender",), cancel=True)
# Reported, not published (section 3); YTO says nothing of calls under way at once.
PACE = Pace(calls=200, per=timedelta(minutes=1))
# About a parcel under way YTO takes no key of ours, and no call tells whether a request arrived (section 6). The number of a
# pickup's order is ours; that it protects from a repeat is only reported (section 7), and no call tells of an order either.
UNPROTECTED = WriteContract()


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    return [
        ProviderSpec(
            id="yto",
            title="YTO Express (圆通)",
            api_version=API_VERSION,
            factory="asctl_yto.provider:Yto",
            settings=(*_account_settings(), *_interface_settings(), *_behaviour_settings()),
            capabilities=(
                Capability("Tracker", TrackerLimits(batch=1)),
                Capability("PushReceiver"),
                Capability("AddressChanger", writes={"change_address": UNPROTECTED}),
                Capability("Interceptor", INTERCEPTION, {"intercept": UNPROTECTED, "cancel_interception": UNPROTECTED}),
                Capability(
                    "ReverseShipper", PickupLimits(), {"order_pickup": UNPROTECTED, "cancel_pickup": UNPROTECTED}
                ),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            couriers=(COURIER,),
            sandbox="asctl_yto.sandbox:YtoSandbox",
            conformance="asctl_yto.conformance:conformance",
        )
    ]


def _account_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the gateway answers; a sandbox or a proxy may stand in.",
            default="https://openapi.yto.net.cn",
        ),
        Setting("customer_code", SettingType.TEXT, "The customer code (客户编码), last in the URL.", required=True),
        Setting("secret", SettingType.SECRET, "The secret (客户密钥) that signs calls and callbacks.", required=True),
        Setting("url_key", SettingType.TEXT, "The part of the URL before the customer code.", required=True),
    )


def _interface_settings() -> tuple[Setting, ...]:
    """YTO issues credentials per interface (section 1); what is not set here is the account's."""
    return (
        Setting("track_customer_code", SettingType.TEXT, "The customer code for the track query, if it has its own."),
        Setting("track_secret", SettingType.SECRET, "The secret for the track query, if it has its own."),
        Setting("track_url_key", SettingType.TEXT, "The URL key for the track query, if it has its own."),
        Setting(
            "intercept_customer_code", SettingType.TEXT, "The customer code for interceptions, if they have their own."
        ),
        Setting("intercept_secret", SettingType.SECRET, "The secret for interceptions, if they have their own."),
        Setting("intercept_url_key", SettingType.TEXT, "The URL key for interceptions, if they have their own."),
        Setting("intercept_version", SettingType.TEXT, "The version in the URL of interceptions.", default="v1"),
        Setting("pickup_customer_code", SettingType.TEXT, "The customer code for pickups, if they have their own."),
        Setting("pickup_secret", SettingType.SECRET, "The secret for pickups, if they have their own."),
        Setting("pickup_url_key", SettingType.TEXT, "The URL key for pickups, if they have their own."),
        Setting("pickup_version", SettingType.TEXT, "The version in the URL of pickups.", default="v1"),
        Setting("push_secret", SettingType.SECRET, "The secret that signs callbacks, if they have their own."),
    )


def _behaviour_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "busy_pause",
            SettingType.DURATION,
            "How long the account rests when YTO says that calls come too often.",
            default="60s",
        ),
        Setting(
            "pickup_product",
            SettingType.CHOICE,
            "The product (productCode) under which goods are fetched.",
            default="PK",
            choices=("PK", "YZD", "XTCTK", "HKJ"),
        ),
        Setting(
            "check_waybill",
            SettingType.TEXT,
            "The waybill that the account check asks about; nobody's by default.",
            default="YT0000000000000",
        ),
    )
