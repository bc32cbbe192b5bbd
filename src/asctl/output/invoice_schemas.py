"""The records of invoices (design section 5); titles and tax IDs are masked unless they are to be revealed."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.domain.invoices import Buyer, Colour, Invoice, InvoiceLine, InvoiceState, TitleType
from asctl.domain.masking import mask_name, mask_numbers, mask_phone
from asctl.output.records import Record, RecordShape, batch_shape, plain

_FIELDS = (
    "invoice", "order_id", "shop", "rma", "account", "colour", "kind", "state", "amount", "net", "tax", "currency",
    "title", "buyer_tax_id", "number", "serial", "requested_at", "issued_at", "urgent", "promoted_at", "blue",
    "replaces", "after", "form_state", "form_deadline", "file", "action_id", "error_code", "message", "next",
)  # fmt: skip
_NESTED = ("lines", "files", "notes")
INVOICE = RecordShape(
    "invoice",
    (*_FIELDS, *_NESTED),
    ("invoice", "rma", "colour", "state", "form_state", "amount", "number", "next"),
    nested=_NESTED,
)
INVOICE_QUEUE = RecordShape(
    "invoice",
    INVOICE.fields,
    ("invoice", "order_id", "colour", "state", "form_state", "amount", "requested_at", "urgent"),
    nested=_NESTED,
)
INVOICE_SENT = batch_shape(
    "invoice_sent", (*(field for field in _FIELDS if field != "error_code"), "step", "submission", "effect"),
    table=("order_id", "step", "colour", "amount", "state", "number", "next"),
)  # fmt: skip
SETTLED = batch_shape(
    "settled",
    (
        "rma", "order_id", "shop", "resolution", "standing", "steps", "why", "invoice", "state", "red", "red_state",
        "reversed", "blue", "blue_state", "billed", "currency", "next",
    ),
    table=("steps", "red", "red_state", "reversed", "blue", "blue_state", "billed", "next"),
)  # fmt: skip
INVOICE_LINE = RecordShape(
    "invoice_line",
    ("name", "sku", "quantity", "unit", "price", "rate", "net", "tax", "amount", "nature", "blue_line"),
    ("name", "sku", "quantity", "price", "rate", "net", "tax", "amount", "nature"),
)

INVOICES = (INVOICE, INVOICE_SENT, SETTLED, INVOICE_LINE)


def invoice_fields(invoice: Invoice, reveal: bool = False) -> Record:
    """What every record of an invoice tells."""
    told = {
        "amount": invoice.gross,
        "title": shown_title(invoice.buyer, reveal),
        "buyer_tax_id": shown_tax_id(invoice.buyer, reveal),
        "urgent": invoice.urgent_at is not None,
        "file": next((file.path for file in invoice.files if file.path), None),
        "action_id": invoice.action or None,
        "error_code": invoice.error_code or None,
        "message": mask_numbers(invoice.message) or None,
        "next": next_command(invoice),
    }
    absent = {name: getattr(invoice, name) or None for name in ("rma", "number", "blue", "replaces", "after")}
    absent["form_state"] = invoice.form_state.value or None
    return {name: plain(told.get(name, absent.get(name, getattr(invoice, name, None)))) for name in _FIELDS}


def invoice_record(invoice: Invoice, notes: Iterable[object] = (), reveal: bool = False) -> Record:
    """An invoice with its lines, files and notes."""
    return INVOICE.record(
        **invoice_fields(invoice, reveal),
        lines=[line_record(line) for line in invoice.lines],
        files=[
            {"format": file.format, "path": file.path or None, "sha256": file.sha256 or None} for file in invoice.files
        ],
        notes=list(notes),
    )


def line_record(line: InvoiceLine) -> Record:
    """A row of an invoice."""
    told = {"amount": line.gross, "blue_line": line.blue_line or None, "unit": line.unit or None}
    return INVOICE_LINE.record(
        **{name: told[name] if name in told else getattr(line, name) for name in INVOICE_LINE.fields}
    )


def shown_title(buyer: Buyer, reveal: bool) -> str:
    """A company's name is no secret; a person's is masked."""
    return buyer.title if reveal or buyer.type is TitleType.COMPANY else mask_name(buyer.title)


def shown_tax_id(buyer: Buyer, reveal: bool) -> str | None:
    """The last four characters are enough to recognise it."""
    if reveal or not buyer.tax_id:
        return buyer.tax_id or None
    return "*" * max(len(buyer.tax_id) - 4, 0) + buyer.tax_id[-4:]


def shown_contact(buyer: Buyer) -> str:
    """Where a copy goes, masked."""
    name, at, host = buyer.email.partition("@")
    return f"{mask_name(name)}{at}{host}" if buyer.email else mask_phone(buyer.mobile)


def next_command(invoice: Invoice) -> str:
    """The command that takes an invoice further; empty where nothing is left to do."""
    number = invoice.invoice
    if not number:
        return ""
    if invoice.state in (InvoiceState.QUEUED, InvoiceState.SEAL_FAILED):
        return f"asctl invoice issue {number} --yes"
    if invoice.state in (InvoiceState.SENDING, InvoiceState.ISSUING, InvoiceState.WAITING):
        return "asctl invoice issue --yes"
    if invoice.state is InvoiceState.FAILED:
        return (
            f"asctl invoice issue {number} --yes"
            if invoice.colour is Colour.BLUE
            else f"asctl task list --order {invoice.order_id}"
        )
    return ""
