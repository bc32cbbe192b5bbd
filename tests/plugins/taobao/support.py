"""A world, a way to it without sockets, and records to fill it with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from asctl.api import (
    CHINA,
    AfterSale,
    AfterSaleKind,
    AfterSaleStatus,
    Context,
    HttpAnswer,
    HttpRequest,
    Order,
    OrderLine,
    OrderStatus,
    Receiver,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.api.tokens import OwnTokens
from asctl.sandbox import world as sandbox_world
from asctl_taobao import asctl_order_sources
from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import TaobaoSandbox

T = TypeVar("T")
NOW = datetime(2026, 1, 8, 9, 0, tzinfo=CHINA)


class World(sandbox_world.World):
    """The sandbox's world, and the clock of client and server at once."""

    def __init__(self) -> None:
        self.moment = NOW
        super().__init__(lambda: self.moment)

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class DirectHttp:
    """Hands each request to the sandbox app. ``scripted`` answers come first, ``before`` runs ahead of each request."""

    app: TaobaoSandbox
    world: World
    scripted: list[bytes] = field(default_factory=list)
    before: Callable[[HttpRequest], None] = lambda _request: None
    sent: list[HttpRequest] = field(default_factory=list)

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        for attempt in (1, 2, 3):
            request = make()
            self.before(request)
            self.sent.append(request)
            try:
                return read(self._answer(request))
            except Unavailable as error:
                if request.write:
                    raise Unclear(error.message, code="lost_answer") from error
                if attempt == 3 or not error.passing:
                    raise
        raise AssertionError("unreachable")

    def operations(self) -> list[str]:
        return [request.operation for request in self.sent]

    def app_answer(self, request: HttpRequest) -> SandboxReply:
        """What the sandbox makes of a request, whatever the client is told."""
        body = request.body if request.body is not None else urlencode(request.form or {}).encode()
        headers = {name.lower(): value for name, value in (request.headers or {}).items()}
        arrived = SandboxRequest(request.method, urlsplit(request.url).path, {}, headers, body)
        return self.app.answer(arrived, self.app.identify(arrived), self.world)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if self.scripted:
            return HttpAnswer(200, {}, self.scripted.pop(0))
        reply = self.app_answer(request)
        return HttpAnswer(reply.status, {}, reply.body)


def answer_of(
    app: TaobaoSandbox,
    world: World,
    form: Mapping[str, str],
    path: str = "/router/rest",
    query: Mapping[str, str] | None = None,
) -> SandboxReply:
    request = SandboxRequest("POST", path, query or {}, {}, urlencode(form).encode())
    return app.answer(request, app.identify(request), world)


def shop_settings(app: TaobaoSandbox, **changed: object) -> dict[str, object]:
    """What the core hands over: declared defaults, typed, under the sandbox's account."""
    declared = {setting.name: setting.default for setting in asctl_order_sources()[0].settings}
    account = app.accounts("http://127.0.0.1:1")["shops"]["flagship"]
    typed = {"list_window": timedelta(days=1), "ban_rest": timedelta(seconds=60)}
    return {**declared, **{name: account[name] for name in account if name in declared}, **typed, **changed}


def provider_of(http: DirectHttp, **changed: object) -> Taobao:
    settings = shop_settings(http.app, **changed)
    return Taobao(Context("flagship", settings, http, http.world, logging.getLogger("test"), OwnTokens(http.world)))


def an_order(number: int = 101, modified: datetime = NOW - timedelta(minutes=10), **changed: Any) -> Order:
    order_id = str(4000000000000000000 + number)
    line = OrderLine(
        line_id=str(4000000000000000000 + number + 500_000),
        title="示例保温杯 500ml",
        sku="CUP500-BL",
        properties="颜色分类:雾蓝",
        quantity=2,
        price=Decimal("129.00"),
        paid=Decimal("123.34"),
        raw_status="WAIT_BUYER_CONFIRM_GOODS",
        courier="yto",
        waybill="YT0000000000001",
        shipped_at=NOW - timedelta(days=4),
    )
    order = Order(
        order_id=order_id,
        shop="flagship",
        status=OrderStatus.SHIPPED,
        raw_status="WAIT_BUYER_CONFIRM_GOODS",
        created_at=NOW - timedelta(days=6),
        modified_at=modified,
        paid_at=NOW - timedelta(days=6),
        ship_by=NOW - timedelta(days=4),
        shipped_at=NOW - timedelta(days=4),
        amount=Decimal("128.34"),
        freight=Decimal("5.00"),
        buyer="tb虚构买家1",
        receiver=Receiver("虚构甲", "13800001234", "浙江省", "杭州市", "余杭区", "示例街道", "示例路1号示例园3幢502室"),
        buyer_message="请在工作日配送",
        remark="VIP 先联系",
        lines=(line,),
    )
    return replace(order, **changed)


def an_after_sale(number: int = 101, modified: datetime = NOW - timedelta(minutes=10), **changed: Any) -> AfterSale:
    sale = AfterSale(
        after_sale_id=str(70000000000000000 + number),
        shop="flagship",
        order_id="4000000000000000101",
        kind=AfterSaleKind.RETURN,
        status=AfterSaleStatus.RETURNING,
        raw_status="WAIT_SELLER_CONFIRM_GOODS",
        created_at=NOW - timedelta(days=1),
        modified_at=modified,
        line_id="4000000000000500101",
        reason="商品破损",
        description="杯盖裂开，见图",
        title="示例保温杯 500ml",
        amount=Decimal("123.34"),
        goods_back=True,
        phase="onsale",
        version="1767608411000",
        deadline=NOW + timedelta(days=3),
        return_courier="zto",
        return_waybill="73000000000009",
    )
    return replace(sale, **changed)


def an_exchange(number: int = 901, **changed: Any) -> AfterSale:
    settled: dict[str, Any] = {
        "kind": AfterSaleKind.EXCHANGE,
        "status": AfterSaleStatus.APPLIED,
        "raw_status": "换货待处理",
        "amount": Decimal("0.00"),
        **changed,
    }
    return an_after_sale(number, **settled)


def put(world: World, *records: Order | AfterSale) -> None:
    for record in records:
        if isinstance(record, Order):
            world.orders[record.order_id] = record
        else:
            world.after_sales[record.after_sale_id] = record
