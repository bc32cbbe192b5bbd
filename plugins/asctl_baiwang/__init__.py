"""Baiwang (百望云), its line for small businesses: issue, reverse, deliver and fetch digital invoices (reference/invoices.md
section 6)."""

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

VERSIONS = ("6.0", "7.0", "3.0")
# Our number is used up for good: a repeat is refused, and shows in a look within a minute (sections 5.10 and 6.11).
_NUMBER_KEPT = timedelta(days=3650)
_SHOWN_WITHIN = timedelta(minutes=1)
ISSUING = WriteContract(
    WriteClass.KEYED,
    find="find_invoice",
    authoritative=True,
    key_window=_NUMBER_KEPT,
    visibility_lag=_SHOWN_WITHIN,
)
REVERSING = WriteContract(
    WriteClass.KEYED,
    find="find_reversal",
    authoritative=True,
    key_window=_NUMBER_KEPT,
    visibility_lag=_SHOWN_WITHIN,
)
# One that failed again cannot be told from one that was never tried again, so this look proves no absence.
RETRYING = WriteContract(WriteClass.UNKEYED, find="find_retried", status="find_invoice", visibility_lag=_SHOWN_WITHIN)
DELIVERING = WriteContract(WriteClass.NOTIFY)


@hookimpl
def asctl_invoice_providers() -> list[ProviderSpec]:
    """The one spec of this plugin."""
    return [
        ProviderSpec(
            id="baiwang",
            title="Baiwang (百望云)",
            api_version=API_VERSION,
            factory="asctl_baiwang.provider:Baiwang",
            settings=(*_account(), *_versions(), *_invoices(), *_care()),
            capabilities=(
                Capability(
                    "InvoiceIssuer",
                    limits=InvoiceLimits(places=13),
                    writes={"issue_invoice": ISSUING, "retry_invoice": RETRYING},
                ),
                Capability("InvoiceReverser", writes={"reverse_invoice": REVERSING}),
                Capability("InvoiceDeliverer", writes={"deliver_invoice": DELIVERING}),
                Capability("InvoiceFiles"),
                Capability("PushReceiver"),
                Capability("AccountChecker"),
            ),
            pace=Pace(calls=5),
            sandbox="asctl_baiwang.sandbox:BaiwangSandbox",
            conformance="asctl_baiwang.conformance:conformance",
        )
    ]


def _account() -> tuple[Setting, ...]:
    return (
        Setting(
            "base_url",
            SettingType.URL,
            "Where the gateway answers; a sandbox or a proxy may stand in.",
            default="https://openapi.baiwang.com/router/rest",
        ),
        Setting("app_key", SettingType.TEXT, "The application's key (appKey).", required=True),
        Setting("app_secret", SettingType.SECRET, "The application's secret, which signs every call.", required=True),
        Setting("username", SettingType.TEXT, "The user who logs in for the token.", required=True),
        Setting("password", SettingType.SECRET, "The user's password.", required=True),
        Setting("salt", SettingType.SECRET, "The user's salt (盐值), from Baiwang's console.", required=True),
        Setting(
            "org_auth_code", SettingType.SECRET, "The seller's grant (orgAuthCode) to a third party's application."
        ),
    )


def _versions() -> tuple[Setting, ...]:
    return (
        Setting(
            "token_version",
            SettingType.CHOICE,
            "The version of the token interface, which decides how the password is hashed.",
            default="6.0",
            choices=VERSIONS,
        ),
        Setting(
            "api_version",
            SettingType.CHOICE,
            "The version of all other interfaces.",
            default="6.0",
            choices=VERSIONS,
        ),
    )


def _invoices() -> tuple[Setting, ...]:
    return (
        Setting(
            "terminal",
            SettingType.TEXT,
            "The drawer's account at the tax bureau (invoiceTerminalCode); without it Baiwang takes its own default.",
        ),
        Setting(
            "red_label",
            SettingType.CHOICE,
            "How reasons are numbered in a reversal: as the tax bureau does (02 is a return), or in order (1 is a return).",
            default="bureau",
            choices=("bureau", "order"),
        ),
        Setting("callback_url", SettingType.URL, "Where Baiwang pushes what became of invoices; it is only a hint."),
    )


def _care() -> tuple[Setting, ...]:
    return (
        Setting(
            "file_hosts",
            SettingType.LIST,
            "Hosts that files of invoices are fetched from, each with all its subdomains.",
            default=("baiwang.com",),
        ),
        Setting(
            "busy_pause",
            SettingType.DURATION,
            "How long the account rests when Baiwang finds its calls too many, which names no time.",
            default="10s",
        ),
    )
