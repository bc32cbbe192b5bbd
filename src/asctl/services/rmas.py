"""RMAs: opened on an order, approved, found by whatever a hand scanner reads (R4, R5, R9)."""

from __future__ import annotations

from dataclasses import dataclass

from asctl.domain.barcodes import scanned_codes
from asctl.domain.errors import AsctlError, BadInput, NeedsApproval, NotFound, Refused
from asctl.domain.numbers import clean_rma_number, likely_numbers, rma_number
from asctl.domain.parcels import Direction, Parcel, ParcelStatus
from asctl.domain.rmas import GOODS_COME_BACK, Phase, Rma, RmaKind, RmaState, choose_lines, phase_of
from asctl.domain.times import CHINA
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.store import audit as stored_audit
from asctl.store import parcels as stored_parcels
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.parcels import ParcelFilter
from asctl.store.rmas import RmaFilter
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Case:
    """An RMA with the phase it stands in (R1), its return parcel if there is one, and the command that comes next."""

    rma: Rma
    phase: Phase
    parcel: Parcel | None
    next: str


def open_rma(
    desk: Desk,
    order_id: str,
    kind: RmaKind,
    reason: str,
    lines: dict[str, int],
    shop: str = "",
    description: str = "",
    dry_run: bool = False,
) -> Rma:
    """Open a case on an order; a second one on the same order is as good as the first (R5).

    Raises :class:`NotFound` for an unknown order, :class:`BadInput` for an unknown reason, line or quantity.
    """
    policy = desk.settings.rma_policy()
    if reason not in policy.reasons:
        raise BadInput(
            _("there is no reason class {reason!r}").format(reason=reason),
            code="unknown_reason",
            hint=_("known are {reasons}; they are set in rma.reasons").format(reasons=" ".join(policy.reasons)),
        )
    order, now, staff = one_order(desk, order_id, shop), desk.clock.now(), desk.staff_no
    chosen = choose_lines(order, lines)
    with desk.store.write() as tx:
        day = now.astimezone(CHINA).date()
        number = "" if dry_run else rma_number(day, stored_rmas.next_running(tx, day))
        rma = Rma(
            rma=number,
            order_id=order.order_id,
            shop=order.shop,
            kind=kind,
            reason=reason,
            state=RmaState.REQUESTED,
            lines=chosen,
            opened_at=now,
            opened_by=staff,
            due_at=now + policy.valid_for,
            description=description,
        )
        if dry_run:
            return rma
        stored_rmas.add_rma(tx, rma)
        stored_audit.write_audit(tx, now, staff, "rma open", number, {"order": order.order_id, "kind": kind.value})
    desk.host.tell("asctl_rma_changed", rma=rma, before=None, after=rma.state)
    return rma


def approve_rma(desk: Desk, number: str) -> tuple[Rma, bool]:
    """Confirm the application, so that the customer may send (R9). Returns the RMA and whether this call approved it.

    Approving twice is no error. Raises :class:`NotFound` or :class:`BadInput` for a number that is not right.
    """
    rma = find_rma(desk, number)
    if rma.state is RmaState.APPROVED:
        return rma, False
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        approved = stored_rmas.approve_rma(tx, rma.rma, staff, now)
        if approved:
            stored_audit.write_audit(tx, now, staff, "rma approve", rma.rma, {"order": rma.order_id})
    after = find_rma(desk, rma.rma)
    if approved:
        desk.host.tell("asctl_rma_changed", rma=after, before=rma.state, after=after.state)
    return after, approved


def find_rma(desk: Desk, number: str) -> Rma:
    """The RMA of that number; a mistyped one is refused with the likely right one (design section 5)."""
    try:
        cleaned = clean_rma_number(number)
    except BadInput as error:
        raise _with_likely(desk, number, error) from None
    with desk.store.read() as tx:
        rma = stored_rmas.get_rma(tx, cleaned)
    if rma is None:
        raise NotFound(
            _("there is no RMA {number}").format(number=cleaned), code="unknown_rma", hint=_("see: asctl rma list")
        )
    return rma


