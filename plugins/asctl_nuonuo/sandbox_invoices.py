"""Blue invoices behind the gateway: taken in, asked about, tried again, delivered (sections 5.6, 5.7, 5.9 and 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from asctl.api import Colour, as_text
from asctl.api.bureau import SandboxInvoice
from asctl.api.sandbox import SandboxWorld
from asctl_nuonuo.sandbox_reading import KINDS, blue_lines, buyer_of, kind_of, required
from asctl_nuonuo.sandbox_words import No

PLUGIN = "nuonuo"
SELLER = "91990000MA0DEM0011"
SELLER_NAME = "演示销方有限公司"
DRAWER = "演示员"
_IDS_A_QUERY = 50
_LONGEST_SERIAL, _LONGEST_EMAIL = 20, 50
_RETRIES_A_DAY = 20
_FLAWS: Mapping[str, str] = {
    "no_lines": "E9122",
    "discount": "E9105",
    "sum": "E9130",
    "tolerance": "E9131",
    "code": "E9138",
    "rate": "E4000",
    "buyer_name": "E4000",
    "buyer_tax_id": "E9306",
    "amount": "E9125",
}
_STATES: Mapping[str, tuple[str, str]] = {
    "issuing": ("20", "开票中"),
    "sealing": ("21", "开票成功签章中"),
    "issued": ("2", "开票完成（最终状态）"),
    "failed": ("22", "开票失败"),
    "seal_failed": ("24", "开票成功签章失败"),
}
_TO_BE_RETRIED = frozenset({"failed", "seal_failed"})
_TITLES: Mapping[str, str] = {"pc": "电子发票(普通发票)", "bs": "电子发票(增值税专用发票)"}
_ISSUING_TAKES = timedelta(seconds=2)


def check_seller(told: str, in_header: str) -> None:
    """Raises :class:`No` where the seller is missing, another one than the header's, or not this application's."""
    if not told:
        raise No("E9607")
    if in_header and in_header != told:
        raise No("E9302")
    if told != SELLER:
        raise No("E9301")


def issue(content: Mapping[str, Any], header_tax: str, world: SandboxWorld) -> dict[str, str]:
    """Take an invoice in; a number that was used before, for whatever, is refused. Raises :class:`No`."""
    order = content.get("order")
    if not isinstance(order, dict):
        raise No("E9300")
    check_seller(as_text(order.get("salerTaxNum")), header_tax)
    serial = required(order, "orderNo")
    if len(serial) > _LONGEST_SERIAL:
        raise No("E9300", "orderNo长度不能超过20")
    if any(serial in (made.serial, made.reference) for made in world.bureau.own(PLUGIN, SELLER)):
        raise No("E9106")
    return {"invoiceSerialNum": _submitted(order, serial, world).reference}


def _submitted(order: Mapping[str, Any], serial: str, world: SandboxWorld) -> SandboxInvoice:
    _check_order(order)
    kind, buyer = kind_of(required(order, "invoiceLine")), buyer_of(order)
    lines = blue_lines(order.get("invoiceDetail"))
    flaw = world.bureau.flaw(kind, buyer, lines)
    if flaw:
        raise No(_FLAWS[flaw])
    order_id, remark = as_text(order.get("bField2")), as_text(order.get("remark"))
    return world.bureau.submit(PLUGIN, SELLER, serial, kind, buyer, lines, order_id, remark)


def _check_order(order: Mapping[str, Any]) -> None:
    if required(order, "invoiceType") != "1":
        raise No("E9101")
    required(order, "invoiceDate")
    if required(order, "clerk") != DRAWER:
        raise No("E9999", "开票员未登录电子税务局，请先登录")
    if len(as_text(order.get("email"))) > _LONGEST_EMAIL:
        raise No("E9104")
    addresses = {"0": ("email",), "1": ("buyerPhone",), "2": ("email", "buyerPhone")}
    for name in addresses.get(as_text(order.get("pushMode")) or "1", ()):
        required(order, name)


def query(content: Mapping[str, Any], files: str, world: SandboxWorld) -> list[dict[str, Any]]:
    """The invoices with Nuonuo's numbers, else with those of the client, at most 50. ``files`` is where their files are served."""
    serials, orders = _numbers(content.get("serialNos")), _numbers(content.get("orderNos"))
    if not (serials or orders):
        raise No("E9611")
    if max(len(serials), len(orders)) > _IDS_A_QUERY:
        raise No("E9300", "一次最多查询50条")
    own = world.bureau.own(PLUGIN, SELLER)
    found = [made for made in own if (made.reference in serials if serials else made.serial in orders)]
    if not found:
        raise No("E9500")
    return [_row(made, files, world) for made in found]


