"""A parcel on the warehouse's bench: what should be in it, and what to mind before it is opened (R13, R14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asctl.domain.orders import Order
from asctl.domain.parcels import Parcel
from asctl.domain.rmas import GOODS_COME_BACK, Phase, Rma, RmaLine, RmaState, run_out


class Caution(StrEnum):
    """What whoever opens the parcel, or announces it, must know; a closed list that only grows."""

    NO_RMA = "no_rma"
    CANCELLED = "cancelled"
    NOT_APPROVED = "not_approved"
    RMA_EXPIRED = "rma_expired"
    NO_GOODS_EXPECTED = "no_goods_expected"
    ALREADY_RECEIVED = "already_received"
    OTHER_RMA_IN_PARCEL = "other_rma_in_parcel"
    LABEL_VOID = "label_void"
    OWN_PARCEL = "own_parcel"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One case, or an order without one, that a scanned parcel may bring.

    ``parcel`` is the scanned one where it comes back, else the one that its goods come back in, else what was scanned;
    ``others`` are the RMAs that share it, ``next`` is the command that comes next. ``rma`` and ``phase`` are ``None`` where the
    order has no case.
    """

    order: Order
    rma: Rma | None
    phase: Phase | None
    parcel: Parcel | None
    others: tuple[str, ...]
    cautions: tuple[Caution, ...]
    next: str

    @property
    def goods(self) -> tuple[RmaLine, ...]:
        """What should be in the parcel: the goods of the case; without one, what was sent out on the order."""
        if self.rma is None:
            return tuple(RmaLine(line.line_id, line.sku, line.title, line.quantity) for line in self.order.lines)
        return self.rma.lines if self.rma.kind in GOODS_COME_BACK else ()


def cautions_of(
    rma: Rma, others: Sequence[str], label_void: bool, own_parcel: bool, now: datetime
) -> Iterator[Caution]:
    """What to mind about the goods of a case, the gravest first. ``label_void`` says that its label is no longer right,
    ``own_parcel`` that the waybill is that of a parcel which we sent."""
    if rma.state is RmaState.CANCELLED:
        yield Caution.CANCELLED
    if rma.state is RmaState.REQUESTED:
        yield Caution.NOT_APPROVED
    if run_out(rma, now):
        yield Caution.RMA_EXPIRED
    if rma.kind not in GOODS_COME_BACK:
        yield Caution.NO_GOODS_EXPECTED
    if rma.received_at is not None:
        yield Caution.ALREADY_RECEIVED
    if others:
        yield Caution.OTHER_RMA_IN_PARCEL
    if label_void:
        yield Caution.LABEL_VOID
    if own_parcel:
        yield Caution.OWN_PARCEL
