"""What a number that people type stands for: a parcel with the orders inside it, as far as the store knows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from asctl.domain.actions import Action
from asctl.domain.couriers import guess_courier
from asctl.domain.disagreement import MARKETPLACE_SAYS_SIGNED, disagreement
from asctl.domain.errors import BadInput, Refused
from asctl.domain.orders import Order
from asctl.domain.parcels import Direction, Parcel, ParcelKey, ParcelStatus
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

    @property
    def kept(self) -> dict[str, object]:
        """What an action keeps of it until it is sent (see :func:`check_again`)."""
        return {"allow_signed": True} if self.signed else {}


NO_LEAVE = Leave()


def find_shipment(desk: Desk, waybill: str, courier: str = "", shop: str = "") -> Shipment:
    """The parcel of that waybill. Raises :class:`BadInput` where the number is an order's, where its courier cannot be told,
    and where another one is named than the store knows."""
    with desk.store.read() as tx:
        watched = stored_parcels.find_parcels(tx, waybill)
        found = [order for order, _count in stored_orders.list_orders(tx, OrderFilter(waybill=waybill, shop=shop))]
        known_by_shape = watched or found or guess_courier(waybill)
        numbered = () if known_by_shape else stored_orders.get_orders(tx, waybill, shop)
    if numbered:
        raise _order_number(waybill, numbered)
    parcels = [each for each in watched if courier in ("", each.courier)]
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
    known = courier or (parcel.courier if parcel else "") or (min(carried) if len(carried) == 1 else "")
    shipment = Shipment(courier_of(desk.host, waybill, known), waybill, parcel, tuple(found))
    couriers = carried | {each.courier for each in watched}
    if couriers and courier and courier not in couriers:
        raise _contradicts(waybill, courier, couriers)
    return shipment


def check_touchable(shipment: Shipment, leave: Leave) -> None:
    """Raises :class:`Refused` for a parcel that should not be redirected or called back without a second thought: signed, not
    sure whether signed (``sources_disagree``), with several orders inside, or one that the customer sends to us."""
    if shipment.parcel is not None and shipment.parcel.direction is Direction.RETURN:
        raise Refused(
            _("{waybill} is on its way to us, sent by the customer").format(waybill=shipment.waybill),
            code="return_parcel",
            hint=_("only parcels that we sent can be called back or redirected"),
        )
    _check_under_way(shipment, leave)
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


def check_again(desk: Desk, action: Action) -> None:
    """What was planned earlier is held to what the store knows now. Raises :class:`Refused` for a parcel that was signed
    meanwhile, or perhaps was, unless that was allowed when the action was planned."""
    key = ParcelKey(action.courier, action.waybill)
    with desk.store.read() as tx:
        parcel = stored_parcels.get_parcels(tx, [key]).get(key)
        orders = stored_orders.get_orders(tx, action.order_id, action.shop) if parcel and action.order_id else ()
    _check_under_way(
        Shipment(key.courier, key.waybill, parcel, orders), Leave(signed=bool(action.payload.get("allow_signed")))
    )


def _check_under_way(shipment: Shipment, leave: Leave) -> None:
    parcel, order = shipment.parcel, shipment.order
    if parcel is None or leave.signed:
        return
    if parcel.status in _OVER:
        raise _over(shipment, parcel)
    if order and disagreement(order.status, parcel.status) == MARKETPLACE_SAYS_SIGNED:
        raise _disagree(shipment, order, parcel)


def _over(shipment: Shipment, parcel: Parcel) -> Refused:
    """What each end means for somebody who wants the parcel back or elsewhere."""
    order = shipment.order.order_id if shipment.order else "ORDER"
    date = f"{parcel.last_event_at:%Y-%m-%d}" if parcel.last_event_at else "?"
    told, code, hint = {
        ParcelStatus.DELIVERED: (
            _("{waybill} is delivered, as its courier said on {date}"),
            "already_delivered",
            _("agree on a return: asctl rma open {order} --kind return"),
        ),
        ParcelStatus.RETURNED: (
            _("{waybill} has come back to its sender, as its courier said on {date}"),
            "already_returned",
            _("look for it at the warehouse; to send the goods once more: asctl rma open {order} --kind reship"),
        ),
        ParcelStatus.CANCELLED: (
            _("{waybill} was cancelled, as its courier said on {date}: nothing travels under this number"),
            "parcel_cancelled",
            _("see whether the goods went out under another number: asctl order show {order}"),
        ),
    }[parcel.status]
    delivered = parcel.status is ParcelStatus.DELIVERED
    return Refused(
        told.format(waybill=shipment.waybill, date=date),
        code=code,
        reason=(RefusalReason.ALREADY_DELIVERED if delivered else RefusalReason.OTHER).value,
        hint=_("{advice}; if you know better: --allow-signed").format(advice=hint.format(order=order)),
    )


def _order_number(number: str, orders: Sequence[Order]) -> BadInput:
    """Orders and parcels both have long numbers, and people mix them up."""
    waybills = list(dict.fromkeys(waybill for order in orders for _courier, waybill in order.waybills))
    told, hint = (
        _("{number} is an order of {shops} that has no waybill yet, not a waybill"),
        _("nothing is under way that could be called back; see: asctl order show {number}"),
    )
    if len(waybills) == 1:
        told, hint = (
            _("{number} is an order of {shops}, not a waybill; its waybill is {waybills}"),
            _("if this parcel is meant: asctl intercept request {waybills}"),
        )
    elif waybills:
        told, hint = (
            _("{number} is an order of {shops}, not a waybill; its waybills are {waybills}"),
            _("say which one is meant: asctl intercept request WAYBILL"),
        )
    known = {"number": number, "shops": ", ".join(each.shop for each in orders), "waybills": ", ".join(waybills)}
    return BadInput(told.format(**known), code="order_not_waybill", hint=hint.format(**known))


def _contradicts(waybill: str, named: str, known: Collection[str]) -> BadInput:
    return BadInput(
        _("{waybill} is a parcel of {known} in the store, not of {named}").format(
            waybill=waybill, known=", ".join(sorted(known)), named=named
        ),
        code="courier_contradicts",
        hint=_("leave the courier out; or, if the store is wrong: asctl parcel add {waybill} --courier {named}").format(
            waybill=waybill, named=named
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