def _with_likely(desk: Desk, number: str, error: BadInput) -> BadInput:
    candidates = tuple(likely_numbers(number))
    with desk.store.read() as tx:
        existing = sorted(stored_rmas.existing_numbers(tx, candidates)) if candidates else []
    if existing:
        error.hint = _("did you mean {numbers}?").format(numbers=" / ".join(existing))
    return error


def case_of(desk: Desk, rma: Rma) -> Case:
    """An RMA as people want to see it."""
    with desk.store.read() as tx:
        way_back = _way_back(tx, rma)
    phase = phase_of(rma, way_back.status if way_back else None)
    return Case(rma, phase, way_back, _next(rma, way_back))


def _way_back(tx: Transaction, rma: Rma) -> Parcel | None:
    """The parcel that comes back for this case: its own, else the last of its order that belongs to no other case."""
    coming = stored_parcels.list_parcels(tx, ParcelFilter(order_id=rma.order_id, direction=Direction.RETURN))
    meant = [parcel for parcel in coming if parcel.shop in ("", rma.shop) and parcel.rma in ("", rma.rma)]
    return max(meant, key=lambda parcel: parcel.rma == rma.rma, default=None)


def _next(rma: Rma, way_back: Parcel | None) -> str:
    if rma.state is RmaState.REQUESTED:
        return f"asctl rma approve {rma.rma}"
    if rma.kind not in GOODS_COME_BACK:
        return f"asctl order show {rma.order_id}"
    if way_back is None:
        return f"asctl label render {rma.rma}"
    if way_back.status is ParcelStatus.DELIVERED:
        return f"asctl rma scan {rma.rma}"
    return f"asctl parcel show {way_back.waybill}"


def scan(desk: Desk, code: str) -> tuple[Case, ...]:
    """All cases that a scanned code may mean: RMA number, our QR code, order number, waybill of a parcel of the case or,
    where nobody tied the parcel to a case, of its order.

    Raises :class:`NotFound` (with the likely RMA where the code is a mistyped one) when it fits none.
    """
    candidates = scanned_codes(code)
    with desk.store.read() as tx:
        found = next((hit for hit in (_rmas_behind(tx, each) for each in candidates) if hit), ())
    if found:
        return tuple(case_of(desk, rma) for rma in found)
    hint = _("set the parcel aside and look for the order: asctl order list --waybill {code}").format(
        code=candidates[0]
    )
    unknown: AsctlError = NotFound(
        _("no RMA belongs to {code}").format(code=candidates[0][:60]), code="unknown_code", hint=hint
    )
    if candidates[0].startswith("RMA"):
        unknown.hint = _with_likely(desk, candidates[0], BadInput("", code="", hint=hint)).hint
    raise unknown


def _rmas_behind(tx: Transaction, code: str) -> tuple[Rma, ...]:
    if found := stored_rmas.rmas_of_code(tx, code):
        return found
    orders = {(parcel.order_id, parcel.shop) for parcel in stored_parcels.find_parcels(tx, code) if parcel.order_id}
    wanted = [RmaFilter(order_id=order_id, shop=shop) for order_id, shop in sorted(orders)]
    return tuple(rma for each in wanted for rma in stored_rmas.list_rmas(tx, each))


def check_approved(rma: Rma) -> None:
    """Raises :class:`NeedsApproval` before approval, :class:`Refused` where no goods come back."""
    if rma.kind not in GOODS_COME_BACK:
        raise Refused(
            _("{rma} is a {kind}: no goods come back, so there is no return label").format(
                rma=rma.rma, kind=rma.kind.value
            ),
            code="no_goods_back",
            hint=_("open a return, exchange or repair where goods shall come back"),
        )
    if rma.state is not RmaState.APPROVED:
        raise NeedsApproval(
            _("{rma} is not approved yet; the customer may send only after that").format(rma=rma.rma),
            code="not_approved",
            hint=_("approve it first: asctl rma approve {rma}").format(rma=rma.rma),
        )
