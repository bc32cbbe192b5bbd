"""Errands at marketplaces: receivers before shipping, decisions on applications, interception by refund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from asctl.capabilities.orders import AfterSaleOutcome, AfterSaleRefusal, ReceiverChange
from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Evidence
from asctl.domain.actions import Action, ActionKind
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import AsctlError, NeedsApproval, PluginBroken, Stale
from asctl.domain.orders import Order, OrderStatus
from asctl.host.guard import Guarded
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.errands import Errand, NothingToDo, Ready, RequestErrand, unknown_after
from asctl.services.frozen import thawed_after_sale, thawed_bytes, thawed_receiver
from asctl.services.outcomes import Lesson, Outcome, accepted, failed
from asctl.store import aftersales as stored_after_sales
from asctl.store import orders as stored_orders
from asctl.text import _

SECOND_VERIFICATION = "second_verification"


class MovedOn(Stale):
    """It changed since it was fetched. ``learned`` writes into the store how it stands now."""

    def __init__(self, learned: Lesson, message: str, *, code: str, hint: str, account: str) -> None:
        super().__init__(message, code=code, hint=hint, account=account)
        self.learned = learned


class ChangeReceiver(RequestErrand):
    """R94: a new receiver, while the order is not shipped."""

    kind = ActionKind.CHANGE_RECEIVER

    def request(self, action: Action) -> ReceiverChange:
        kept = action.payload
        return ReceiverChange(
            action.key, action.order_id, thawed_receiver(kept["receiver"]), thawed_receiver(kept["standing"])
        )

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """The order as it is now must still wait for shipping. What stands there is looked at: where it cannot be told from
        what is wanted, a later look proves nothing."""
        order: Order = (
            provider.order(action.order_id)
            if desk.accounts.capability(desk.accounts.named(action.account), "OrderSource")
            else _stored(desk, action)
        )
        seen = self.seen_before(desk, provider, action)
        if order.status is not OrderStatus.TO_SHIP:
            raise MovedOn(
                lambda tx, _now: stored_orders.put_orders(tx, [order]),
                _("order {order} is no longer waiting for shipping: it is {status} now").format(
                    order=action.order_id, status=order.status.value
                ),
                code="order_moved_on",
                hint=_("run the same command again: it then takes the way that is left"),
                account=action.account,
            )
        return Ready(before=seen)


def _stored(desk: Desk, action: Action) -> Order:
    with desk.store.read() as tx:
        return stored_orders.get_orders(tx, action.order_id, action.shop)[0]


class _OnApplication(RequestErrand):
    """A write that carries the version of the application it decides on."""

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """The application must be the one that was looked at: same version, same state."""
        seen = thawed_after_sale(action.payload["after_sale"])
        before = self.seen_before(desk, provider, action) if action.attempt else ""
        if not desk.accounts.capability(desk.accounts.named(action.account), "AfterSaleSource"):
            return Ready(before=before)
        fresh: AfterSale = provider.after_sale(seen.after_sale_id)
        if (fresh.version, fresh.status) == (seen.version, seen.status):
            return Ready(before=before)
        raise MovedOn(
            lambda tx, _now: stored_after_sales.put_after_sales(tx, [fresh]),
            _("application {number} changed since it was fetched: it is {status} now, of {amount} {currency}").format(
                number=fresh.after_sale_id, status=fresh.status.value, amount=fresh.amount, currency=fresh.currency
            ),
            code="after_sale_changed",
            hint=_("look at it (asctl aftersale show {number}), then run the command again").format(
                number=fresh.after_sale_id
            ),
            account=action.account,
        )


class InterceptOrder(_OnApplication):
    """Nobody can tell two requests for one application apart, so what stands is looked at first."""

    kind = ActionKind.INTERCEPT_ORDER

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        seen = super().ready(desk, provider, action)
        found = self.look(provider, contract_of(desk, action), action)
        if found.evidence is Evidence.PRESENT:
            told = _("the marketplace was asked already to intercept for application {number}: {effect}").format(
                number=action.after_sale_id, effect=found.effect.value if found.effect else "?"
            )
            raise NothingToDo("already_intercepted", told, {}, found)
        return seen

    def request(self, action: Action) -> AfterSale:
        return thawed_after_sale(action.payload["after_sale"])


class Refuse(_OnApplication):
    kind = ActionKind.REFUSE

    def request(self, action: Action) -> AfterSaleRefusal:
        kept = action.payload
        return AfterSaleRefusal(
            thawed_after_sale(kept["after_sale"]),
            str(kept["text"]),
            str(kept.get("reason_id") or ""),
            thawed_bytes(kept, "proof"),
        )


class Agree(_OnApplication):
    """Many in one call, within the marketplace's limits."""

    kind = ActionKind.AGREE
    judges = True

    def request(self, action: Action) -> AfterSale:
        return thawed_after_sale(action.payload["after_sale"])

    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        try:
            told: tuple[AfterSaleOutcome, ...] = provider.agree_after_sales(
                tuple(self.asked(action) for action in actions), code
            )
        except PluginBroken as error:
            return [failed(unknown_after(error)) for _action in actions]
        except AsctlError as error:
            return [failed(error) for _action in actions]
        by_number = {each.after_sale_id: each for each in told}
        return [_outcome(action, by_number.get(action.after_sale_id)) for action in actions]


def _outcome(action: Action, told: AfterSaleOutcome | None) -> Outcome:
    """What a row of the answer means; one that is missing is not known, whatever became of the others."""
    if told is None:
        return failed(unknown_after(_no_row(action)))
    if told.needs_person:
        return replace(failed(_needs_code(action)), message=told.message)
    if told.error is not None:
        if told.error.of_write is None:  # no call raised it: the row itself is the answer to the write
            told.error.of_write = True
        return failed(unknown_after(told.error) if isinstance(told.error, PluginBroken) else told.error)
    return accepted(action.kind, Submission(message=told.message))


def _no_row(action: Action) -> PluginBroken:
    return PluginBroken(
        _("the answer holds nothing about application {number}").format(number=action.after_sale_id),
        code="missing_row",
        hint=_("asctl action reconcile looks what became of it"),
        account=action.account,
    )


def _needs_code(action: Action) -> NeedsApproval:
    return NeedsApproval(
        _("the marketplace sent a code by text message before it pays {number}; nothing was agreed to yet").format(
            number=action.after_sale_id
        ),
        code=SECOND_VERIFICATION,
        hint=_("ask the shop's owner for it, then: asctl aftersale agree {number} --code CODE").format(
            number=action.after_sale_id
        ),
        account=action.account,
    )


def order_errands() -> tuple[Errand, ...]:
    """The errands at marketplaces, but for remarks."""
    return (ChangeReceiver(), InterceptOrder(), Refuse(), Agree())
