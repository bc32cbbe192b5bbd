"""Cases as people want to see them: an RMA, where it stands and what comes next (R1, R4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asctl.domain.parcels import Parcel, ParcelKey, ParcelStatus
from asctl.domain.rmas import GOODS_COME_BACK, Phase, Rma, RmaState, phase_of, run_out
from asctl.services.desk import Desk
from asctl.store import invoices as stored_invoices
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store import settlements as stored_settlements
from asctl.store.opening import Transaction
from asctl.store.pickups import cases_in, pickups_of_cases
from asctl.store.rows import chunks

_NEVER_CAME = frozenset(
    {ParcelStatus.NO_DATA, ParcelStatus.CREATED, ParcelStatus.PICKUP_FAILED, ParcelStatus.CANCELLED}
)


@dataclass(frozen=True, slots=True)
class Case:
    """An RMA with the phase it stands in (R1), the parcel its goods come back in, and the command that comes next."""

    rma: Rma
    phase: Phase
    way_back: Parcel | None
    next: str


def case_of(desk: Desk, rma: Rma) -> Case:
    """One RMA as a case."""
    with desk.store.read() as tx:
        return next(cases_of(tx, [rma], desk.clock.now()))


def cases_of(tx: Transaction, rmas: Iterable[Rma], now: datetime) -> Iterator[Case]:
    """RMAs as cases, in their order; the parcels of many are looked up at once."""
    for page in chunks(rmas):
        own = stored_parcels.get_parcels(tx, [ParcelKey(rma.courier, rma.waybill) for rma in page if rma.waybill])
        coming: dict[str, list[Parcel]] = {}
        for parcel in stored_parcels.returns_of(tx, [rma.order_id for rma in page]):
            coming.setdefault(parcel.order_id, []).append(parcel)
        fetched = _to_be_fetched(tx, page)
        unsettled = _to_be_settled(tx, page)
        for rma in page:
            way_back = own.get(ParcelKey(rma.courier, rma.waybill)) or _way_back(rma, coming.get(rma.order_id, []))
            phase = phase_of(rma, way_back.status if way_back else None)
            following = _next(tx, rma, phase, way_back, now)
            if way_back is None and rma.rma in fetched and phase is Phase.RECEIVING:
                following = f"asctl pickup list --rma {rma.rma}"
            if rma.rma in unsettled:
                following = f"asctl invoice settle {rma.rma} --yes"
            yield Case(rma, phase, way_back, following)


def _to_be_fetched(tx: Transaction, page: Sequence[Rma]) -> set[str]:
    """Those of these cases whose goods a courier is to fetch, or may be."""
    pickups = pickups_of_cases(tx, [rma.rma for rma in page if not rma.waybill])
    waited_for = (each for each in pickups if each.effect in ("", "accepted"))
    return {number for each in waited_for for number in cases_in(each.payload)}


def _to_be_settled(tx: Transaction, page: Sequence[Rma]) -> set[str]:
    """Those of these cases whose resolution the invoice of their order waits for."""
    ready = [
        rma for rma in page if rma.state is RmaState.APPROVED and (rma.received_at or rma.kind not in GOODS_COME_BACK)
    ]
    billed = stored_invoices.billed_orders(tx, [rma.order_id for rma in ready])
    settled = stored_settlements.settled_cases(tx, [rma.rma for rma in ready])
    return {rma.rma for rma in ready if (rma.shop, rma.order_id) in billed and rma.rma not in settled}


def _way_back(rma: Rma, coming: list[Parcel]) -> Parcel | None:
    """Of the parcels that come back for the order: one of this case, else the last that belongs to no other case. One that no
    courier ever had in hand, and nobody waits for any more, is none."""
    meant = [
        parcel
        for parcel in coming
        if parcel.shop in ("", rma.shop)
        and parcel.rma in ("", rma.rma)
        and (parcel.open or parcel.status not in _NEVER_CAME)
    ]
    return max(meant, key=lambda parcel: parcel.rma == rma.rma, default=None)


def _next(tx: Transaction, rma: Rma, phase: Phase, way_back: Parcel | None, now: datetime) -> str:
    if rma.state is RmaState.CANCELLED:
        return f"asctl rma list --order {rma.order_id}"
    if rma.state is RmaState.REQUESTED:
        return f"asctl rma approve {rma.rma}"
    if rma.kind not in GOODS_COME_BACK or rma.received_at is not None:
        shared = len(stored_orders.get_orders(tx, rma.order_id)) > 1
        return f"asctl order show {rma.order_id}" + (f" --shop {rma.shop}" if shared else "")
    if phase is Phase.CONFIRMING:
        return receive_command(rma)
    if way_back is None:
        return f"asctl rma approve {rma.rma}" if run_out(rma, now) else f"asctl label render {rma.rma}"
    return f"asctl parcel show {way_back.waybill}"


def receive_command(rma: Rma) -> str:
    """The command that notes that the goods of a case have arrived."""
    return f"asctl rma scan {rma.rma} --receive"
