"""Rows and sums: rules V07 to V19 and V25 of reference/invoices.md section 10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from asctl.domain.billing import GoodsTax
from asctl.domain.invoice_flaws import Flaw
from asctl.domain.invoices import Invoice, InvoiceLine, LineNature
from asctl.domain.money import CENT
from asctl.domain.policy import InvoicePolicy
from asctl.domain.tax import add_up
from asctl.text import _

_LONGEST = {"name": 90, "spec": 40, "unit": 20}
_AMOUNTS = ("net", "tax", "gross")


class RowLimits(Protocol):
    """What an issuer takes: how many rows, and how many decimals of a quantity or a price."""

    @property
    def lines(self) -> int: ...
    @property
    def places(self) -> int: ...


def reckonable(invoice: Invoice) -> bool:
    """Whether every number in it is one that can be reckoned with; the other rules ask nothing of an invoice with NaN in it."""
    amounts = [getattr(holder, name) for holder in (invoice, *invoice.lines) for name in _AMOUNTS]
    others = [number for line in invoice.lines for number in (line.rate, line.quantity, line.price)]
    return all(number is None or number.is_finite() for number in amounts + others)


def flaws_of_rows(invoice: Invoice, policy: InvoicePolicy, limits: RowLimits) -> Iterator[Flaw]:
    """V07 to V10, V13 and V25: what holds of each row by itself, blue or red."""
    if not 1 <= len(invoice.lines) <= limits.lines:
        told = _("{count} rows; 1 to {most} may be").format(count=len(invoice.lines), most=limits.lines)
        yield Flaw("V07", "row_count", "lines", told)
    for place, line in enumerate(invoice.lines, 1):
        yield from _words(line, _at(place) + ".")
        yield from _taxation(line, _at(place) + ".", policy)
        yield from _unwritable(line, _at(place) + ".")
        yield from _quantity(line, place, limits.places)
    yield from _unwritable(invoice, "")


def flaws_of_goods(goods: GoodsTax, policy: InvoicePolicy) -> Iterator[Flaw]:
    """V07 to V09 and V25 of what is noted of goods, before any invoice bills them; without a name the order's is taken."""
    for flaw in (*_words(goods, ""), *_taxation(goods, "", policy)):
        if goods.name or flaw.field != "name":
            yield flaw


def flaws_of_sums(invoice: Invoice, policy: InvoicePolicy) -> Iterator[Flaw]:
    """V11, V12, V14 and V15 of a reckonable invoice, blue or red: rows and sums agree."""
    for place, line in enumerate(invoice.lines, 1):
        yield from _row_sum(line, place, policy)
    off = abs(add_up(_off_rate(line) for line in invoice.lines))
    if off > policy.invoice_tolerance:
        told = _("the taxes of all rows are {off} off their rates; {most} may be").format(
            off=off, most=policy.invoice_tolerance
        )
        yield Flaw("V12", "invoice_tax", "lines", told)
    for name in _AMOUNTS:
        rows, whole = add_up(getattr(line, name) for line in invoice.lines), getattr(invoice, name)
        if rows != whole:
            told = _("the invoice says {whole}, its rows add up to {rows}").format(whole=whole, rows=rows)
            yield Flaw("V15", "invoice_sum", name, told)


def flaws_of_blue_rows(lines: Sequence[InvoiceLine]) -> Iterator[Flaw]:
    """V16 and V17: the signs of a blue invoice, and its discounts, each directly after its line."""
    for place, line in enumerate(lines, 1):
        if line.nature is LineNature.DISCOUNT:
            yield from _discount(line, lines[place - 2] if place > 1 else None, place)
        else:
            yield from _positive(line, place)
        if line.nature is LineNature.DISCOUNTED and _nature(lines, place + 1) is not LineNature.DISCOUNT:
            yield Flaw("V17", "discount_missing", _at(place), _("its discount is not in the row after it"))


def flaws_of_red_rows(lines: Sequence[InvoiceLine]) -> Iterator[Flaw]:
    """V18 and V19: the signs of a red invoice, which has normal rows only."""
    for place, line in enumerate(lines, 1):
        if line.nature is not LineNature.NORMAL:
            told = _("a red invoice has normal rows only, not {nature} ones").format(nature=line.nature.value)
            yield Flaw("V18", "red_discount", _at(place, "nature"), told)
        if line.net * line.tax < 0:
            told = _("net {net} and tax {tax} have opposite signs").format(net=line.net, tax=line.tax)
            yield Flaw("V19", "opposite_signs", _at(place, "tax"), told)
        elif line.net >= 0 or line.tax > 0 or line.gross >= 0:
            told = _("net {net}, tax {tax}, gross {gross} are not all below zero").format(
                net=line.net, tax=line.tax, gross=line.gross
            )
            yield Flaw("V18", "red_not_negative", _at(place, "net"), told)
        if (line.quantity or 0) > 0 or (line.price is not None and line.price <= 0):
            told = _("quantity {quantity} must be below zero, price {price} above").format(
                quantity=line.quantity, price=line.price
            )
            yield Flaw("V18", "red_quantity_sign", _at(place, "quantity"), told)


