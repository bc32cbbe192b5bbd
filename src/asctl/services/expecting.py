"""Return parcels that couriers fetch for us: expected once they have a waybill, no longer expected once nobody fetches them."""

from __future__ import annotations

from datetime import datetime

from asctl.domain.actions import Action
from asctl.domain.parcels import Direction, Parcel, ParcelKey
from asctl.domain.rmas import Rma
from asctl.services.rmas import AUTOMATIC, tie_parcel
from asctl.store import parcels as stored_parcels
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.pickups import cases_in


def expect(tx: Transaction, pickup: Action, before: str, now: datetime) -> list[Rma]:
    """Put the parcel of a pickup under watch, and tie it to every case whose goods are in it; ``before`` is the waybill that
    the courier gave for it earlier, if any. Returns the cases that have another parcel by now: they keep it."""
    key = ParcelKey(pickup.courier, pickup.waybill)
    if before:
        stored_parcels.close_parcel(tx, ParcelKey(pickup.courier, before))
    parcel = Parcel(
        key.courier, key.waybill, added_at=now, direction=Direction.RETURN, shop=pickup.shop, order_id=pickup.order_id,
        rma=pickup.rma, phone_tail=str(pickup.payload.get("phone_tail") or ""),
    )  # fmt: skip
    stored_parcels.add_parcels(tx, [parcel])
    stored_parcels.ask_soon(tx, key)
    elsewhere = []
    for rma in stored_rmas.get_rmas(tx, cases_in(pickup.payload)).values():
        if rma.waybill in ("", before, key.waybill):
            tie_parcel(tx, rma, key, pickup.by, now)
        else:
            elsewhere.append(rma)
    return elsewhere


def give_up(tx: Transaction, pickup: Action, now: datetime) -> None:
    """Nobody fetches the goods: the parcel leaves the watch, and its cases wait for another one."""
    key = ParcelKey(pickup.courier, pickup.waybill)
    if pickup.waybill:
        stored_parcels.close_parcel(tx, key)
    for rma in stored_rmas.get_rmas(tx, cases_in(pickup.payload)).values():
        if pickup.waybill and (rma.courier, rma.waybill) == (key.courier, key.waybill):
            tie_parcel(tx, rma, ParcelKey("", ""), AUTOMATIC, now)
