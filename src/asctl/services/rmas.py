"""RMAs: opened on an order, approved, tied to the parcel that brings the goods back (R4, R5, R9)."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from asctl.domain.errors import AsctlError, BadInput, NeedsApproval, NotFound, Refused, StoreTrouble
from asctl.domain.numbers import clean_rma_number, likely_numbers, rma_number
from asctl.domain.parcels import Parcel, ParcelKey
from asctl.domain.remarks import one_line
from asctl.domain.rmas import GOODS_COME_BACK, Rma, RmaKind, RmaState, check_order_carries, choose_lines, run_out
from asctl.domain.settlements import CHANGES_NO_INVOICE
from asctl.domain.slips import did_you_mean
from asctl.domain.tasks import Task
from asctl.domain.times import CHINA, iso
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.store import audit as stored_audit
from asctl.store import labels as stored_labels
from asctl.store import pickups as stored_pickups
from asctl.store import rmas as stored_rmas
from asctl.store import settlements as stored_settlements
from asctl.store import tasks as stored_tasks
from asctl.store.opening import Transaction
from asctl.store.rmas import RmaFilter
from asctl.text import _

AUTOMATIC = "asctl"
CALL_OFF = "call_off_pickup"
"""The task of whoever must tell a courier not to come."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a customer wants. ``lines`` are quantities by SKU or line number; none means the whole order."""

    order_id: str
    kind: RmaKind
    reason: str
    lines: Mapping[str, int] = field(default_factory=dict)
    shop: str = ""
    description: str = ""


def open_rma(desk: Desk, wanted: Application, again: bool = False, dry_run: bool = False) -> tuple[Rma, bool]:
    """Open a case on an order; another one on the same order is as good as the first (R5).

    Returns the RMA and whether it was opened now: one of the same kind and reason for the same goods is the same case,
    so that a batch may be run again, unless ``again`` is wanted. Raises :class:`NotFound` for an unknown order,
    :class:`BadInput` for an unknown reason, line or quantity, :class:`Refused` where the order is not so far.
    """
    policy = desk.settings.rma_policy()
    if wanted.reason not in policy.reasons:
        raise BadInput(
            _("there is no reason class {reason!r}").format(reason=wanted.reason),
            code="unknown_reason",
            hint=did_you_mean(wanted.reason, policy.reasons)
            or _("known are {reasons}; they are set in rma.reasons").format(reasons=" ".join(policy.reasons)),
        )
    order, now, staff = one_order(desk, wanted.order_id, wanted.shop), desk.clock.now(), desk.staff_no
    check_order_carries(order, wanted.kind)
    rma = Rma(
        rma="",
        order_id=order.order_id,
        shop=order.shop,
        kind=wanted.kind,
        reason=wanted.reason,
        state=RmaState.REQUESTED,
        lines=choose_lines(order, dict(wanted.lines)),
        opened_at=now,
        opened_by=staff,
        due_at=now + policy.valid_for,
        description=wanted.description,
    )
    with desk.store.write() as tx:
        twin = None if again else _twin(tx, rma)
        if twin is not None or dry_run:
            return twin or rma, twin is None
        day = now.astimezone(CHINA).date()
        rma = replace(rma, rma=rma_number(day, stored_rmas.next_running(tx, day)))
        stored_rmas.add_rma(tx, rma)
        stored_audit.write_audit(tx, now, staff, "rma open", rma.rma, {"order": order.order_id, "kind": rma.kind.value})
    desk.host.tell("asctl_rma_changed", rma=rma, before=None, after=rma.state)
    return rma, True


def _twin(tx: Transaction, rma: Rma) -> Rma | None:
    same_order = stored_rmas.list_rmas(tx, RmaFilter(order_id=rma.order_id, shop=rma.shop, kind=rma.kind))
    return next(
        (
            other
            for other in same_order
            if other.state is not RmaState.CANCELLED and (other.reason, other.lines) == (rma.reason, rma.lines)
        ),
        None,
    )


