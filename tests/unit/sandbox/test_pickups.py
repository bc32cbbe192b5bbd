"""Pickups of the world: accepted until a scan shows the goods in the courier's hands, whatever comes after it."""

from __future__ import annotations

from datetime import datetime

import pytest

from asctl.capabilities.writes import Effect
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus
from asctl.domain.times import CHINA
from asctl.sandbox.world import World

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)
DOOR = Receiver(name="苏小满", phone="13800001234", province="四川省", city="成都市", detail="听雨路12号")
SHOP = Receiver(name="退货组", phone="13800005678", province="浙江省", city="杭州市", detail="青禾路8号")
P = ParcelStatus


@pytest.mark.parametrize(
    ("told", "effect", "goes_back"),
    [
        ((P.NO_DATA,), Effect.ACCEPTED, True),
        ((P.CREATED, P.EXCEPTION), Effect.ACCEPTED, True),
        ((P.CREATED, P.PICKUP_FAILED), Effect.ACCEPTED, True),
        ((P.CREATED, P.CANCELLED), Effect.INEFFECTIVE, True),
        ((P.PICKED_UP,), Effect.EFFECTIVE, False),
        ((P.PICKED_UP, P.EXCEPTION), Effect.EFFECTIVE, False),
        ((P.LOST,), Effect.EFFECTIVE, False),
    ],
)
def test_scans_tell_what_came_of_it(told: tuple[ParcelStatus, ...], effect: Effect, goes_back: bool) -> None:
    """Whatever scans somebody puts down for its parcel; once the goods are in hand it cannot be taken back."""
    world = World(lambda: NOW)
    made = world.order_pickup("sf", "sf", "K-1", DOOR, SHOP, "RMA2611210001X")
    parcel = world.parcels[ParcelKey("sf", made.waybill)]
    parcel.script = [Event(NOW.replace(minute=minute), status, f"扫描{minute}") for minute, status in enumerate(told)]
    assert world.pickup_effect(made) is effect
    assert world.cancel_pickup(made) is goes_back
