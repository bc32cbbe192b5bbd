"""Invoices of the reference's section 14, and answers in Baiwang's shapes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.api import (
    CHINA,
    Buyer,
    HttpRequest,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    LineNature,
    Reason,
    Reversal,
    Scope,
    Seller,
    TitleType,
)
from asctl.api.sandbox import SandboxReply
from asctl_baiwang.provider import Baiwang
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/baiwang"
D = Decimal
SELLER = Seller("91990000MA0DEM0011", "演示销方有限公司", "演示员")
BUYER = Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid")
KETTLES = InvoiceLine(
    name="演示水壶",
    code="1090511030000000000",
    rate=D("0.13"),
    net=D("200.00"),
    tax=D("26.00"),
    gross=D("226.00"),
    quantity=D(2),
    price=D("113.00"),
    unit="件",
    nature=LineNature.DISCOUNTED,
)
DISCOUNT = replace(
    KETTLES,
    net=D("-20.00"),
    tax=D("-2.60"),
    gross=D("-22.60"),
    quantity=None,
    price=None,
    unit="",
    nature=LineNature.DISCOUNT,
)
ORDERED = datetime(2026, 1, 1, 10, 0, tzinfo=CHINA)
BLUE = InvoiceRequest(
    serial="B2601017QK4M2ZP01",
    seller=SELLER,
    kind=InvoiceKind.DIGITAL_ORDINARY,
    buyer=BUYER,
    lines=(KETTLES, DISCOUNT),
    net=D("180.00"),
    tax=D("23.40"),
    gross=D("203.40"),
    order_id="4000000010000001100",
    ordered_at=ORDERED,
)
RED_SERIAL = "R260102H3J5K7M901"
ONE_KETTLE = InvoiceLine(
    name="演示水壶",
    code="1090511030000000000",
    rate=D("0.13"),
    net=D("-90.00"),
    tax=D("-11.70"),
    gross=D("-101.70"),
    quantity=D(-1),
    price=D("101.70"),
    unit="件",
    blue_line=1,
)


def reversal(number: str, reference: str = "", **changed: Any) -> Reversal:
    """All of the blue invoice ``BLUE``, which got this number, reversed."""
    whole = Reversal(
        serial=RED_SERIAL,
        seller=SELLER,
        kind=BLUE.kind,
        buyer=BUYER,
        scope=Scope.FULL,
        reason=Reason.RETURN,
        blue_serial=BLUE.serial,
        blue_number=number,
        lines=(),
        net=-BLUE.net,
        tax=-BLUE.tax,
        gross=-BLUE.gross,
        requested_at=datetime(2026, 11, 21, 9, 30, tzinfo=CHINA),
        blue_reference=reference,
    )
    return replace(whole, **changed)


def partial(number: str, reference: str = "", **changed: Any) -> Reversal:
    """One of the two kettles returned."""
    told = {
        "scope": Scope.PARTIAL,
        "lines": (ONE_KETTLE,),
        "net": ONE_KETTLE.net,
        "tax": ONE_KETTLE.tax,
        "gross": ONE_KETTLE.gross,
    }
    return reversal(number, reference, **(told | changed))


def said(response: object) -> SandboxReply:
    """Baiwang's yes."""
    return SandboxReply.of({"method": "any", "requestId": "req-1", "success": True, "response": response})


def said_no(
    sub_code: str = "", sub_text: str = "", code: int = 100000, text: str = "demo: business error"
) -> SandboxReply:
    """Baiwang's explicit no."""
    told: dict[str, object] = {"code": code, "message": text}
    if sub_code:
        told |= {"subCode": sub_code, "subMessage": sub_text}
    return SandboxReply.of({"method": "any", "requestId": "req-1", "success": False, "errorResponse": told})


def told(loop: Loopback, method: str, reply: SandboxReply) -> None:
    """Have one method answered with ``reply``; all others, the token's among them, as ever."""
    before = loop.answer
    loop.answer = lambda request: reply if request.query.get("method") == method else before(request)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """What was posted."""
    posted: dict[str, Any] = json.loads(request.body or b"")
    return posted


def methods(loop: Loopback) -> list[str]:
    """The methods that were called, in their order."""
    return [request.operation.rpartition(".")[2] for request in loop.sent]


def issued(provider: Baiwang, loop: Loopback) -> tuple[str, str]:
    """Issue ``BLUE``; its number at the bureau and at Baiwang."""
    reference = provider.issue_invoice(BLUE).reference
    loop.clock.sleep(5)
    found = provider.find_invoice(BLUE)
    assert found.invoice is not None
    assert found.invoice.number
    return found.invoice.number, reference
