"""Invoices and orders for the tests of their rules. Names and numbers are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from asctl.domain.billing import GoodsTax, priced, totals
from asctl.domain.invoices import (
    Buyer,
    Colour,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    LineNature,
    Reason,
    Scope,
    Seller,
    TitleType,
)
from asctl.domain.orders import Order, OrderLine, OrderStatus
from asctl.domain.policy import InvoicePolicy

AT = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
CODE = "1090511030000000000"
RATE = Decimal("0.13")
SELLER = Seller("91990000MA0DEM0011", "演示销方有限公司", "演示员")
COMPANY = Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid")
PERSON = Buyer("演示客")
POLICY = InvoicePolicy()


@dataclass(frozen=True)
class Limits:
    """What an issuer takes."""

    kinds: tuple[InvoiceKind, ...] = (InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL)
    lines: int = 2000
    remark: int = 200
    places: int = 8


LIMITS = Limits()


def money(text: str) -> Decimal:
    """An amount in yuan."""
    return Decimal(text)


def goods(sku: str = "SKU-01", rate: Decimal = RATE) -> GoodsTax:
    """Goods that the tax bureau knows."""
    return GoodsTax(sku, CODE, rate, "演示水壶", "件", "1.5L")


def row(gross: str, quantity: str = "1", line_id: str = "1", rate: Decimal = RATE) -> InvoiceLine:
    """A normal row."""
    return priced(goods(rate=rate), money(gross), Decimal(quantity), line_id)


def amounts(net: str, tax: str, gross: str, **more: object) -> InvoiceLine:
    """A row with these very amounts, and no quantity."""
    return InvoiceLine("演示水壶", CODE, RATE, money(net), money(tax), money(gross), **more)  # type: ignore[arg-type]


KETTLES = (
    InvoiceLine(
        "演示水壶", CODE, RATE, money("200.00"), money("26.00"), money("226.00"), Decimal(2), money("113.00"),
        "件", "1.5L", "SKU-01", LineNature.DISCOUNTED, "1",
    ),
    amounts("-20.00", "-2.60", "-22.60", nature=LineNature.DISCOUNT, line_id="1"),
)  # fmt: skip
"""Two units at 113.00 with 22.60 off: the sample of section 14."""


def blue(*lines: InvoiceLine, **more: object) -> Invoice:
    """An issued blue invoice over these rows."""
    told: dict[str, object] = {"invoice": "1", "serial": "B260101AAAAAAAA01", "state": InvoiceState.ISSUED}
    return _invoice(Colour.BLUE, lines, told | more)


def red(*lines: InvoiceLine, **more: object) -> Invoice:
    """A partial red invoice with these rows, not sent yet."""
    told: dict[str, object] = {"invoice": "2", "serial": "R260102AAAAAAAA01", "state": InvoiceState.QUEUED, "blue": "1"}
    told |= {"scope": Scope.PARTIAL, "reason": Reason.RETURN}
    return _invoice(Colour.RED, lines, told | more)


def order(*lines: OrderLine, amount: str, freight: str = "0.00") -> Order:
    """A paid order."""
    return Order(
        "8801",
        "demo",
        OrderStatus.SIGNED,
        "TRADE_FINISHED",
        AT,
        AT,
        amount=money(amount),
        freight=money(freight),
        lines=lines,
    )


def item(line_id: str, price: str, paid: str, quantity: int = 1) -> OrderLine:
    """A line of an order."""
    return OrderLine(line_id, "水壶", f"SKU-{line_id}", quantity=quantity, price=money(price), paid=money(paid))


def _invoice(colour: Colour, lines: tuple[InvoiceLine, ...], told: dict[str, object]) -> Invoice:
    net, tax, gross = totals(lines)
    fields: dict[str, object] = {
        "account": "demo", "shop": "demo", "order_id": "8801", "kind": InvoiceKind.DIGITAL_ORDINARY, "buyer": COMPANY,
        "net": net, "tax": tax, "gross": gross, "requested_at": AT, "created_at": AT, "changed_at": AT,
    }  # fmt: skip
    return Invoice(colour=colour, lines=lines, **fields | told)  # type: ignore[arg-type]
