"""SF Express (顺丰速运), its open platform Fengqiao: tracking, redirection and return (reference/couriers/sf.md)."""

from __future__ import annotations

from asctl.api import (
    API_VERSION,
    Capability,
    InterceptorLimits,
    Pace,
    ProviderSpec,
    Setting,
    SettingType,
    TrackerLimits,
    WriteContract,
    hookimpl,
)

COURIER = "sf"
TRACKING = TrackerLimits(batch=10, phone_tail=frozenset({COURIER}))
INTERCEPTING = InterceptorLimits(return_to=("sender",), cancel=True)
# The limit of each interface (section 1); a parcel may be asked about as often as one likes within it.
PACE = Pace(calls=30)


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    # SF drops no repeats and has no query for what was asked of it: no write is keyed, and none has a look.
    unprotected = WriteContract()
    return [
        ProviderSpec(
            id=COURIER,
            title="SF Express (顺丰速运)",
            api_version=API_VERSION,
            factory="asctl_sf.provider:SF",
            settings=(*_account(), *_terms(), *_return_address(), *_callbacks(), *_care()),
            capabilities=(
                Capability("Tracker", limits=TRACKING),
                Capability("PushReceiver"),
                Capability("AddressChanger", writes={"change_address": unprotected}),
                Capability(
                    "Interceptor",
                    limits=INTERCEPTING,
                    writes={"intercept": unprotected, "cancel_interception": unprotected},
                ),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            couriers=(COURIER,),
            sandbox="asctl_sf.sandbox:SFSandbox",
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
            "Believe route pushes, which SF does not sign; true only where nobody but SF can reach the callback address.",
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
