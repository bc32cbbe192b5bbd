"""Pickups (上门取件): the courier fetches what comes back at the customer's, one parcel for one case or several (R10, R11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from asctl.capabilities.shipping import PickupLimits
from asctl.domain.actions import About, Action, ActionKind, ActionState, Intent, Wanted
from asctl.domain.addresses import clean_phone, whole_sender
from asctl.domain.errors import AsctlError, BadConfiguration, BadInput, NotFound, NotOffered, Refused
from asctl.domain.orders import Receiver
from asctl.domain.places import parse_address
from asctl.domain.rmas import Rma
from asctl.domain.windows import FetchWindow, next_window
from asctl.services.desk import Desk
from asctl.services.frozen import frozen
from asctl.services.labels import return_place
from asctl.services.orders import one_order
from asctl.services.rmas import check_may_send
from asctl.services.routes import courier_account
from asctl.settings import Account
from asctl.store import actions as stored_actions
from asctl.store import pickups as stored_pickups
from asctl.text import _


@dataclass(frozen=True, slots=True)
class PickupWish:
    """What an operator asks for. ``sender`` holds what the order does not tell of the customer; ``courier`` is needed for an
    aggregator; without a ``window`` the courier comes as soon as he can."""

    account: str = ""
    courier: str = ""
    sender: Receiver = field(default_factory=Receiver)
    window: FetchWindow | None = None


def pickup_wanted(desk: Desk, cases: Sequence[Rma], wish: PickupWish) -> Wanted:
    """A pickup of the goods of these cases, which travel in one parcel.

    Raises what :func:`check_may_send` raises, :class:`BadInput` (the customer's address is not whole), :class:`NotOffered`,
    :class:`BadConfiguration` (no return address). Whether somebody else comes for them is told when it is planned.
    """
    # By number, so that the same goods are the same pickup in whatever order they are asked for.
    cases, now = sorted(cases, key=lambda rma: rma.rma), desk.clock.now()
    first = cases[0]
    for rma in cases:
        check_may_send(rma, now)
    account, courier = _who(desk, wish)
    others = " ".join(rma.rma for rma in cases[1:])
    intent = Intent(account.name, ActionKind.PICKUP, f"rma {first.rma}", scope=first.rma, purpose=others)
    receiver = warehouse(desk, first.shop)
    window = _window(desk, account, wish)
    standing = one_order(desk, first.order_id, first.shop).receiver
    payload = {
        "sender": frozen(whole_sender(wish.sender, standing, first.rma)),
        "receiver": frozen(receiver),
        "goods": [
            {"title": line.title, "sku": line.sku, "quantity": line.quantity} for rma in cases for line in rma.lines
        ],
        "rmas": [rma.rma for rma in cases],
        "remark": " ".join(rma.rma for rma in cases),
        "phone_tail": receiver.phone[-4:],
        "window": str(wish.window or ""),
        "fetch_from": window.start.isoformat() if window else "",
        "fetch_until": window.end.isoformat() if window else "",
    }
    about = About(shop=first.shop, order_id=first.order_id, courier=courier, rma=first.rma)
    return Wanted(intent, payload, about)


def pickup_cancellation_wanted(desk: Desk, rma: Rma) -> Wanted:
    """The taking back of the pickup that stands. Raises :class:`NotFound` (``no_pickup``), :class:`Refused` (``not_accepted``,
    ``cannot_cancel``), :class:`NotOffered`."""
    action = latest_pickup(desk, rma.rma)
    if action is None:
        raise NotFound(
            _("no pickup for {rma} is on record").format(rma=rma.rma),
            code="no_pickup",
            hint=_("see: asctl pickup list; what was ordered elsewhere must be taken back there"),
        )
    intent = Intent(action.account, ActionKind.CANCEL_PICKUP, action.target, scope=action.rma, purpose=action.key)
    standing = action.state is ActionState.DONE and action.effect == "accepted"
    if not (standing or _taken_back(desk, intent)):
        raise _not_standing(action)
    limits = _limits(desk, desk.settings.account(action.account))
    if not limits.cancel:
        raise NotOffered(
            _("pickups cannot be taken back through {account}").format(account=action.account),
            code="cancel_not_offered",
            hint=_("call the courier"),
            account=action.account,
        )
    payload = {**action.payload, "key": action.key, "reference": action.reference, "of": action.action}
    kept = About(action.shop, action.order_id, action.courier, action.waybill, action.after_sale_id, action.rma)
    return Wanted(intent, payload, kept)


def latest_pickup(desk: Desk, rma: str) -> Action | None:
    """The pickup of a case that was asked for last, alone or together with others."""
    with desk.store.read() as tx:
        return stored_pickups.latest_pickup(tx, rma)


def warehouse(desk: Desk, shop: str) -> Receiver:
    """Where the shop's returns go, as a courier wants it: whole. What ``return_province`` and its like say need not be read
    from the address. Raises :class:`BadConfiguration` (``return_address_missing``, ``return_address_unreadable``)."""
    told = return_place(desk, shop)
    parts = {part: str(desk.settings.common(shop, f"return_{part}") or "") for part in ("province", "city", "district")}
    try:
        place, phone = parse_address(told.detail, **parts), clean_phone(told.phone)
    except BadInput as error:
        raise BadConfiguration(
            _("the return address of {shop} is of no use to a courier: {reason}").format(
                shop=shop, reason=error.message
            ),
            code="return_address_unreadable",
            hint=error.hint,
        ) from error
    return replace(place, name=told.name or shop, phone=phone)


def _who(desk: Desk, wish: PickupWish) -> tuple[Account, str]:
    """The account that orders, and the courier that comes."""
    if wish.courier:
        return courier_account(desk, wish.courier, "ReverseShipper", "pickup", wish.account), wish.courier
    if not wish.account:
        raise BadInput(
            _("nobody says which courier shall come"),
            code="no_courier",
            hint=_("give --courier sf, or --account; see: asctl account list"),
        )
    spec = desk.accounts.spec(desk.settings.account(wish.account))
    if len(spec.couriers) != 1:
        raise BadInput(
            _("{account} serves many couriers").format(account=wish.account),
            code="no_courier",
            hint=_("say which one shall come, as: --courier yto"),
        )
    (courier,) = spec.couriers
    return courier_account(desk, courier, "ReverseShipper", "pickup", wish.account), courier


def _window(desk: Desk, account: Account, wish: PickupWish) -> FetchWindow | None:
    if wish.window is not None:
        return wish.window
    return next_window(desk.clock.now()) if _limits(desk, account).needs_window else None


def _limits(desk: Desk, account: Account) -> PickupLimits:
    declared = desk.accounts.capability(account, "ReverseShipper")
    limits = declared.limits if declared else None
    return limits if isinstance(limits, PickupLimits) else PickupLimits()


def _taken_back(desk: Desk, intent: Intent) -> bool:
    """Whether this very cancellation was done before: then a repeat is no error, and has nothing to do."""
    with desk.store.read() as tx:
        last = stored_actions.last_of_intent(tx, intent)
    return last is not None and last.state is ActionState.DONE


def _not_standing(action: Action) -> AsctlError:
    if action.effect:
        return Refused(
            _("{action} is {effect} already").format(action=action.action, effect=action.effect),
            code="cannot_cancel",
            reason="CANNOT_CANCEL",
            hint=_("see: asctl pickup list --rma {rma}").format(rma=action.rma),
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
