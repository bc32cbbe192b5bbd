"""Goods fetched at customers': ordered at once, fetched hours later, told by the scans of a parcel of their own."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime, timedelta
from random import Random

from asctl.api.sandbox import SandboxParcel, SandboxPickup
from asctl.capabilities.writes import Effect
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus, in_hand, status_of
from asctl.sandbox.journeys import USUAL, WORDS, Way, city_of, tell
from asctl.sandbox.waybills import waybill

FETCHED_AFTER = timedelta(hours=3)
"""From the order until the courier is at the customer's door, on the sandbox's clock."""
_HUB = "嘉兴市"
_SERIALS_FROM = 500_000  # the seeded parcels and those of the control door count from 1


class Pickups:
    """The pickups of one world, in the order of their coming. Whoever calls holds the world's lock."""

    def __init__(self, parcels: MutableMapping[ParcelKey, SandboxParcel], now: Callable[[], datetime]) -> None:
        self.all: list[SandboxPickup] = []
        self._parcels = parcels
        self._now = now

    def accept(
        self, plugin: str, courier: str, key: str, sender: Receiver, receiver: Receiver, remark: str
    ) -> SandboxPickup:
        """Note an order, and have the courier come."""
        at, running = self._now().replace(microsecond=0), len(self.all) + 1
        number = waybill(courier, _SERIALS_FROM + running, Random(running))
        made = SandboxPickup(f"P{at:%y%m%d}{running:07d}", plugin, courier, number, at, key, sender, receiver, remark)
        self.all.append(made)
        way = Way(city_of(sender), _HUB, city_of(receiver))
        script = [_scan(at, ParcelStatus.CREATED), *tell(USUAL, at + FETCHED_AFTER, way)]
        parcel = SandboxParcel(courier, made.waybill, phone_tail=sender.phone[-4:], script=script)
        self._parcels[ParcelKey(courier, made.waybill)] = parcel
        return made

    def cancel(self, pickup: SandboxPickup) -> bool:
        """Take it back, unless the goods are fetched by now."""
        if self.effect(pickup) is Effect.EFFECTIVE:
            return False
        if not pickup.cancelled:
            now = self._now().replace(microsecond=0)
            parcel = self._parcels[ParcelKey(pickup.courier, pickup.waybill)]
            parcel.script = [*parcel.events(now), _scan(now, ParcelStatus.CANCELLED)]
            pickup.cancelled = True
        return True

    def effect(self, pickup: SandboxPickup) -> Effect:
        """What came of it by now: also where somebody put other scans down for its parcel."""
        if pickup.cancelled:
            return Effect.CANCELLED
        events = self._parcels[ParcelKey(pickup.courier, pickup.waybill)].events(self._now())
        if any(in_hand(event.status) for event in events):
            return Effect.EFFECTIVE
        return Effect.INEFFECTIVE if status_of(events)[0] is ParcelStatus.CANCELLED else Effect.ACCEPTED


def _scan(at: datetime, status: ParcelStatus) -> Event:
    return Event(at, status, WORDS[status])