def retry(content: Mapping[str, Any], world: SandboxWorld) -> str:
    """Have one tried again that failed, or was not sealed. Raises :class:`No`."""
    serial, order = as_text(content.get("fpqqlsh")), as_text(content.get("orderno"))
    if not (serial or order):
        raise No("E9611")
    own = world.bureau.own(PLUGIN, SELLER)
    asked = (made for made in own if (made.reference == serial if serial else made.serial == order))
    made = next(asked, None)
    if made is None:
        raise No("E9500")
    failed = world.bureau.phase(made) in _TO_BE_RETRIED
    if failed and made.retries >= _RETRIES_A_DAY:
        raise No("E9613")
    if not world.bureau.retry(made):
        raise No("E9999", "该发票不可重试")
    return "重试成功"


def deliver(content: Mapping[str, Any], header_tax: str, world: SandboxWorld) -> None:
    """Send an issued invoice to a phone, an e-mail address, or both. Raises :class:`No`."""
    check_seller(as_text(content.get("taxnum")), header_tax)
    addresses = [address for name in ("mail", "phone") if (address := as_text(content.get(name)))]
    made = world.bureau.issued(required(content, "invoiceNum"))
    if made is None or (made.plugin, made.seller) != (PLUGIN, SELLER):
        raise No("E9999", "未查询到该发票")
    if not addresses:
        raise No("E4000", "手机号和邮箱不能同时为空")
    made.deliveries.extend(addresses)


def file_of(name: str, world: SandboxWorld) -> tuple[bytes, str] | None:
    """A file of an issued invoice and its format, by Nuonuo's number; ``None`` where there is none."""
    reference, _dot, format = name.rpartition(".")
    made = next((made for made in world.bureau.own(PLUGIN, SELLER) if made.reference == reference), None)
    if made is None or format not in ("pdf", "ofd", "xml") or world.bureau.phase(made) != "issued":
        return None
    return world.bureau.file(made, format), format


def _row(made: SandboxInvoice, files: str, world: SandboxWorld) -> dict[str, Any]:
    phase = world.bureau.phase(made)
    status, words = _STATES[phase]
    row: dict[str, Any] = {
        "serialNo": made.reference,
        "orderNo": made.serial,
        "status": status,
        "statusMsg": words,
        "failCause": made.complaint if phase == "failed" else "",
    }
    if phase in ("sealing", "issued", "seal_failed"):
        row |= _issued(made)
    if phase == "issued":
        row |= {f"{format}Url": f"{files}/{made.reference}.{format}" for format in ("pdf", "ofd", "xml")}
    return row


def _issued(made: SandboxInvoice) -> dict[str, Any]:
    kind = next((word for word, kind in KINDS.items() if kind is made.kind), "")
    return {
        "invoiceTime": int((made.begun_at + _ISSUING_TAKES).timestamp()) * 1000,
        "invoiceCode": "",
        "invoiceNo": made.number,
        "allElectronicInvoiceNumber": made.number,
        "exTaxAmount": f"{made.net:.2f}",
        "taxAmount": f"{made.tax:.2f}",
        "orderAmount": f"{made.gross:.2f}",
        "payerName": made.buyer.title,
        "payerTaxNo": made.buyer.tax_id,
        "invoiceKind": _TITLES.get(kind, ""),
        "invoiceType": "2" if made.colour is Colour.RED else "1",
        "oldEleInvoiceNumber": made.blue_number,
        "remark": made.remark,
    }


def _numbers(value: object) -> list[str]:
    return [text for each in value if (text := as_text(each))] if isinstance(value, list) else []
