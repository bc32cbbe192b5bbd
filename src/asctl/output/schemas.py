"""The records of the verbs (design section 5, *Verbs and records*), and how domain records become them.

Personal data is masked unless ``reveal`` is set. Phone tails are never shown: they open tracking.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from asctl.domain.aftersales import AfterSale
from asctl.domain.masking import mask_name, mask_numbers, mask_receiver
from asctl.domain.orders import Order, OrderLine, Receiver
from asctl.domain.parcels import Event, Parcel
from asctl.domain.rmas import Phase, Rma
from asctl.domain.tasks import Task
from asctl.domain.watch import idle_time
from asctl.output.invoice_changes import INVOICE_CHANGES
from asctl.output.invoice_schemas import INVOICES
from asctl.output.label_schemas import LABELS
from asctl.output.records import ERROR_FIELDS, Record, RecordShape, batch_shape
from asctl.output.scan_schemas import SCANS
from asctl.output.write_schemas import WRITES

SYNC = RecordShape(
    "sync",
    ("shop", "seen", "stored", "cursor", "status", *ERROR_FIELDS),
    ("shop", "seen", "stored", "cursor", "status", "error_message"),
    whole=("error_message",),
    outcome=True,
)
ORDER = RecordShape(
    "order",
    (
        "order_id", "shop", "status", "raw_status", "created_at", "modified_at", "paid_at", "ship_by", "shipped_at",
        "finished_at", "amount", "freight", "currency", "buyer", "receiver", "buyer_message", "remark", "flag",
        "waybills", "after_sale_count", "lines",
    ),
    ("order_id", "shop", "status", "paid_at", "amount", "receiver", "remark", "flag", "waybills", "after_sale_count"),
    nested=("lines",),
)  # fmt: skip
ORDER_LINE = RecordShape(
    "order_line",
    ("line_id", "sku", "title", "properties", "quantity", "price", "paid", "courier", "waybill", "after_sale_id"),
    ("sku", "title", "properties", "quantity", "price", "paid", "courier", "waybill", "after_sale_id"),
)
AFTER_SALE = RecordShape(
    "after_sale",
    (
        "after_sale_id", "order_id", "shop", "kind", "status", "raw_status", "reason", "description", "title",
        "quantity", "amount", "currency", "version", "created_at", "modified_at", "deadline", "return_courier",
        "return_waybill",
    ),
    ("after_sale_id", "order_id", "shop", "kind", "status", "reason", "amount", "deadline"),
)  # fmt: skip
TRACK = RecordShape(
    "track",
    (
        "waybill", "courier", "account", "status", "raw_code", "last_event_at", "last_event", "location", "events",
        *ERROR_FIELDS,
    ),
    ("waybill", "courier", "status", "last_event_at", "last_event", "location", "error_message"),
    nested=("events",),
    whole=("error_message",),
)  # fmt: skip
EVENT = RecordShape(
    "event",
    ("at", "status", "text", "raw_code", "location", "flags", "informational", "source"),
    ("at", "status", "location", "text"),
    whole=("text",),
)
PARCEL = RecordShape(
    "parcel",
    (
        "waybill", "courier", "account", "shop", "order_id", "rma", "direction", "status", "raw_code", "added_at",
        "shipped_at", "last_event_at", "last_event", "location", "idle_hours", "verdict", "findings", "seen_at",
        "next_poll_at", "poll_error", "open", "disagreement", "events",
    ),
    ("waybill", "courier", "order_id", "status", "last_event_at", "last_event", "idle_hours", "verdict", "findings"),
    nested=("events",),
)  # fmt: skip
PARCEL_ADDED = batch_shape(
    "parcel_added",
    ("waybill", "courier", "order_id", "rma", "direction", "added"),
    table=("waybill", "courier", "order_id", "rma", "added"),
)
POLL = RecordShape(
    "poll",
    ("waybill", "courier", "account", "status", "changed", "verdict", "next_poll_at", *ERROR_FIELDS),
    ("waybill", "courier", "status", "changed", "verdict", "error_message"),
    whole=("error_message",),
)
_RMA_FIELDS = (
    "rma", "order_id", "shop", "kind", "reason", "description", "state", "phase", "lines", "opened_at",
    "opened_by", "approved_at", "approved_by", "due_at", "courier", "waybill", "received_at", "received_by", "next",
)  # fmt: skip
RMA = RecordShape(
    "rma", _RMA_FIELDS, ("rma", "order_id", "kind", "reason", "state", "phase", "lines", "due_at", "waybill", "next"),
    whole=("next",),
)  # fmt: skip
RMA_CHANGED = batch_shape("rma_changed", _RMA_FIELDS, table=("rma", "order_id", "state", "next"), whole=("next",))
LABEL = batch_shape(
    "label",
    ("rma", "waybill", "courier", "file", "format", "size", "pages", "travels_with", "action_id"),
    table=("waybill", "file", "format", "size", "pages", "travels_with"),
    whole=("file",),
)
TASK = RecordShape(
    "task",
    (
        "task", "kind", "subject", "order_id", "shop", "courier", "waybill", "rma", "opened_at", "due_at", "owner",
        "state", "why", "next", "closed_at", "closed_by", "outcome", "notes",
    ),
    ("task", "kind", "subject", "due_at", "why", "next"),
    whole=("kind", "next"),
)  # fmt: skip
TASK_CHANGED = batch_shape("task_changed", TASK.fields, table=("task", "kind", "subject", "state"))
ACCOUNT = RecordShape(
    "account",
    ("account", "kind", "plugin", "capabilities", "can", "cannot", "state", "detail", *ERROR_FIELDS),
    ("account", "kind", "plugin", "capabilities", "state", "error_message"),
    whole=("can", "cannot", "capabilities", "error_message"),
)
PLUGIN = RecordShape(
    "plugin",
    ("plugin", "distribution", "version", "api_version", "kinds", "state", "error_message"),
    ("plugin", "distribution", "version", "kinds", "state", "error_message"),
    whole=("error_message",),
)
PLUGIN_PART = RecordShape(
    "plugin_part",
    ("plugin", "kind", "provider", "part", "name", "type", "required", "default", "detail"),
    ("provider", "part", "name", "type", "required", "default", "detail"),
    whole=("default", "detail"),
)
PLUGIN_RULE = RecordShape(
    "plugin_rule",
    ("plugin", "provider", "capability", "rule", "tier", "state", "says", "why"),
    ("provider", "rule", "tier", "state", "why"),
    whole=("rule", "why"),
)
NEW_FILE = RecordShape("new_file", ("file", "purpose"), ("file", "purpose"), whole=("file", "purpose"))
STORE = RecordShape(
    "store",
    ("url", "backend", "backend_version", "journal_mode", "revision", "revision_wanted", "size", "rows"),
    ("url", "backend", "backend_version", "journal_mode", "revision", "size"),
    nested=("rows",),
    whole=("url",),
)
AUDIT = RecordShape(
    "audit",
    ("at", "who", "what", "subject", "detail"),
    ("at", "who", "what", "subject", "detail"),
    whole=("subject", "detail"),
)
CHECK = RecordShape(
    "check",
    ("check", "status", "detail", "mend"),
    ("check", "status", "detail", "mend"),
    whole=("check", "detail", "mend"),
)
CONFIG = RecordShape(
    "config",
    ("key", "value", "origin", "default", "help", "overridden"),
    ("key", "value", "origin"),
    whole=("value", "origin"),
)

SHAPES = (
    SYNC, ORDER, ORDER_LINE, AFTER_SALE, TRACK, EVENT, PARCEL, PARCEL_ADDED, POLL, RMA, RMA_CHANGED, LABEL, TASK,
    TASK_CHANGED, ACCOUNT, PLUGIN, PLUGIN_PART, PLUGIN_RULE, NEW_FILE, STORE, AUDIT, CHECK, CONFIG, *LABELS, *WRITES, *SCANS,
    *INVOICES, *INVOICE_CHANGES,
)  # fmt: skip


def field_names() -> frozenset[str]:
    """Every field of every record: columns that our own exports may bring along when they are fed back."""
    return frozenset(field for shape in SHAPES for field in shape.fields)


def order_record(order: Order, after_sale_count: int, reveal: bool = False) -> Record:
    """An order for ``order list`` and ``order show``."""
    return ORDER.of(
        order,
        buyer=order.buyer if reveal else mask_name(order.buyer),
        receiver=_receiver_text(order.receiver if reveal else mask_receiver(order.receiver)),
        buyer_message=masked_text(order.buyer_message, reveal),
        remark=masked_text(order.remark, reveal),
        flag=order.flag.name.lower(),
        waybills=[waybill for _courier, waybill in order.waybills],
        after_sale_count=after_sale_count,
        lines=[order_line_record(line) for line in order.lines],
    )


def order_line_record(line: OrderLine) -> Record:
    """The goods of one line, for the ``lines`` of JSON records and for tables of goods."""
    return ORDER_LINE.of(line)


def after_sale_record(after_sale: AfterSale, reveal: bool = False) -> Record:
    """An application; ``version`` is what a decision must send back."""
    return AFTER_SALE.of(
        after_sale,
        reason=masked_text(after_sale.reason, reveal),
        description=masked_text(after_sale.description, reveal),
    )


def event_record(event: Event, reveal: bool = False) -> Record:
    """One scan, for the ``events`` of JSON records and for tables of events; couriers put phone numbers into its text."""
    return EVENT.of(event, text=masked_text(event.text, reveal))


def track_record(
    waybill: str, courier: str, account: str, status: str, raw_code: str, events: tuple[Event, ...]
) -> Record:
    """What a source said of a waybill just now; ``events`` are in time order, the last that tells anything is shown."""
    last = next((event for event in reversed(events) if not event.informational), None)
    return TRACK.record(
        waybill=waybill,
        courier=courier,
        account=account,
        status=status,
        raw_code=raw_code,
        last_event_at=last.at if last else None,
        last_event=masked_text(last.text, reveal=False) if last else None,
        location=last.location if last else None,
        events=[event_record(event) for event in events],
    )


def parcel_record(
    parcel: Parcel, events: tuple[Event, ...] | None = None, reveal: bool = False, disagreement: str = ""
) -> Record:
    """A parcel with its verdict; ``idle_hours`` has one decimal and is ``None`` where nothing can be claimed. What
    contradicts the marketplace stands beside the findings as well."""
    idle = idle_time(parcel, parcel.moved_at)
    return PARCEL.of(
        parcel,
        last_event=masked_text(parcel.last_event, reveal),
        idle_hours=None if idle is None else round(idle.total_seconds() / 3600, 1),
        findings=[*parcel.findings, *([disagreement] if disagreement else [])],
        disagreement=disagreement,
        events=None if events is None else [event_record(event, reveal) for event in events],
    )


def poll_record(parcel: Parcel, changed: bool) -> Record:
    """What a poll found out about one parcel."""
    return POLL.of(parcel, changed=changed)


def rma_record(rma: Rma, phase: Phase, next_command: str = "", reveal: bool = False) -> Record:
    """A case with the phase it stands in; its goods as ``SKU=QUANTITY``, the form that ``rma open --line`` reads."""
    return RMA.of(
        rma,
        phase=phase,
        description=masked_text(rma.description, reveal),
        lines=[f"{line.sku or line.line_id}={line.quantity}" for line in rma.lines],
        next=next_command,
    )


def audit_record(at: datetime, who: str, what: str, subject: str, detail: Mapping[str, str]) -> Record:
    """Who did what; the detail as ``name=value``."""
    told = [f"{name}={masked_text(value)}" for name, value in detail.items()]
    return AUDIT.record(at=at, who=who, what=what, subject=subject, detail=told)


def task_record(task: Task) -> Record:
    """A follow-up and the command that would settle it."""
    return TASK.of(
        task,
        subject=masked_text(task.subject),
        why=masked_text(task.why),
        outcome=masked_text(task.outcome),
        notes=[masked_text(note) for note in task.notes],
    )


def sync_record(shop: str, seen: int, stored: int, cursor: datetime | None) -> Record:
    """How far a shop's orders or applications were read; its ``status`` is the row's outcome."""
    return SYNC.record(shop=shop, seen=seen, stored=stored, cursor=cursor)


def _receiver_text(receiver: Receiver) -> str:
    parts = (
        receiver.name, receiver.phone, receiver.province, receiver.city, receiver.district, receiver.town, receiver.detail,
    )  # fmt: skip
    return " ".join(part for part in parts if part)


def masked_text(text: str, reveal: bool = False) -> str:
    """Free text with the mobile numbers in it masked; the rest is what the operator works with."""
    return text if reveal else mask_numbers(text)