def cancel_rma(desk: Desk, number: str, reason: str) -> tuple[Rma, bool]:
    """Withdraw a case; returns it and whether this call withdrew it. Raises :class:`NotFound`, :class:`BadInput`, and
    :class:`Refused` where the invoice was changed for it."""
    before, now, staff = find_rma(desk, number), desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        _let_go_of_invoice(tx, before)
        cancelled = stored_rmas.cancel_rma(tx, before.rma)
        if cancelled:
            stored_audit.write_audit(tx, now, staff, "rma cancel", before.rma, {"reason": one_line(reason)})
            stored_labels.void_labels_of(tx, before.rma, now, _("{rma} was cancelled").format(rma=before.rma))
            _owe_calling_off(tx, before, now)
    after = find_rma(desk, before.rma)
    if cancelled:
        desk.host.tell("asctl_rma_changed", rma=after, before=before.state, after=after.state)
    return after, cancelled


def _let_go_of_invoice(tx: Transaction, rma: Rma) -> None:
    """A case that is held for an invoice is held no more; one for which an invoice was changed stays."""
    settlement = stored_settlements.get_settlement(tx, rma.rma)
    if settlement is None or rma.state is RmaState.CANCELLED:
        return
    if not settlement.held and set(settlement.cell) - CHANGES_NO_INVOICE:
        raise Refused(
            _("the invoice of order {order} was changed for {rma} on {date}").format(
                order=rma.order_id, rma=rma.rma, date=f"{settlement.decided_at:%Y-%m-%d}"
            ),
            code="invoice_settled",
            hint=_("see: asctl invoice show {order}; what must be undone there, finance does first").format(
                order=rma.order_id
            ),
        )
    stored_settlements.forget_settlement(tx, rma.rma)


def _owe_calling_off(tx: Transaction, rma: Rma, now: datetime) -> None:
    """A courier who is still to come for a withdrawn case must be called off by somebody."""
    pickup = stored_pickups.latest_pickup(tx, rma.rma)
    if pickup is None or pickup.effect != "accepted":
        return
    why = _("{rma} was withdrawn, and {account} is still to fetch its goods ({action})").format(
        rma=rma.rma, account=pickup.account, action=pickup.action
    )
    task = Task(
        task=stored_tasks.next_task_id(tx), kind=CALL_OFF, subject=f"action {pickup.action}", cause=rma.rma, due_at=now,
        opened_at=now, automatic=True, shop=rma.shop, order_id=rma.order_id, courier=pickup.courier,
        waybill=pickup.waybill, rma=rma.rma, why=why, next=f"asctl pickup cancel {rma.rma}",
    )  # fmt: skip
    stored_tasks.open_task(tx, task)


def approve_rma(desk: Desk, number: str) -> tuple[Rma, Rma]:
    """Confirm the application, so that the customer may send within ``rma.valid_for`` from now (R9).

    Returns the RMA as it was and as it is: approving twice changes nothing, unless the time to send has run out, which
    begins anew then. Raises :class:`NotFound` or :class:`BadInput` for a number that is not right.
    """
    before, now = find_rma(desk, number), desk.clock.now()
    check_not_cancelled(before)
    if before.state is RmaState.APPROVED and not run_out(before, now):
        return before, before
    staff, until = desk.staff_no, now + desk.settings.rma_policy().valid_for
    with desk.store.write() as tx:
        approved = stored_rmas.approve_rma(tx, before.rma, staff, now, until)
        if approved:
            detail = {"order": before.order_id, "until": f"{iso(until)}"}
            stored_audit.write_audit(tx, now, staff, "rma approve", before.rma, detail)
            why = _("{rma} was approved anew, with another time to send").format(rma=before.rma)
            stored_labels.void_labels_of(tx, before.rma, now, why)
    after = find_rma(desk, before.rma)
    if approved and after.state is not before.state:
        desk.host.tell("asctl_rma_changed", rma=after, before=before.state, after=after.state)
    return before, after


def find_rma(desk: Desk, number: str) -> Rma:
    """The RMA of that number; a mistyped one is refused with the likely right one (design section 5)."""
    try:
        cleaned = clean_rma_number(number)
    except BadInput as error:
        error.hint = likely_hint(desk, number) or error.hint
        raise
    with desk.store.read() as tx:
        rma = stored_rmas.get_rma(tx, cleaned)
    if rma is None:
        raise NotFound(
            _("there is no RMA {number}").format(number=cleaned), code="unknown_rma", hint=_("see: asctl rma list")
        )
    return rma


