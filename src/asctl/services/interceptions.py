"""Interceptions (拦截): who can call a parcel back, and what is asked of him (R96, T13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asctl.capabilities.shipping import InterceptorLimits
from asctl.capabilities.specs import Capability, ProviderKind
from asctl.domain.actions import INTERCEPTIONS, About, Action, ActionKind, ActionState, Intent, Wanted
from asctl.domain.aftersales import AfterSale, AfterSaleKind
from asctl.domain.errors import AsctlError, BadInput, NotFound, NotOffered, Refused
from asctl.domain.orders import Order
from asctl.domain.remarks import one_line
from asctl.services.desk import Desk
from asctl.services.frozen import frozen
from asctl.services.routes import courier_account
from asctl.services.shipments import NO_LEAVE, Leave, Shipment, check_touchable, find_shipment
from asctl.settings import Account
from asctl.store import action_lists as stored_lists
from asctl.store import actions as stored_actions
from asctl.store import aftersales as stored_after_sales
from asctl.store.action_lists import ActionFilter
from asctl.store.aftersales import AfterSaleFilter
from asctl.text import _

REMARK = "已申请拦截 {waybill}"
_WITH_REFUND = frozenset({AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN})


@dataclass(frozen=True, slots=True)
class InterceptionWish:
    """What an operator asks for. ``ship_anew`` names what is to be sent once the parcel is caught (R96)."""

    return_to: str = "sender"
    reason: str = ""
    flag: str = ""
    ship_anew: str = ""
    account: str = ""
    courier: str = ""
    shop: str = ""
    leave: Leave = NO_LEAVE


def interception_wanted(desk: Desk, waybill: str, wish: InterceptionWish) -> Wanted:
    """An interception at the courier, or at the marketplace where a shop is named as the account, or no courier account
    offers it and a refund is applied for.

    Raises :class:`BadInput`, :class:`Refused` (see :func:`check_touchable`), :class:`NotOffered`.
    """
    shipment = find_shipment(desk, waybill, wish.courier, wish.shop)
    check_touchable(shipment, wish.leave)
    if wish.ship_anew and shipment.order is None:
        raise _no_order(shipment)
    account = desk.settings.account(wish.account) if wish.account else None
    if account is not None and account.kind is ProviderKind.ORDER_SOURCE:
        return _by_marketplace(desk, shipment, wish, account)
    try:
        account = courier_account(desk, shipment.courier, "Interceptor", "intercept", wish.account, _returns_to(wish))
    except NotOffered as not_offered:
        if wish.account or shipment.order is None:
            raise
        return _instead(desk, shipment, wish, not_offered)
    target = f"{shipment.courier} {shipment.waybill}"
    intent = Intent(account.name, ActionKind.INTERCEPT, target, purpose=f"return to {wish.return_to}")
    payload = {"return_to": wish.return_to, "reason": wish.reason, "phone_tail": shipment.phone_tail}
    return Wanted(intent, {**payload, **wish.leave.kept}, about(shipment), _afterwards(shipment, wish))


def cancellation_wanted(desk: Desk, waybill: str, courier: str = "") -> Wanted:
    """The taking back of the interception that stands. Raises :class:`NotFound` (``no_interception``), :class:`Refused`
    (``not_accepted``, ``CANNOT_CANCEL``), :class:`NotOffered`."""
    action = latest_interception(desk, waybill, courier)
    if action is None:
        raise NotFound(
            _("no interception of {waybill} is on record").format(waybill=waybill),
            code="no_interception",
            hint=_("see: asctl intercept list; what was asked for elsewhere must be taken back there"),
        )
    intent = Intent(action.account, ActionKind.CANCEL_INTERCEPTION, action.target, purpose=action.key)
    if not (action.state is ActionState.DONE and (action.effect == "accepted" or _taken_back(desk, intent))):
        raise _not_standing(action)
    account = desk.settings.account(action.account)
    declared = desk.accounts.capability(account, "Interceptor")
    limits = declared.limits if declared else None
    if not (isinstance(limits, InterceptorLimits) and limits.cancel):
        raise NotOffered(
            _("interceptions cannot be taken back through {account}").format(account=action.account),
            code="cancel_not_offered",
            hint=_("call the courier; or redirect the parcel to its receiver: asctl address change {waybill}").format(
                waybill=waybill
            ),
            account=action.account,
        )
    payload = {**action.payload, "key": action.key, "reference": action.reference, "of": action.action}
    kept = About(action.shop, action.order_id, action.courier, action.waybill, action.after_sale_id, action.rma)
    return Wanted(intent, payload, kept)


def _taken_back(desk: Desk, intent: Intent) -> bool:
    """Whether this very cancellation was done before: then a repeat is no error, and has nothing to do."""
    with desk.store.read() as tx:
        last = stored_actions.last_of_intent(tx, intent)
    return last is not None and last.state is ActionState.DONE


def latest_interception(desk: Desk, waybill: str, courier: str = "") -> Action | None:
    """The interception of a parcel that was asked for last."""
    with desk.store.read() as tx:
        found = stored_lists.list_actions(tx, ActionFilter(kinds=INTERCEPTIONS, waybill=waybill))
        return next((action for action in found if courier in ("", action.courier)), None)


def about(shipment: Shipment) -> About:
    """What an action about this parcel concerns."""
    order = shipment.order
    return About(
        shop=order.shop if order else (shipment.parcel.shop if shipment.parcel else ""),
        order_id=order.order_id if order else (shipment.parcel.order_id if shipment.parcel else ""),
        courier=shipment.courier,
        waybill=shipment.waybill,
        rma=shipment.parcel.rma if shipment.parcel else "",
    )


def _returns_to(wish: InterceptionWish) -> Callable[[Capability], bool]:
    def fits(declared: Capability) -> bool:
        limits = declared.limits if isinstance(declared.limits, InterceptorLimits) else InterceptorLimits()
        return wish.return_to in limits.return_to

    return fits


def _afterwards(shipment: Shipment, wish: InterceptionWish) -> dict[str, str]:
    told = REMARK.format(waybill=shipment.waybill)
    text = f"{told}：{one_line(wish.reason)}" if wish.reason else told
    wanted = {"remark": text, "flag": wish.flag, "ship_anew": wish.ship_anew, "orders": orders_text(shipment)}
    return {name: value for name, value in wanted.items() if value}


def orders_text(shipment: Shipment) -> str:
    """The orders that a remark goes to, as ``shop/order`` words."""
    return " ".join(f"{order.shop}/{order.order_id}" for order in shipment.orders)


def _instead(desk: Desk, shipment: Shipment, wish: InterceptionWish, not_offered: NotOffered) -> Wanted:
    """The marketplace, where it can; else what stood in the way at the couriers."""
    order = shipment.order
    try:
        if order is not None:
            return _by_marketplace(desk, shipment, wish, desk.accounts.named(order.shop))
    except AsctlError:
        raise not_offered from None
    raise not_offered


def _by_marketplace(desk: Desk, shipment: Shipment, wish: InterceptionWish, account: Account) -> Wanted:
    order = shipment.order
    if order is None or order.shop != account.name:
        raise _other_shop(shipment, account)
    if desk.accounts.capability(account, "OrderInterceptor") is None:
        raise NotOffered(
            _("{account} does not offer interception").format(account=account.name),
            code="no_intercept",
            hint=_("see what each account offers: asctl account list"),
            account=account.name,
        )
    sale = _application(desk, order)
    intent = Intent(
        account.name, ActionKind.INTERCEPT_ORDER, sale.after_sale_id, scope=sale.after_sale_id, purpose=sale.version
    )
    kept = about(shipment)
    concerned = About(kept.shop, kept.order_id, kept.courier, kept.waybill, sale.after_sale_id, kept.rma)
    return Wanted(intent, {"after_sale": frozen(sale), **wish.leave.kept}, concerned, _afterwards(shipment, wish))


def _application(desk: Desk, order: Order) -> AfterSale:
    """The refund that the interception hangs on (reference/taobao-top.md section 6.4)."""
    wanted = AfterSaleFilter(shop=order.shop, order_id=order.order_id, open_only=True)
    with desk.store.read() as tx:
        found = [sale for sale in stored_after_sales.list_after_sales(tx, wanted) if sale.kind in _WITH_REFUND]
    if len(found) == 1:
        return found[0]
    told = (
        _("order {order} has no open application for a refund")
        if not found
        else _("order {order} has several open applications: {numbers}")
    )
    raise Refused(
        told.format(order=order.order_id, numbers=", ".join(sale.after_sale_id for sale in found)),
        code="no_application" if not found else "several_applications",
        hint=_("the marketplace intercepts for one application: see asctl aftersale list --order {order}").format(
            order=order.order_id
        ),
        account=order.shop,
    )


def _other_shop(shipment: Shipment, account: Account) -> BadInput:
    return BadInput(
        _("{waybill} belongs to no order of {shop} that is in the store").format(
            waybill=shipment.waybill, shop=account.name
        ),
        code="not_of_shop",
        hint=_("check the shop, or fetch what changed: asctl order sync"),
        account=account.name,
    )


def _no_order(shipment: Shipment) -> BadInput:
    return BadInput(
        _("{waybill} belongs to no order in the store, so nothing can be sent anew for it").format(
            waybill=shipment.waybill
        ),
        code="unknown_order",
        hint=_("fetch what changed: asctl order sync; or leave --ship-anew out"),
    )


def _not_standing(action: Action) -> Refused:
    if action.effect in ("effective", "ineffective", "cancelled"):
        told = _("{action} is {effect} already").format(action=action.action, effect=action.effect)
        return Refused(
            told, code="cannot_cancel", reason="CANNOT_CANCEL", hint=_("see: asctl intercept status WAYBILL")
        )
    return Refused(
        _("{action} is {state}, so there is nothing to take back at the courier").format(
            action=action.action, state=action.state.value
        ),
        code="not_accepted",
        hint=_("a planned one: asctl action cancel {action}; an unclear one: asctl action reconcile").format(
            action=action.action
        ),
    )
