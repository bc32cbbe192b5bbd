"""Pigeon Invoices: digital invoices, issued.

This file says what the plugin offers. It is read whenever plugins are listed, so it imports nothing but ``asctl.api``. What
they promise of a repeat, and of a look, is declared here, and asctl believes it: promise too little rather than too much.
"""

from datetime import timedelta

from asctl.api import (
    Capability,
    InvoiceLimits,
    ProviderSpec,
    Setting,
    SettingType,
    WriteClass,
    WriteContract,
    hookimpl,
)

SETTINGS = (
    Setting("base_url", SettingType.URL, "Where Pigeon answers.", default="https://api.invoices.example"),
    Setting("customer", SettingType.TEXT, "The customer number that Pigeon gave you.", required=True),
    Setting("secret", SettingType.SECRET, "Signs every call.", required=True),
)
"""Who sells and who draws are settings of asctl itself."""
_ISSUING = WriteContract(
    WriteClass.KEYED,
    find="find_invoice",
    authoritative=True,
    key_window=timedelta(days=1),
    visibility_lag=timedelta(seconds=5),
    late_window=timedelta(seconds=10),
)
_RETRYING = WriteContract(WriteClass.UNKEYED, status="find_invoice")


@hookimpl
def asctl_invoice_providers() -> list[ProviderSpec]:
    """The one spec; ``factory`` and ``sandbox`` are paths, imported only when they are needed."""
    writes = {"issue_invoice": _ISSUING, "retry_invoice": _RETRYING}
    issuer = Capability("InvoiceIssuer", InvoiceLimits(lines=500, remark=200), writes)
    return [
        ProviderSpec(
            id="pigeon",
            title="Pigeon Invoices",
            api_version=1,
            factory="asctl_pigeon.provider:PigeonInvoices",
            settings=SETTINGS,
            capabilities=(issuer, Capability("AccountChecker")),
            sandbox="asctl_pigeon.sandbox:PigeonSandbox",
        )
    ]
