"""Taobao and Tmall through the open platform (TOP): orders, applications and decisions on them, remarks, receivers,
interceptions, tracks as a second source, and invoices asked for inside the order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from asctl.api import (
    API_VERSION,
    Capability,
    ChangesLimits,
    DeskLimits,
    ProviderSpec,
    RemarkLimits,
    Setting,
    SettingType,
    TrackerLimits,
    WriteClass,
    WriteContract,
    hookimpl,
)

_CHANGES = ChangesLimits(window=timedelta(days=1))
# The stricter of two: Tmall takes 30 at once for 10,000 yuan (reference/taobao-top.md section 4.4).
_DESK = DeskLimits(at_once=20, total=Decimal(6000))


def _looked_after(write: WriteClass, find: str) -> WriteContract:
    """A write that can be read back a few seconds later; both spans are inferred."""
    return WriteContract(
        write, find=find, authoritative=True, visibility_lag=timedelta(seconds=5), late_window=timedelta(seconds=10)
    )


def _shown_by_what_is_there() -> WriteContract:
    """Its look may find it, but where it finds nothing that is no proof; both spans are inferred."""
    return WriteContract(
        WriteClass.UNKEYED,
        find="find_handed_over",
        visibility_lag=timedelta(seconds=5),
        late_window=timedelta(seconds=10),
    )


def _access_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Address of the gateway, or of a relay that stands before it.",
            default="https://eco.taobao.com/router/rest",
        ),
        Setting("app_key", SettingType.TEXT, "Key of the application.", required=True),
        Setting("app_secret", SettingType.SECRET, "Secret of the application.", required=True),
        Setting("session", SettingType.SECRET, "Access token of the shop.", required=True),
        Setting(
            "sign_method",
            SettingType.CHOICE,
            "How calls are signed.",
            default="hmac-sha256",
            choices=("hmac-sha256", "md5", "hmac"),
        ),
    )


def _decision_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "tmall",
            SettingType.BOOLEAN,
            "Whether the shop is a Tmall shop: only those have exchange applications of their own.",
            default=True,
        ),
        Setting(
            "agree_session",
            SettingType.SECRET,
            "Access token of the sub-account that agrees to refunds; without it the shop's own is used.",
        ),
        Setting(
            "review_refunds",
            SettingType.BOOLEAN,
            "Whether refunds of a Tmall shop are approved in the same run before they are agreed to.",
            default=True,
        ),
        Setting(
            "review_operator",
            SettingType.TEXT,
            "Name under which refunds are approved.",
            default="asctl",
        ),
    )


def _list_settings() -> tuple[Setting, ...]:
    return (
        Setting("page_size", SettingType.INTEGER, "Rows a page of a list, 1 to 100.", default=40),
        Setting(
            "order_types",
            SettingType.LIST,
            "Order types that the lists shall hold; the platform leaves out all others.",
            default=("guarantee_trade", "auto_delivery", "ec", "cod", "step"),
        ),
        Setting(
            "list_window",
            SettingType.DURATION,
            "The longest stretch of time asked for in one list; shorten it when the platform times out.",
            default="1d",
        ),
        Setting(
            "ban_rest",
            SettingType.DURATION,
            "How long the shop rests after a ban that names no time.",
            default="60s",
        ),
    )


def _invoice_settings() -> tuple[Setting, ...]:
    return (
        Setting(
            "upload_kinds",
            SettingType.CHOICE,
            "How an invoice handed over names its kind: by the numbers of applications, or 0 for every electronic one.",
            default="applications",
            choices=("applications", "electronic"),
        ),
    )


def _capabilities() -> tuple[Capability, ...]:
    unkeyed, versioned = WriteClass.UNKEYED, WriteClass.VERSIONED
    decisions = {
        "agree_after_sales": _looked_after(versioned, "find_agreement"),
        "refuse_after_sale": _looked_after(versioned, "find_refusal"),
    }
    return (
        Capability("OrderSource", _CHANGES),
        Capability("AfterSaleSource", _CHANGES),
        Capability("AfterSaleDesk", _DESK, decisions),
        Capability("RemarkWriter", RemarkLimits(1000), {"write_remark": _looked_after(unkeyed, "remark")}),
        Capability("OrderAddressChanger", None, {"change_receiver": _looked_after(unkeyed, "find_receiver")}),
        Capability("OrderInterceptor", None, {"intercept_order": _looked_after(versioned, "order_interception")}),
        Capability("Tracker", TrackerLimits(needs_order=True)),
        Capability("ApplicationSource"),
        Capability("ResultTaker", None, {"hand_invoice_over": _shown_by_what_is_there()}),
        Capability("AccountChecker"),
    )


@hookimpl
def asctl_order_sources() -> list[ProviderSpec]:
    return [
        ProviderSpec(
            id="taobao",
            title="Taobao and Tmall",
            api_version=API_VERSION,
            factory="asctl_taobao.provider:Taobao",
            settings=(*_access_settings(), *_decision_settings(), *_list_settings(), *_invoice_settings()),
            capabilities=_capabilities(),
            sandbox="asctl_taobao.sandbox:TaobaoSandbox",
            conformance="asctl_taobao.conformance:conformance",
        )
    ]