def find_rmas(desk: Desk, numbers: Collection[str]) -> dict[str, Rma | AsctlError]:
    """Many RMAs at once, by their numbers as given: each, or why there is none as :func:`find_rma` raises it."""
    cleaned: dict[str, str] = {}
    for number in numbers:
        with contextlib.suppress(BadInput):
            cleaned[number] = clean_rma_number(number)
    with desk.store.read() as tx:
        known = stored_rmas.get_rmas(tx, cleaned.values())
    return {number: known.get(cleaned.get(number, "")) or _missing(desk, number) for number in numbers}


def _missing(desk: Desk, number: str) -> Rma | AsctlError:
    try:
        return find_rma(desk, number)
    except StoreTrouble:
        raise
    except AsctlError as error:
        return error


def likely_hint(desk: Desk, number: str) -> str:
    """Which RMA a mistyped number probably meant; empty where none comes near."""
    candidates = tuple(likely_numbers(number))
    with desk.store.read() as tx:
        existing = sorted(stored_rmas.existing_numbers(tx, candidates)) if candidates else []
    return _("did you mean {numbers}?").format(numbers=" / ".join(existing)) if existing else ""


def tie_parcel(tx: Transaction, rma: Rma, key: ParcelKey, who: str, now: datetime) -> None:
    """Note that the goods of an RMA come back in this parcel; other RMAs may be in it, too. Labels that show another parcel
    are void; those that show none are as right as before."""
    if (rma.courier, rma.waybill) != (key.courier, key.waybill):
        stored_rmas.set_waybill(tx, rma.rma, key.courier, key.waybill)
        detail = {"courier": key.courier, "waybill": key.waybill, "before": rma.waybill}
        stored_audit.write_audit(tx, now, who, "rma waybill", rma.rma, detail)
        why = _("the goods of {rma} no longer come back as {waybill}").format(rma=rma.rma, waybill=rma.waybill)
        stored_labels.void_waybill_of(tx, rma.rma, now, why)


def tie_returns(tx: Transaction, parcels: Iterable[Parcel], now: datetime) -> Iterator[Parcel]:
    """Parcels that buyers sent back on orders, each with its RMA where there is no doubt: the order has exactly one
    approved RMA whose goods come back, and that one waits for no other parcel."""
    for parcel in parcels:
        wanted = RmaFilter(order_id=parcel.order_id, shop=parcel.shop, state=RmaState.APPROVED)
        waiting = [rma for rma in stored_rmas.list_rmas(tx, wanted) if rma.kind in GOODS_COME_BACK]
        if len(waiting) == 1 and waiting[0].waybill in ("", parcel.waybill):
            tie_parcel(tx, waiting[0], parcel.key, AUTOMATIC, now)
            parcel = replace(parcel, rma=waiting[0].rma)
        yield parcel


def check_not_cancelled(rma: Rma) -> None:
    """Raises :class:`Refused` for a case that was withdrawn."""
    if rma.state is RmaState.CANCELLED:
        raise Refused(
            _("{rma} was cancelled").format(rma=rma.rma),
            code="rma_cancelled",
            hint=_("open a new one: asctl rma open {order}").format(order=rma.order_id),
        )


def check_goods_back(rma: Rma) -> None:
    """Raises :class:`Refused` where no goods come back."""
    if rma.kind not in GOODS_COME_BACK:
        raise Refused(
            _("{rma} is a {kind}: no goods come back").format(rma=rma.rma, kind=rma.kind.value),
            code="no_goods_back",
            hint=_("open a return, exchange or repair where goods shall come back"),
        )


def check_approved(rma: Rma) -> None:
    """Raises :class:`NeedsApproval` before approval; :class:`Refused` for a case that was cancelled or has no goods back."""
    check_not_cancelled(rma)
    check_goods_back(rma)
    if rma.state is not RmaState.APPROVED:
        raise NeedsApproval(
            _("{rma} is not approved yet; the customer may send only after that").format(rma=rma.rma),
            code="not_approved",
            hint=_("approve it first: asctl rma approve {rma}").format(rma=rma.rma),
        )


def check_may_send(rma: Rma, now: datetime) -> None:
    """Raises :class:`NeedsApproval` before approval; :class:`Refused` where no goods come back, or not any more."""
    check_approved(rma)
    if run_out(rma, now):
        raise Refused(
            _("the goods of {rma} could be sent in until {due}; that is over").format(rma=rma.rma, due=iso(rma.due_at)),
            code="rma_expired",
            hint=_("to give the customer more time, approve it anew: asctl rma approve {rma}").format(rma=rma.rma),
        )
