"""The records of the warehouse's bench: scans, parcels that nobody knows, waybills that customers told."""

from __future__ import annotations

from asctl.output.records import ERROR_FIELDS, RecordShape, batch_shape

SCAN = RecordShape(
    "scan",
    (
        "input", "status", "rma", "order_id", "shop", "kind", "reason", "description", "state", "phase", "lines",
        "expect", "customer", "opened_at", "opened_by", "approved_at", "approved_by", "due_at", "courier", "waybill",
        "parcel_status", "received_at", "received_by", "warnings", "travels_with", "next", *ERROR_FIELDS, "hint",
    ),
    (
        "input", "status", "rma", "kind", "reason", "state", "phase", "order_id", "shop", "customer", "expect",
        "courier", "waybill", "parcel_status", "received_at", "received_by", "warnings", "travels_with", "next",
        "error_message", "hint",
    ),
    outcome=True,
)  # fmt: skip
WAYBILL = batch_shape(
    "rma_waybill",
    ("rma", "order_id", "shop", "courier", "waybill", "waybill_before", "warnings", "next"),
    table=("courier", "waybill", "waybill_before", "warnings", "next"),
    whole=("next",),
)
_STRAY_FIELDS = (
    "code", "times", "first_seen_at", "last_seen_at", "by", "note", "state", "rma", "closed_at", "closed_by", "why", "next",
)  # fmt: skip
STRAY = RecordShape(
    "stray",
    _STRAY_FIELDS,
    ("code", "times", "first_seen_at", "by", "note", "state", "rma", "next"),
    whole=("code", "next"),
)
STRAY_CHANGED = batch_shape(
    "stray_changed", ("courier", *_STRAY_FIELDS), table=("state", "rma", "courier", "next"), whole=("next",)
)

SCANS = (SCAN, WAYBILL, STRAY, STRAY_CHANGED)
