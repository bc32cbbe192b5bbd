"""What follows from a settled action, in the same transaction: the remark on the order, the parcel under watch, labels that
are no longer right, and the tasks that somebody owes now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from asctl.domain.actions import SLOW_KINDS, TAKING_BACK, Action, ActionKind, ActionState, Family
from asctl.domain.parcels import Parcel
from asctl.domain.tasks import Task, TaskState
from asctl.services import books
from asctl.services.expecting import expect, give_up
from asctl.services.remarks import change_remarks, orders_of
from asctl.services.rmas import CALL_OFF
from asctl.services.tasks import BY_ITSELF
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store import labels as stored_labels
from asctl.store import parcels as stored_parcels
from asctl.store import tasks as stored_tasks
from asctl.store.opening import Transaction
from asctl.text import _

SETTLE, SHIP_ANEW, FAILED = "settle_action", "ship_anew", "interception_failed"
UNANSWERED, NOT_REDIRECTED, NOT_FETCHED = "ask_courier", "redirection_failed", "pickup_failed"
TWO_PARCELS = "two_parcels"
_MOVES_A_PARCEL = (ActionKind.INTERCEPT, ActionKind.REDIRECT)
_ABOUT_INVOICES = (Family.INVOICE, Family.INVOICE_COPY)
_CHANGES_ADDRESS = (ActionKind.CHANGE_RECEIVER, ActionKind.REDIRECT)


def follow(tx: Transaction, before: Action, after: Action, now: datetime) -> None:
    """Carry out what the step from ``before`` to ``after`` brings with it."""
    if after.state is not before.state:
        if after.state in (ActionState.DONE, ActionState.UNCLEAR) and after.kind in _MOVES_A_PARCEL:
            _watch(tx, after, now)
        if after.state is ActionState.DONE:
            _done(tx, after, now)
        if after.state is ActionState.NEEDS_PERSON:
            _open(tx, after, now, SETTLE, _settle_why(after), _settle_next(after))
        if before.state is ActionState.NEEDS_PERSON:
            _close(tx, after, SETTLE, now)
    if after.kind is ActionKind.PICKUP and after.state is ActionState.DONE and after.waybill != before.waybill:
        _expect(tx, before, after, now)
    if after.family in _ABOUT_INVOICES:
        books.followed(tx, before, after, now)
    elif after.effect != before.effect and after.kind in SLOW_KINDS:
        _effect_changed(tx, after, now)


def wish_later(tx: Transaction, action: Action, afterwards: Mapping[str, str], now: datetime) -> bool:
    """What is to be sent anew may be said after the request was made, too: it is noted, and where the parcel is caught by now
    the task opens at once. Returns whether it was news."""
    goods = afterwards.get("ship_anew", "")
    if not goods or action.afterwards.get("ship_anew"):
        return False
    noted = stored_actions.change(tx, action, action.state, {"afterwards": {**action.afterwards, "ship_anew": goods}})
    if noted is not None and noted.effect == "effective":
        _effect_changed(tx, noted, now)
    return noted is not None


def _done(tx: Transaction, action: Action, now: datetime) -> None:
    for remark in change_remarks(action, now):
        stored_actions.plan_action(tx, remark, 1, now, action.by, action.batch)
    if action.kind in _CHANGES_ADDRESS:
        for shop, order_id in orders_of(action):
            why = _("the address of order {order} was changed by {action}").format(order=order_id, action=action.action)
            stored_labels.void_labels(tx, shop, order_id, now, why)
    if action.kind in TAKING_BACK:
        _taken_back(tx, str(action.payload["of"]), action.by, now)


def _watch(tx: Transaction, action: Action, now: datetime) -> None:
    """What becomes of the request shows in the parcel's scans, so it is under watch from now on."""
    parcel = Parcel(
        action.courier, action.waybill, added_at=now, shop=action.shop, order_id=action.order_id,
        phone_tail=str(action.payload.get("phone_tail") or ""),
    )  # fmt: skip
    stored_parcels.add_parcels(tx, [parcel])
    stored_parcels.ask_soon(tx, parcel.key)


def _taken_back(tx: Transaction, number: str, by: str, now: datetime) -> None:
    request = stored_actions.get_action(tx, number)
    if request is not None and request.state is ActionState.DONE and request.effect == "accepted":
        news = {"effect": "cancelled", "effect_at": now, "next_look_at": None}
        stored_actions.change(tx, request, ActionState.DONE, news)
        stored_audit.write_audit(tx, now, by, f"action {request.kind}", number, {"effect": "cancelled"})
        if request.kind is ActionKind.PICKUP:
            give_up(tx, request, now)
            _close(tx, request, CALL_OFF, now)


