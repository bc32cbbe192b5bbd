"""The records of what is done to invoices besides sending them: entered, marked, fetched; and how goods are taxed.

Rows of a batch have no title and no tax ID: what a row says itself is repeated as it was typed where the row fails.
"""

from __future__ import annotations

from asctl.domain.invoices import Invoice
from asctl.domain.masking import mask_name
from asctl.output.invoice_schemas import invoice_fields, next_command, shown_title
from asctl.output.records import ERROR_FIELDS, Record, RecordShape, batch_shape

INVOICE_CHANGED = batch_shape(
    "invoice_changed",
    (
        "change", "invoice", "order_id", "shop", "rma", "account", "colour", "kind", "state", "amount", "net", "tax",
        "currency", "number", "serial", "requested_at", "issued_at", "blue", "next",
    ),
    table=("change", "invoice", "order_id", "kind", "state", "amount", "next"),
    whole=("next",),
)  # fmt: skip
_URGENT_FIELDS = (
    "order_id", "shop", "buyer", "invoice", "title", "amount", "currency", "requested_at", "urgent_at", "urgent_by",
    "reason", "promoted_at", "promoted_by", "state", "position", "next",
)  # fmt: skip
INVOICE_URGENT = RecordShape(
    "invoice_urgent",
    _URGENT_FIELDS,
    (
        "order_id", "buyer", "invoice", "title", "amount", "requested_at", "urgent_at", "urgent_by", "reason", "state",
        "position",
    ),
)  # fmt: skip
INVOICE_MARKED = batch_shape(
    "invoice_marked", _URGENT_FIELDS, table=("order_id", "buyer", "invoice", "amount", "state", "position")
)
INVOICE_FILE = batch_shape(
    "invoice_file",
    ("invoice", "order_id", "shop", "colour", "number", "format", "file", "sha256", "bytes"),
    table=("invoice", "format", "file", "bytes"),
    whole=("file",),
)
_GOODS_FIELDS = ("sku", "code", "rate", "name", "unit", "spec")
GOODS = RecordShape("goods", _GOODS_FIELDS, _GOODS_FIELDS, whole=("code",))
GOODS_CHANGED = batch_shape("goods_changed", _GOODS_FIELDS, table=("code", "rate", "name"), whole=("code",))

INVOICE_CHANGES = (INVOICE_CHANGED, INVOICE_URGENT, INVOICE_MARKED, INVOICE_FILE, GOODS, GOODS_CHANGED)


def changed_record(invoice: Invoice, change: str = "") -> Record:
    """An invoice, and what was done to it: ``applied``, ``retitled``, ``reversed``, ``cancelled``; nothing where it was known."""
    told = invoice_fields(invoice)
    own = {name: told.get(name) for name in INVOICE_CHANGED.fields if name not in ERROR_FIELDS}
    return INVOICE_CHANGED.record(**own | {"change": change or None, "invoice": invoice.invoice or None})


def urgent_record(invoice: Invoice, buyer: str, position: int | None, reveal: bool = False) -> Record:
    """What finance is handed of an urgent invoice (R108): ``buyer`` is the customer's ID at the marketplace, ``position`` its place
    in the queue, from 1; ``None`` once it is under way."""
    return INVOICE_URGENT.of(
        invoice,
        buyer=buyer if reveal else mask_name(buyer),
        title=shown_title(invoice.buyer, reveal),
        amount=invoice.gross,
        reason=invoice.urgent_reason,
        position=position,
        next=next_command(invoice),
    )
