"""The seeded shop: the same each time, with everything in it, and all of it plausible."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asctl.domain.aftersales import AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.parcels import Parcel, ParcelStatus, status_of
from asctl.domain.policy import WatchPolicy
from asctl.domain.times import CHINA
from asctl.domain.watch import Verdict, judge
from asctl.sandbox.builders import Builder
from asctl.sandbox.people import RARE_NAMES
from asctl.sandbox.seed import seed_shop
from asctl.sandbox.world import World

NOW = datetime(2026, 11, 21, 9, 30, 12, 345678, tzinfo=CHINA)


def seeded(seed: int = 1, now: datetime = NOW) -> World:
    """A world seeded at ``now``."""
    world = World(lambda: now)
    seed_shop(world, Builder(seed))
    return world


def test_a_seed_at_a_time_is_one_shop() -> None:
    """The same seed at the same time repeats to the last character; another seed shares no order number."""
    one, same, other = seeded(7), seeded(7), seeded(8)
    assert (one.orders, one.after_sales, one.parcels) == (same.orders, same.after_sales, same.parcels)
    assert not one.orders.keys() & other.orders.keys()


@given(seed=st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_every_state_is_there_with_every_seed(seed: int) -> None:
    """Parcels in every status, after-sales of every kind and state, orders in every status."""
    world = seeded(seed)
    assert {status_of(parcel.events(NOW))[0] for parcel in world.parcels.values()} == set(ParcelStatus)
    assert {after_sale.kind for after_sale in world.after_sales.values()} == set(AfterSaleKind)
    assert {after_sale.status for after_sale in world.after_sales.values()} == set(AfterSaleStatus)
    assert {order.status for order in world.orders.values()} == set(OrderStatus) - {OrderStatus.UNKNOWN}
    assert 35 <= len(world.orders) <= 50


@given(seed=st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_times_and_money_are_in_order_with_every_seed(seed: int) -> None:
    """Created, paid, shipped, finished follow each other, nothing lies ahead, and lines add up to the order."""
    world = seeded(seed)
    for order in world.orders.values():
        moments = [order.created_at, order.paid_at, order.shipped_at, order.finished_at]
        happened = [moment for moment in moments if moment is not None]
        assert happened == sorted(happened)
        assert happened[-1] <= order.modified_at <= NOW
        assert sum(line.paid for line in order.lines) + order.freight == order.amount
        assert order.amount == round(order.amount, 2)
    for after_sale in world.after_sales.values():
        order = world.orders[after_sale.order_id]
        assert (order.shipped_at or order.created_at) <= after_sale.created_at <= after_sale.modified_at <= NOW


def test_watching_the_seeded_parcels_gives_every_verdict() -> None:
    """The rules find slow, stalled, lost, overdue and troubled parcels in the shop."""
    world = seeded()
    verdicts = set()
    for parcel in world.parcels.values():
        order = world.orders.get(parcel.order_id)
        known = Parcel(
            parcel.courier,
            parcel.waybill,
            added_at=NOW,
            seen_at=NOW,
            shipped_at=order.shipped_at if order else None,
        )
        verdicts.add(judge(known, parcel.events(NOW), WatchPolicy(), NOW).verdict)
    assert verdicts == set(Verdict) - {Verdict.UNKNOWN}


def test_one_order_went_out_in_two_parcels_and_one_has_two_cases() -> None:
    """An order may have several waybills, and may carry several after-sales."""
    world = seeded()
    assert [len(order.waybills) for order in world.orders.values()].count(2) == 1
    per_order = [after_sale.order_id for after_sale in world.after_sales.values()]
    assert len(per_order) > len(set(per_order))


@pytest.mark.parametrize("name", RARE_NAMES)
def test_rare_names_are_among_the_receivers(name: str) -> None:
    """Names that trip over fonts and byte limits are always there."""
    assert name in {order.receiver.name for order in seeded().orders.values()}


def test_nobody_real_is_called() -> None:
    """Every phone is of the range that stands for nobody."""
    world = seeded()
    assert all(order.receiver.phone.startswith("1380000") for order in world.orders.values())
    texts = [event.text for parcel in world.parcels.values() for event in parcel.script]
    assert all(text.partition("电话：")[2][:7] in ("", "1380000") for text in texts)


def test_a_return_is_on_its_way_in_a_parcel_of_its_own() -> None:
    """What comes back is a parcel of the world, told apart from what the order went out in."""
    world = seeded()
    returning = [claim for claim in world.after_sales.values() if claim.status is AfterSaleStatus.RETURNING]
    assert returning
    keys = {(key.courier, key.waybill) for key in world.parcels}
    for claim in returning:
        assert (claim.return_courier, claim.return_waybill) in keys
        assert (claim.return_courier, claim.return_waybill) not in world.orders[claim.order_id].waybills


def test_a_parcel_that_stands_still_moves_on_when_the_clock_does() -> None:
    """One stalled parcel has its next scan ahead, so that a task can be seen to close by itself."""
    world = seeded()
    later = NOW + timedelta(hours=7)
    stalled = [parcel for parcel in world.parcels.values() if _idle(parcel.events(NOW), NOW) == timedelta(hours=52)]
    assert any(_idle(parcel.events(later), later) < timedelta(hours=2) for parcel in stalled)


def _idle(events: tuple[object, ...], now: datetime) -> timedelta:
    moments = [getattr(event, "at", now) for event in events] or [now]
    return now.replace(microsecond=0) - max(moments)


def test_order_and_line_numbers_are_as_the_marketplace_gives_them() -> None:
    """19 digits, within a signed 64-bit number; a single line has its order's number, several have their own."""
    orders: list[Order] = list(seeded(999_999_999).orders.values())
    assert all(len(order.order_id) == 19 and int(order.order_id) < 1 << 63 for order in orders)
    for order in orders:
        lines = [line.line_id for line in order.lines]
        assert (order.order_id in lines) is (len(lines) == 1)
        assert len(set(lines)) == len(lines)
