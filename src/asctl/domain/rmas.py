"""Our own case (售后申请): every RMA hangs on one order, an order may carry many (R4, R5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asctl.domain.errors import BadInput, Refused
from asctl.domain.orders import Order, OrderLine, OrderStatus
from asctl.domain.parcels import ParcelStatus
from asctl.text import _


class RmaKind(StrEnum):
    """What shall happen; for the first three the goods come back.

    - ``RETURN``: goods back, money back (退货)
    - ``EXCHANGE``: goods back, others sent (换货)
    - ``REPAIR``: goods back, mended and sent again (维修)
    - ``REFUND_ONLY``: money; the goods stay, or were never sent
    - ``RESHIP``: what was missing is sent (补发)
    - ``COMPENSATE``: something is given; the goods stay
    """

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    REFUND_ONLY = "refund_only"
    RESHIP = "reship"
    COMPENSATE = "compensate"


GOODS_COME_BACK = frozenset({RmaKind.RETURN, RmaKind.EXCHANGE, RmaKind.REPAIR})


class RmaState(StrEnum):
    """Whether the merchant has confirmed; the customer may send only after that (R9)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """The four phases of R1; a case always stands in exactly one."""

    COMMUNICATION = "communication"
    RECEIVING = "receiving"
    CONFIRMING = "confirming"
    SOLVING = "solving"


@dataclass(frozen=True, slots=True)
class RmaLine:
    """Goods of the order that the case is about: a line of it, or some of its units. ``line_id`` is the order line's."""

    line_id: str
    sku: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Rma:
    """One case. ``reason`` is its problem class, ``description`` what was said besides. ``due_at`` is until when the goods may
    be sent in: policy ``rma.valid_for`` from the last approval; before one, from the opening. ``courier`` and ``waybill`` are
    of the parcel that they come back in, once it is known; ``received_at`` is when the warehouse had them on its bench,
    whatever the courier says. ``opened_by``, ``approved_by`` and ``received_by`` are staff numbers."""

    rma: str
    order_id: str
    shop: str
    kind: RmaKind
    reason: str
    state: RmaState
    lines: tuple[RmaLine, ...]
    opened_at: datetime
    opened_by: str
    due_at: datetime
    description: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""
    courier: str = ""
    waybill: str = ""
    received_at: datetime | None = None
    received_by: str = ""


def check_order_carries(order: Order, kind: RmaKind) -> None:
    """Raises :class:`Refused` where the order is not so far: nothing was paid, or there is nothing yet to send back."""
    if order.status is OrderStatus.UNPAID:
        raise Refused(
            _("order {order} is not paid; there is nothing to settle yet").format(order=order.order_id),
            code="order_not_paid",
            hint=_("if it was paid just now: asctl order sync"),
        )
    if kind in GOODS_COME_BACK and order.status is OrderStatus.TO_SHIP:
        raise Refused(
            _("order {order} is not shipped; no goods can come back").format(order=order.order_id),
            code="order_not_shipped",
            hint=_("open a refund_only or compensate, or: asctl order sync"),
        )


def choose_lines(order: Order, wanted: dict[str, int]) -> tuple[RmaLine, ...]:
    """The order's lines named by SKU or line number, with how many; all of them when nothing is named.

    Where several lines have the SKU, the quantity is spread over them. Raises :class:`BadInput` for goods the order does
    not have, or more of them than were bought.
    """
    if not wanted:
        return tuple(_rma_line(line, line.quantity) for line in order.lines)
    chosen: Counter[str] = Counter()
    for name, quantity in sorted(wanted.items(), key=lambda named: len(_lines_named(order, named[0]))):
        _choose(order, name, quantity, chosen)
    lines = {line.line_id: line for line in order.lines}
    return tuple(_rma_line(lines[line_id], taken) for line_id, taken in chosen.items() if taken)


def _choose(order: Order, name: str, quantity: int, chosen: Counter[str]) -> None:
    """Take the quantity from what is left of the lines of that name."""
    lines = _lines_named(order, name)
    if not lines:
        raise BadInput(
            _("order {order} has no line {name}").format(order=order.order_id, name=name),
            code="unknown_line",
            hint=_("it has: {names}").format(names=", ".join(line.sku or line.line_id for line in order.lines)),
        )
    left = {line.line_id: line.quantity - chosen[line.line_id] for line in lines}
    if not 1 <= quantity <= sum(left.values()):
        bought = sum(line.quantity for line in lines)
        raise BadInput(
            _("order {order} has {bought} of {name}, not {quantity}").format(
                order=order.order_id, bought=bought, name=name, quantity=quantity
            ),
            code="bad_quantity",
            hint=_("give a quantity from 1 to {bought}, all lines together").format(bought=bought),
        )
    for line_id, available in left.items():
        taken = min(available, quantity)
        chosen[line_id] += taken
        quantity -= taken


def _lines_named(order: Order, name: str) -> list[OrderLine]:
    """A line number means one line, whatever SKUs look like."""
    numbered = [line for line in order.lines if line.line_id == name]
    return numbered or [line for line in order.lines if line.sku == name]


def _rma_line(line: OrderLine, quantity: int) -> RmaLine:
    return RmaLine(line.line_id, line.sku, line.title, quantity)


def run_out(rma: Rma, now: datetime) -> bool:
    """Whether the time is over in which the goods of an approved RMA may be sent in; it ends when they arrive."""
    return rma.state is RmaState.APPROVED and rma.kind in GOODS_COME_BACK and rma.due_at <= (rma.received_at or now)


def phase_of(rma: Rma, way_back: ParcelStatus | None) -> Phase:
    """The phase that follows from the RMA's state and where its goods are: ``way_back`` is the status of the return parcel,
    ``None`` where there is none."""
    if rma.state is RmaState.REQUESTED:
        return Phase.COMMUNICATION
    if rma.kind not in GOODS_COME_BACK:
        return Phase.SOLVING
    return Phase.CONFIRMING if rma.received_at or way_back is ParcelStatus.DELIVERED else Phase.RECEIVING


def travelling_together(cases: Iterable[Rma], by_order: bool = False) -> list[list[Rma]]:
    """The cases by the parcel that their goods come back in, in the order of the first of each: those that share a waybill,
    and with ``by_order`` those of one order too, as long as none of them has another waybill."""
    parcels: dict[tuple[str, ...], list[Rma]] = {}
    for rma in cases:
        place: tuple[str, ...] = (rma.courier, rma.waybill) if rma.waybill else ("", rma.rma)
        if by_order and not rma.waybill:
            place = ("order", rma.shop, rma.order_id)
        parcels.setdefault(place, []).append(rma)
    return list(parcels.values())
