"""Marketplace and courier, each with every word they know."""

from __future__ import annotations

import pytest

from asctl.domain.disagreement import MARKETPLACE_SAYS_SIGNED, MARKETPLACE_SAYS_UNSENT, disagreement
from asctl.domain.orders import OrderStatus
from asctl.domain.parcels import ParcelStatus

RECEIVED = (OrderStatus.SIGNED, OrderStatus.FINISHED)
UNSENT = (OrderStatus.UNPAID, OrderStatus.TO_SHIP)
NOT_SENT = (
    ParcelStatus.NO_DATA,
    ParcelStatus.CREATED,
    ParcelStatus.PICKUP_FAILED,
    ParcelStatus.CANCELLED,
    ParcelStatus.UNKNOWN,
)
ARRIVED = (ParcelStatus.DELIVERED, ParcelStatus.RETURNING, ParcelStatus.RETURNED)
MOVING = tuple(status for status in ParcelStatus if status not in NOT_SENT + ARRIVED)


@pytest.mark.parametrize("order", RECEIVED)
def test_signed_for_the_marketplace_and_moving_for_the_courier(order: OrderStatus) -> None:
    """Every status of a parcel under way contradicts a signed order, even a lost or a refused one."""
    assert {disagreement(order, parcel) for parcel in MOVING} == {MARKETPLACE_SAYS_SIGNED}
    assert ParcelStatus.LOST in MOVING


@pytest.mark.parametrize("order", RECEIVED)
@pytest.mark.parametrize("parcel", ARRIVED + NOT_SENT)
def test_a_signed_order_agrees_with_what_came_after_and_with_silence(order: OrderStatus, parcel: ParcelStatus) -> None:
    """A signed parcel may come back, and a courier that knows nothing contradicts nobody."""
    assert disagreement(order, parcel) == ""


@pytest.mark.parametrize("order", UNSENT)
def test_unsent_for_the_marketplace_and_under_way_for_the_courier(order: OrderStatus) -> None:
    """A parcel that was picked up belongs to an order that was sent, whatever became of it then."""
    assert {disagreement(order, parcel) for parcel in MOVING + ARRIVED} == {MARKETPLACE_SAYS_UNSENT}
    assert {disagreement(order, parcel) for parcel in NOT_SENT} == {""}


@pytest.mark.parametrize("order", [status for status in OrderStatus if status not in RECEIVED + UNSENT])
@pytest.mark.parametrize("parcel", ParcelStatus)
def test_an_order_under_way_contradicts_nothing(order: OrderStatus, parcel: ParcelStatus) -> None:
    """Shipped, part shipped, closed and unknown orders fit every parcel."""
    assert disagreement(order, parcel) == ""
