"""ZTO Express (中通): tracks, interception, change of address, pickup (reference/couriers/zto.md)."""

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

TRACKING = TrackerLimits(batch=1, phone_tail=frozenset({"zto"}))
INTERCEPTING = InterceptorLimits(return_to=("sender", "outlet"), cancel=True)
# Not published, hence short: time for a second attempt. After it the look decides, which is authoritative.
KEY_WINDOW = timedelta(minutes=5)
_VISIBILITY_LAG = timedelta(seconds=5)
_LATE_WINDOW = timedelta(seconds=10)


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    return [
        ProviderSpec(
            id="zto",
            title="ZTO Express (中通快递)",
            api_version=API_VERSION,
            factory="asctl_zto.provider:Zto",
            settings=(*_settings(), *_pickup_settings()),
            capabilities=(
                Capability("Tracker", limits=TRACKING),
                Capability("PushReceiver"),
                Capability("AddressChanger", writes={"change_address": _keyed("address_change_status")}),
                Capability(
                    "Interceptor",
                    limits=INTERCEPTING,
                    writes={
                        "intercept": _keyed("interception_status"),
                        "cancel_interception": WriteContract(
                            WriteClass.UNKEYED,
                            find="cancellation_status",
                            authoritative=True,
                            visibility_lag=_VISIBILITY_LAG,
                            late_window=_LATE_WINDOW,
                        ),
                    },
                ),
                Capability(
                    "ReverseShipper", limits=PickupLimits(needs_window=False, cancel=True), writes=_pickup_writes()
                ),
                Capability("AccountChecker"),
            ),
            # The quotas are not published; S206 and S221 tell when they are met.
            pace=Pace(calls=20, at_once=16),
            couriers=("zto",),
            sandbox="asctl_zto.sandbox:ZtoSandbox",
            conformance="asctl_zto.conformance:conformance",
        )
    ]


def _keyed(find: str) -> WriteContract:
    """The request id drops repeats (section 6.1); for how long is not published."""
    return WriteContract(
        WriteClass.KEYED,
        find=find,
        authoritative=True,
        key_window=KEY_WINDOW,
        visibility_lag=_VISIBILITY_LAG,
        late_window=_LATE_WINDOW,
    )


def _pickup_writes() -> dict[str, WriteContract]:
    """An order is looked up by ZTO's number alone, which a lost answer does not leave. That it was taken back is told by a
    state that is only reported: its absence is no proof."""
    return {
        "order_pickup": WriteContract(status="pickup_status"),
        "cancel_pickup": WriteContract(
            find="pickup_cancellation", visibility_lag=_VISIBILITY_LAG, late_window=_LATE_WINDOW
        ),
    }


def _settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the gateway answers; ZTO's test gateway, a sandbox or a proxy may stand in.",
            default="https://japi.zto.com",
        ),
        Setting("app_key", SettingType.TEXT, "The application's key, which ZTO also calls company id.", required=True),
        Setting("app_secret", SettingType.SECRET, "Signs every call and verifies callbacks.", required=True),
        Setting("customer_id", SettingType.TEXT, "The e-waybill customer's number, sent along with interceptions."),
        Setting("customer_name", SettingType.TEXT, "The e-waybill customer's name, sent along with interceptions."),
        Setting(
            "send_timestamp",
            SettingType.BOOLEAN,
            "Whether the time is sent and signed with every call; only where ZTO's console asks for it.",
            default=False,
        ),
        Setting(
            "busy_pause",
            SettingType.DURATION,
            "How long the account rests after too many calls a second.",
            default="1s",
        ),
        Setting(
            "quota_pause",
            SettingType.DURATION,
            "How long the account rests when the quota of the minute or hour is used up.",
            default="1m",
        ),
        Setting(
            "check_waybill",
            SettingType.TEXT,
            "The waybill that the account check asks about; nobody's by default.",
            default="73000000000000",
        ),
    )


def _pickup_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "account_id",
            SettingType.TEXT,
            "The e-waybill account (电子面单账号) under which pickups get their waybill.",
        ),
        Setting("account_password", SettingType.SECRET, "The password of the e-waybill account."),
        Setting(
            "pickup_partner",
            SettingType.CHOICE,
            "How pickups are ordered: as a group customer (集团客户), who needs customer_id, or as any other.",
            default="other",
            choices=("other", "group"),
        ),
        Setting(
            "pickup_waybill",
            SettingType.BOOLEAN,
            "Whether the waybill is told with the order, which needs account_id, or when the goods are fetched.",
            default=True,
        ),
        Setting(
            "pickup_cancel_type",
            SettingType.CHOICE,
            "The reason told when a pickup is taken back (cancelType); 1 is said to mean that it is not wanted any more.",
            default="1",
            choices=("1", "2", "3", "4", "5", "6", "7"),
        ),
        Setting(
            "pickup_query_type",
            SettingType.CHOICE,
            "The kind of order that is asked about (type); 0 is said to mean pickups.",
            default="0",
            choices=("0", "1"),
        ),
        Setting(
            "pickup_cancelled_states",
            SettingType.LIST,
            "The states of an order (orderStatus) that mean that nobody comes any more.",
            default=("-2",),
        ),
    )
