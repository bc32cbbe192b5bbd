"""The sandbox's orders and remarks, seen from the wire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from asctl.api import Flag, china_text
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.sandbox_calls import TID, asked
from tests.plugins.taobao.support import NOW, World, an_order, put


def test_fields(app: TaobaoSandbox, world: World) -> None:
    """Only what was asked for is told; a dotted name asks for one member of each line."""
    put(world, an_order())
    trade = asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields="tid,orders.oid,orders.num")["trade"]
    assert trade == {"tid": int(TID), "orders": {"order": [{"oid": 4000000000000500101, "num": 2}]}}
    whole = asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields="orders,orders.oid")["trade"]
    assert whole["orders"]["order"][0]["invoice_no"] == "YT0000000000001"


def test_personal_data(app: TaobaoSandbox, world: World) -> None:
    """Name, phone and address are masked; trade.get shows no receiver; oaid needs all five fields."""
    put(world, an_order())
    five = "receiver_name,receiver_address,created,receiver_mobile,receiver_phone"
    trade = asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields=five + ",oaid,buyer_nick")["trade"]
    assert trade["receiver_name"] == "虚**"
    assert trade["receiver_mobile"] == "1380000****"
    assert "3幢502" not in trade["receiver_address"]
    assert "虚构买家" not in trade["buyer_nick"]
    assert "receiver_phone" not in trade
    assert trade["oaid"]
    assert "oaid" not in asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields="oaid,tid")["trade"]
    assert asked(app, world, "taobao.trade.get", tid=TID, fields=five)["trade"].keys() == {"created"}


def test_lists_hold_no_remark(app: TaobaoSandbox, world: World) -> None:
    """Remark and message are not in lists; the flag and the mark that there is a message are."""
    put(world, an_order())
    window = {"start_modified": china_text(NOW - timedelta(days=1)), "end_modified": china_text(NOW)}
    fields = "tid,seller_memo,buyer_message,seller_flag,has_buyer_message"
    member = asked(app, world, "taobao.trades.sold.increment.get", fields=fields, **window)
    assert member["trades"]["trade"] == [{"tid": int(TID), "seller_flag": 0, "has_buyer_message": True}]
    assert (member["total_results"], "has_next" in member) == (1, False)
    member = asked(app, world, "taobao.trades.sold.increment.get", fields=fields, use_has_next="true", **window)
    assert (member["has_next"], "total_results" in member) == (False, False)


def test_windows_of_the_increment_list(app: TaobaoSandbox, world: World) -> None:
    """No window longer than a day, none the wrong way round; an empty list is absent."""

    def listed(start: timedelta, end: timedelta) -> dict[str, Any]:
        window = {"start_modified": china_text(NOW + start), "end_modified": china_text(NOW + end)}
        return asked(app, world, "taobao.trades.sold.increment.get", fields="tid", **window)

    assert listed(timedelta(days=-1, seconds=-1), timedelta())["code"] == 41
    assert listed(timedelta(), timedelta(days=-1))["code"] == 41
    assert listed(timedelta(days=-1), timedelta()) == {"total_results": 0}


def test_list_by_creation(app: TaobaoSandbox, world: World) -> None:
    """trades.sold.get goes by creation, newest first, and filters by status."""
    put(world, *(an_order(n, created_at=NOW - timedelta(hours=n)) for n in (3, 1, 2)))
    put(world, an_order(4, raw_status="TRADE_CLOSED"))
    found = asked(app, world, "taobao.trades.sold.get", fields="tid", status="WAIT_BUYER_CONFIRM_GOODS", page_size="2")
    assert [row["tid"] % 10 for row in found["trades"]["trade"]] == [1, 2]
    assert found["total_results"] == 3


@pytest.mark.parametrize("page", [{"page_no": "0"}, {"page_size": "0"}, {"page_size": "101"}, {"page_size": "x"}])
def test_odd_pages(app: TaobaoSandbox, world: World, page: dict[str, str]) -> None:
    """Pages begin at 1 and hold 1 to 100 rows."""
    assert asked(app, world, "taobao.trades.sold.get", fields="tid", **page)["code"] == 41


def test_memo_rules(app: TaobaoSandbox, world: World) -> None:
    """Add works once; update without text keeps it and changes the flag; reset clears it whatever the text says."""
    put(world, an_order(remark=""))
    world.sleep(5)
    assert asked(app, world, "taobao.trade.memo.add", tid=TID, memo="一", flag="1")["trade"]["tid"] == int(TID)
    assert asked(app, world, "taobao.trade.memo.add", tid=TID, memo="二")["sub_code"] == "isv.sandbox-memo-exists"
    asked(app, world, "taobao.trade.memo.update", tid=TID, flag="4")
    assert (world.orders[TID].remark, world.orders[TID].flag) == ("一", Flag.BLUE)
    assert world.orders[TID].modified_at == world.now()
    asked(app, world, "taobao.trade.memo.update", tid=TID, memo="三", reset="true")
    assert (world.orders[TID].remark, world.orders[TID].flag) == ("", Flag.BLUE)


@pytest.mark.parametrize(
    ("memo", "fits"), [("a" * 1000, True), ("a" * 1001, False), ("长" * 333, True), ("长" * 334, False)]
)
def test_memo_bytes(app: TaobaoSandbox, world: World, memo: str, fits: bool) -> None:
    """A memo holds 1,000 bytes in either encoding."""
    put(world, an_order())
    member = asked(app, world, "taobao.trade.memo.update", tid=TID, memo=memo)
    assert ("trade" in member) is fits
    assert (world.orders[TID].remark == memo) is fits


def test_memo_flag(app: TaobaoSandbox, world: World) -> None:
    """There are six flags."""
    put(world, an_order())
    assert asked(app, world, "taobao.trade.memo.update", tid=TID, memo="x", flag="6")["code"] == 41
