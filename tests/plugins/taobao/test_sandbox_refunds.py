"""The sandbox's applications, seen from the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from asctl.api import china_text
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.sandbox_calls import TID, asked
from tests.plugins.taobao.support import NOW, World, an_after_sale, an_exchange, an_order, put


def test_exchange_fields(app: TaobaoSandbox, world: World) -> None:
    """The line is asked for as bizorder_id and answered as biz_order_id; the end of the window is misspelt."""
    put(world, an_order(), an_exchange(), an_exchange(902, modified_at=NOW), an_after_sale())
    end = china_text(NOW - timedelta(minutes=1))
    member = asked(app, world, "tmall.exchange.receive.get", fields="dispute_id,bizorder_id", end_gmt_modifed_time=end)
    assert member["results"]["exchange"] == [{"dispute_id": "70000000000000901", "biz_order_id": "4000000000000500101"}]
    assert (member["page_results"], member["total_results"], member["has_next"]) == (1, 1, False)
    none = asked(app, world, "tmall.exchange.receive.get", fields="dispute_id", dispute_status_array="2,3")
    assert none == {"page_results": 0, "total_results": 0, "has_next": False}


def test_refunds_and_exchanges_are_apart(app: TaobaoSandbox, world: World) -> None:
    """An exchange is no refund, and the other way round; a refund list filters by status."""
    put(world, an_order(), an_exchange(), an_after_sale())
    listed = asked(app, world, "taobao.refunds.receive.get", fields="refund_id,refund_remind_timeout")
    assert listed["refunds"]["refund"] == [{"refund_id": "70000000000000101"}]
    assert asked(app, world, "taobao.refunds.receive.get", fields="refund_id", status="SUCCESS") == {"total_results": 0}
    unknown = asked(app, world, "taobao.refund.get", fields="refund_id", refund_id="70000000000000901")
    assert unknown["sub_code"] == "isv.sandbox-refund-not-found"


def test_lines_tell_their_refund(app: TaobaoSandbox, world: World) -> None:
    """A line with an application carries its number and state, any other one NO_REFUND."""
    order = an_order()
    fields = {"tid": TID, "fields": "orders.refund_status"}
    put(world, order)
    plain = asked(app, world, "taobao.trade.fullinfo.get", **fields)["trade"]["orders"]["order"]
    line = replace(order.lines[0], after_sale_id="70000000000000101")
    put(world, replace(order, lines=(line,)), an_after_sale())
    applied = asked(app, world, "taobao.trade.fullinfo.get", **fields)["trade"]["orders"]["order"]
    assert (plain, applied) == ([{"refund_status": "NO_REFUND"}], [{"refund_status": "WAIT_SELLER_CONFIRM_GOODS"}])
