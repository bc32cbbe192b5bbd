"""Kuaidi100 (快递100), an aggregator: one protocol for nearly all Chinese couriers (reference/couriers/kuaidi100.md)."""

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
    WriteClass,
    WriteContract,
    hookimpl,
)

COURIERS = ("sf", "zto", "yto", "sto", "yunda", "jd", "jt", "ems", "post", "deppon", "best")
TRACKING = TrackerLimits(
    batch=1,
    phone_tail=frozenset({"sf", "zto"}),
    same_waybill_every=timedelta(minutes=30),
    same_waybill_per_day=48,
)
# Each order is carried out, however often it comes, and nothing tells whether one came (section 5).
UNPROTECTED = WriteContract()
# SF wants to know when (section 7), so each order says it.
PICKUPS = PickupLimits(needs_window=True)
# A repeat with the same thirdOrderId is answered with the order that stands (section 7).
NUMBERED = WriteContract(WriteClass.KEYED, status="pickup_status", key_window=timedelta(hours=48))
# How the look is answered is reported only, so its no is no proof.
CANCELLATION = WriteContract(find="pickup_cancellation_status")
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
            settings=(*_tracking_settings(), *_interception_settings(), *_partner_settings(), *_pickup_settings()),
            capabilities=(
                Capability("Tracker", limits=TRACKING),
                Capability("PushReceiver"),
                Capability("AddressChanger", writes={"change_address": UNPROTECTED}),
                Capability(
                    "Interceptor",
                    limits=InterceptorLimits(return_to=("sender", "outlet"), cancel=False),
                    writes={"intercept": UNPROTECTED},
                ),
                Capability("ReverseShipper", PICKUPS, {"order_pickup": NUMBERED, "cancel_pickup": CANCELLATION}),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            couriers=COURIERS,
            aggregator=True,
            sandbox="asctl_kuaidi100.sandbox:Kuaidi100Sandbox",
            conformance="asctl_kuaidi100.conformance:conformance",
        )
    ]


def _tracking_settings() -> tuple[Setting, ...]:
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


def _interception_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "label_url",
            SettingType.URL,
            "Where interceptions and changes of address are ordered; a sandbox or a proxy may stand in.",
            default="https://api.kuaidi100.com",
        ),
        Setting(
            "secret", SettingType.SECRET, "The secret that signs interceptions and pickups; needed for nothing else."
        ),
        Setting(
            "callback_url",
            SettingType.URL,
            "Where outcomes are told; no pickup, and no interception by ZTO, J&T or YTO, is taken without it.",
        ),
        Setting(
            "intercept_pay_type",
            SettingType.CHOICE,
            "Who pays what an interception costs; as the contract says where it is not set.",
            choices=("SHIPPER", "CONSIGNEE", "THIRDPARTY", "MONTHLY"),
        ),
    )


def _partner_settings() -> tuple[Setting, ...]:
    """The shop's e-waybill account (电子面单账号) at the courier; which of them a courier wants differs."""
    return (
        Setting("partner_id", SettingType.TEXT, "The e-waybill account at the courier that shipped the parcels."),
        Setting("partner_key", SettingType.SECRET, "The password or key of the e-waybill account."),
        Setting("partner_secret", SettingType.SECRET, "The secret of the e-waybill account."),
        Setting("partner_name", SettingType.TEXT, "The name of the e-waybill account."),
        Setting("partner_code", SettingType.TEXT, "The code of the e-waybill account."),
        Setting("partner_net", SettingType.TEXT, "The outlet (网点) of the e-waybill account."),
    )


def _pickup_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "order_url",
            SettingType.URL,
            "Where pickups are ordered; a sandbox or a proxy may stand in.",
            default="https://poll.kuaidi100.com",
        ),
    )
