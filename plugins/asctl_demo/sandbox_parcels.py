"""Demo Parcels' server side: tracks, requests about parcels under way, pickups and work orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from asctl.api import ParcelKey, Receiver, RefusalReason, as_text
from asctl.api.sandbox import SandboxInterception, SandboxWorld
from asctl_demo import COURIER, ID
from asctl_demo.errors import BAD_MEMBER, NOT_FOUND, REFUSALS
from asctl_demo.sandbox_gate import No, Result, Taken
from asctl_demo.sandbox_records import scan_record
from asctl_demo.wire import Row, read_receiver

_CODES = {reason: code for code, reason in REFUSALS.items()}
_PLACES = frozenset({"sender", "outlet"})
_CLAIM_KINDS = frozenset({"urge", "no_movement", "damage", "loss", "missing", "weight"})
_CLOSED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What somebody complained of; of damage Demo wants pictures."""

    number: str
    kind: str
    at: datetime

    def state(self, now: datetime) -> str:
        if now >= self.at + _CLOSED_AFTER:
            return "closed"
        return "waiting_for_us" if self.kind == "damage" else "open"


class Courier:
    """What the account asks of Demo's parcels."""

    def __init__(self) -> None:
        self._claims: dict[str, WorkOrder] = {}
        self.reads: Mapping[str, Callable[[Row, SandboxWorld], Result]] = {
            "track": _track,
            "claim_state": self._claim_state,
        }
        self.keyed: Mapping[str, Callable[[Row, SandboxWorld], Taken]] = {
            "intercept": _intercept,
            "redirect": _redirect,
            "pickup": _pickup,
            "claim": self._claim,
        }

    def _claim(self, asked: Row, world: SandboxWorld) -> Taken:
        if ParcelKey(COURIER, asked.needed("waybill")) not in world.parcels:
            raise No("not_yours")
        if asked.needed("kind") not in _CLAIM_KINDS:
            raise No(BAD_MEMBER, member="kind")
        made = WorkOrder(f"W{len(self._claims) + 1:06d}", asked.needed("kind"), world.now())
        self._claims[made.number] = made
        return Taken(made.number)

    def _claim_state(self, asked: Row, world: SandboxWorld) -> Result:
        if (claim := self._claims.get(asked.needed("number"))) is None:
            raise No(NOT_FOUND)
        return {"state": claim.state(world.now())}


def refuse_objection(reason: RefusalReason | None) -> None:
    """Raise :class:`No` in Demo's own word for an objection of the world; do nothing where there is none."""
    if reason is not None:
        raise No(_CODES[reason])


def _track(asked: Row, world: SandboxWorld) -> Result:
    """Waybills that nobody knows are left out."""
    waybills = [as_text(value) for value in asked.items("waybills")]
    found = [world.parcels[key] for waybill in waybills if (key := ParcelKey(COURIER, waybill)) in world.parcels]
    return {
        "parcels": [
            {"waybill": parcel.waybill, "scans": [scan_record(event) for event in parcel.events(world.now())]}
            for parcel in found
        ]
    }


def _intercept(asked: Row, world: SandboxWorld) -> Taken:
    place = asked.needed("to")
    if place not in _PLACES:
        raise No(BAD_MEMBER, member="to")
    return _under_way(asked, world, place, None)


def _redirect(asked: Row, world: SandboxWorld) -> Taken:
    return _under_way(asked, world, "redirect", read_receiver(asked.row("receiver")))


def _under_way(asked: Row, world: SandboxWorld, kind: str, receiver: Receiver | None) -> Taken:
    """One request for each parcel: a second one, under another key, is refused while the first stands."""
    parcel = ParcelKey(COURIER, asked.needed("waybill"))
    refuse_objection(world.objection(ID, parcel, kind, receiver))
    if any(_stands(one, parcel) for one in world.interceptions):
        raise No("asked_already")
    made = world.intercept(ID, parcel, kind, asked.needed("key"), receiver)
    return Taken(
        made.number, lambda: world.interception_effect(made), lambda: world.cancel_interception(made), made.waybill
    )


def _stands(one: SandboxInterception, parcel: ParcelKey) -> bool:
    return ParcelKey(one.courier, one.waybill) == parcel and not one.cancelled


def _pickup(asked: Row, world: SandboxWorld) -> Taken:
    sender, receiver = read_receiver(asked.row("sender")), read_receiver(asked.row("receiver"))
    if not asked.rows("goods"):
        raise No(BAD_MEMBER, member="goods")
    for name, party in (("sender", sender), ("receiver", receiver)):
        if not (party.name and party.phone and party.detail):
            raise No(BAD_MEMBER, member=name)
    made = world.order_pickup(ID, COURIER, asked.needed("key"), sender, receiver, asked.text("remark"))
    return Taken(made.number, lambda: world.pickup_effect(made), lambda: world.cancel_pickup(made), made.waybill)
