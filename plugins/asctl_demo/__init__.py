"""Demo: a market, a courier, invoices and a chat that nobody has, and every capability there is. Made to be copied.

This file says what the plugin offers and imports nothing but ``asctl.api``: it is read whenever plugins are listed, and the
rest only when an account is used. What a far side promises is declared here, and the core believes it: promise too little
rather than too much.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from asctl.api import (
    API_VERSION,
    Capability,
    ChangesLimits,
    DeskLimits,
    InterceptorLimits,
    InvoiceLimits,
    LabelLimits,
    Pace,
    PickupLimits,
    ProviderSpec,
    RemarkLimits,
    Setting,
    SettingType,
    TrackerLimits,
    WriteClass,
    WriteContract,
    hookimpl,
)

ID = "demo"
COURIER = "demo"
LABEL_SIZES = ("100x150", "76x130")
_CHANGES = ChangesLimits(window=timedelta(days=1))
_PACE = Pace(calls=10, at_once=4)
_SANDBOX = "asctl_demo.sandbox:DemoSandbox"
_CONFORMANCE = "asctl_demo.conformance:conformance"
_ACCOUNT = (
    Setting(
        "base_url",
        SettingType.URL,
        "Where Demo answers; a sandbox or a proxy may stand in.",
        default="https://api.demo.example",
    ),
    Setting("key", SettingType.TEXT, "The account's key, which goes along with every call.", required=True),
    Setting("secret", SettingType.SECRET, "Signs every call, and every callback.", required=True),
)
_FILES = Setting(
    "file_hosts",
    SettingType.LIST,
    "Hosts, with all below them, that files of invoices are fetched from.",
    default=("demo.example",),
)


@hookimpl
def asctl_order_sources() -> list[ProviderSpec]:
    """Demo Market: a shop."""
    versioned = {
        "agree_after_sales": _write(WriteClass.VERSIONED, "find_agreement"),
        "refuse_after_sale": _write(WriteClass.VERSIONED, "find_refusal"),
    }
    capabilities = (
        Capability("OrderSource", _CHANGES),
        Capability("AfterSaleSource", _CHANGES),
        Capability("AfterSaleDesk", DeskLimits(at_once=20), versioned),
        Capability("RemarkWriter", RemarkLimits(1000), {"write_remark": _write(WriteClass.UNKEYED, "remark")}),
        Capability("OrderAddressChanger", None, {"change_receiver": _keyed("find_receiver_change")}),
        Capability("OrderInterceptor", None, {"intercept_order": _write(WriteClass.VERSIONED, "order_interception")}),
        Capability("ApplicationSource"),
        Capability("ResultTaker", None, {"hand_invoice_over": _keyed("find_handed_over")}),
        Capability("AccountChecker"),
    )
    spec = _spec("Demo Market (imaginary)", "asctl_demo.provider:DemoMarket", capabilities)
    return [replace(spec, sandbox="asctl_demo.sandbox:DemoMarketSandbox")]


@hookimpl
def asctl_couriers() -> list[ProviderSpec]:
    """Demo Parcels: a courier."""
    interception = {
        "intercept": _keyed("find_interception"),
        "cancel_interception": _keyed("find_interception_cancelled"),
    }
    pickup = {"order_pickup": _keyed("find_pickup"), "cancel_pickup": _keyed("find_pickup_cancelled")}
    capabilities = (
        Capability("Tracker", TrackerLimits(batch=20)),
        Capability("PushReceiver"),
        Capability("AddressChanger", None, {"change_address": _keyed("find_address_change")}),
        Capability("Interceptor", InterceptorLimits(return_to=("sender", "outlet"), cancel=True), interception),
        Capability("ReverseShipper", PickupLimits(), pickup),
        Capability("ClaimDesk", None, {"file_claim": _keyed("find_claim")}),
        Capability("AccountChecker"),
    )
    return [_spec("Demo Parcels (imaginary)", "asctl_demo.provider:DemoParcels", capabilities, couriers=(COURIER,))]


@hookimpl
def asctl_invoice_providers() -> list[ProviderSpec]:
    """Demo Invoices. A retry has no key: that an invoice failed again looks as if nobody had tried it again."""
    retry = WriteContract(WriteClass.UNKEYED, find="find_retried", status="find_invoice")
    capabilities = (
        Capability("InvoiceIssuer", InvoiceLimits(), {"issue_invoice": _keyed("find_invoice"), "retry_invoice": retry}),
        Capability("InvoiceReverser", None, {"reverse_invoice": _keyed("find_reversal")}),
        Capability("InvoiceDeliverer", None, {"deliver_invoice": _keyed("find_delivery")}),
        Capability("InvoiceFiles"),
        Capability("PushReceiver"),
        Capability("AccountChecker"),
    )
    return [_spec("Demo Invoices (imaginary)", "asctl_demo.provider:DemoInvoices", capabilities, _FILES)]


@hookimpl
def asctl_label_renderers() -> list[ProviderSpec]:
    """Return labels as plain text: the id of the spec is what ``--format`` says. It has no account and calls nobody."""
    return [
        ProviderSpec(
            id="txt",
            title="Return labels as plain text",
            api_version=API_VERSION,
            factory="asctl_demo.labels:TextLabels",
            capabilities=(Capability("LabelRenderer", LabelLimits(LABEL_SIZES, ".txt")),),
        )
    ]


@hookimpl
def asctl_notifiers() -> list[ProviderSpec]:
    """Demo Chat. A message twice is a nuisance and no harm, so it has no key, and is never sent again on doubt."""
    capabilities = (
        Capability("Notifier", None, {"notify": WriteContract(WriteClass.NOTIFY)}),
        Capability("AccountChecker"),
    )
    return [_spec("Demo Chat (imaginary)", "asctl_demo.provider:DemoChat", capabilities)]


def _spec(
    title: str, factory: str, capabilities: tuple[Capability, ...], *more: Setting, couriers: tuple[str, ...] = ()
) -> ProviderSpec:
    """The four have one far side: one protocol, one sandbox app, the same settings but for ``more``."""
    return ProviderSpec(
        id=ID,
        title=title,
        api_version=API_VERSION,
        factory=factory,
        settings=(*_ACCOUNT, *more),
        capabilities=capabilities,
        pace=_PACE,
        couriers=couriers,
        sandbox=_SANDBOX,
        conformance=_CONFORMANCE,
    )


def _write(kind: WriteClass, find: str, key_window: timedelta = timedelta()) -> WriteContract:
    """A write that ``find`` looks for. Demo promises that what it does, it does within ten seconds, and that it shows within
    five more: "it is not there" is proof from then on."""
    return WriteContract(
        kind,
        find=find,
        authoritative=True,
        key_window=key_window,
        visibility_lag=timedelta(seconds=5),
        late_window=timedelta(seconds=10),
    )


def _keyed(find: str) -> WriteContract:
    """Demo drops a repeat of our key for a day."""
    return _write(WriteClass.KEYED, find, timedelta(days=1))
