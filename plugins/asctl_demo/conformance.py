"""What the conformance kit must be told: how callbacks of Demo look, and which rules it cannot keep. Everything else the kit finds
in spec and sandbox app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asctl.api import Conformance, PushSample, compact_json
from asctl_demo.client import sign
from asctl_demo.wire import SIGN, TIME

_MOMENT = "2026-11-21T01:30:00+00:00"
_SCAN = {"at": _MOMENT, "code": "moving", "text": "Under way", "place": "杭州市"}
_BODIES = {
    "tracks": {"about": "scans", "waybill": "1234567890123", "scans": [_SCAN]},
    "interception": {"about": "interception", "waybill": "1234567890123", "asked": "intercept", "state": "done"},
    "pickup": {"about": "pickup", "key": "a-key-of-ours", "state": "done", "waybill": "1234567890123"},
    "invoice": {"about": "invoice", "serial": "B26112100000001"},
}
_NOBODY_THERE = "Demo is imaginary: there is no real answer that could be recorded"
_CALLS = {
    "OrderSource": ("changed_orders", "order"),
    "AfterSaleSource": ("changed_after_sales", "after_sale"),
    "AfterSaleDesk": ("agree_after_sales", "refuse_after_sale"),
    "RemarkWriter": ("remark", "write_remark"),
    "OrderAddressChanger": ("change_receiver",),
    "OrderInterceptor": ("intercept_order", "order_interception"),
    "ApplicationSource": ("invoice_applications", "overdue_invoices"),
    "ResultTaker": ("hand_invoice_over",),
    "Tracker": ("track",),
    "AddressChanger": ("change_address",),
    "Interceptor": ("intercept", "cancel_interception"),
    "ReverseShipper": ("order_pickup", "cancel_pickup"),
    "ClaimDesk": ("file_claim", "claim_state"),
    "InvoiceIssuer": ("issue_invoice", "retry_invoice"),
    "InvoiceReverser": ("reverse_invoice",),
    "InvoiceDeliverer": ("deliver_invoice",),
    "InvoiceFiles": ("invoice_file",),
    "Notifier": ("notify",),
    "AccountChecker": ("check",),
}


def conformance() -> Conformance:
    """Callbacks are signed with the secret of whatever account the kit has made."""
    rules = (f"{capability}.{method}.recorded" for capability, methods in _CALLS.items() for method in methods)
    return Conformance(pushes=lambda settings: tuple(_samples(settings)), exempt=dict.fromkeys(rules, _NOBODY_THERE))


def _samples(settings: Mapping[str, object]) -> Iterator[PushSample]:
    for kind, told in _BODIES.items():
        body = compact_json(told).encode("utf-8")
        headers = {TIME: _MOMENT, SIGN: sign(str(settings["secret"]), _MOMENT, body)}
        yield PushSample(headers=headers, body=body, kind=kind)
