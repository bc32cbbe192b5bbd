"""The sandbox's logistics, seen from the wire."""

from __future__ import annotations

from dataclasses import replace

from asctl.api import ParcelKey
from asctl.api.sandbox import SandboxParcel
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.sandbox_calls import TID, asked, resigned, signed, told
from tests.plugins.taobao.support import World, an_order, put


def test_trace_search(app: TaobaoSandbox, world: World) -> None:
    """One parcel is told as signed at once though nothing happened; a split order must be asked about as one."""
    order = an_order()
    put(world, order)
    world.parcels[ParcelKey("yto", "YT0000000000001")] = SandboxParcel("yto", "YT0000000000001")
    member = asked(app, world, "taobao.logistics.trace.search", tid=TID)
    assert (member["status"], member["company_name"], "trace_list" in member) == ("对方已签收", "圆通速递", False)
    other = replace(order.lines[0], line_id="4000000000000500999", courier="sf", waybill="SF0000000000001")
    put(world, replace(order, lines=(*order.lines, other)))
    assert asked(app, world, "taobao.logistics.trace.search", tid=TID)["code"] == 15
    split = asked(app, world, "taobao.logistics.trace.search", tid=TID, is_split="1", sub_tid=other.line_id)
    assert split["tid"] == int(TID)
    both = asked(app, world, "taobao.logistics.trace.get", tid=TID)["result"]["transit_step_result"]
    assert [parcel["out_sid"] for parcel in both] == ["YT0000000000001", "SF0000000000001"]


def test_address_book_and_couriers(app: TaobaoSandbox, world: World) -> None:
    """The default return address, and couriers that have a code; couriers need no session."""
    book = asked(app, world, "taobao.logistics.address.search", rdef="cancel_def")["addresses"]["address_result"]
    assert book[0]["cancel_def"] is True
    form = {**signed("taobao.logistics.companies.get", world, fields="code,name"), "session": ""}
    rows = told(app, world, resigned(form))["logistics_companies"]["logistics_company"]
    assert {"code": "YUNDA", "name": "韵达快递"} in rows
    assert all(row["code"] for row in rows)