def _unwritable(holder: Invoice | InvoiceLine, prefix: str) -> Iterator[Flaw]:
    for name in _AMOUNTS:
        amount = getattr(holder, name)
        if not _decimals_within(amount, 2):
            told = _("{amount} is no amount with at most two decimals").format(amount=amount)
            yield Flaw("V10", "bad_amount", prefix + name, told)


def _words(line: InvoiceLine | GoodsTax, prefix: str) -> Iterator[Flaw]:
    for name, most in _LONGEST.items():
        length = len(getattr(line, name))
        if length > most or (name == "name" and not line.name.strip()):
            told = _("{length} characters; at most {most} may be").format(length=length, most=most)
            yield Flaw("V07", f"{name}_length", prefix + name, told)


def _taxation(line: InvoiceLine | GoodsTax, prefix: str, policy: InvoicePolicy) -> Iterator[Flaw]:
    if len(line.code) != 19 or not (line.code.isascii() and line.code.isdecimal()):
        told = _("{code!r} is no tax category: 19 digits").format(code=line.code[:24])
        yield Flaw("V08", "bad_goods_code", prefix + "code", told)
    if line.rate not in policy.rates:
        allowed = ", ".join(map(str, policy.rates))
        told = _("the rate {rate} is none of {allowed}").format(rate=line.rate, allowed=allowed)
        yield Flaw("V09", "rate_not_allowed", prefix + "rate", told)
    elif not line.rate:
        told = _("the rate 0 needs a policy code, which cannot be told; issue this invoice at the provider")
        yield Flaw("V25", "zero_rate", prefix + "rate", told)


def _quantity(line: InvoiceLine, place: int, places: int) -> Iterator[Flaw]:
    if (line.quantity is None) != (line.price is None):
        told = _("quantity {quantity} and price {price} must both be there, or neither")
    elif line.quantity is None or line.price is None:
        return
    elif not (line.quantity and _decimals_within(line.quantity, places) and _decimals_within(line.price, places)):
        told = _("quantity {quantity} or price {price} is zero, or has more than {places} decimals")
    else:
        return
    sentence = told.format(quantity=line.quantity, price=line.price, places=places)
    yield Flaw("V13", "bad_quantity", _at(place, "quantity"), sentence)


def _row_sum(line: InvoiceLine, place: int, policy: InvoicePolicy) -> Iterator[Flaw]:
    if line.net + line.tax != line.gross:
        told = _("net {net} and tax {tax} do not add up to {gross}").format(
            net=line.net, tax=line.tax, gross=line.gross
        )
        yield Flaw("V11", "row_sum", _at(place, "gross"), told)
    if abs(_off_rate(line)) > policy.line_tolerance:
        told = _("tax {tax} is {off} off net {net} at {rate}; {most} may be").format(
            tax=line.tax, off=abs(_off_rate(line)), net=line.net, rate=line.rate, most=policy.line_tolerance
        )
        yield Flaw("V12", "row_tax", _at(place, "tax"), told)
    if line.quantity is not None and line.price is not None:
        product = line.quantity * line.price
        if abs(product - line.gross) > CENT:
            told = _("{quantity} at {price} is not {gross}").format(
                quantity=line.quantity, price=line.price, gross=line.gross
            )
            yield Flaw("V14", "row_price", _at(place, "price"), told, warning=True)


def _positive(line: InvoiceLine, place: int) -> Iterator[Flaw]:
    if line.net <= 0 or line.tax < 0 or line.gross <= 0 or (line.quantity or 0) < 0:
        told = _("net {net}, tax {tax}, gross {gross} or its quantity is not above zero").format(
            net=line.net, tax=line.tax, gross=line.gross
        )
        yield Flaw("V16", "row_not_positive", _at(place, "gross"), told)


def _discount(row: InvoiceLine, before: InvoiceLine | None, place: int) -> Iterator[Flaw]:
    if row.gross >= 0 or row.net > 0 or row.tax > 0:
        told = _("a discount of {gross} is not below zero").format(gross=row.gross)
        yield Flaw("V16", "discount_not_negative", _at(place, "gross"), told)
    if before is None or before.nature is not LineNature.DISCOUNTED:
        told = _("a discount without a discounted row directly before it")
        yield Flaw("V17", "discount_unpaired", _at(place, "nature"), told)
        return
    if (row.name, row.code, row.rate) != (before.name, before.code, before.rate):
        told = _("name, category or rate is not that of the discounted row")
        yield Flaw("V17", "discount_of_other_goods", _at(place), told)
    if -row.gross > before.gross or -row.net > before.net:
        told = _("a discount of {off} is larger than its row, {gross}").format(off=-row.gross, gross=before.gross)
        yield Flaw("V17", "discount_too_large", _at(place, "gross"), told)
    if row.quantity is not None or row.price is not None or row.unit:
        yield Flaw("V17", "discount_quantity", _at(place, "quantity"), _("a discount has no quantity, price or unit"))


def _off_rate(line: InvoiceLine) -> Decimal:
    return line.net * line.rate - line.tax


def _nature(lines: Sequence[InvoiceLine], place: int) -> LineNature | None:
    return lines[place - 1].nature if place <= len(lines) else None


def _at(place: int, name: str = "") -> str:
    return f"lines[{place}].{name}" if name else f"lines[{place}]"


def _decimals_within(number: Decimal, places: int) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places
