"""A Nuonuo account over the plugin's own sandbox app, without sockets, and the sample of reference/invoices.md section 14."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

import asctl_nuonuo
from asctl.api import (
    CHINA,
    Buyer,
    HttpRequest,
    InvoiceFinding,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    InvoiceTold,
    LineNature,
    Reason,
    Reversal,
    Scope,
    Seller,
    TitleType,
)
from asctl.api.sandbox import SandboxReply
from asctl_nuonuo.provider import Nuonuo
from asctl_nuonuo.sandbox import NuonuoSandbox
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/nuonuo"
(SPEC,) = asctl_nuonuo.asctl_invoice_providers()
SETTINGS: dict[str, object] = {
    **{setting.name: setting.default for setting in SPEC.settings},
    **NuonuoSandbox().accounts(BASE)["invoices"]["nuonuo"],
    "token_rest": timedelta(hours=6),
}
"""Every setting, as the sandbox writes it or by default."""
SELLER = Seller("91990000MA0DEM0011", "演示销方有限公司", "演示员")
BUYER = Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid")
CODE, RATE = "1090511030000000000", Decimal("0.13")


def line(net: str, tax: str, **more: Any) -> InvoiceLine:
    """A row of the sample's goods."""
    return InvoiceLine("演示水壶", CODE, RATE, Decimal(net), Decimal(tax), Decimal(net) + Decimal(tax), **more)


SOLD = line(
    "200.00", "26.00", quantity=Decimal(2), price=Decimal(113), unit="件", spec="1.5L", sku="SKU-01",
    nature=LineNature.DISCOUNTED, line_id="L-1",
)  # fmt: skip
REBATE = line("-20.00", "-2.60", nature=LineNature.DISCOUNT)
BLUE = InvoiceRequest(
    "B2601017QK4M2ZP01", SELLER, InvoiceKind.DIGITAL_SPECIAL, BUYER, (SOLD, REBATE),
    Decimal("180.00"), Decimal("23.40"), Decimal("203.40"),
    order_id="3000000000000000001", ordered_at=datetime(2026, 1, 1, 10, tzinfo=CHINA), case="RMA2601010001X",
)  # fmt: skip
ONE_BACK = line("-90.00", "-11.70", quantity=Decimal(-1), price=Decimal("101.7"), unit="件", spec="1.5L", blue_line=1)
FULL = Reversal(
    "R260102H3J5K7M901", SELLER, InvoiceKind.DIGITAL_SPECIAL, BUYER, Scope.FULL, Reason.RETURN,
    BLUE.serial, "26990000000000000001", (), Decimal("-180.00"), Decimal("-23.40"), Decimal("-203.40"),
    requested_at=datetime(2026, 1, 2, 10, tzinfo=CHINA),
)  # fmt: skip
PART = replace(
    FULL, scope=Scope.PARTIAL, lines=(ONE_BACK,), net=Decimal("-90.00"), tax=Decimal("-11.70"), gross=Decimal("-101.70")
)


def said(code: str, words: str = "说明", **more: object) -> SandboxReply:
    """An envelope; ``result`` is left out where it is not given."""
    return SandboxReply.of({"code": code, "describe": words, **more})


def content(request: HttpRequest) -> dict[str, Any]:
    """The business content of a call."""
    told: dict[str, Any] = json.loads(request.body or b"")
    return told


@dataclass
class Desk:
    """An account and its world, with a clock that is moved by hand."""

    loop: Loopback
    provider: Nuonuo

    @property
    def operations(self) -> list[str]:
        """The calls so far, without their tokens."""
        return [request.operation for request in self.loop.sent if request.operation != "accessToken"]

    def wait(self, seconds: float) -> None:
        self.loop.clock.sleep(seconds)

    def told(self, request: InvoiceRequest = BLUE) -> InvoiceTold:
        """The invoice as a look finds it."""
        found = self.provider.find_invoice(request)
        assert found.invoice is not None
        return found.invoice

    def issued(self, request: InvoiceRequest = BLUE) -> InvoiceTold:
        """Issue an invoice and wait until it is there."""
        self.provider.issue_invoice(request)
        self.wait(4)
        return self.told(request)

    def reversal(self, wanted: Reversal = FULL, request: InvoiceRequest = BLUE) -> Reversal:
        """The same reversal, of an invoice that is issued now."""
        blue = self.issued(request)
        return replace(wanted, blue_number=blue.number, blue_reference=blue.reference)

    def used(self, number: str) -> None:
        """The buyer confirms the use of an invoice."""
        invoice = self.loop.world.bureau.issued(number)
        assert invoice is not None
        invoice.used = True

    def answers(self, reply: SandboxReply, operation: str = "", times: int = 0) -> None:
        """Have every call, or those of one operation, answered thus, for ever or so many times; tokens are given as always."""
        through, so_far = self.loop.answer, count(1)

        def instead(request: Any) -> SandboxReply:
            called = self.loop.app.identify(request).operation
            ours = called == operation if operation else called != "token"
            return reply if ours and (not times or next(so_far) <= times) else through(request)

        self.loop.answer = instead

    def found(self, wanted: Reversal) -> InvoiceFinding:
        return self.provider.find_reversal(wanted)


@pytest.fixture
def app() -> NuonuoSandbox:
    made = NuonuoSandbox()
    made.accounts(BASE)
    return made


@pytest.fixture
def make_desk(app: NuonuoSandbox) -> Callable[..., Desk]:
    """Build an account on a world of its own; named settings replace those that the sandbox writes."""

    def make(**changed: object) -> Desk:
        loop = Loopback(app, BASE)
        return Desk(loop, Nuonuo(loop.context("books", SETTINGS | changed)))

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
