"""Which cases the codes of a parcel mean, and what their goods, orders and parcels say to whoever opens it (R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asctl.domain.arrivals import Arrival, Caution, cautions_of
from asctl.domain.numbers import is_rma_number
from asctl.domain.orders import Order
from asctl.domain.parcels import Direction, Parcel, ParcelKey
from asctl.domain.rmas import GOODS_COME_BACK, Rma, RmaState
from asctl.services.cases import Case, cases_of, receive_command
from asctl.store import arrivals as stored_arrivals
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind ``code``, the one of a scan that leads anywhere: cases or, where there are none, orders.

    ``certain`` says that it names these cases themselves, and not only an order that they are on.
    """

    code: str
    rmas: tuple[Rma, ...] = ()
    orders: tuple[Order, ...] = ()
    certain: bool = False


def behind(tx: Transaction, codes: Sequence[str]) -> Behind | None:
    """What the first of ``codes`` that leads anywhere leads to; RMA numbers among them are all meant together."""
    numbers = [code for code in codes if is_rma_number(code)]
    if named := stored_rmas.get_rmas(tx, numbers):
        return Behind(numbers[0], tuple(named[number] for number in numbers if number in named), certain=True)
    return next((found for code in codes if (found := _behind_code(tx, code))), None)


def _behind_code(tx: Transaction, code: str) -> Behind | None:
    if meant := stored_arrivals.cases_meant(tx, [code]).get(code):
        rmas = stored_rmas.get_rmas(tx, meant.rmas)
        return Behind(code, tuple(rmas[number] for number in meant.rmas), certain=meant.certain)
    keys = stored_arrivals.orders_of_code(tx, code)
    orders = tuple(order for shop, order_id in keys for order in stored_orders.get_orders(tx, order_id, shop))
    return Behind(code, orders=orders) if orders else None


def arrivals_of(tx: Transaction, found: Behind, now: datetime) -> tuple[Arrival, ...]:
    """What may be in the parcel, case by case."""
    scanned = stored_parcels.find_parcels(tx, found.code)
    if not found.rmas:
        return tuple(_without_case(order, scanned, len(found.orders) > 1) for order in found.orders)
    keys = dict.fromkeys((rma.shop, rma.order_id) for rma in found.rmas)
    orders = {(shop, order_id): stored_orders.get_orders(tx, order_id, shop)[0] for shop, order_id in keys}
    together = _together(tx, found)
    void = stored_arrivals.with_void_label(tx, [rma.rma for rma in found.rmas])
    sent = stored_arrivals.sent_in(tx, found.code)

    def arrival(case: Case) -> Arrival:
        rma, key = case.rma, (case.rma.shop, case.rma.order_id)
        others = together[rma.rma]
        cautions = tuple(cautions_of(rma, others, rma.rma in void, key in sent, now))
        parcel = _on_bench(case.way_back, scanned)
        return Arrival(orders[key], rma, case.phase, parcel, others, cautions, _next(case))

    return tuple(arrival(case) for case in cases_of(tx, found.rmas, now))


def _on_bench(way_back: Parcel | None, scanned: Sequence[Parcel]) -> Parcel | None:
    """The scanned parcel where it comes back, whatever else is on its way for the order; else the one that brings the case."""
    coming = [parcel for parcel in scanned if parcel.direction is Direction.RETURN]
    if way_back in coming:
        return way_back
    return next(iter(coming), None) or way_back or next(iter(scanned), None)


def _together(tx: Transaction, found: Behind) -> dict[str, tuple[str, ...]]:
    """For each case the others in its parcel: by the waybill that they share, or because one label names them all."""
    shared = stored_arrivals.sharing(tx, {ParcelKey(rma.courier, rma.waybill) for rma in found.rmas if rma.waybill})
    on_label = [rma.rma for rma in found.rmas if found.certain]
    return {
        rma.rma: tuple(
            number
            for number in dict.fromkeys((*on_label, *shared.get(ParcelKey(rma.courier, rma.waybill), ())))
            if number != rma.rma
        )
        for rma in found.rmas
    }


def _next(case: Case) -> str:
    """On the bench the parcel is there, whatever else is known of it: where nothing stands against it, it is received."""
    awaited = case.rma.received_at is None and case.rma.kind in GOODS_COME_BACK
    return receive_command(case.rma) if awaited and case.rma.state is RmaState.APPROVED else case.next


def _without_case(order: Order, scanned: Sequence[Parcel], shared: bool) -> Arrival:
    shop = f" --shop {order.shop}" if shared else ""
    following = f"asctl rma open {order.order_id}{shop} --kind return --reason CLASS"
    return Arrival(order, None, None, next(iter(scanned), None), (), (Caution.NO_RMA,), following)
