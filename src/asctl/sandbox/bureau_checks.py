"""What the tax bureau would not take, by its own arithmetic: the sandbox is an independent witness and shares no rule with
the core (reference/invoices.md sections 1.6, 3.1, 4.2, 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from asctl.domain.invoices import Buyer, InvoiceKind, InvoiceLine, LineNature, TitleType

RATES = frozenset(Decimal(rate) for rate in ("0", "0.01", "0.03", "0.05", "0.06", "0.09", "0.13"))
LINE_TOLERANCE, TOTAL_TOLERANCE = Decimal("0.06"), Decimal("1.27")
_LONGEST_NAME = 100
_PLACES_OF_MONEY = -2
_GOODS_CODE = re.compile(r"[0-9]{19}")
_ANY_TAX_ID = re.compile(r"[0-9A-Z]{6,20}")
_CREDIT_CODE = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def flaw_of(kind: InvoiceKind, buyer: Buyer, lines: tuple[InvoiceLine, ...]) -> str:
    """The first thing wrong with a blue invoice, in the words of :meth:`asctl.api.bureau.Bureau.flaw`; else empty."""
    if not lines:
        return "no_lines"
    of_a_line = next(filter(None, map(line_flaw, lines)), "")
    return _buyer_flaw(kind, buyer) or of_a_line or _discount_flaw(lines) or _total_flaw(lines)


def line_flaw(line: InvoiceLine) -> str:
    """What is wrong with one row by itself, whatever its sign: ``code``, ``rate``, ``amount``, ``sum`` or ``tolerance``."""
    if not _GOODS_CODE.fullmatch(line.code):
        return "code"
    if line.rate not in RATES:
        return "rate"
    if not _is_money(line.net, line.tax, line.gross) or not _is_counted(line):
        return "amount"
    if line.net + line.tax != line.gross:
        return "sum"
    return "tolerance" if abs(_difference(line)) > LINE_TOLERANCE else ""


def is_credit_code(text: str) -> bool:
    """Whether it is a unified social credit code (GB 32100-2015): its weights are the powers of 3 modulo 31."""
    if not _CREDIT_CODE.fullmatch(text):
        return False
    values = [_CREDIT_ALPHABET.index(letter) for letter in text]
    weighed = sum(value * pow(3, place, 31) for place, value in enumerate(values[:-1]))
    return (weighed + values[-1]) % 31 == 0


def total(amounts: Iterable[Decimal]) -> Decimal:
    """A sum in yuan, with two places even where there is nothing to add."""
    return sum(amounts, Decimal("0.00"))


def _buyer_flaw(kind: InvoiceKind, buyer: Buyer) -> str:
    if not 0 < len(buyer.title.strip()) <= _LONGEST_NAME:
        return "buyer_name"
    registered = kind.special or buyer.type is TitleType.COMPANY
    if registered and not buyer.tax_id:
        return "buyer_tax_id"
    if buyer.tax_id and not _ANY_TAX_ID.fullmatch(buyer.tax_id):
        return "buyer_tax_id"
    return "buyer_tax_id" if registered and len(buyer.tax_id) == 18 and not is_credit_code(buyer.tax_id) else ""


def _discount_flaw(lines: tuple[InvoiceLine, ...]) -> str:
    """A discount stands directly after what it discounts; nothing else has a negative amount."""
    if lines[0].nature is LineNature.DISCOUNT or lines[-1].nature is LineNature.DISCOUNTED:
        return "discount"
    for line, after in pairwise(lines):
        discount = after.nature is LineNature.DISCOUNT
        if discount is not (line.nature is LineNature.DISCOUNTED) or (discount and not _discounts(after, line)):
            return "discount"
    return "" if all(_is_sold(line) for line in lines if line.nature is not LineNature.DISCOUNT) else "amount"


def _is_sold(line: InvoiceLine) -> bool:
    return line.net > 0 and line.tax >= 0 and (line.quantity is None or line.quantity > 0)


def _discounts(row: InvoiceLine, line: InvoiceLine) -> bool:
    same = (row.name, row.code, row.rate) == (line.name, line.code, line.rate)
    bare = row.quantity is None and row.price is None and not row.unit
    return same and bare and -line.gross <= row.gross < 0 and -line.net <= row.net < 0


def _total_flaw(lines: tuple[InvoiceLine, ...]) -> str:
    if total(line.gross for line in lines) <= 0:
        return "amount"
    return "tolerance" if abs(total(map(_difference, lines))) > TOTAL_TOLERANCE else ""


def _difference(line: InvoiceLine) -> Decimal:
    return line.net * line.rate - line.tax


def _is_counted(line: InvoiceLine) -> bool:
    """Quantity and price are both there or both missing; the price of one is never negative."""
    if line.quantity is None or line.price is None:
        return line.quantity is line.price
    return all(number.is_finite() for number in (line.quantity, line.price)) and line.quantity != 0 and line.price > 0


def _is_money(*amounts: Decimal) -> bool:
    return all(amount.is_finite() and _places(amount) >= _PLACES_OF_MONEY for amount in amounts)


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else _PLACES_OF_MONEY - 1
