"""Cases whose goods may be sent in, and which of them travel in one parcel (R5, R9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from asctl.domain.errors import AsctlError
from asctl.domain.parcels import ParcelKey
from asctl.domain.rmas import Rma
from asctl.services.desk import Desk
from asctl.services.rmas import check_may_send, find_rmas
from asctl.store import arrivals as stored_arrivals
from asctl.store import rmas as stored_rmas


def sendable_cases(desk: Desk, numbers: Collection[str]) -> dict[str, Rma | AsctlError]:
    """Cases by their numbers as given, or why there is none, or what :func:`check_may_send` has against sending it in."""
    now = desk.clock.now()
    return {number: _sendable(found, now) for number, found in find_rmas(desk, numbers).items()}


def companions(desk: Desk, cases: Collection[Rma]) -> list[Rma]:
    """Further cases whose goods come back in the parcels of these, by number, as far as they may be sent in."""
    known = {rma.rma for rma in cases}
    keys = {ParcelKey(rma.courier, rma.waybill) for rma in cases if rma.waybill}
    with desk.store.read() as tx:
        numbers = {number for each in stored_arrivals.sharing(tx, keys).values() for number in each} - known
        others = stored_rmas.get_rmas(tx, sorted(numbers)).values()
    now = desk.clock.now()
    return [found for rma in others if not isinstance(found := _sendable(rma, now), AsctlError)]


def _sendable(found: Rma | AsctlError, now: datetime) -> Rma | AsctlError:
    if isinstance(found, AsctlError):
        return found
    try:
        check_may_send(found, now)
    except AsctlError as error:
        return error
    return found
