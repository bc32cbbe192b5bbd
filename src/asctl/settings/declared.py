"""Every setting of the core, declared once: sections and keys, types, defaults, help."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

from asctl.capabilities.specs import ProviderKind, Setting, SettingType
from asctl.domain.policy import InvoicePolicy, RmaPolicy, WatchPolicy
from asctl.domain.times import duration_text
from asctl.settings.origin import KeyPath

_WATCH_HELP = {
    "slow_after": "Without movement for so long a parcel is slow.",
    "stalled_after": "Without movement for so long it is stalled, and the courier is contacted.",
    "lost_after": "Without movement for so long it is treated as lost.",
    "stuck_after": "With scans but no way forward for so long it is stuck in one place.",
    "pickup_after": "From shipping to the courier's first scan at most.",
    "transit_after": "From pick-up until it is out for delivery or waits at a station, at most.",
    "signature_after": "From then until the signature, at most.",
    "trust_after": "A source that has not answered for so long counts as failing.",
    "signed_keep": "A signed parcel is watched for so long, since it may still turn into a return.",
    "watch_for": "After so long without movement nobody is asked about a parcel any more.",
    "poll_every": "How often a parcel under way is asked about.",
    "poll_delivering": "How often one that is out for delivery or waits at a station is asked about.",
    "poll_worrying": "How often one that is slow, stalled or in trouble is asked about.",
    "poll_signed": "How often one that is signed or lost is asked about.",
    "poll_after_failure": "How long to wait after a failed question; it doubles with each, up to poll_every.",
}


def _written(span: timedelta) -> str:
    """A default as the trade says it: 24h, 48h, 72h; longer ones in days."""
    hours, rest = divmod(span, timedelta(hours=1))
    return f"{hours}h" if 0 < hours <= 72 and not rest else duration_text(span)


def _watch_settings() -> tuple[Setting, ...]:
    policy = WatchPolicy()
    return tuple(
        Setting(field.name, SettingType.DURATION, _WATCH_HELP[field.name], _written(getattr(policy, field.name)))
        for field in fields(WatchPolicy)
    )


def _invoice_settings() -> tuple[Setting, ...]:
    policy = InvoicePolicy()
    return (
        Setting(
            "tax_id_check",
            SettingType.CHOICE,
            "What a buyer's tax ID that cannot be right means: strict refuses it, warn says so, off asks nothing.",
            policy.tax_id_check,
            choices=("strict", "warn", "off"),
        ),
        Setting(
            "tax_id_allow", SettingType.LIST, "Tax IDs that are taken as they are, such as a vendor's test numbers."
        ),
        Setting(
            "tax_id_legacy",
            SettingType.BOOLEAN,
            "Take the rare old tax IDs of 17 or 20 characters.",
            policy.tax_id_legacy,
        ),
        Setting("rates", SettingType.LIST, "The tax rates that an invoice may have.", tuple(map(str, policy.rates))),
        Setting(
            "line_tolerance",
            SettingType.TEXT,
            "How far the tax of a row that comes from elsewhere may be from its net amount times the rate, in yuan.",
            str(policy.line_tolerance),
        ),
        Setting(
            "gate_refund",
            SettingType.BOOLEAN,
            "Agree to a refund on a used special invoice only once its buyer has confirmed the reversal.",
            policy.gate_refund,
        ),
        Setting(
            "partial_when_unused",
            SettingType.CHOICE,
            "How a part of an invoice is reversed that its buyer has not used: full_then_reissue, or try_partial first.",
            policy.partial_when_unused,
            choices=("full_then_reissue", "try_partial"),
        ),
    )


STORE_URL: KeyPath = ("store", "url")
CA_BUNDLE: KeyPath = ("network", "ca_bundle")
ROUTING = "routing"

CORE: dict[str, tuple[Setting, ...]] = {
    "store": (
        Setting(
            "url",
            SettingType.TEXT,
            "Where orders, parcels and RMAs are kept: SQLite, or postgresql://user@host/name for a team;"
            " {data} is the user's data directory.",
            "sqlite:///{data}/asctl.db",
        ),
    ),
    "operator": (
        Setting("staff_no", SettingType.TEXT, "Your staff number; it goes into remarks and the audit trail."),
        Setting("name", SettingType.TEXT, "Your name, for colleagues who read the audit trail."),
    ),
    "sync": (
        Setting(
            "first",
            SettingType.DURATION,
            "How far back the first sync of a shop's orders and applications looks.",
            "30d",
        ),
    ),
    "watch": _watch_settings(),
    "rma": (
        Setting(
            "valid_for",
            SettingType.DURATION,
            "How long an approved return may be sent in.",
            _written(RmaPolicy().valid_for),
        ),
        Setting("reasons", SettingType.LIST, "The problem classes that --reason accepts.", RmaPolicy().reasons),
    ),
    "label": (
        Setting("layouts", SettingType.TEXT, "A folder with the shop's own label layouts, named as 100x150.toml."),
        Setting("printer", SettingType.TEXT, "The printer for labels where none is named; as lpstat -p names it."),
    ),
    "invoice": _invoice_settings(),
    "plugins": (
        Setting("allow", SettingType.LIST, "Only these plugins may be loaded; without it all installed ones may."),
        Setting(
            "load_timeout", SettingType.DURATION, "How long a plugin may take to load, or to make a provider.", "10s"
        ),
        Setting(
            "call_timeout",
            SettingType.DURATION,
            "How long a plugin's own code may be at work in one call; what the network takes does not count.",
            "180s",
        ),
    ),
    "network": (
        Setting("proxy", SettingType.URL, "HTTP proxy for every call that does not go to this machine."),
        Setting("ca_bundle", SettingType.TEXT, "File with the certificates to trust, in place of the shipped ones."),
        Setting("connect_timeout", SettingType.DURATION, "How long a connection may take.", "5s"),
        Setting("read_timeout", SettingType.DURATION, "How long the far side may stay silent.", "20s"),
        Setting("total_timeout", SettingType.DURATION, "How long a call may take with its retries.", "60s"),
        Setting("max_answer_mib", SettingType.INTEGER, "Larger answers are cut off and refused, in MiB.", 16),
    ),
}

ROUTE = Setting(ROUTING, SettingType.TEXT, "The account to use for this courier, for everything or for one verb.")
ROUTED_VERBS = ("track", "address", "intercept", "pickup")

_COMMON = (
    Setting("plugin", SettingType.TEXT, "The plugin that speaks to this provider.", required=True),
    Setting("calls_per_second", SettingType.NUMBER, "Pace of this account, in place of the plugin's own."),
)
_SHOP = (
    Setting(
        "sender_phone", SettingType.TEXT, "The phone parcels are sent under; some couriers want its last four digits."
    ),
    Setting("return_name", SettingType.TEXT, "Who receives returns; printed on the return label."),
    Setting("return_phone", SettingType.TEXT, "Phone of the returns desk; printed on the return label."),
    Setting("return_address", SettingType.TEXT, "Where returns go, on one line; printed on the return label."),
    Setting("return_province", SettingType.TEXT, "Its province, where couriers misread it; return_city goes with it."),
    Setting("return_city", SettingType.TEXT, "Its city, where couriers misread it; return_province goes with it."),
    Setting("return_district", SettingType.TEXT, "Its district or county; empty where the city has none."),
    Setting("invoices", SettingType.TEXT, "The account that issues this shop's invoices, where there are several."),
)
_INVOICES = (
    Setting("tax_no", SettingType.TEXT, "The seller's tax ID (税号), under which invoices are issued.", required=True),
    Setting("seller_name", SettingType.TEXT, "The seller's name as the tax bureau has it.", required=True),
    Setting("drawer", SettingType.TEXT, "The drawer (开票员) whose session at the tax bureau issues.", required=True),
    Setting("seller_phone", SettingType.TEXT, "The seller's phone, on the invoice."),
    Setting("seller_address", SettingType.TEXT, "The seller's address, on the invoice."),
    Setting("seller_bank", SettingType.TEXT, "The seller's bank, on the invoice."),
    Setting("seller_bank_account", SettingType.TEXT, "The seller's bank account, on the invoice."),
    Setting(
        "goods_code", SettingType.TEXT, "Tax category (税收分类编码) of goods that `asctl goods list` does not have."
    ),
    Setting("tax_rate", SettingType.TEXT, "Tax rate of goods that `asctl goods list` does not have, as 0.13."),
    Setting("freight_code", SettingType.TEXT, "Tax category of freight; without it freight is billed with the goods."),
    Setting("freight_rate", SettingType.TEXT, "Tax rate of freight, as 0.09."),
    Setting("remark", SettingType.TEXT, "Printed on every invoice; {order} is the order's number."),
)
OWN_PHONES = ("sender_phone", "return_phone")
"""Settings of a shop whose last four digits open tracking."""

ACCOUNT_SECTIONS: dict[str, ProviderKind] = {
    "shops": ProviderKind.ORDER_SOURCE,
    "couriers": ProviderKind.COURIER,
    "invoices": ProviderKind.INVOICE,
    "notifiers": ProviderKind.NOTIFIER,
}

SECTIONS = (*CORE, ROUTING, *ACCOUNT_SECTIONS)


def common_settings(section: str) -> tuple[Setting, ...]:
    """What every account of a section may hold beside its plugin's own settings."""
    return _COMMON + {"shops": _SHOP, "invoices": _INVOICES}.get(section, ())


def declaration(path: KeyPath) -> Setting | None:
    """The core's declaration of a key; ``None`` for a plugin's key and for what is no setting."""
    section, *rest = path
    if section == ROUTING:
        return ROUTE if len(rest) == 1 or rest[1:] in ([verb] for verb in ROUTED_VERBS) else None
    if section in ACCOUNT_SECTIONS and len(rest) == 2:
        return _named(common_settings(section), rest[1])
    return _named(CORE.get(section, ()), rest[0]) if len(rest) == 1 else None


def _named(settings: tuple[Setting, ...], name: str) -> Setting | None:
    return next((setting for setting in settings if setting.name == name), None)


def located(path: KeyPath, value: object, folder: Path) -> object:
    """Places are never relative to the current directory: fill in the data directory, or the configuration's folder."""
    if path == STORE_URL and isinstance(value, str) and "{data}" in value:
        from platformdirs import user_data_path

        return value.replace("{data}", str(user_data_path("asctl")))
    if path == CA_BUNDLE and isinstance(value, str):
        return str(folder / Path(value).expanduser())
    return value
