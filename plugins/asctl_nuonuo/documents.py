"""Ours to theirs: the invoice to issue (section 5.6) and the red-letter form to apply for (section 5.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from asctl.api import (
    BadInput,
    Buyer,
    Context,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    LineNature,
    Reason,
    Reversal,
    Scope,
    TitleType,
    china_text,
)
from asctl.api import translate as _
from asctl_nuonuo.lengths import check_form, check_order, fits
from asctl_nuonuo.wire import SELLER

KINDS: Mapping[InvoiceKind, str] = {InvoiceKind.DIGITAL_ORDINARY: "pc", InvoiceKind.DIGITAL_SPECIAL: "bs"}
REASONS: Mapping[Reason, str] = {Reason.RETURN: "1", Reason.WRONG: "2", Reason.STOPPED: "3", Reason.ALLOWANCE: "4"}
"""Nuonuo's own order, which is not the tax bureau's (section 2.3)."""
NATURES: Mapping[LineNature, str] = {LineNature.NORMAL: "0", LineNature.DISCOUNT: "1", LineNature.DISCOUNTED: "2"}
BLUE = "1"
_WAYS: Mapping[str, tuple[bool, bool]] = {
    "auto": (True, True),
    "email": (True, False),
    "phone": (False, True),
    "none": (False, False),
}
_PUSH_MODES = {(False, False): "-1", (True, False): "0", (False, True): "1", (True, True): "2"}
_PRICE_STEP = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account's settings say of every document."""

    extension: str
    push_mode: str
    callback_url: str

    @classmethod
    def of(cls, context: Context) -> Terms:
        """The terms of an account."""
        return cls(context.text("extension"), context.text("push_mode"), context.text("callback_url"))


def blue_order(request: InvoiceRequest, terms: Terms) -> dict[str, object]:
    """The body of an issue call; all values are text. Raises :class:`BadInput` and :class:`BadConfiguration` for what is longer
    than Nuonuo takes."""
    seller, buyer = request.seller, request.buyer
    order = _given(
        {
            "orderNo": request.serial,
            "invoiceDate": china_text(request.ordered_at),
            "invoiceType": BLUE,
            "invoiceLine": _kind(request.kind, request.serial),
            "extensionNumber": terms.extension,
            "salerTaxNum": seller.tax_id,
            "salerTel": seller.phone,
            "salerAddress": seller.address,
            "salerAccount": _account(seller.bank, seller.bank_account),
            "clerk": seller.drawer,
            "remark": request.remark,
            "callBackUrl": terms.callback_url,
            "bField1": request.case,
            "bField2": request.order_id,
        }
    )
    order |= _buyer(buyer, request.kind) | _delivery(buyer, terms.push_mode)
    lines = [_blue_line(line) for line in request.lines]
    check_order(order, lines, request.serial)
    return {"order": {**order, "invoiceDetail": lines}}


def red_form(request: Reversal, terms: Terms) -> dict[str, object]:
    """The body of an application for a red-letter form, by the seller; a full one has no lines. Raises as :func:`blue_order`."""
    form = _given(
        {
            "billId": request.serial,
            "orderNo": request.serial,
            "blueInvoiceLine": _kind(request.kind, request.serial),
            "applySource": SELLER,
            "blueElecInvoiceNumber": request.blue_number,
            "sellerTaxNo": request.seller.tax_id,
            "sellerName": request.seller.name,
            "buyerTaxNo": request.buyer.tax_id,
            "buyerName": request.buyer.title,
            "redReason": REASONS[request.reason],
            "extensionNumber": terms.extension,
            "callbackUrl": terms.callback_url,
        }
    )
    lines = [_red_line(line) for line in request.lines] if request.scope is Scope.PARTIAL else []
    check_form(form, lines, request.serial)
    return {**form, "detail": lines} if lines else dict(form)


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _buyer(buyer: Buyer, kind: InvoiceKind) -> dict[str, str]:
    """A private person with a tax ID wants the invoice in the personal wallet (section 1.6)."""
    natural = buyer.type is TitleType.PERSON and bool(buyer.tax_id) and kind is InvoiceKind.DIGITAL_ORDINARY
    return _given(
        {
            "buyerName": buyer.title,
            "buyerTaxNum": buyer.tax_id,
            "buyerTel": buyer.phone,
            "buyerAddress": buyer.address,
            "buyerAccount": _account(buyer.bank, buyer.bank_account),
            "naturalPersonFlag": "1" if natural else "",
        }
    )


def _delivery(buyer: Buyer, push_mode: str) -> dict[str, str]:
    by_email, by_phone = _WAYS[push_mode]
    email, phone = buyer.email if by_email else "", buyer.mobile if by_phone else ""
    mode = _PUSH_MODES[bool(email), bool(phone)]
    return {"pushMode": mode, **_given({"email": email, "buyerPhone": phone})}


def _blue_line(line: InvoiceLine) -> dict[str, str]:
    return _given(
        {
            "goodsName": line.name,
            "goodsCode": line.code,
            "selfCode": line.sku if fits("selfCode", line.sku) else "",
            "withTaxFlag": "1",
            "price": _optional(line.price),
            "num": _optional(line.quantity),
            "unit": line.unit,
            "specType": line.spec,
            "taxRate": plain(line.rate),
            "taxExcludedAmount": _cents(line.net),
            "tax": _cents(line.tax),
            "taxIncludedAmount": _cents(line.gross),
            "invoiceLineProperty": NATURES[line.nature],
            "favouredPolicyFlag": "0",
            "dField1": line.line_id,
        }
    )


def _red_line(line: InvoiceLine) -> dict[str, str]:
    """Quantity and amounts are negative, the price of one without tax is not (section 2.4)."""
    price = abs(line.net / line.quantity).quantize(_PRICE_STEP) if line.quantity else None
    return _given(
        {
            "blueDetailIndex": str(line.blue_line),
            "goodsName": line.name,
            "goodsCode": line.code,
            "unit": line.unit,
            "specType": line.spec,
            "num": _optional(line.quantity),
            "taxExcludedPrice": _optional(price),
            "taxExcludedAmount": _cents(line.net),
            "taxAmount": _cents(line.tax),
            "taxRate": plain(line.rate),
        }
    )


def _kind(kind: InvoiceKind, serial: str) -> str:
    if kind not in KINDS:
        raise BadInput(
            _("{serial} is of the kind {kind}, which is not issued through Nuonuo").format(
                serial=serial, kind=kind.value
            ),
            code="kind_not_issued",
            hint=_("only digital invoices are: {kinds}").format(kinds=", ".join(KINDS)),
        )
    return KINDS[kind]


def _account(bank: str, number: str) -> str:
    return f"{bank} {number}".strip()


def _optional(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _cents(amount: Decimal) -> str:
    return format(amount, ".2f")


def _given(members: Mapping[str, str]) -> dict[str, str]:
    """What there is: Nuonuo takes an empty member for none."""
    return {name: value for name, value in members.items() if value}
