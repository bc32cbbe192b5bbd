"""Parcels with the orders inside them, and which may be touched without a second thought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from asctl.domain.errors import BadInput, Refused
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.parcels import Direction, Parcel, ParcelStatus
from asctl.host.plugins import Host
from asctl.services.desk import Desk
from asctl.services.shipments import Leave, Shipment, check_touchable, find_shipment
from asctl.store.opening import Store
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels
from tests.store_support import a_parcel, an_order
from tests.unit.services.far_side import HandClock

WAYBILL = "SF1234567890123"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, cast(Any, None), Host(None, lambda _told: None), cast(Any, None), HandClock())


def known(desk: Desk, parcels: Sequence[Parcel] = (), orders: Sequence[Order] = ()) -> None:
    with desk.store.write() as tx:
        add_parcels(tx, parcels)
        put_orders(tx, orders)


def shipment(parcel: Parcel | None = None, *orders: Order) -> Shipment:
    return Shipment("sf", WAYBILL, parcel, orders)


def no(each: Shipment, leave: Leave | None = None) -> str:
    """The code of what stands against it, or nothing."""
    try:
        check_touchable(each, leave or Leave())
    except Refused as refused:
        assert refused.hint
        return refused.code
    return ""


def test_a_parcel_with_its_orders(desk: Desk) -> None:
    """Under watch or not, what is inside follows from the orders; its phone tail from the parcel."""
    order = an_order()
    known(desk, orders=[order])
    assert find_shipment(desk, WAYBILL) == Shipment("sf", WAYBILL, None, (order,))
    known(desk, [a_parcel(WAYBILL, phone_tail="1234")])
    found = find_shipment(desk, WAYBILL)
    assert (found.order, found.phone_tail, found.parcel and found.parcel.key.courier) == (order, "1234", "sf")


def test_orders_of_another_shop_are_not_inside_for_one(desk: Desk) -> None:
    """Two orders in one parcel are both found; a shop asks for its own."""
    one, two = an_order("1"), an_order("2", shop="outlet")
    known(desk, orders=[one, two])
    assert {order.order_id for order in find_shipment(desk, WAYBILL).orders} == {"1", "2"}
    assert find_shipment(desk, WAYBILL, shop="outlet").orders == (two,)


def test_a_number_at_two_couriers_must_be_told_apart(desk: Desk) -> None:
    """Nobody guesses which parcel is meant."""
    known(desk, [a_parcel(WAYBILL), a_parcel(WAYBILL, courier="zto")])
    with pytest.raises(BadInput) as caught:
        find_shipment(desk, WAYBILL)
    assert caught.value.code == "ambiguous_parcel"
    assert find_shipment(desk, WAYBILL, "zto").courier == "zto"


def test_what_the_marketplace_calls_the_courier_is_enough(desk: Desk) -> None:
    """A number whose shape tells nothing is taken to the courier that the order names; without one it is refused."""
    lines = tuple(replace(line, courier="yto", waybill="778812345678") for line in an_order().lines)
    known(desk, orders=[an_order(lines=lines)])
    assert find_shipment(desk, "778812345678").courier == "yto"
    with pytest.raises(BadInput):
        find_shipment(desk, "000000")


def test_another_courier_than_the_store_knows(desk: Desk) -> None:
    """What is under watch counts, and the lines of orders; a parcel put right by hand may go by either."""
    known(desk, orders=[an_order()])
    for _time in range(2):
        with pytest.raises(BadInput) as caught:
            find_shipment(desk, WAYBILL, "zto")
        assert caught.value.code == "courier_contradicts"
        assert find_shipment(desk, WAYBILL, "sf").courier == "sf"
        known(desk, [a_parcel(WAYBILL)])
    known(desk, [a_parcel(WAYBILL, courier="zto")])
    assert find_shipment(desk, WAYBILL, "zto").courier == "zto"
    assert find_shipment(desk, "SF0000000000000", "zto").courier == "zto"


def test_a_number_may_be_an_orders_and_a_waybill_too(desk: Desk) -> None:
    """Only what is known as no parcel is told to be an order."""
    known(desk, orders=[an_order("123456789012")])
    with pytest.raises(BadInput) as caught:
        find_shipment(desk, "123456789012", "sto")
    assert caught.value.code == "order_not_waybill"
    known(desk, [a_parcel("123456789012", courier="sto")])
    assert find_shipment(desk, "123456789012").courier == "sto"


def test_nothing_stands_against_a_parcel_under_way() -> None:
    """Known or not, with its order or without."""
    moving = a_parcel(WAYBILL, status=ParcelStatus.IN_TRANSIT)
    assert no(shipment()) == no(shipment(moving)) == no(shipment(moving, an_order())) == ""


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ParcelStatus.DELIVERED, "already_delivered"),
        (ParcelStatus.RETURNED, "already_returned"),
        (ParcelStatus.CANCELLED, "parcel_cancelled"),
    ],
)
def test_a_parcel_at_its_end_is_left_alone(status: ParcelStatus, code: str) -> None:
    """Unless somebody knows better and says so."""
    ended = shipment(a_parcel(WAYBILL, status=status))
    assert (no(ended), no(ended, Leave(signed=True))) == (code, "")


@pytest.mark.parametrize("status", [OrderStatus.SIGNED, OrderStatus.FINISHED])
def test_where_marketplace_and_courier_disagree_a_person_decides(status: OrderStatus) -> None:
    """The refusal names both, and is overruled only by leave; the parcel's own silence is no contradiction."""
    contradicted = shipment(a_parcel(WAYBILL, status=ParcelStatus.IN_TRANSIT), an_order(status=status))
    with pytest.raises(Refused) as caught:
        check_touchable(contradicted, Leave())
    assert caught.value.code == "sources_disagree"
    assert all(word in caught.value.message for word in (status.value, "IN_TRANSIT", WAYBILL))
    assert no(contradicted, Leave(signed=True)) == ""
    assert no(shipment(a_parcel(WAYBILL), an_order(status=status))) == ""


def test_a_parcel_with_several_orders_needs_leave() -> None:
    """All of their customers are concerned; to be allowed a signed one is no leave for several."""
    both = shipment(a_parcel(WAYBILL), an_order("1"), an_order("2"))
    assert (no(both), no(both, Leave(signed=True)), no(both, Leave(several_orders=True))) == (
        "several_orders",
        "several_orders",
        "",
    )


def test_a_customers_parcel_is_never_called_back() -> None:
    """What comes to us was sent by somebody else: no leave helps."""
    coming = shipment(a_parcel(WAYBILL, direction=Direction.RETURN))
    assert no(coming, Leave(signed=True, several_orders=True)) == "return_parcel"
    assert no(shipment(a_parcel(WAYBILL, direction=Direction.REPLACEMENT))) == ""
