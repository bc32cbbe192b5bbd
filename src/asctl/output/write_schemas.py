"""The records of outgoing writes: of the verbs that ask for them, of actions and of batches (design section 5)."""

from __future__ import annotations

from asctl.output.records import ERROR_FIELDS, RecordShape, batch_shape

REMARK = batch_shape(
    "remark", ("order_id", "shop", "remark", "flag", "remark_before", "action_id"), table=("remark", "flag")
)
INTERCEPTED = batch_shape(
    "intercepted",
    (
        "waybill", "courier", "order_id", "account", "route", "action_id", "submission", "effect", "refusal", "fee",
        "currency",
    ),
    table=("waybill", "courier", "account", "action_id", "submission", "effect", "refusal"),
)  # fmt: skip
INTERCEPTION = RecordShape(
    "interception",
    (
        "waybill", "courier", "order_id", "account", "route", "action_id", "submission", "effect", "refusal", "fee",
        "currency", "requested_at", "effect_at", "next_look_at", "parcel_status", "disagreement", *ERROR_FIELDS,
    ),
    (
        "waybill", "courier", "account", "action_id", "requested_at", "submission", "effect", "refusal", "parcel_status",
        "error_message",
    ),
    whole=("error_message",),
)  # fmt: skip
ADDRESS = batch_shape(
    "address",
    (
        "order_id", "waybill", "courier", "account", "route", "action_id", "submission", "effect", "refusal", "fee",
        "currency", "labels_void", "customer_text",
    ),
    table=("route", "account", "action_id", "submission", "effect", "refusal"),
)  # fmt: skip
DECISION = batch_shape(
    "decision",
    ("after_sale_id", "order_id", "shop", "kind", "amount", "currency", "action_id", "submission", "refusal"),
    table=("after_sale_id", "order_id", "amount", "action_id", "submission"),
)
PICKUP_ASKED = batch_shape(
    "pickup_asked",
    (
        "rma", "travels_with", "order_id", "courier", "waybill", "account", "action_id", "submission", "effect",
        "refusal", "fee", "currency",
    ),
    table=("courier", "waybill", "account", "action_id", "submission", "effect", "refusal"),
)  # fmt: skip
PICKUP = RecordShape(
    "pickup",
    (
        "rma", "travels_with", "order_id", "courier", "waybill", "account", "action_id", "submission", "effect",
        "refusal", "fee", "currency", "reference", "requested_at", "fetch_from", "fetch_until", "effect_at",
        "next_look_at", "parcel_status", *ERROR_FIELDS,
    ),
    (
        "rma", "courier", "waybill", "account", "action_id", "requested_at", "submission", "effect", "parcel_status",
        "error_message",
    ),
    whole=("error_message",),
)  # fmt: skip
_ACTION_FIELDS = (
    "action", "kind", "account", "target", "shop", "order_id", "courier", "waybill", "after_sale_id", "rma", "state",
    "attempt", "key", "effect", "effect_at", "planned_at", "by", "sent_at", "deadline", "looks", "next_look_at",
    "settled_at", "reference", "fee", "refusal", "message", "batch", *ERROR_FIELDS, "upstream_code", "next",
)  # fmt: skip
ACTION = RecordShape(
    "action",
    _ACTION_FIELDS,
    ("action", "kind", "account", "target", "state", "effect", "next_look_at", "error_message", "next"),
    whole=("error_message", "next"),
)
ACTION_CHANGED = RecordShape(
    "action_changed",
    ("input", "status", *_ACTION_FIELDS),
    ("input", "status", "kind", "target", "state", "effect", "error_message"),
    whole=("error_message", "next"),
    outcome=True,
)
BATCH = RecordShape(
    "batch",
    (
        "batch", "verb", "created_at", "by", "total", "done", "refused", "failed", "unclear", "skipped", "planned",
        "unplanned", "next",
    ),
    ("batch", "verb", "created_at", "by", "total", "done", "refused", "failed", "unclear", "skipped", "planned", "next"),
    whole=("next",),
)  # fmt: skip
BATCH_ITEM = batch_shape(
    "batch_item",
    ("batch", "action_id", "kind", "account", "target", "submission", "effect", "refusal"),
    table=("action_id", "kind", "target", "effect", "refusal"),
)

WRITES = (
    REMARK,
    INTERCEPTED,
    INTERCEPTION,
    ADDRESS,
    DECISION,
    PICKUP_ASKED,
    PICKUP,
    ACTION,
    ACTION_CHANGED,
    BATCH,
    BATCH_ITEM,
)
