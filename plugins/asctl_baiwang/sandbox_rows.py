"""Their rows, read from what was sent and told of what is there (sections 6.6 to 6.8)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from asctl.api import Buyer, Colour, InvoiceLine, TitleType, as_text, china_text
from asctl.api.bureau import Bureau, SandboxForm, SandboxInvoice
from asctl_baiwang.bodies import BLUE, NATURES, RED, TYPE_CODES
from asctl_baiwang.sandbox_gate import business
from asctl_baiwang.wire import Row

FAILED = "02"
_STATUSES = {
    "issuing": ("00", "开票中"),
    "sealing": ("00", "开票中"),
    "issued": ("01", "开票完成"),
    "seal_failed": ("01", "开票完成"),
    "failed": (FAILED, "开票失败"),
}
"""This line knows no state for an invoice that is not sealed: it is issued, without files."""
_THEIR_NATURES = {code: nature for nature, code in NATURES.items()}


def buyer_in(content: Mapping[str, Any]) -> Buyer:
    """Whom a blue invoice is to be made out to."""
    told = {name: as_text(content.get(name)) for name in content}
    tax_id = told.get("buyerTaxNo", "")
    return Buyer(
        title=told.get("buyerName", ""),
        type=TitleType.COMPANY if tax_id else TitleType.PERSON,
        tax_id=tax_id,
        address=told.get("buyerAddress", ""),
        phone=told.get("buyerTelephone", ""),
        bank=told.get("buyerBankName", ""),
        bank_account=told.get("buyerBankNumber", ""),
        email=told.get("pushEmail", ""),
        mobile=told.get("pushPhone", ""),
    )


def lines_in(rows: Any) -> tuple[InvoiceLine, ...]:
    """The rows of a blue invoice, or of a part that is reversed. Raises :class:`Turned` for what is no row."""
    try:
        return tuple(_line(row) for row in rows or ())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise business("SANDBOX-ROW", "演示：明细行格式错误") from None


def invoice_row(invoice: SandboxInvoice, bureau: Bureau, files: str) -> Row:
    """An invoice in a query; ``files`` is the address that its files lie below."""
    phase = bureau.phase(invoice)
    status, words = _STATUSES[phase]
    row = {
        "serialNo": invoice.reference,
        "orderNo": invoice.serial,
        "status": status,
        "statusMessage": words,
        "errorMessage": invoice.complaint if status == FAILED else "",
        "invoiceType": BLUE if invoice.colour is Colour.BLUE else RED,
        "invoiceTypeCode": TYPE_CODES[invoice.kind],
    }
    return row | _issued(invoice, phase, files) if status == "01" else row


def failed_row(form: SandboxForm) -> Row:
    """A red invoice whose form the bureau did not take."""
    return {
        "serialNo": form.reference,
        "orderNo": form.serial,
        "status": FAILED,
        "statusMessage": "开票失败",
        "errorMessage": form.complaint,
        "invoiceType": RED,
    }


def form_row(form: SandboxForm, code: str) -> Row:
    """A form in its query; one that the bureau still works on has no state yet."""
    return {
        "orderNo": form.serial,
        "redConfirmSerialNo": form.reference,
        "redConfirmNo": form.number,
        "redConfirmUuid": form.uuid,
        "redConfirmStatus": code,
        "redConfirmMessage": "",
        "entryDate": china_text(form.begun_at),
        "originalDigitInvoiceNo": form.blue_number,
        "invoiceTotalPrice": str(form.net),
        "invoiceTotalTax": str(form.tax),
    }


def _issued(invoice: SandboxInvoice, phase: str, files: str) -> Row:
    """The file of an invoice that is not sealed is not there."""
    urls = {f"{format_}Url": f"{files}/{invoice.reference}.{format_}" for format_ in ("pdf", "ofd", "xml")}
    row = {
        **(urls if phase == "issued" else dict.fromkeys(urls, "")),
        "invoiceTime": china_text(invoice.begun_at),
        "invoiceCode": "",
        "invoiceNo": invoice.number,
        "digitInvoiceNo": invoice.number,
        "invoiceTotalPrice": f"{invoice.net:.2f}",
        "invoiceTotalTax": f"{invoice.tax:.2f}",
        "invoiceTotalPriceTax": f"{invoice.gross:.2f}",
        "remarks": invoice.remark,
    }
    return row | {"originalDigitInvoiceNo": invoice.blue_number} if invoice.blue_number else row


def _line(row: Mapping[str, Any]) -> InvoiceLine:
    told = {name: as_text(value) for name, value in row.items()}
    net, tax = Decimal(told["goodsTotalPrice"]), Decimal(told["goodsTotalTax"])
    return InvoiceLine(
        name=told["goodsName"],
        code=told["goodsCode"],
        rate=Decimal(told["goodsTaxRate"]),
        net=net,
        tax=tax,
        gross=Decimal(told.get("goodsTotalPriceTax") or net + tax),
        quantity=_number(told, "goodsQuantity"),
        price=_number(told, "goodsPrice"),
        unit=told.get("goodsUnit", ""),
        spec=told.get("goodsSpecification", ""),
        nature=_THEIR_NATURES[told.get("invoiceLineNature", "0")],
        blue_line=int(told.get("originalInvoiceDetailNo", "0")),
    )


def _number(told: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(told[name]) if told.get(name) else None
