"""What a number that people type stands for: a parcel with the orders inside it, as far as the store knows them."""

from __future__ import annotations

from dataclasses import dataclass

from asctl.domain.disagreement import MARKETPLACE_SAYS_SIGNED, disagreement
from asctl.domain.errors import BadInput, Refused
from asctl.domain.orders import Order
from asctl.domain.parcels import Direction, Parcel, ParcelStatus
from asctl.domain.refusals import RefusalReason
from asctl.services.desk import Desk
from asctl.services.parcels import courier_of
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store.orders import OrderFilter
from asctl.text import _

_OVER = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED, ParcelStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel. ``parcel`` is ``None`` where it is not under watch, ``orders`` are those inside it, as far as known."""

    courier: str
    waybill: str
    parcel: Parcel | None
    orders: tuple[Order, ...]

    @property
    def order(self) -> Order | None:
        return self.orders[0] if self.orders else None

    @property
    def phone_tail(self) -> str:
        return self.parcel.phone_tail if self.parcel else ""


@dataclass(frozen=True, slots=True)
class Leave:
    """What somebody expressly allowed: to touch a parcel that somebody says is signed, or that carries several orders."""

    signed: bool = False
    several_orders: bool = False


NO_LEAVE = Leave()


def find_shipment(desk: Desk, waybill: str, courier: str = "", shop: str = "") -> Shipment:
    """The parcel of that waybill. Raises :class:`BadInput` where its courier cannot be told."""
    with desk.store.read() as tx:
        parcels = [each for each in stored_parcels.find_parcels(tx, waybill) if courier in ("", each.courier)]
        found = [order for order, _count in stored_orders.list_orders(tx, OrderFilter(waybill=waybill, shop=shop))]
    if len(parcels) > 1:
        raise BadInput(
            _("{waybill} is watched at several couriers: {couriers}").format(
                waybill=waybill, couriers=", ".join(each.courier for each in parcels)
            ),
            code="ambiguous_parcel",
            hint=_("say which one, as: --courier {courier}").format(courier=parcels[0].courier),
        )
    parcel = parcels[0] if parcels else None
    carried = {carrier for order in found for carrier, number in order.waybills if number == waybill and carrier}
    known = courier or (parcel.courier if parcel else "") or (carried.pop() if len(carried) == 1 else "")
    return Shipment(courier_of(desk.host, waybill, known), waybill, parcel, tuple(found))


def check_touchable(shipment: Shipment, leave: Leave) -> None:
    """Raises :class:`Refused` for a parcel that should not be redirected or called back without a second thought: signed, not
    sure whether signed (``sources_disagree``), with several orders inside, or one that the customer sends to us."""
    parcel, order = shipment.parcel, shipment.order
    if parcel is not None and parcel.direction is Direction.RETURN:
        raise Refused(
            _("{waybill} is on its way to us, sent by the customer").format(waybill=shipment.waybill),
            code="return_parcel",
            hint=_("only parcels that we sent can be called back or redirected"),
        )
    if parcel is not None and parcel.status in _OVER and not leave.signed:
        raise _over(shipment, parcel)
    contradicted = order and parcel and disagreement(order.status, parcel.status) == MARKETPLACE_SAYS_SIGNED
    if order and parcel and contradicted and not leave.signed:
        raise _disagree(shipment, order, parcel)
    if len(shipment.orders) > 1 and not leave.several_orders:
        raise Refused(
            _("{waybill} carries {count} orders: {orders}").format(
                waybill=shipment.waybill,
                count=len(shipment.orders),
                orders=", ".join(each.order_id for each in shipment.orders),
            ),
            code="several_orders",
            hint=_("if all of them are meant: --allow-several-orders"),
        )


def _over(shipment: Shipment, parcel: Parcel) -> Refused:
    order = shipment.order.order_id if shipment.order else "ORDER"
    return Refused(
        _("{waybill} is {status}, as its courier said on {date}").format(
            waybill=shipment.waybill,
            status=parcel.status.value,
            date=f"{parcel.last_event_at:%Y-%m-%d}" if parcel.last_event_at else "?",
        ),
        code="already_delivered",
        reason=RefusalReason.ALREADY_DELIVERED.value,
        hint=_("agree on a return: asctl rma open {order} --kind return; if you know better: --allow-signed").format(
            order=order
        ),
    )


def _disagree(shipment: Shipment, order: Order, parcel: Parcel) -> Refused:
    return Refused(
        _(
            "the marketplace says that order {order} is {order_status}, the courier says that {waybill} is {status}"
        ).format(
            order=order.order_id,
            order_status=order.status.value,
            waybill=shipment.waybill,
            status=parcel.status.value,
        ),
        code="sources_disagree",
        hint=_("ask the courier or the customer which is true; to go on all the same: --allow-signed"),
    )
