"""Applications in the world, issued invoices to hand over, and rows as the platform writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from asctl.api import (
    Buyer,
    Colour,
    InvoiceKind,
    InvoiceLine,
    InvoiceResult,
    LineNature,
    TitleType,
)
from asctl.api.bureau import SandboxApplication
from tests.plugins.taobao.support import NOW, World

TID = "4000000000000000101"
NUMBER = "26000000000000000001"
PERSON = Buyer("虚构甲")
COMPANY = Buyer("示例虚构有限公司", TitleType.COMPANY, "91990000MA0DEM0011")


def an_application(**changed: Any) -> SandboxApplication:
    told: dict[str, Any] = {
        "application": "APPLY0001",
        "shop": "flagship",
        "order_id": TID,
        "trigger": "invoice_supply",
        "kind": InvoiceKind.DIGITAL_ORDINARY,
        "buyer": PERSON,
        "amount": Decimal("128.34"),
        "at": NOW - timedelta(hours=1),
        **changed,
    }
    return SandboxApplication(**told)


def applied(world: World, **changed: Any) -> SandboxApplication:
    made = an_application(**changed)
    world.applications.append(made)
    return made


def a_line(gross: str = "123.34", **changed: Any) -> InvoiceLine:
    amount = Decimal(gross)
    net = (amount / Decimal("1.13")).quantize(Decimal("0.01"))
    line = InvoiceLine(
        name="示例保温杯",
        code="1060301000000000000",
        rate=Decimal("0.13"),
        net=net,
        tax=amount - net,
        gross=amount,
        quantity=Decimal(2),
        price=amount / 2,
        unit="件",
        spec="500ml",
    )
    return replace(line, **changed)


def a_result(**changed: Any) -> InvoiceResult:
    """An issued blue invoice of 128.34, its application known by no number of the platform's."""
    cup = a_line()
    freight = a_line("5.00", name="运费", quantity=None, price=None, unit="", spec="")
    result = InvoiceResult(
        key="0" * 32,
        order_id=TID,
        application=f"{TID}-20260108080000-blue",
        colour=Colour.BLUE,
        kind=InvoiceKind.DIGITAL_ORDINARY,
        seller_tax_id="91990000MA0DEM0022",
        seller_name="示例卖家有限公司",
        drawer="虚构开票员",
        buyer=PERSON,
        lines=(cup, freight),
        net=cup.net + freight.net,
        tax=cup.tax + freight.tax,
        gross=Decimal("128.34"),
        number=NUMBER,
        issued_at=NOW,
        file=b"%PDF-1.4 example",
    )
    return replace(result, **changed)


def reversed_result(**changed: Any) -> InvoiceResult:
    """The red invoice that takes all of :func:`a_result`."""
    blue = a_result()
    lines = tuple(
        replace(
            line, net=-line.net, tax=-line.tax, gross=-line.gross, quantity=-line.quantity if line.quantity else None
        )
        for line in blue.lines
    )
    red: dict[str, Any] = {
        "colour": Colour.RED,
        "lines": lines,
        "net": -blue.net,
        "tax": -blue.tax,
        "gross": -blue.gross,
        "number": "26000000000000000002",
        "blue_number": NUMBER,
        **changed,
    }
    return replace(blue, **red)


def discounted_lines() -> tuple[InvoiceLine, ...]:
    """A line of 258.00 and the discount that leaves 123.34 of it."""
    return (
        a_line("258.00", nature=LineNature.DISCOUNTED),
        a_line("-134.66", nature=LineNature.DISCOUNT, quantity=None, price=None, unit="", spec=""),
    )


def application_row(**changed: Any) -> dict[str, Any]:
    """The smallest row that is whole."""
    return {
        "platform_tid": TID,
        "status": 1,
        "trigger_status": "buyer_payed",
        "invoice_kind": 4,
        "business_type": 0,
        "payer_name": "虚构甲",
        "invoice_amount": "128.34",
        "gmt_create": "2026-01-08 08:00:00",
        **changed,
    }


def item_row(amount: str, row_type: str = "0", **changed: Any) -> dict[str, Any]:
    return {"item_name": "示例保温杯", "amount": amount, "row_type": row_type, **changed}
