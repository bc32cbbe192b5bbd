"""Parcels called back or redirected: accepted at once, acted on hours later, told by the parcel's coming scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from asctl.api.sandbox import SandboxInterception, SandboxParcel
from asctl.capabilities.writes import Effect
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus, in_time_order
from asctl.domain.refusals import RefusalReason
from asctl.sandbox.journeys import WORDS, city_of
from asctl.sandbox.objections import address_objection, parcel_objection

ACTS_AFTER = timedelta(hours=2)
"""From a request to the moment at which the courier acts on it, on the sandbox's clock."""
BACK_AFTER = timedelta(hours=24)
"""From there until a parcel that was called back is home again."""
ON_THE_ROUND_AFTER = timedelta(hours=24)
"""From there until a redirected parcel is out for delivery in its new city ..."""
REDELIVERED_AFTER = timedelta(hours=28)
"""... and until it is signed for there."""

REDIRECT = "redirect"
_PLACES_OF_RETURN = {"sender": "寄件人", "outlet": "发件网点"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the courier is going to do with a parcel, or has done: for ``cause``, told by ``scans``."""

    cause: SandboxInterception
    scans: tuple[Event, ...]

    @property
    def at(self) -> datetime:
        return self.scans[0].at


class Interceptions:
    """The requests of one world, in the order of their coming. Whoever calls holds the world's lock.

    However often a parcel is asked for, the courier acts once: as the first request that stands would have it. Repeats
    are noted all the same, and share its fate.
    """

    def __init__(self, parcels: Mapping[ParcelKey, SandboxParcel], now: Callable[[], datetime]) -> None:
        self.all: list[SandboxInterception] = []
        self._parcels = parcels
        self._now = now
        self._by_parcel: dict[ParcelKey, list[SandboxInterception]] = {}
        self._plans: dict[ParcelKey, _Plan] = {}

    def objection(self, plugin: str, key: ParcelKey, kind: str, receiver: Receiver | None) -> RefusalReason | None:
        """See :meth:`asctl.api.sandbox.SandboxWorld.objection`."""
        reason = parcel_objection(self._parcels.get(key), self._now())
        if reason is None and any(self._bars(standing, plugin) for standing in self._standing(key)):
            return RefusalReason.ALREADY_INTERCEPTED
        if reason is None and kind == REDIRECT and receiver is not None:
            return address_objection(receiver)
        return reason

    def accept(
        self, plugin: str, key: ParcelKey, kind: str, request_key: str, receiver: Receiver | None
    ) -> SandboxInterception:
        """Note a request that met no objection, and have the courier act on it unless it does already."""
        at = self._now().replace(microsecond=0)
        number = f"{at:%y%m%d}{len(self.all) + 1:07d}"
        made = SandboxInterception(number, plugin, key.courier, key.waybill, kind, at, request_key, receiver)
        self.all.append(made)
        self._by_parcel.setdefault(key, []).append(made)
        if key not in self._plans:
            self._plan(key, made)
        return made

    def cancel(self, interception: SandboxInterception) -> bool:
        """Take a request back while it is merely accepted; the next one that stands takes its place."""
        if self.effect(interception) not in (Effect.ACCEPTED, Effect.CANCELLED):
            return False
        interception.cancelled = True
        key = _key(interception)
        plan = self._plans.get(key)
        if plan is not None and plan.cause is interception:
            self._undo(key)
            for standing in self._standing(key)[:1]:
                self._plan(key, standing)
        return True

    def effect(self, interception: SandboxInterception) -> Effect:
        """Effective from the scan by which the courier tells it; ineffective where the parcel was delivered instead."""
        if interception.cancelled:
            return Effect.CANCELLED
        key, now = _key(interception), self._now()
        plan = self._plans.get(key)
        acted = plan is not None and plan.at <= now
        if _delivered_by(self._parcels[key], plan.at if plan is not None and acted else now):
            return Effect.INEFFECTIVE
        return Effect.EFFECTIVE if acted else Effect.ACCEPTED

    def parcel_changed(self, key: ParcelKey) -> None:
        """New scans were put down: one that tells of a delivery before the courier could act leaves it nothing to do."""
        plan = self._plans.get(key)
        if plan is not None and _delivered_by(self._parcels[key], plan.at):
            self._undo(key)

    def _standing(self, key: ParcelKey) -> list[SandboxInterception]:
        return [interception for interception in self._by_parcel.get(key, ()) if not interception.cancelled]

    def _bars(self, standing: SandboxInterception, plugin: str) -> bool:
        """Whether it stands in the way of a request by ``plugin``: another's always, its own once acted on."""
        return standing.plugin != plugin or self.effect(standing) is Effect.EFFECTIVE

    def _plan(self, key: ParcelKey, interception: SandboxInterception) -> None:
        parcel, acts_at = self._parcels[key], interception.at + ACTS_AFTER
        if _delivered_by(parcel, acts_at):
            return
        interception.replaced = [event for event in parcel.script if event.at > acts_at]
        parcel.script = [event for event in parcel.script if event.at <= acts_at]
        plan = _Plan(interception, _scans(interception, in_time_order(parcel.script), acts_at))
        parcel.script.extend(plan.scans)
        self._plans[key] = plan

    def _undo(self, key: ParcelKey) -> None:
        """The script as it was before."""
        plan, parcel = self._plans.pop(key), self._parcels[key]
        parcel.script = [event for event in parcel.script if event not in plan.scans]
        parcel.script.extend(plan.cause.replaced)
        plan.cause.replaced = []


def _key(interception: SandboxInterception) -> ParcelKey:
    return ParcelKey(interception.courier, interception.waybill)


def _delivered_by(parcel: SandboxParcel, moment: datetime) -> bool:
    return any(event.status is ParcelStatus.DELIVERED for event in parcel.events(moment))


def _scans(interception: SandboxInterception, before: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
    """How the courier tells what it did at ``at`` with a parcel that had these scans ``before``."""
    here, origin = before[-1].location, before[0].location
    if interception.kind == REDIRECT:
        city = city_of(interception.receiver) if interception.receiver is not None else here
        return (
            _scan(at, ParcelStatus.IN_TRANSIT, f"【{here}】快件已按要求改寄【{city}】", here, "redirected"),
            _usual(at + ON_THE_ROUND_AFTER, ParcelStatus.OUT_FOR_DELIVERY, city),
            _usual(at + REDELIVERED_AFTER, ParcelStatus.DELIVERED, city),
        )
    goal = _PLACES_OF_RETURN[interception.kind]
    return (
        _scan(at, ParcelStatus.RETURNING, f"【{here}】快件已按要求拦截，退回{goal}", here, "intercepted"),
        _usual(at + BACK_AFTER, ParcelStatus.RETURNED, origin),
    )


def _scan(at: datetime, status: ParcelStatus, text: str, location: str, *flags: str) -> Event:
    return Event(at, status, text, location=location, flags=flags)


def _usual(at: datetime, status: ParcelStatus, place: str) -> Event:
    return _scan(at, status, WORDS[status].format(place=place, carrier="陈师傅", phone="13800000000"), place)
