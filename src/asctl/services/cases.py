"""Cases as people want to see them: an RMA, where it stands, what comes next, and whatever a scanner may read (R1, R4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asctl.domain.barcodes import scanned_codes
from asctl.domain.errors import BadInput, NotFound
from asctl.domain.parcels import Parcel, ParcelKey, ParcelStatus
from asctl.domain.rmas import GOODS_COME_BACK, Phase, Rma, RmaState, phase_of, run_out
from asctl.services.desk import Desk
from asctl.services.rmas import likely_hint
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.rmas import RmaFilter
from asctl.store.rows import chunks
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Case:
    """An RMA with the phase it stands in (R1) and the command that comes next."""

    rma: Rma
    phase: Phase
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
        for rma in page:
            way_back = own.get(ParcelKey(rma.courier, rma.waybill)) or _way_back(rma, coming.get(rma.order_id, []))
            phase = phase_of(rma, way_back.status if way_back else None)
            yield Case(rma, phase, _next(tx, rma, way_back, now))


def _way_back(rma: Rma, coming: list[Parcel]) -> Parcel | None:
    """Of the parcels that come back for the order: one of this case, else the last that belongs to no other case."""
    meant = [parcel for parcel in coming if parcel.shop in ("", rma.shop) and parcel.rma in ("", rma.rma)]
    return max(meant, key=lambda parcel: parcel.rma == rma.rma, default=None)


def _next(tx: Transaction, rma: Rma, way_back: Parcel | None, now: datetime) -> str:
    if rma.state is RmaState.CANCELLED:
        return f"asctl rma list --order {rma.order_id}"
    if rma.state is RmaState.REQUESTED:
        return f"asctl rma approve {rma.rma}"
    if rma.kind not in GOODS_COME_BACK:
        shared = len(stored_orders.get_orders(tx, rma.order_id)) > 1
        return f"asctl order show {rma.order_id}" + (f" --shop {rma.shop}" if shared else "")
    if way_back is None:
        return f"asctl rma approve {rma.rma}" if run_out(rma, now) else f"asctl label render {rma.rma}"
    if way_back.status is ParcelStatus.DELIVERED:
        return f"asctl rma scan {rma.rma}"
    return f"asctl parcel show {way_back.waybill}"


def scan(desk: Desk, code: str) -> tuple[Case, ...]:
    """All cases that a scanned code may mean: RMA number, our QR code, order number, waybill of a parcel of the case or,
    where nobody tied the parcel to a case, of its order.

    Raises :class:`NotFound` (with the likely RMA where the code is a mistyped one) when it fits none.
    """
    candidates = scanned_codes(code)
    if not candidates[0]:
        raise BadInput(_("the scan is empty"), code="empty_scan", hint=_("scan the label again"))
    with desk.store.read() as tx:
        found = next((hit for hit in (_rmas_behind(tx, each) for each in candidates) if hit), ())
        if found:
            return tuple(cases_of(tx, found, desk.clock.now()))
    hint = _("set the parcel aside and look for the order: asctl order list --waybill {code}").format(
        code=candidates[0]
    )
    unknown = NotFound(_("no RMA belongs to {code}").format(code=candidates[0][:60]), code="unknown_code", hint=hint)
    if candidates[0].startswith("RMA"):
        unknown.hint = likely_hint(desk, candidates[0]) or hint
    raise unknown


def _rmas_behind(tx: Transaction, code: str) -> tuple[Rma, ...]:
    if found := stored_rmas.rmas_of_code(tx, code):
        return found
    orders = {(parcel.order_id, parcel.shop) for parcel in stored_parcels.find_parcels(tx, code) if parcel.order_id}
    wanted = [RmaFilter(order_id=order_id, shop=shop) for order_id, shop in sorted(orders)]
    return tuple(rma for each in wanted for rma in stored_rmas.list_rmas(tx, each))
