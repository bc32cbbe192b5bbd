"""Taobao and Tmall through the open platform (TOP): orders, applications, remarks, and tracks as a second source."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    API_VERSION,
    Capability,
    ChangesLimits,
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
_REMARK_WRITE = WriteContract(
    WriteClass.UNKEYED, find="remark", authoritative=True, visibility_lag=timedelta(seconds=5)
)


def _settings() -> tuple[Setting, ...]:
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
        Setting(
            "tmall",
            SettingType.BOOLEAN,
            "Whether the shop is a Tmall shop: only those have exchange applications of their own.",
            default=True,
        ),
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


@hookimpl
def asctl_order_sources() -> list[ProviderSpec]:
    return [
        ProviderSpec(
            id="taobao",
            title="Taobao and Tmall",
            api_version=API_VERSION,
            factory="asctl_taobao.provider:Taobao",
            settings=_settings(),
            capabilities=(
                Capability("OrderSource", _CHANGES),
                Capability("AfterSaleSource", _CHANGES),
                Capability("RemarkWriter", RemarkLimits(1000), {"write_remark": _REMARK_WRITE}),
                Capability("Tracker", TrackerLimits(needs_order=True)),
                Capability("AccountChecker"),
            ),
            sandbox="asctl_taobao.sandbox:TaobaoSandbox",
        )
    ]
