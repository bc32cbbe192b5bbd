"""Address changes: before shipping at the marketplace, under way at the courier (R94, R95)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from asctl.capabilities.specs import ProviderKind
from asctl.domain.actions import About, ActionKind, Intent, Wanted, digest
from asctl.domain.addresses import address_line, check_consistent, is_empty, names_address, whole_receiver
from asctl.domain.errors import BadInput, NotFound, NotOffered, Refused
from asctl.domain.orders import Order, OrderStatus, Receiver
from asctl.domain.refusals import RefusalReason, refusal
from asctl.services.desk import Desk
from asctl.services.frozen import frozen
from asctl.services.interceptions import about, orders_text
from asctl.services.routes import courier_account
from asctl.services.shipments import NO_LEAVE, Leave, Shipment, check_touchable, find_shipment
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store.orders import OrderFilter
from asctl.text import _

ADDRESS_CHANGED, NAME_CHANGED, REDIRECTED = "已修改收货信息", "已修改收货人", "已申请快递改址"
_RECEIVED = frozenset({OrderStatus.SIGNED, OrderStatus.FINISHED, OrderStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class AddressWish:
    """What an operator asks for; ``receiver`` holds what shall change."""

    receiver: Receiver
    reason: str = ""
    flag: str = ""
    account: str = ""
    courier: str = ""
    shop: str = ""
    leave: Leave = NO_LEAVE


def address_wanted(desk: Desk, target: str, wish: AddressWish) -> Wanted:
    """A change of the receiver of an order or of a parcel; which of the two ways it takes follows from where it stands.

    Raises :class:`BadInput` (nothing to change, what a far side would refuse), :class:`NotFound`, :class:`Refused`,
    :class:`NotOffered`.
    """
    if is_empty(wish.receiver):
        raise BadInput(
            _("nothing is to be changed: no field of the receiver is given"),
            code="nothing_to_change",
            hint=_("give at least one of --name --phone --province --city --district --town --detail"),
        )
    order = _order_meant(desk, target, wish.shop)
    if order is None:
        return _at_courier(desk, find_shipment(desk, target, wish.courier, wish.shop), wish)
    if order.status is OrderStatus.TO_SHIP:
        return _at_marketplace(desk, order, wish)
    return _at_courier(desk, find_shipment(desk, _only_parcel(order), wish.courier, order.shop), wish)


def customer_text(number: str, receiver: Receiver) -> str:
    """What is sent to the customer for checking (R94), in the customer's language."""
    return f"亲，您的订单/包裹 {number} 的收货信息已申请修改为：{address_line(receiver)}。请核对，如有误请尽快回复。"


def _order_meant(desk: Desk, target: str, shop: str) -> Order | None:
    """The order of that number; ``None`` for a waybill. Raises where two shops have it, or nobody knows the number."""
    with desk.store.read() as tx:
        found = stored_orders.get_orders(tx, target, shop)
        parcel = bool(stored_parcels.find_parcels(tx, target))
        parcel = parcel or any(stored_orders.list_orders(tx, OrderFilter(waybill=target, limit=1)))
    if len(found) > 1:
        raise BadInput(
            _("order {order} exists in several shops: {shops}").format(
                order=target, shops=", ".join(order.shop for order in found)
            ),
            code="ambiguous_order",
            hint=_("say which one, as: --shop {shop}").format(shop=found[0].shop),
        )
    if found or parcel:
        return found[0] if found else None
    raise NotFound(
        _("{number} is neither an order nor a waybill in the store").format(number=target),
        code="unknown_number",
        hint=_(
            "fetch what changed (asctl order sync), or put the parcel under watch: asctl parcel add {number}"
        ).format(number=target),
    )


