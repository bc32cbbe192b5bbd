"""The customer ships himself: the waybill that he tells becomes the watched return parcel of his case (R10, R11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asctl.domain.actions import ActionState
from asctl.domain.arrivals import Caution
from asctl.domain.errors import Refused
from asctl.domain.parcels import Direction, ParcelKey
from asctl.domain.rmas import Rma, run_out
from asctl.services.desk import Desk
from asctl.services.entries import checked_entry, put_entries
from asctl.services.parcels import courier_of
from asctl.services.pickup_checks import ordered_already
from asctl.services.rmas import check_approved, find_rma
from asctl.services.tasks import drop_tasks
from asctl.store import arrivals as stored_arrivals
from asctl.store import parcels as stored_parcels
from asctl.store import pickups as stored_pickups
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.parcels import ParcelEntry
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer told of his parcel. ``also`` says that it carries cases of several orders, ``replaces`` that the
    waybill known so far was wrong."""

    waybill: str
    courier: str = ""
    phone_tail: str = ""
    also: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A case with its return parcel; ``before`` is the waybill that it replaced, ``known`` says that it was this parcel all
    along."""

    rma: Rma
    parcel: ParcelKey
    before: str
    known: bool
    cautions: tuple[Caution, ...]

    @property
    def next(self) -> str:
        """The command that follows the parcel."""
        return f"asctl parcel show {self.parcel.waybill}"


def register_parcel(desk: Desk, number: str, told: Told) -> Registered:
    """Tie a parcel to the case whose goods it brings, and watch it.

    A case whose time ran out is no obstacle: the parcel is under way, and what is not watched gets lost; it is told as a
    caution. Raises :class:`NotFound`, :class:`BadInput` (number, courier), :class:`NeedsApproval`, :class:`Refused`
    (``rma_cancelled``, ``no_goods_back``, ``own_parcel``, ``parcel_of_other_order``, ``other_waybill``, ``pickup_ordered``).
    """
    rma = find_rma(desk, number)
    check_approved(rma)
    courier = courier_of(desk.host, told.waybill, told.courier or (rma.courier if rma.waybill == told.waybill else ""))
    key = ParcelKey(courier, told.waybill)
    cautions = (Caution.RMA_EXPIRED,) if run_out(rma, desk.clock.now()) else ()
    if ParcelKey(rma.courier, rma.waybill) == key:
        return Registered(rma, key, "", True, cautions)
    entry = ParcelEntry(key.courier, key.waybill, Direction.RETURN, rma=rma.rma, phone_tail=told.phone_tail)
    entry, staff = checked_entry(desk, entry), desk.staff_no
    with desk.store.write() as tx:
        _check_not_ours(tx, rma, told)
        _check_same_order(tx, rma, told)
        _check_nobody_comes(tx, rma, key)
        _check_no_other(rma, told)
        put_entries(tx, desk, [entry], staff)
        if rma.waybill:
            _forget(tx, ParcelKey(rma.courier, rma.waybill), told.waybill, staff, desk.clock.now())
    return Registered(find_rma(desk, rma.rma), key, rma.waybill, False, cautions)


def _check_not_ours(tx: Transaction, rma: Rma, told: Told) -> None:
    """The number that a customer finds first is the one on the box we sent him."""
    sent = stored_arrivals.sent_in(tx, told.waybill)
    if sent:
        order_id = rma.order_id if (rma.shop, rma.order_id) in sent else min(sent)[1]
        raise Refused(
            _("{waybill} is the parcel in which we sent order {order}").format(waybill=told.waybill, order=order_id),
            code="own_parcel",
            hint=_("ask the customer for the number on the receipt of his own parcel"),
        )


def _check_same_order(tx: Transaction, rma: Rma, told: Told) -> None:
    """One parcel may bring the goods of several cases; of several orders only where somebody says so."""
    cases = stored_rmas.rmas_of_code(tx, told.waybill)
    parcels = stored_parcels.find_parcels(tx, told.waybill)
    orders = {(case.shop, case.order_id) for case in cases} | {(each.shop, each.order_id) for each in parcels}
    strange = sorted(order_id for shop, order_id in orders if order_id and (shop, order_id) != (rma.shop, rma.order_id))
    if strange and not told.also:
        raise Refused(
            _("{waybill} brings back goods of order {other}, not of {order}").format(
                waybill=told.waybill, other=strange[0], order=rma.order_id
            ),
            code="parcel_of_other_order",
            hint=_("if the goods of both are in it, say so with --also"),
        )


def _check_nobody_comes(tx: Transaction, rma: Rma, key: ParcelKey) -> None:
    """While a courier is to come for the goods they do not come back by other means; but his own waybill, which some give only
    at the door, may be told by whoever saw it."""
    pickup = stored_pickups.latest_pickup(tx, rma.rma)
    if pickup is None or pickup.effect not in ("", "accepted") or pickup.state is ActionState.PLANNED:
        return
    if pickup.courier != key.courier or pickup.waybill not in ("", key.waybill):
        raise ordered_already(pickup, rma.rma)


def _check_no_other(rma: Rma, told: Told) -> None:
    if rma.waybill and rma.waybill != told.waybill and not told.replaces:
        raise Refused(
            _("the goods of {rma} come back as {courier} {waybill}").format(
                rma=rma.rma, courier=rma.courier, waybill=rma.waybill
            ),
            code="other_waybill",
            hint=_("if that number was wrong, say so with --replace"),
        )


def _forget(tx: Transaction, wrong: ParcelKey, right: str, staff: str, now: datetime) -> None:
    """A waybill that was wrong is nobody's parcel, unless other cases come back in it."""
    if stored_arrivals.sharing(tx, [wrong])[wrong]:
        return
    stored_parcels.close_parcel(tx, wrong)
    for parcel in stored_parcels.get_parcels(tx, [wrong]).values():
        drop_tasks(tx, parcel, staff, now, _("{right} took its place").format(right=right))
