"""Nuonuo (诺诺), its product 诺税通: digital invoices, their reversal, delivery and files (reference/invoices.md section 5)."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    API_VERSION,
    Capability,
    InvoiceLimits,
    Pace,
    ProviderSpec,
    Setting,
    SettingType,
    WriteClass,
    WriteContract,
    hookimpl,
)

ID = "nuonuo"
# A number of ours is used up for good. Right after a submission a query may not know it yet (section 5.7).
_USED_UP = timedelta(days=3650)
_SHOWS_AFTER = timedelta(minutes=1)
# A retry has no number of its own: that an invoice failed again looks as if nobody had retried it.
_RETRYING = WriteContract(WriteClass.UNKEYED, find="find_retried", status="find_invoice", visibility_lag=_SHOWS_AFTER)
# No rate is published; section 5.13 proposes one call a second, and five at once.
PACE = Pace(calls=5, per=timedelta(seconds=5), at_once=5)


@hookimpl
def asctl_invoice_providers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    return [
        ProviderSpec(
            id=ID,
            title="Nuonuo (诺诺)",
            api_version=API_VERSION,
            factory="asctl_nuonuo.provider:Nuonuo",
            settings=(*_account(), *_terms(), *_care()),
            capabilities=(
                Capability(
                    "InvoiceIssuer",
                    limits=InvoiceLimits(),
                    writes={"issue_invoice": _numbered("find_invoice"), "retry_invoice": _RETRYING},
                ),
                Capability("InvoiceReverser", writes={"reverse_invoice": _numbered("find_reversal")}),
                Capability("InvoiceDeliverer", writes={"deliver_invoice": WriteContract(WriteClass.NOTIFY)}),
                Capability("InvoiceFiles"),
                Capability("PushReceiver"),
                Capability("AccountChecker"),
            ),
            pace=PACE,
            sandbox="asctl_nuonuo.sandbox:NuonuoSandbox",
            conformance="asctl_nuonuo.conformance:conformance",
        )
    ]


def _numbered(find: str) -> WriteContract:
    """A write under our own number, of which Nuonuo refuses a repeat: it is looked for before it is sent again."""
    return WriteContract(
        WriteClass.KEYED, find=find, authoritative=True, key_window=_USED_UP, visibility_lag=_SHOWS_AFTER
    )


def _account() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the gateway answers; a sandbox or a proxy may stand in.",
            default="https://sdk.nuonuo.com/open/v1/services",
        ),
        Setting(
            "token_url",
            SettingType.URL,
            "Where access tokens are given.",
            default="https://open.nuonuo.com/accessToken",
        ),
        Setting("app_key", SettingType.TEXT, "The key (appKey) of the shop's own application.", required=True),
        Setting("app_secret", SettingType.SECRET, "The secret (appSecret) that signs every call.", required=True),
    )


def _terms() -> tuple[Setting, ...]:
    return (
        Setting("extension", SettingType.TEXT, "The extension number (分机号) that selects the drawer's account."),
        Setting(
            "push_mode",
            SettingType.CHOICE,
            "How Nuonuo delivers new invoices: wherever the buyer gave an address, by one way alone, or not at all.",
            default="auto",
            choices=("auto", "email", "phone", "none"),
        ),
        Setting("callback_url", SettingType.URL, "Where Nuonuo reports results to; without one it is asked for them."),
        Setting(
            "file_hosts",
            SettingType.LIST,
            "Hosts, with all below them, that files are fetched from.",
            default=("jss.com.cn", "nuonuo.com"),
        ),
    )


def _care() -> tuple[Setting, ...]:
    return (
        Setting(
            "timestamp_unit",
            SettingType.CHOICE,
            "The unit of the time stamp in every call.",
            default="seconds",
            choices=("seconds", "milliseconds"),
        ),
        Setting(
            "token_rest",
            SettingType.DURATION,
            "How long the account rests when its token calls are used up (070306), which names no time.",
            default="6h",
        ),
        Setting(
            "check_order",
            SettingType.TEXT,
            "The number that the account check asks about; nobody's by default.",
            default="ASCTL-CHECK",
        ),
    )
