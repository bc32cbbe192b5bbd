"""Accounts of Demo over the plugin's own sandbox app, without sockets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleStatus,
    Buyer,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    Order,
    OrderLine,
    OrderStatus,
    Pickup,
    PickupGoods,
    Reason,
    Receiver,
    Reversal,
    Scope,
    Seller,
    TitleType,
    yuan,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_demo.provider import DemoChat, DemoInvoices, DemoMarket, DemoParcels
from asctl_demo.sandbox import DemoMarketSandbox
from tests.plugins.loopback import START, Loopback

P = TypeVar("P")
BASE = "http://127.0.0.1:8100/demo"
KEY = "0123456789abcdef0123456789abcdef"
WAYBILL = "7000000000001"
RMA = "RMA-20261121-0007"
CUSTOMER = Receiver("苏小满", "13800001234", "江苏省", "苏州市", "吴中区", "木渎镇", "松月路8号3幢2单元")
WAREHOUSE = Receiver("退货组", "0571-88888888", "浙江省", "杭州市", "余杭区", "", "青禾路8号")
PICKUP = Pickup(KEY, "demo", CUSTOMER, WAREHOUSE, (PickupGoods("保温壶", "SKU-01", 2),), RMA, remark=RMA)
SELLER = Seller("91990000MA0DEM0011", "演示销方有限公司", "演示员")
BUYER = Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid")
LINE = InvoiceLine(
    "保温壶", "1090511030000000000", Decimal("0.13"), Decimal("200.00"), Decimal("26.00"), Decimal("226.00"),
    Decimal(2), Decimal(113), "件", line_id="L-1",
)  # fmt: skip
BLUE = InvoiceRequest(
    "B26112100000001", SELLER, InvoiceKind.DIGITAL_SPECIAL, BUYER, (LINE,),
    Decimal("200.00"), Decimal("26.00"), Decimal("226.00"), order_id="4000000010000000001", ordered_at=START,
)  # fmt: skip
FULL = Reversal(
    "R26112100000001", SELLER, InvoiceKind.DIGITAL_SPECIAL, BUYER, Scope.FULL, Reason.RETURN, BLUE.serial, "", (),
    Decimal("-200.00"), Decimal("-26.00"), Decimal("-226.00"), requested_at=START,
)  # fmt: skip
ORDER = Order(
    "4000000010000000001", "demo-shop", OrderStatus.TO_SHIP, "paid", START - timedelta(days=2), START - timedelta(hours=5),
    paid_at=START - timedelta(days=2), amount=yuan("226.00"), buyer="demo-buyer", receiver=CUSTOMER,
    lines=(OrderLine("L-1", "保温壶", "SKU-01", quantity=2, price=yuan("113.00"), paid=yuan("226.00")),),
)  # fmt: skip
SENT = replace(
    ORDER,
    order_id="4000000010000000002",
    status=OrderStatus.SHIPPED,
    lines=(replace(ORDER.lines[0], courier="demo", waybill=WAYBILL),),
)
CASE = AfterSale(
    "7000000001", "demo-shop", SENT.order_id, AfterSaleKind.RETURN, AfterSaleStatus.APPLIED, "asked",
    START - timedelta(hours=4), START - timedelta(hours=3), line_id="L-1", title="保温壶", amount=yuan("226.00"),
    goods_back=True, version="1763690000000",
)  # fmt: skip


class Scene:
    """A world, the app, and accounts of it. Nobody else speaks to the app, unless a test does."""

    def __init__(self) -> None:
        self.app = DemoMarketSandbox()
        self.sections = self.app.accounts(BASE)
        self.loop = Loopback(self.app, BASE)
        self.world = self.loop.world
        for order in (ORDER, SENT):
            self.world.add_order(order)
        self.world.add_order(replace(ORDER, order_id="4000000010000000009", shop="flagship"))
        self.world.add_after_sale(CASE)

    def account(self, factory: Callable[..., P], section: str, name: str, **changed: object) -> P:
        settings = {"file_hosts": ("demo.example",), **self.sections[section][name], **changed}
        return factory(self.loop.context(name, settings))

    def wait(self, **span: float) -> datetime:
        """Let time pass on every clock there is."""
        self.loop.clock.moment += timedelta(**span)
        return self.loop.clock.moment

    def answers(self, reply: SandboxReply) -> None:
        """Have every call answered thus, without being carried out."""
        self.loop.answer = lambda _request: reply

    def loses_one(self) -> None:
        """Have the next call carried out, and its answer lost on the way."""
        through = self.loop.answer

        def lost(request: SandboxRequest) -> SandboxReply:
            self.loop.answer = through
            through(request)
            return SandboxReply(b"", status=502)

        self.loop.answer = lost

    def error(self, code: str, **more: Any) -> None:
        """Have every call answered with an error."""
        self.answers(SandboxReply.of({"error": {"code": code, "text": "demo", **more}}))


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def market(scene: Scene) -> DemoMarket:
    return scene.account(DemoMarket, "shops", "demo-shop")


@pytest.fixture
def parcels(scene: Scene) -> DemoParcels:
    return scene.account(DemoParcels, "couriers", "demo")


@pytest.fixture
def invoices(scene: Scene) -> DemoInvoices:
    return scene.account(DemoInvoices, "invoices", "demo-invoices")


@pytest.fixture
def chat(scene: Scene) -> DemoChat:
    return scene.account(DemoChat, "notifiers", "demo-chat")
