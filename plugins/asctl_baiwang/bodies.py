"""Our requests as their bodies (sections 6.6 and 6.8): flat, every value a text, what is empty left out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from asctl.api import (
    Context,
    Delivery,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    LineNature,
    Reason,
    Reversal,
    china_text,
)

BLUE, RED = "1", "2"
"""``invoiceType`` of this line; the line for enterprises counts from 0."""
TYPE_CODES = {InvoiceKind.DIGITAL_ORDINARY: "02", InvoiceKind.DIGITAL_SPECIAL: "01"}
NATURES = {LineNature.NORMAL: "0", LineNature.DISCOUNT: "1", LineNature.DISCOUNTED: "2"}
REASONS: Mapping[str, Mapping[Reason, str]] = {
    "bureau": {Reason.WRONG: "01", Reason.RETURN: "02", Reason.STOPPED: "03", Reason.ALLOWANCE: "04"},
    "order": {Reason.RETURN: "1", Reason.WRONG: "2", Reason.STOPPED: "3", Reason.ALLOWANCE: "4"},
}
"""``redInvoiceLabel`` by the setting ``red_label`` (section 2.3): the two swap a return and a mistake."""
FORM_THEN_RED = "1"
STORED, FROM_THE_BUREAU = "2", "1"
_WITH_TAX = "1"
_AS_SELLER = "0"
_PRICE_PLACES = Decimal("0.0000000000001")
Body = dict[str, object]


class Bodies:
    """Writes what an account sends."""

    def __init__(self, context: Context) -> None:
        self._terminal = context.text("terminal")
        self._callback_url = context.text("callback_url")
        self._reasons = REASONS[context.text("red_label")]

    def issue(self, request: InvoiceRequest) -> Body:
        """A blue invoice: prices with tax, and all three amounts of each row."""
        buyer = request.buyer
        return _filled(
            {
                "taxNo": request.seller.tax_id,
                "orderNo": request.serial,
                "orderDateTime": china_text(request.ordered_at),
                "invoiceType": BLUE,
                "invoiceTypeCode": TYPE_CODES[request.kind],
                "priceTaxMark": _WITH_TAX,
                "buyerName": buyer.title,
                "buyerTaxNo": buyer.tax_id,
                "buyerAddress": buyer.address,
                "buyerTelephone": buyer.phone,
                "buyerBankName": buyer.bank,
                "buyerBankNumber": buyer.bank_account,
                "drawer": request.seller.drawer,
                "invoiceTerminalCode": self._terminal,
                "pushEmail": buyer.email,
                "pushPhone": buyer.mobile,
                "callBackUrl": self._callback_url,
                "remarks": request.remark,
                "invoiceDetailList": [_line(line) for line in request.lines],
            }
        )

    def reverse(self, request: Reversal) -> Body:
        """A red invoice, by way of its form; rows only for a part."""
        return _filled(
            {
                "taxNo": request.seller.tax_id,
                "orderNo": request.serial,
                "originalOrderNo": request.blue_serial,
                "originalSerialNo": request.blue_reference,
                "originalDigitInvoiceNo": request.blue_number,
                "fastIssueRedType": FORM_THEN_RED,
                "redInvoiceLabel": self._reasons[request.reason],
                "invoiceTerminalCode": self._terminal,
                "pushEmail": request.buyer.email,
                "pushPhone": request.buyer.mobile,
                "callBackUrl": self._callback_url,
                "details": [_red_line(line) for line in request.lines],
            }
        )

    def download(self, request: Reversal, form_serial: str, today: str) -> Body:
        """Have Baiwang fetch from the bureau how a form stands that was entered from the request's day to ``today``."""
        return _filled(
            {
                "taxNo": request.seller.tax_id,
                "operatorType": FROM_THE_BUREAU,
                "buySelSelector": _AS_SELLER,
                "digitAccount": self._terminal,
                "redConfirmSerialNo": form_serial,
                "beginDate": china_text(request.requested_at)[:10],
                "endDate": today,
                "callBackUrl": self._callback_url,
            }
        )


def stored_forms(request: Reversal) -> Body:
    """The forms of a blue invoice, as far as Baiwang has downloaded them."""
    return {
        "taxNo": request.seller.tax_id,
        "operatorType": STORED,
        "buySelSelector": _AS_SELLER,
        "originalDigitInvoiceNo": request.blue_number,
    }


def query(tax_id: str, serial: str) -> Body:
    """One invoice, blue or red, by our serial."""
    return {"taxNo": tax_id, "orderNos": [serial], "detailMark": "0"}


def deliver(request: Delivery) -> Body:
    """A delivery; only digital invoices have a number of 20 digits, and no code."""
    number = {"digitInvoiceNo": request.number}
    if not request.kind.digital:
        number = {"invoiceCode": request.code, "invoiceNo": request.number}
    return _filled({"taxNo": request.seller.tax_id, **number, "pushEmail": request.email, "pushPhone": request.mobile})


def _line(line: InvoiceLine) -> Body:
    return _filled(
        {
            **_goods(line, line.price),
            "goodsTotalPriceTax": _cents(line.gross),
            "invoiceLineNature": NATURES[line.nature],
        }
    )


def _red_line(line: InvoiceLine) -> Body:
    """``fastRed`` has no mark for prices with tax, so its price is told as its amount is: without."""
    price = None if line.quantity is None else (line.net / line.quantity).quantize(_PRICE_PLACES)
    return _filled(
        {
            "originalInvoiceDetailNo": str(line.blue_line),
            **_goods(line, price),
            "goodsTotalPriceTax": _cents(line.gross),
        }
    )


def _goods(line: InvoiceLine, price: Decimal | None) -> Body:
    return {
        "goodsName": line.name,
        "goodsCode": line.code,
        "goodsSpecification": line.spec,
        "goodsUnit": line.unit,
        "goodsQuantity": _number(line.quantity),
        "goodsPrice": _number(price),
        "goodsTaxRate": format(line.rate, "f"),
        "goodsTotalPrice": _cents(line.net),
        "goodsTotalTax": _cents(line.tax),
    }


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _number(value: Decimal | None) -> str:
    """Without exponent and idle zeros."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _filled(members: Mapping[str, object]) -> Body:
    return {name: value for name, value in members.items() if value not in ("", [])}
