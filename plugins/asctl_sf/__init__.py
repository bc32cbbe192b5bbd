"""SF Express (顺丰速运), its open platform Fengqiao: tracking, redirection, return, pickup (reference/couriers/sf.md)."""

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

COURIER = "sf"
TRACKING = TrackerLimits(batch=10, phone_tail=frozenset({COURIER}))
INTERCEPTING = InterceptorLimits(return_to=("sender",), cancel=True)
# An order number is used up for good, by an order (8016) as by its cancellation (8037). A day is as long as anybody looks.
_NUMBER_KEPT = timedelta(days=1)
PICKING_UP = WriteContract(
    WriteClass.KEYED,
    find="find_pickup",
    status="pickup_status",
    authoritative=True,
    key_window=_NUMBER_KEPT,
    visibility_lag=timedelta(seconds=30),
    late_window=timedelta(seconds=10),
)
# How a cancelled order shows in a look is not known, so none is made: a repeat can only find it cancelled.
TAKING_BACK = WriteContract(WriteClass.KEYED, key_window=_NUMBER_KEPT)
# The limit of each interface (section 1); a parcel may be asked about as often as one likes within it.
PACE = Pace(calls=30)


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    # SF drops no repeats of what is asked of a parcel under way, and has no query for it.
    unprotected = WriteContract()
    return [
        ProviderSpec(
            id=COURIER,
            title="SF Express (顺丰速运)",
            api_version=API_VERSION,
            factory="asctl_sf.provider:SF",
            settings=(*_account(), *_terms(), *_return_address(), *_pickups(), *_callbacks(), *_care()),
            capabilities=(
                Capability("Tracker", limits=TRACKING),
                Capability("PushReceiver"),
                Capability("AddressChanger", writes={"change_address": unprotected}),
                Capability(
                    "Interceptor",
                    limits=INTERCEPTING,
                    writes={"intercept": unprotected, "cancel_interception": unprotected},
                ),
                Capability(
                    "ReverseShipper",
                    limits=PickupLimits(needs_window=False, cancel=True),
                    writes={"order_pickup": PICKING_UP, "cancel_pickup": TAKING_BACK},
                ),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            couriers=(COURIER,),
            sandbox="asctl_sf.sandbox:SFSandbox",
            conformance="asctl_sf.conformance:conformance",
        )
    ]


def _account() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the service answers; a sandbox or a proxy may stand in.",
            default="https://bspgw.sf-express.com/std/service",
        ),
        Setting("partner_id", SettingType.TEXT, "The customer code (顾客编码).", required=True),
        Setting("check_word", SettingType.SECRET, "The check word (校验码) that signs every call.", required=True),
    )


def _terms() -> tuple[Setting, ...]:
    return (
        Setting(
            "pay_mode",
            SettingType.CHOICE,
            "Who pays for a redirection or a return.",
            default="sender_card",
            choices=("sender_card", "third_party_card", "sender_cash", "receiver_cash"),
        ),
        Setting("monthly_card", SettingType.TEXT, "The monthly account (月结卡号) that pays; the card modes need it."),
    )


def _return_address() -> tuple[Setting, ...]:
    return (
        Setting("return_contact", SettingType.TEXT, "Who takes parcels that come back; SF returns none without it."),
        Setting("return_phone", SettingType.TEXT, "The phone of whoever takes parcels that come back."),
        Setting("return_province", SettingType.TEXT, "The province that parcels come back to."),
        Setting("return_city", SettingType.TEXT, "The city that parcels come back to."),
        Setting("return_county", SettingType.TEXT, "The district or county that parcels come back to."),
        Setting("return_address", SettingType.TEXT, "Street and number that parcels come back to."),
    )


def _pickups() -> tuple[Setting, ...]:
    return (
        Setting(
            "pickup_payer",
            SettingType.CHOICE,
            "Who pays for a pickup; the sender is the customer, the receiver the shop.",
            default="receiver_card",
            choices=("receiver_card", "receiver_cash", "sender_card", "sender_cash", "third_party_card"),
        ),
        Setting("pickup_product", SettingType.INTEGER, "The product of pickups (expressTypeId), as agreed.", default=1),
        Setting("pickup_template", SettingType.TEXT, "The template of pickups agreed with SF (bizTemplateCode)."),
        Setting(
            "pickup_search_type",
            SettingType.CHOICE,
            "Under which kind SF finds pickups again: 2, the return orders; 1, should it keep them with the others.",
            default="2",
            choices=("2", "1"),
        ),
    )


def _callbacks() -> tuple[Setting, ...]:
    return (
        Setting(
            "push_format",
            SettingType.CHOICE,
            "The format of route pushes that is chosen in SF's console.",
            default="json",
            choices=("json", "xml"),
        ),
        Setting(
            "push_accept_unsigned",
            SettingType.BOOLEAN,
            "Believe pushes, which SF does not sign; true only where nobody but SF can reach the callback address.",
            default=False,
        ),
    )


def _care() -> tuple[Setting, ...]:
    return (
        Setting(
            "busy_pause",
            SettingType.DURATION,
            "How long the account rests after flow control (A1005), which names no time.",
            default="5s",
        ),
        Setting(
            "check_waybill",
            SettingType.TEXT,
            "The waybill that the account check asks about; nobody's by default.",
            default="SF0000000000000",
        ),
    )
