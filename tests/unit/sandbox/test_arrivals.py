"""What the control door puts into the world."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from asctl.domain.orders import OrderStatus
from asctl.domain.parcels import ParcelKey, ParcelStatus
from asctl.domain.times import iso
from asctl.sandbox.marketplace import ORDER_WORDS

if TYPE_CHECKING:
    from tests.unit.sandbox.conftest import Client


def test_orders_come_with_their_parcels_picked_up(client: Client) -> None:
    """A shipped order is a parcel of the world, asked about by the waybill and phone tail answered."""
    paid_at = client.sandbox.world.now() - timedelta(days=3)
    body = {"count": 3, "status": "WAIT_BUYER_CONFIRM_GOODS", "paid_at": paid_at.isoformat(), "couriers": ["sf", "yto"]}
    made = client.control("POST", "orders", {"shop": "flagship", **body})
    assert [one["courier"] for one in made] == ["sf", "yto", "sf"]
    state = client.control("GET", "state")
    orders = {order["order_id"]: order for order in state["orders"]}
    parcels = {(parcel["courier"], parcel["waybill"]): parcel for parcel in state["parcels"]}
    for one in made:
        order, parcel = orders[one["order_id"]], parcels[one["courier"], one["waybills"][0]]
        assert order["paid_at"] == iso(paid_at)
        assert parcel["order_id"] == one["order_id"]
        assert parcel["phone_tail"] == one["phone_tail"] == order["receiver"]["phone"][-4:]
        assert "PICKED_UP" in [event["status"] for event in parcel["events"]]


@pytest.mark.parametrize("word", [*ORDER_WORDS, *sorted({status.value for status in ORDER_WORDS.values()})])
def test_every_status_of_an_order_can_be_asked_for(client: Client, word: str) -> None:
    """The marketplace's words and ours are understood; only orders that went out have waybills."""
    (made,) = client.control("POST", "orders", {"status": word})
    order = client.sandbox.world.orders[made["order_id"]]
    assert word in (order.raw_status, order.status)
    went_out = {OrderStatus.PART_SHIPPED, OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.FINISHED}
    assert bool(made["waybills"]) is (order.status in went_out)


def test_a_partly_shipped_order_has_a_line_without_a_waybill(client: Client) -> None:
    """Its lines carry words of their own."""
    (made,) = client.control("POST", "orders", {"status": "part_shipped"})
    lines = client.sandbox.world.orders[made["order_id"]].lines
    assert {bool(line.waybill): line.raw_status for line in lines} == {
        True: "WAIT_BUYER_CONFIRM_GOODS",
        False: "WAIT_SELLER_SEND_GOODS",
    }


def test_an_order_paid_a_moment_ago_is_already_picked_up(client: Client) -> None:
    """However young the order, its times stay in order and none lies ahead of the clock."""
    now = client.sandbox.world.now()
    (made,) = client.control("POST", "orders", {"paid_at": now.isoformat()})
    order = client.sandbox.world.orders[made["order_id"]]
    assert order.paid_at is not None
    assert order.shipped_at is not None
    assert order.created_at < order.paid_at <= order.shipped_at <= client.sandbox.world.now()
    parcel = client.sandbox.world.parcels[ParcelKey(made["courier"], made["waybills"][0])]
    assert parcel.events(client.sandbox.world.now())[0].status is ParcelStatus.PICKED_UP


def test_new_orders_were_changed_now(client: Client) -> None:
    """Whoever asks for changes since the last look hears of them, however long ago they were paid."""
    before = client.sandbox.world.now().replace(microsecond=0)
    (made,) = client.control("POST", "orders", {"paid_at": (before - timedelta(days=20)).isoformat()})
    assert client.sandbox.world.orders[made["order_id"]].modified_at >= before


def test_ten_thousand_orders_have_numbers_of_their_own(client: Client) -> None:
    """No order number and no waybill is given twice, also not by a second call."""
    made = client.control("POST", "orders", {"count": 10_000})
    made += client.control("POST", "orders", {"count": 50})
    assert len({one["order_id"] for one in made}) == 10_050
    assert len({waybill for one in made for waybill in one["waybills"]}) == 10_050


def test_a_parcel_is_put_down_and_appended_to(client: Client) -> None:
    """The second call adds scans and keeps what it does not name; texts left out are made up."""
    told = {"courier": "SF", "waybill": " sf1000000000001 ", "phone_tail": "13800001234", "order_id": "42"}
    first = {"time": "2026-01-02T08:00:00+08:00", "status": "PICKED_UP", "location": "杭州市"}
    second = {"time": "2026-01-02T20:00:00", "status": "IN_TRANSIT", "text": "到达嘉兴", "location": "嘉兴市"}
    client.control("POST", "parcels", told | {"events": [first]})
    parcel = client.control("POST", "parcels", {"courier": "sf", "waybill": "SF1000000000001", "events": [second]})
    assert (parcel["phone_tail"], parcel["order_id"], parcel["status"]) == ("1234", "42", "IN_TRANSIT")
    assert [event["text"] for event in parcel["events"]] == ["【杭州市】快件已揽收", "到达嘉兴"]
    assert parcel["events"][1]["time"] == "2026-01-02T20:00:00+08:00"


def test_a_scan_of_an_unknown_state_carries_a_code_that_nobody_maps(client: Client) -> None:
    """Apps tell it as it is."""
    scan = {"time": "2026-01-02", "status": "UNKNOWN"}
    client.control("POST", "parcels", {"courier": "sf", "waybill": "SF1000000000001", "events": [scan]})
    assert client.sandbox.world.parcels[ParcelKey("sf", "SF1000000000001")].script[0].raw_code == "7788"


