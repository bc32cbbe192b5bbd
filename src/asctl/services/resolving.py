"""What a person decides about an action: how it came out, or that it shall not be sent."""

from __future__ import annotations

from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import NotFound, Refused
from asctl.domain.remarks import one_line
from asctl.services.desk import Desk
from asctl.services.journal import settle
from asctl.services.outcomes import Outcome, usual_effect
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store.opening import Transaction
from asctl.text import _

DONE, ABSENT = "done", "absent"


def find_action(tx: Transaction, number: str) -> Action:
    """An action by its number. Raises :class:`NotFound`, :class:`BadInput`."""
    action = stored_actions.get_action(tx, number)
    if action is None:
        raise NotFound(
            _("there is no action {number}").format(number=number[:20]),
            code="unknown_action",
            hint=_("see: asctl action list"),
        )
    return action


def resolve_action(desk: Desk, number: str, as_: str, reason: str) -> Action:
    """Say how an unclear action came out: ``done``, or ``absent``, after which it is planned again and may be sent once
    more. The reason goes into the audit trail.

    Raises :class:`NotFound`, and :class:`Refused` (``not_unclear``) for one that is not open to doubt.
    """
    now, staff, why = desk.clock.now(), desk.staff_no, one_line(reason)
    with desk.store.write() as tx:
        action = find_action(tx, number)
        if action.state not in (ActionState.UNCLEAR, ActionState.NEEDS_PERSON):
            raise _not_in_doubt(action)
        told = _("{staff} says: {why}").format(staff=staff, why=why)
        if as_ == DONE:
            effect = action.effect or usual_effect(action.kind)
            settled = settle(tx, desk, action, Outcome(ActionState.DONE, effect, message=told))
        else:
            settled = settle(tx, desk, action, Outcome(ActionState.PLANNED, message=told))
        if settled.state is action.state:
            raise _not_in_doubt(settled)
        detail = {"as": as_, "reason": why, "target": action.target}
        stored_audit.write_audit(tx, now, staff, "action resolve", action.action, detail)
    return settled


def cancel_action(desk: Desk, number: str, reason: str) -> Action:
    """Take back an action that is planned and was surely not sent.

    Raises :class:`NotFound`, and :class:`Refused` (``not_planned``) for one that was sent or has come to an end.
    """
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        action = find_action(tx, number)
        if action.state is not ActionState.PLANNED:
            raise _not_planned(action)
        settled = settle(tx, desk, action, Outcome(ActionState.CANCELLED, message=one_line(reason) if reason else ""))
        stored_audit.write_audit(tx, now, staff, "action cancel", action.action, {"target": action.target})
    return settled


def _not_in_doubt(action: Action) -> Refused:
    return Refused(
        _("{action} is {state}: there is nothing to resolve").format(action=action.action, state=action.state.value),
        code="not_unclear",
        hint=_("see: asctl action show {action}").format(action=action.action),
    )


def _not_planned(action: Action) -> Refused:
    hints = {
        ActionState.DONE: _("it is done; a parcel's interception is taken back with: asctl intercept cancel WAYBILL"),
        ActionState.SENDING: _("it is being sent, or the run that sent it died: asctl action reconcile"),
        ActionState.UNCLEAR: _("it may have been carried out: asctl action reconcile"),
        ActionState.NEEDS_PERSON: _("it may have been carried out: asctl action resolve {action} --as done|absent"),
    }
    return Refused(
        _("{action} is {state} and can no longer be taken back").format(action=action.action, state=action.state.value),
        code="not_planned",
        hint=hints.get(action.state, _("see: asctl action show {action}")).format(action=action.action),
    )
