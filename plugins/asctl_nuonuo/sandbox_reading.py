"""Reading what clients send, as the far side does: everything is text (sections 5.6 and 5.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from asctl.api import Buyer, InvoiceKind, InvoiceLine, LineNature, Reason, TitleType, as_text
from asctl_nuonuo.sandbox_words import No

KINDS: Mapping[str, InvoiceKind] = {"pc": InvoiceKind.DIGITAL_ORDINARY, "bs": InvoiceKind.DIGITAL_SPECIAL}
REASONS: Mapping[str, Reason] = {"1": Reason.RETURN, "2": Reason.WRONG, "3": Reason.STOPPED, "4": Reason.ALLOWANCE}
_NATURES: Mapping[str, LineNature] = {
    "0": LineNature.NORMAL,
    "1": LineNature.DISCOUNT,
    "2": LineNature.DISCOUNTED,
}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,8})?")


def kind_of(word: str) -> InvoiceKind:
    """Raises :class:`No` for a kind that this application does not issue."""
    if word not in KINDS:
        raise No("E4000", "发票种类不支持")
    return KINDS[word]


def reason_of(code: str) -> Reason:
    """Raises :class:`No` for what is no reason."""
    if code not in REASONS:
        raise No("E4000", "冲红原因不正确")
    return REASONS[code]


def required(content: Mapping[str, Any], name: str) -> str:
    """A member that must be there. Raises :class:`No` (E4000)."""
    text = as_text(content.get(name))
    if not text:
        raise No("E4000", f"{name}不能为空")
    return text


def buyer_of(order: Mapping[str, Any]) -> Buyer:
    """The buyer: one without a tax ID, or who wants it in the personal wallet, is a person."""
    tax_id = as_text(order.get("buyerTaxNum"))
    person = not tax_id or as_text(order.get("naturalPersonFlag")) == "1"
    return Buyer(
        required(order, "buyerName"),
        TitleType.PERSON if person else TitleType.COMPANY,
        tax_id,
        as_text(order.get("buyerAddress")),
        as_text(order.get("buyerTel")),
        bank_account=as_text(order.get("buyerAccount")),
        email=as_text(order.get("email")),
        mobile=as_text(order.get("buyerPhone")),
    )


def blue_lines(rows: object) -> tuple[InvoiceLine, ...]:
    """The rows of a blue invoice. Raises :class:`No`."""
    return tuple(_blue_line(row) for row in _rows(rows))


def red_lines(rows: object) -> tuple[InvoiceLine, ...]:
    """The rows of a red-letter form; none for a full reversal. Raises :class:`No`."""
    return tuple(_red_line(row) for row in _rows(rows))


def _blue_line(row: Mapping[str, Any]) -> InvoiceLine:
    nature = _NATURES.get(as_text(row.get("invoiceLineProperty")) or "0")
    if nature is None or as_text(row.get("withTaxFlag")) not in ("0", "1"):
        raise No("E9300")
    return InvoiceLine(
        required(row, "goodsName"),
        as_text(row.get("goodsCode")),
        _number(row, "taxRate"),
        _number(row, "taxExcludedAmount"),
        _number(row, "tax"),
        _number(row, "taxIncludedAmount"),
        _optional(row, "num"),
        _optional(row, "price"),
        as_text(row.get("unit")),
        as_text(row.get("specType")),
        as_text(row.get("selfCode")),
        nature,
        as_text(row.get("dField1")),
    )


def _red_line(row: Mapping[str, Any]) -> InvoiceLine:
    index = required(row, "blueDetailIndex")
    if not (index.isascii() and index.isdecimal()) or len(index) > 4:
        raise No("E9300")
    net, tax = _number(row, "taxExcludedAmount"), _number(row, "taxAmount")
    return InvoiceLine(
        required(row, "goodsName"),
        required(row, "goodsCode"),
        _number(row, "taxRate"),
        net,
        tax,
        net + tax,
        _optional(row, "num"),
        _optional(row, "taxExcludedPrice"),
        as_text(row.get("unit")),
        as_text(row.get("specType")),
        blue_line=int(index),
    )


def _rows(rows: object) -> list[dict[str, Any]]:
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise No("E9300")
    return rows


def _optional(row: Mapping[str, Any], name: str) -> Decimal | None:
    return _number(row, name) if as_text(row.get(name)) else None


def _number(row: Mapping[str, Any], name: str) -> Decimal:
    text = as_text(row.get(name))
    if not _NUMBER.fullmatch(text):
        raise No("E9125" if text else "E4000", f"{name}不是数字" if text else f"{name}不能为空")
    return Decimal(text)