@pytest.mark.parametrize("kind", ["refund_only", "return", "exchange", "repair", "reship", "other"])
def test_an_after_sale_waits_for_the_seller(client: Client, kind: str) -> None:
    """It hangs on a line of its order, and the order has changed with it."""
    (made,) = client.control("POST", "orders", {"status": "TRADE_FINISHED"})
    after_sale = client.control("POST", "aftersales", {"order_id": made["order_id"], "kind": kind})
    order = client.sandbox.world.orders[made["order_id"]]
    assert (after_sale["kind"], after_sale["status"], after_sale["phase"]) == (kind, "applied", "aftersale")
    assert after_sale["raw_status"] == ("换货待处理" if kind == "exchange" else "WAIT_SELLER_AGREE")
    assert after_sale["after_sale_id"] in [line.after_sale_id for line in order.lines]
    assert order.modified_at >= datetime.fromisoformat(after_sale["modified_at"])
    assert after_sale["after_sale_id"] in client.sandbox.world.after_sales


def test_an_after_sale_of_another_shop_is_refused(client: Client) -> None:
    """Order numbers belong to a shop."""
    (made,) = client.control("POST", "orders", {"shop": "outlet"})
    body = {"shop": "flagship", "order_id": made["order_id"], "kind": "return"}
    assert client.session.post(client.info.control + "aftersales", json=body, timeout=5).status_code == 400


@pytest.mark.parametrize("paid_days_ago", [None, 3])
@pytest.mark.parametrize("status", ["shipped", "part_shipped", "finished"])
def test_orders_can_go_out_together_in_one_parcel(client: Client, status: str, paid_days_ago: int | None) -> None:
    """Merged shipping: one waybill, one buyer, one address, and no order went out before it was paid."""
    world = client.sandbox.world
    told: dict[str, object] = {"count": 4, "status": status, "couriers": ["sf", "zto"], "together": True}
    if paid_days_ago:
        told["paid_at"] = (world.now() - timedelta(days=paid_days_ago)).isoformat()
    before = len(world.parcels)
    made = client.control("POST", "orders", told)
    orders = [world.orders[one["order_id"]] for one in made]
    assert len(world.parcels) == before + 1
    ((key,),) = {order.waybills for order in orders}
    assert len({order.order_id for order in orders}) == 4
    assert len({(order.buyer, order.receiver, order.shipped_at) for order in orders}) == 1
    assert {(one["courier"], *one["waybills"]) for one in made} == {key}
    assert world.parcels[ParcelKey(*key)].phone_tail == orders[0].receiver.phone[-4:] == made[0]["phone_tail"]
    assert all(order.paid_at and order.shipped_at and order.paid_at <= order.shipped_at for order in orders)


def test_orders_without_a_parcel_cannot_go_out_together(client: Client) -> None:
    """The sentence names the status, and nothing is made."""
    before = len(client.sandbox.world.orders)
    body = {"count": 2, "status": "WAIT_SELLER_SEND_GOODS", "together": True}
    answer = client.session.post(client.info.control + "orders", json=body, timeout=5)
    assert answer.status_code == 400
    assert "WAIT_SELLER_SEND_GOODS" in answer.json()["error"]
    assert len(client.sandbox.world.orders) == before


def test_orders_belong_to_whatever_shop_is_named(client: Client) -> None:
    """A second shop needs nothing but a name, and numbers are shared with nobody."""
    made = client.control("POST", "orders", {"shop": "二店", "count": 2})
    made += client.control("POST", "orders", {"shop": "flagship", "count": 2})
    orders = {order["order_id"]: order["shop"] for order in client.control("GET", "state")["orders"]}
    assert [orders[one["order_id"]] for one in made] == ["二店", "二店", "flagship", "flagship"]
    assert len({one["order_id"] for one in made}) == 4


def test_a_parcel_can_be_another_shops(client: Client) -> None:
    """It stays so until it is told otherwise; couriers show it and refuse to touch it."""
    told = {"courier": "sf", "waybill": "SF1000000000001"}
    scan = {"time": "2026-01-02", "status": "PICKED_UP"}
    assert client.control("POST", "parcels", told | {"foreign": True, "events": [scan]})["foreign"] is True
    assert client.control("POST", "parcels", told)["foreign"] is True
    assert client.intercept("SF1000000000001").json() == {"objection": "NOT_AUTHORISED"}
    assert len(client.track("SF1000000000001").json()["texts"]) == 1
    assert client.control("POST", "parcels", told | {"foreign": False})["foreign"] is False
    assert "number" in client.intercept("SF1000000000001").json()


def test_a_delivery_put_down_ends_an_interception_that_was_not_acted_on(client: Client) -> None:
    """The script of the parcel is told by whoever drives the world, and the courier finds it delivered."""
    (made,) = client.control("POST", "orders", {"couriers": ["sf"], "paid_at": client.sandbox.world.now().isoformat()})
    (waybill,) = made["waybills"]
    client.intercept(waybill)
    assert client.look(waybill) == {"effects": ["accepted"]}
    scan = {"time": client.sandbox.world.now().isoformat(), "status": "DELIVERED"}
    client.control("POST", "parcels", {"courier": "sf", "waybill": waybill, "events": [scan]})
    client.control("POST", "clock", {"advance_s": 86_400})
    assert client.look(waybill) == {"effects": ["ineffective"]}
