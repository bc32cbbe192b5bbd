"""Merged shipping: a buyer's orders that went out in one parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from asctl.domain.orders import Order, OrderLine
from asctl.sandbox.builders import Made


def merged(made: Sequence[Made]) -> list[Made]:
    """The orders, made with a parcel each, all in the parcel of the one that went out last, and of one buyer."""
    last = max(made, key=_sent_at)
    return [Made(_joined(one.order, last.order), last.parcels) for one in made]


def _sent_at(made: Made) -> datetime:
    return made.order.shipped_at or made.order.created_at


def _joined(order: Order, last: Order) -> Order:
    return replace(
        order,
        buyer=last.buyer,
        receiver=last.receiver,
        shipped_at=last.shipped_at,
        finished_at=last.finished_at,
        lines=tuple(_moved(line, last) if line.waybill else line for line in order.lines),
    )


def _moved(line: OrderLine, last: Order) -> OrderLine:
    ((courier, waybill),) = last.waybills
    return replace(line, courier=courier, waybill=waybill, shipped_at=last.shipped_at)
