"""The records of labels on record and of labels that were printed (design section 5)."""

from __future__ import annotations

from asctl.output.records import RecordShape, batch_shape

LABEL_ON_RECORD = RecordShape(
    "label_on_record",
    (
        "label", "rma", "order_id", "shop", "format", "size", "waybill", "state", "rendered_at", "by", "file", "pages",
        "printed", "printed_at", "void_at", "void_why", "content_sha256",
    ),
    ("label", "rma", "waybill", "state", "rendered_at", "by", "file", "printed", "void_why"),
    nested=("content_sha256",),
)  # fmt: skip
LABEL_PRINTED = batch_shape(
    "label_printed",
    ("rma", "waybill", "courier", "printer", "job", "copies", "format", "size", "pages", "travels_with", "said"),
    table=("waybill", "printer", "job", "copies", "pages", "travels_with"),
)

LABELS = (LABEL_ON_RECORD, LABEL_PRINTED)
