"""Planning a write: what is asked for is put on record once, and what stands already is told (design section 4, rule 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asctl.domain.actions import (
    FAMILY,
    INVOICING,
    OPEN_STATES,
    TAKING_BACK,
    Action,
    ActionKind,
    ActionState,
    Family,
    Intent,
    Wanted,
)
from asctl.domain.errors import AsctlError, Refused
from asctl.domain.wishes import tells_the_same
from asctl.services import followups, invoice_checks, pickup_checks
from asctl.services.desk import Desk
from asctl.services.journal import settle, unsettled
from asctl.services.outcomes import Outcome
from asctl.store import actions as stored_actions
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Standing:
    """What planning found. ``action`` is the one to send, or the earlier one that settles the row: then ``skipped`` says why
    nothing is left to do, or ``error`` why nothing can be done now."""

    action: Action | None
    skipped: tuple[str, str] | None = None
    error: AsctlError | None = None


_CHECKS = {ActionKind.PICKUP: pickup_checks.in_the_way} | dict.fromkeys(INVOICING, invoice_checks.in_the_way)
"""What, beside other writes, may stand in the way of one."""
_ON_THE_WAY = (ActionKind.INTERCEPT, ActionKind.REDIRECT)
"""What is asked of a courier about a parcel under way: one at a time stands."""


def plan(tx: Transaction, desk: Desk, wanted: Wanted, batch: str, again: bool = False) -> Standing:
    """Put an intent on record, once. ``again`` begins it anew although it was done.

    What was refused, cancelled, came to nothing or was overtaken by another write to the same target may be begun anew; a
    remark always, since its text is looked for first. What is planned and was never sent gives way to other words.
    """
    stored_actions.take_turn(tx, wanted.intent.target)
    last = stored_actions.last_of_intent(tx, wanted.intent)
    if last is not None and last.state in OPEN_STATES:
        if last.state is not ActionState.PLANNED:
            return Standing(last, error=unsettled(last))
        if _says_the_same(last, wanted):
            return Standing(last)
        # An invoice is looked for under its serial before any send.
        if last.attempt and last.family is not Family.INVOICE:
            return Standing(last, error=_planned_otherwise(last))
        settle(tx, desk, last, Outcome(ActionState.CANCELLED, message=_("planned anew with other words")))
    if standing := _in_the_way(tx, wanted, again):
        return standing
    if last is not None and last.state is ActionState.DONE and not (again or _came_to_an_end(tx, last)):
        return _done_already(tx, last, wanted, desk.clock.now())
    planned = stored_actions.plan_action(
        tx, wanted, last.occasion + 1 if last else 1, desk.clock.now(), desk.staff_no, batch
    )
    if planned is None:  # another run was first: see where it stands
        return plan(tx, desk, wanted, batch, again)
    return Standing(planned)


def _says_the_same(last: Action, wanted: Wanted) -> bool:
    """A remark's text is its intent; its line keeps the date of the first attempt."""
    if last.kind is ActionKind.REMARK:
        return True
    same = tells_the_same(last.payload, wanted.payload)
    return same and (last.attempt > 0 or dict(last.afterwards) == dict(wanted.afterwards))


def _done_already(tx: Transaction, last: Action, wanted: Wanted, now: datetime) -> Standing:
    told = _already(last)
    if followups.wish_later(tx, last, wanted.afterwards, now):
        told += "; " + _("{goods} is noted to be sent anew").format(goods=wanted.afterwards["ship_anew"])
    return Standing(last, skipped=("already_done", told))


def _already(last: Action) -> str:
    sentence = (
        _("{action} asked for this already, on {date}, and it was accepted")
        if last.effect == "accepted"
        else _("{action} has done this already, on {date}")
    )
    return sentence.format(action=last.action, date=f"{last.settled_at or last.planned_at:%Y-%m-%d}")


def _came_to_an_end(tx: Transaction, last: Action) -> bool:
    if last.kind in TAKING_BACK:
        return False
    if last.kind is ActionKind.REMARK or last.effect in ("ineffective", "cancelled"):
        return True
    latest = stored_actions.last_done(tx, _whose(last.intent), last.kind, last.target)
    return latest is not None and latest.action != last.action


_OF_ANY_ACCOUNT = (Family.PARCEL, Family.PICKUP, Family.INVOICE)


def _whose(intent: Intent) -> str:
    """A parcel, the goods of a case, an order's invoice are the same through whichever account they are touched; the numbers of
    shops are each shop's own."""
    return "" if FAMILY[intent.kind] in _OF_ANY_ACCOUNT else intent.account


def _in_the_way(tx: Transaction, wanted: Wanted, again: bool) -> Standing | None:
    """What another action about the same target means for this one: open ones that want something else, and what was done
    to the parcel through another account or by a request of another kind. Remarks add up."""
    intent = wanted.intent
    if intent.kind is ActionKind.REMARK:
        return None
    check = _CHECKS.get(intent.kind)
    if check is not None and (error := check(tx, wanted)):
        return Standing(None, error=error)
    for other in stored_actions.open_about(tx, _whose(intent), FAMILY[intent.kind], intent.target):
        if other.intent != intent:
            return Standing(None, error=_conflict(other))
    if intent.kind not in _ON_THE_WAY or again:
        return None
    for kind in _ON_THE_WAY:
        done = stored_actions.last_done(tx, "", kind, intent.target)
        if done is None or done.effect not in ("accepted", "effective"):
            continue
        if (kind, done.purpose) != (intent.kind, intent.purpose) and done.effect == "accepted":
            return Standing(None, error=_conflict(done))
        if kind is intent.kind and done.account != intent.account and done.purpose == intent.purpose:
            return _done_already(tx, done, wanted, done.settled_at or done.planned_at)
    return None


def _planned_otherwise(action: Action) -> Refused:
    return Refused(
        _("{action} is planned to be sent again, with other words than these").format(action=action.action),
        code="planned_otherwise",
        hint=_(
            "send it (asctl batch resume {batch} --yes), or take it back first: asctl action cancel {action}"
        ).format(batch=action.batch, action=action.action),
        account=action.account,
    )


def _conflict(other: Action) -> Refused:
    if other.state is ActionState.DONE:
        return Refused(
            _("{action} ({kind}) was accepted for {target}, and what came of it is not known yet").format(
                action=other.action, kind=other.kind.value, target=other.target
            ),
            code="earlier_accepted",
            hint=_(
                "see: asctl action show {action}; take an interception back (asctl intercept cancel {waybill}), or ask on top of it"
                " with --again"
            ).format(action=other.action, waybill=other.waybill),
            account=other.account,
        )
    return Refused(
        _("{action} ({kind}) is still open for {target}").format(
            action=other.action, kind=other.kind.value, target=other.target
        ),
        code="earlier_open",
        hint=(
            _("send it (asctl batch resume {batch} --yes) or take it back (asctl action cancel {action}) first")
            if other.state is ActionState.PLANNED
            else _("settle it first: asctl action reconcile; asctl action show {action}")
        ).format(action=other.action, batch=other.batch),
        account=other.account,
    )