def _only_parcel(order: Order) -> str:
    """The waybill of an order that went out in one parcel."""
    waybills = [waybill for _courier, waybill in order.waybills]
    if order.status in _RECEIVED and len(waybills) != 1:
        raise _too_late(order)
    if not waybills:
        raise Refused(
            _("order {order} is {status}: no address can be changed now").format(
                order=order.order_id, status=order.status.value
            ),
            code="order_not_ready",
            hint=_("an order takes a new address once it is paid and until it is shipped"),
            account=order.shop,
        )
    if len(waybills) > 1 or order.status is OrderStatus.PART_SHIPPED:
        raise BadInput(
            _("order {order} is under way in parts: {waybills}").format(
                order=order.order_id, waybills=", ".join(waybills)
            ),
            code="several_parcels",
            hint=_("give the waybill of the parcel that is meant"),
        )
    return waybills[0]


def _at_marketplace(desk: Desk, order: Order, wish: AddressWish) -> Wanted:
    account = desk.accounts.named(order.shop)
    if desk.accounts.capability(account, "OrderAddressChanger") is None:
        raise NotOffered(
            _("{account} does not offer address changes").format(account=account.name),
            code="no_address",
            hint=_("change it in the seller's back office"),
            account=account.name,
        )
    check_consistent(wish.receiver, order.receiver)
    desk.accounts.provider(account, "OrderAddressChanger").check_receiver(wish.receiver)
    intent = Intent(account.name, ActionKind.CHANGE_RECEIVER, order.order_id, purpose=_purpose(wish.receiver))
    payload = {"receiver": frozen(wish.receiver), "reason": wish.reason, "standing": frozen(order.receiver)}
    concerned = About(shop=order.shop, order_id=order.order_id)
    what = ADDRESS_CHANGED if names_address(wish.receiver) else NAME_CHANGED
    return Wanted(intent, payload, concerned, _afterwards(wish, what, f"{order.shop}/{order.order_id}"))


def _at_courier(desk: Desk, shipment: Shipment, wish: AddressWish) -> Wanted:
    check_touchable(shipment, wish.leave)
    order = shipment.order
    if order is not None and order.status in _RECEIVED and not wish.leave.signed:
        raise _too_late(order)
    _refuse_shop(desk, wish.account)
    receiver = whole_receiver(wish.receiver, order.receiver if order else Receiver())
    account = courier_account(desk, shipment.courier, "AddressChanger", "address", wish.account)
    target = f"{shipment.courier} {shipment.waybill}"
    intent = Intent(account.name, ActionKind.REDIRECT, target, purpose=_purpose(receiver))
    payload = {"receiver": frozen(receiver), "reason": wish.reason, "phone_tail": shipment.phone_tail}
    return Wanted(
        intent, {**payload, **wish.leave.kept}, about(shipment), _afterwards(wish, REDIRECTED, orders_text(shipment))
    )


def _refuse_shop(desk: Desk, named: str) -> None:
    if named and desk.settings.account(named).kind is ProviderKind.ORDER_SOURCE:
        raise Refused(
            _("the parcel is under way: only its courier can change the address now"),
            code="already_shipped",
            hint=_("leave --account out, or name a courier account"),
            account=named,
        )


def _afterwards(wish: AddressWish, what: str, orders: str) -> dict[str, str]:
    """The remark says what was done and why, and repeats nobody's address; at a courier it is only asked for as yet."""
    text = f"{what}：{wish.reason}" if wish.reason else what
    wanted = {"remark": text, "flag": wish.flag, "orders": orders}
    return {name: value for name, value in wanted.items() if value and orders}


def _purpose(receiver: Receiver) -> str:
    return digest(json.dumps(frozen(receiver), ensure_ascii=False, sort_keys=True))


def _too_late(order: Order) -> Refused:
    if order.status is OrderStatus.CLOSED:
        return Refused(
            _("order {order} is closed").format(order=order.order_id),
            code="order_closed",
            hint=_("look at it: asctl order show {order}").format(order=order.order_id),
            account=order.shop,
        )
    return refusal(RefusalReason.ALREADY_DELIVERED, _("the marketplace"), order.order_id)
