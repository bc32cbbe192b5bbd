"""The world's records as Demo tells them: the tables of :mod:`asctl_demo.mapping`, read backwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import AfterSale, Colour, Event, Order, OrderLine, ParcelStatus
from asctl.api.bureau import SandboxApplication, SandboxForm, SandboxInvoice
from asctl.api.sandbox import SandboxWorld
from asctl_demo.mapping import AFTER_SALE_STATES, ORDER_STATES, SCANS
from asctl_demo.wire import buyer_members, receiver_members, time_text

_ORDER_WORDS = {status: word for word, status in ORDER_STATES.items()}
_AFTER_SALE_WORDS = {status: word for word, status in AFTER_SALE_STATES.items()}
_SCAN_WORDS = {scan: word for word, scan in SCANS.items()}
_APPLICATION_STATES = ("refused", "applied", "accepted")
_RED = "refund_seller_confirm"
_NUMBERED = frozenset({"sealing", "issued", "seal_failed"})


def order_record(order: Order) -> dict[str, Any]:
    """An order with its lines."""
    return {
        "id": order.order_id,
        "state": _ORDER_WORDS.get(order.status, order.raw_status),
        "created_at": time_text(order.created_at),
        "changed_at": time_text(order.modified_at),
        "paid_at": time_text(order.paid_at),
        "ship_by": time_text(order.ship_by),
        "sent_at": time_text(order.shipped_at),
        "completed_at": time_text(order.finished_at),
        "amount": str(order.amount),
        "freight": str(order.freight),
        "buyer": order.buyer,
        "receiver": receiver_members(order.receiver),
        "message": order.buyer_message,
        "remark": order.remark,
        "flag": int(order.flag),
        "lines": [_line_record(line) for line in order.lines],
    }


def after_sale_record(after_sale: AfterSale, decision: Mapping[str, str], interception: str) -> dict[str, Any]:
    """An application, the last decision on it, and how far an interception for it is."""
    return {
        "id": after_sale.after_sale_id,
        "order": after_sale.order_id,
        "kind": after_sale.kind,
        "state": _AFTER_SALE_WORDS.get(after_sale.status, after_sale.raw_status),
        "version": after_sale.version,
        "created_at": time_text(after_sale.created_at),
        "changed_at": time_text(after_sale.modified_at),
        "line": after_sale.line_id,
        "reason": after_sale.reason,
        "description": after_sale.description,
        "title": after_sale.title,
        "quantity": after_sale.quantity,
        "amount": str(after_sale.amount),
        "goods_back": after_sale.goods_back,
        "answer_by": time_text(after_sale.deadline),
        "courier": after_sale.return_courier,
        "waybill": after_sale.return_waybill,
        "decision": dict(decision),
        "interception": interception,
    }


def scan_record(event: Event) -> dict[str, str]:
    """A scan; flags that Demo has no word for are not told."""
    word = _SCAN_WORDS.get((event.status, event.flags)) or _SCAN_WORDS.get((event.status, ()), "")
    if event.status is ParcelStatus.UNKNOWN:
        word = event.raw_code
    return {"at": time_text(event.at), "code": word or "other", "text": event.text, "place": event.location}


def application_record(application: SandboxApplication, order: Order) -> dict[str, Any]:
    """A customer's application. Rows that do not add up to its amount are left out."""
    red = application.trigger == _RED
    amount = -abs(application.amount) if red else application.amount
    rows: list[dict[str, Any]] = [
        {"name": line.title, "gross": str(line.paid), "line": line.line_id, "quantity": str(line.quantity)}
        for line in order.lines
    ]
    if order.freight:
        rows.append({"name": "运费", "gross": str(order.freight), "quantity": "1", "freight": True})
    paid = sum((line.paid for line in order.lines), order.freight)
    return {
        "id": application.application,
        "order": application.order_id,
        "state": _APPLICATION_STATES[application.status],
        "trigger": application.trigger,
        "kind": application.kind,
        "buyer": buyer_members(application.buyer),
        "amount": str(amount),
        "colour": Colour.RED if red else Colour.BLUE,
        "applied_at": time_text(application.at),
        "lines": rows if paid == amount else [],
    }


def invoice_record(invoice: SandboxInvoice, files: str, world: SandboxWorld) -> dict[str, Any]:
    """An invoice, as far as it is; ``files`` is the address below which its files are served."""
    phase = world.bureau.phase(invoice)
    told: dict[str, Any] = {"state": phase, "reference": invoice.reference, "text": invoice.complaint}
    if phase in _NUMBERED:
        told |= {"number": invoice.number, "issued_at": time_text(invoice.begun_at)}
        told |= {"net": str(invoice.net), "tax": str(invoice.tax), "gross": str(invoice.gross)}
    if phase == "issued":
        told["files"] = {format: f"{files}/{invoice.reference}.{format}" for format in ("pdf", "ofd", "xml")}
    return told


def form_record(form: SandboxForm, files: str, world: SandboxWorld) -> dict[str, Any]:
    """A red-letter form, with the red invoice as soon as there is one."""
    red = world.bureau.red_of(form)
    return {
        "state": world.bureau.form_code(form),
        "reference": form.reference,
        "number": form.number,
        "text": form.complaint,
        "red": invoice_record(red, files, world) if red else None,
    }


def _line_record(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.line_id,
        "title": line.title,
        "sku": line.sku,
        "properties": line.properties,
        "quantity": line.quantity,
        "price": str(line.price),
        "paid": str(line.paid),
        "courier": line.courier,
        "waybill": line.waybill,
        "sent_at": time_text(line.shipped_at),
        "after_sale": line.after_sale_id,
    }
