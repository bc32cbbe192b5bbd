"""A hand scanner in the warehouse: what is this parcel, what should be in it, and note that it is here (R13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from asctl.domain.actions import ActionState
from asctl.domain.arrivals import Arrival, Caution
from asctl.domain.barcodes import scanned_codes
from asctl.domain.errors import BadInput, NotFound, Refused
from asctl.domain.masking import names_a_person
from asctl.domain.parcels import Direction, Parcel, ParcelKey
from asctl.domain.rmas import GOODS_COME_BACK, Rma, RmaState
from asctl.services.arrivals import Behind, arrivals_of, behind
from asctl.services.desk import Desk
from asctl.services.effects import set_effect
from asctl.services.rmas import check_goods_back, likely_hint
from asctl.services.strays import leave_if_parked, park
from asctl.services.tasks import drop_tasks
from asctl.store import audit as stored_audit
from asctl.store import parcels as stored_parcels
from asctl.store import pickups as stored_pickups
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.rmas import RmaFilter
from asctl.text import _

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Received:
    """What a scan brought up; ``before`` says that its goods were to be received, and had been already, ``refusal`` why none
    can be."""

    arrival: Arrival
    before: bool = False
    refusal: Refused | None = None


def look(desk: Desk, text: str, note: str = "") -> tuple[Received, ...]:
    """All that the parcel with this code on it may bring; nothing is changed, except that an unknown one is parked.

    Raises :class:`BadInput` for a scan that says nothing (``empty_scan``, ``unreadable_scan``) or is a mistyped RMA number
    (``bad_rma_number``), :class:`NotFound` (``unknown_code``).
    """
    found = _look_up(desk, text, note)
    with desk.store.read() as tx:
        return tuple(map(Received, arrivals_of(tx, found, desk.clock.now())))


def receive(desk: Desk, text: str, note: str = "") -> tuple[Received, ...]:
    """Note that the parcel with this code on it is here: all the cases that the code names have their goods back; those whose
    goods do not come back are told with their refusal (``no_goods_back``).

    It is noted whatever else speaks against the case, because the goods lie there. Their parcel is no longer watched, and who
    was to fetch them has done so. Raises what :func:`look` raises, :class:`NotFound` (``no_rma``), :class:`BadInput`
    (``which_case``: several cases of an order wait, and the code names the order only).
    """
    found = _look_up(desk, text, note)
    meant = _meant(found)
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        noted = {rma.rma for rma in meant if not _refusal(rma) and stored_rmas.receive_rma(tx, rma.rma, staff, now)}
        after = stored_rmas.get_rmas(tx, [rma.rma for rma in meant])
        arrivals = arrivals_of(tx, replace(found, rmas=tuple(after[rma.rma] for rma in meant)), now)
        for arrival in arrivals:
            if arrival.rma and arrival.rma.rma in noted:
                stored_audit.write_audit(tx, now, staff, "rma receive", arrival.rma.rma, {"code": found.code})
                _end_watch(tx, arrival.rma, arrival.parcel, found.code, staff, now)
                _end_pickup(tx, desk, arrival.rma)
    return tuple(_received(arrival, noted) for arrival in arrivals)


def _refusal(rma: Rma) -> Refused | None:
    try:
        check_goods_back(rma)
    except Refused as refusal:
        return refusal
    return None


def _received(arrival: Arrival, noted: set[str]) -> Received:
    """What was noted just now was not received before."""
    if arrival.rma and (refusal := _refusal(arrival.rma)):
        return Received(arrival, refusal=refusal)
    if arrival.rma is None or arrival.rma.rma not in noted:
        return Received(arrival, before=True)
    news = tuple(caution for caution in arrival.cautions if caution is not Caution.ALREADY_RECEIVED)
    return Received(replace(arrival, cautions=news))


def _look_up(desk: Desk, text: str, note: str) -> Behind:
    codes = scanned_codes(text)
    if not codes:
        raise _unreadable(text)
    with desk.store.read() as tx:
        found = behind(tx, codes)
    if found is None:
        raise _unknown(desk, codes, note)
    leave_if_parked(desk, found)
    return found


def _unreadable(text: str) -> BadInput:
    if not text.strip():
        return BadInput(_("the scan is empty"), code="empty_scan", hint=_("scan the label again"))
    return BadInput(
        _("neither an RMA nor a waybill nor an order number is in this code"),
        code="unreadable_scan",
        hint=_("scan the bars of the waybill itself, or type its number"),
    )


def _unknown(desk: Desk, codes: tuple[str, ...], note: str) -> BadInput | NotFound:
    """A slip in an RMA number is told and not parked, a phone number neither kept nor repeated; anything else is somebody's
    parcel that lies here."""
    if likely := likely_hint(desk, codes[0]):
        return BadInput(_("{code} is no RMA of ours").format(code=codes[0][:SHOWN]), code="bad_rma_number", hint=likely)
    if names_a_person(codes[0]):
        return BadInput(
            _("this is the number of a phone or of an identity card, and no parcel is known by one"),
            code="unreadable_scan",
            hint=_("scan the bars of the waybill, or look for the customer's order"),
        )
    stray = park(desk, codes[0], note)
    return NotFound(
        _("nobody knows {code}; it is parked, scans so far: {times}").format(code=stray.code, times=stray.times),
        code="unknown_code",
        hint=_("set it aside; once its case is known: asctl rma match {code} RMA").format(code=stray.code),
    )


def _meant(found: Behind) -> tuple[Rma, ...]:
    """The cases that arrive with the code: those that it names; of an order the only one that still waits."""
    if not found.rmas:
        order = found.orders[0].order_id
        raise NotFound(
            _("order {order} has no RMA; nothing was expected back").format(order=order),
            code="no_rma",
            hint=_("open one for what is in the parcel: asctl rma open {order} --kind return --reason CLASS").format(
                order=order
            ),
        )
    if found.certain:
        return found.rmas
    back = tuple(rma for rma in found.rmas if rma.kind in GOODS_COME_BACK and rma.state is not RmaState.CANCELLED)
    waiting = tuple(rma for rma in back if _awaited(rma))
    if len(waiting) > 1:
        raise BadInput(
            _("{code} leads to several cases: {rmas}").format(
                code=found.code, rmas=" ".join(rma.rma for rma in waiting)
            ),
            code="which_case",
            hint=_("scan the RMA number of the one that is in the parcel"),
        )
    return waiting or back or found.rmas


def _end_watch(tx: Transaction, rma: Rma, parcel: Parcel | None, code: str, staff: str, now: datetime) -> None:
    """Nobody need ask the courier any more for what lies here. A parcel of the order that is tied to no case, and was not
    scanned itself, may bring what another case still waits for."""
    if parcel is None or parcel.direction is not Direction.RETURN:
        return
    own = code == parcel.waybill or rma.rma == parcel.rma or ParcelKey(rma.courier, rma.waybill) == parcel.key
    if own or not _others_wait(tx, rma):
        stored_parcels.close_parcel(tx, parcel.key)
        drop_tasks(tx, parcel, staff, now, _("{rma} was received in the warehouse").format(rma=rma.rma))


def _others_wait(tx: Transaction, rma: Rma) -> bool:
    same_order = stored_rmas.list_rmas(tx, RmaFilter(order_id=rma.order_id, shop=rma.shop))
    return any(_awaited(other) for other in same_order)


def _awaited(rma: Rma) -> bool:
    return rma.kind in GOODS_COME_BACK and rma.state is not RmaState.CANCELLED and rma.received_at is None


def _end_pickup(tx: Transaction, desk: Desk, rma: Rma) -> None:
    """Goods that lie here were fetched, unless they are known to have come in another parcel."""
    pickup = stored_pickups.latest_pickup(tx, rma.rma)
    standing = pickup is not None and pickup.state is ActionState.DONE and pickup.effect == "accepted"
    if pickup and standing and rma.waybill in ("", pickup.waybill):
        why = _("{rma} was received in the warehouse").format(rma=rma.rma)
        set_effect(tx, desk, pickup, "effective", why)