def never_answered(tx: Transaction, action: Action, now: datetime) -> None:
    """An accepted request of which nothing was heard for so long that a person must ask."""
    why = _("nothing was heard of {action} ({kind} {target}) since it was accepted: ask the courier")
    next_ = f"asctl parcel show {action.waybill}"
    told = why.format(action=action.action, kind=action.kind.value, target=action.target)
    _open(tx, action, now, UNANSWERED, told, next_)


def _effect_changed(tx: Transaction, action: Action, now: datetime) -> None:
    goods = action.afterwards.get("ship_anew", "")
    if action.effect == "effective" and goods:
        why = _("send {goods} anew: {waybill} was intercepted").format(waybill=action.waybill, goods=goods)
        _open(tx, action, now, SHIP_ANEW, why, f"asctl rma open {action.order_id} --kind reship --reason wrong_goods")
    if action.kind is ActionKind.PICKUP:
        _pickup_moved(tx, action, now)
    elif action.effect == "ineffective":
        why = _("the courier could not carry out {action} for {waybill}: tell the customer").format(
            action=action.action, waybill=action.waybill
        )
        kind = FAILED if action.kind is not ActionKind.REDIRECT else NOT_REDIRECTED
        _open(tx, action, now, kind, why, f"asctl parcel show {action.waybill}")


def _expect(tx: Transaction, before: Action, pickup: Action, now: datetime) -> None:
    for rma in expect(tx, pickup, before.waybill, now):
        why = _("the goods of {rma} come back as {waybill}, and a courier was to fetch them as {other}: which is true?")
        told = why.format(rma=rma.rma, waybill=rma.waybill, other=pickup.waybill)
        _open(tx, pickup, now, TWO_PARCELS, told, f"asctl pickup cancel {rma.rma}")


def _pickup_moved(tx: Transaction, pickup: Action, now: datetime) -> None:
    """A courier who will not come leaves the cases free; where nobody of us called him off, somebody must know."""
    if pickup.effect not in ("ineffective", "cancelled"):
        return
    give_up(tx, pickup, now)
    _close(tx, pickup, CALL_OFF, now)
    ours = stored_actions.open_about(tx, pickup.account, Family.PICKUP, pickup.target)
    if not any(each.kind is ActionKind.CANCEL_PICKUP for each in ours):
        why = _("the courier will not fetch the goods of {rma} ({action}): order another pickup, or tell the customer")
        next_ = f"asctl pickup request {pickup.rma} --courier {pickup.courier}"
        _open(tx, pickup, now, NOT_FETCHED, why.format(rma=pickup.rma, action=pickup.action), next_)


def _settle_why(action: Action) -> str:
    if action.error_family == "needs_approval":
        return action.error_message
    return _("nobody can tell whether {action} ({kind} {target}) was carried out: ask the far side").format(
        action=action.action, kind=action.kind.value, target=action.target
    )


def _settle_next(action: Action) -> str:
    if action.error_family == "needs_approval":
        return f"asctl aftersale agree {action.after_sale_id} --code CODE"
    return f"asctl action resolve {action.action} --as done|absent --reason TEXT"


def _open(tx: Transaction, action: Action, now: datetime, kind: str, why: str, next_: str) -> None:
    task = Task(
        task=stored_tasks.next_task_id(tx), kind=kind, subject=_subject(action), cause=_attempt(action), due_at=now,
        opened_at=now, automatic=True, shop=action.shop, order_id=action.order_id, courier=action.courier,
        waybill=action.waybill, rma=action.rma, why=why, next=next_,
    )  # fmt: skip
    stored_tasks.open_task(tx, task)


def _close(tx: Transaction, action: Action, kind: str, now: datetime) -> None:
    for task in stored_tasks.tasks_of(tx, [_subject(action)]).get(_subject(action), ()):
        if task.kind == kind and task.state is TaskState.OPEN:
            stored_tasks.close_task(tx, task.task, TaskState.DONE, BY_ITSELF, now, action.state.value)


def _attempt(action: Action) -> str:
    """What a task is about at most once: an action that is sent again may need somebody again."""
    return f"{action.action} attempt {action.attempt}"


def _subject(action: Action) -> str:
    """Its own name: the tasks of a parcel open and close with the parcel's movement."""
    return f"action {action.action}"
