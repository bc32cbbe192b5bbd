"""The journal of outgoing writes: each step durable before the next one is taken (design section 4).

Every change of state goes through :func:`settle` or :meth:`Journal.begin`. Outcome, audit record and whatever follows from it
are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asctl.domain.actions import (
    FAMILY,
    OPEN_STATES,
    Action,
    ActionKind,
    ActionState,
    Family,
    Intent,
    Wanted,
    tells_the_same,
)
from asctl.domain.errors import AsctlError, NeedsApproval, Refused, Unclear
from asctl.domain.looks import first_look, next_effect_look
from asctl.services import followups
from asctl.services.commits import Commits
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.outcomes import Outcome
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Standing:
    """What planning found. ``action`` is the one to send, or the earlier one that settles the row: then ``skipped`` says why
    nothing is left to do, or ``error`` why nothing can be done now."""

    action: Action | None
    skipped: tuple[str, str] | None = None
    error: AsctlError | None = None


_ON_THE_WAY = (ActionKind.INTERCEPT, ActionKind.REDIRECT)
"""What is asked of a courier about a parcel under way: one at a time stands."""


class Journal:
    """The journal as one run writes it. Thread-safe."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._commits = Commits(desk.store)
        self._patience: timedelta = desk.settings.value("network.total_timeout")

    @property
    def send_within(self) -> timedelta:
        """How long after its ``sending`` row a call may still leave."""
        return self._patience

    def begin(self, actions: Sequence[Action], before: dict[str, str]) -> list[Action]:
        """Put actions on record as being sent; returns those that now may be: not the ones that another run took, or that
        must wait for an earlier action about the same target. ``before`` holds what was seen before, by action."""
        now = self._desk.clock.now()

        def work(tx: Transaction) -> list[Action]:
            begun = [
                stored_actions.begin_sending(tx, action, now, now + self._patience, before.get(action.action, ""))
                for action in actions
            ]
            return [action for action in begun if action is not None]

        return self._commits.do(work)

    def settle(self, action: Action, outcome: Outcome) -> Action:
        """Record what came of an action, with its audit record and what follows from it. One that stands elsewhere by now is
        left alone, and returned as it stands."""
        return self._commits.do(lambda tx: settle(tx, self._desk, action, outcome))

    def sweep(self, account: str, family: Family) -> list[Action]:
        """Mark what a dead run left in ``sending`` as unclear. Whoever calls holds the lock of account and family: so no
        other run is sending there."""
        return self._commits.do(
            lambda tx: [
                settle(tx, self._desk, action, Outcome(ActionState.UNCLEAR, error=_left_behind(action)))
                for action in stored_actions.swept(tx, account, family)
            ]
        )


def settle(tx: Transaction, desk: Desk, action: Action, outcome: Outcome) -> Action:
    """As :meth:`Journal.settle`, in a transaction that is open already."""
    now = desk.clock.now()
    news = outcome.news(action) | _dates(desk, action, outcome, now)
    settled = stored_actions.change(tx, action, outcome.state, news)
    if settled is None:
        return stored_actions.get_action(tx, action.action) or action
    stored_audit.write_audit(tx, now, action.by, f"action {action.kind}", action.action, _audited(settled))
    if outcome.learned is not None:
        outcome.learned(tx)
    followups.follow(tx, action, settled, now)
    return settled


def plan(tx: Transaction, desk: Desk, wanted: Wanted, batch: str, again: bool = False) -> Standing:
    """Put an intent on record, once. ``again`` begins it anew although it was done.

    What was refused, cancelled, came to nothing or was overtaken by another write to the same target may be begun anew; a
    remark always, since its text is looked for first. What is planned and was never sent gives way to other words.
    """
    last = stored_actions.last_of_intent(tx, wanted.intent)
    if last is not None and last.state in OPEN_STATES:
        if last.state is not ActionState.PLANNED:
            return Standing(last, error=unsettled(last))
        if _says_the_same(last, wanted):
            return Standing(last)
        if last.attempt:
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
    followups.wish_later(tx, last, wanted.afterwards, now)
    return Standing(last, skipped=("already_done", _already(last)))


def _already(last: Action) -> str:
    sentence = (
        _("{action} asked for this already, on {date}, and it was accepted")
        if last.effect == "accepted"
        else _("{action} has done this already, on {date}")
    )
    return sentence.format(action=last.action, date=f"{last.settled_at or last.planned_at:%Y-%m-%d}")


def _came_to_an_end(tx: Transaction, last: Action) -> bool:
    if last.kind is ActionKind.CANCEL_INTERCEPTION:
        return False
    if last.kind is ActionKind.REMARK or last.effect in ("ineffective", "cancelled"):
        return True
    latest = stored_actions.last_done(tx, _whose(last.intent), last.kind, last.target)
    return latest is not None and latest.action != last.action


def _whose(intent: Intent) -> str:
    """A parcel is the same through whichever account it is touched; the numbers of shops are each shop's own."""
    return "" if FAMILY[intent.kind] is Family.PARCEL else intent.account


def _in_the_way(tx: Transaction, wanted: Wanted, again: bool) -> Standing | None:
    """What another action about the same target means for this one: open ones that want something else, and what was done
    to the parcel through another account or by a request of another kind. Remarks add up."""
    intent = wanted.intent
    if intent.kind is ActionKind.REMARK:
        return None
    for other in stored_actions.open_about(tx, _whose(intent), FAMILY[intent.kind], intent.target):
        if other.intent != intent:
            return Standing(None, error=_conflict(other))
    if intent.kind not in _ON_THE_WAY or again:
        return None
    for kind in _ON_THE_WAY:
        done = stored_actions.last_done(tx, "", kind, intent.target)
        if done is None or done.effect not in ("accepted", "effective"):
            continue
        if kind is not intent.kind and done.effect == "accepted":
            return Standing(None, error=_conflict(done))
        if kind is intent.kind and done.account != intent.account and done.purpose == intent.purpose:
            return _done_already(tx, done, wanted, done.settled_at or done.planned_at)
    return None


def _dates(desk: Desk, action: Action, outcome: Outcome, now: datetime) -> dict[str, object]:
    """When it was settled, and when to look again."""
    dates: dict[str, object] = {"next_look_at": None}
    if outcome.effect and outcome.effect != action.effect:
        dates["effect_at"] = now
    if outcome.state is ActionState.UNCLEAR:
        lag = contract_of(desk, action).visibility_lag
        dates["next_look_at"] = first_look(action.deadline or now, lag)
    elif outcome.state not in OPEN_STATES:
        dates["settled_at"] = action.settled_at or now
        if outcome.state is ActionState.DONE and outcome.effect == "accepted":
            dates |= {"looks": 0, "next_look_at": next_effect_look(now, now, 0)}
    return dates


def _audited(action: Action) -> dict[str, str]:
    told = {
        "state": action.state.value,
        "effect": action.effect,
        "account": action.account,
        "target": action.target,
        "attempt": str(action.attempt),
        "key": action.key,
        "reference": action.reference,
        "error": action.error_code,
    }
    return {name: value for name, value in told.items() if value}


def _left_behind(action: Action) -> Unclear:
    return Unclear(
        _("the run that was sending {action} ended before it knew the answer").format(action=action.action),
        code="run_ended",
        hint=_("asctl action reconcile looks what became of it"),
        account=action.account,
    )


def unapproved(action: Action) -> NeedsApproval | None:
    """What an action waits for that surely did nothing yet: a code that the far side sent to a person."""
    if action.state is not ActionState.NEEDS_PERSON or action.error_family != NeedsApproval.family:
        return None
    return NeedsApproval(
        action.error_message,
        code=action.error_code,
        hint=_("give the code that was sent: asctl aftersale agree {number} --code CODE").format(
            number=action.after_sale_id
        ),
        account=action.account,
    )


def unsettled(action: Action) -> AsctlError:
    """Why nothing more is sent for an action whose outcome is not known."""
    return unapproved(action) or Unclear(
        _("whether {action} did this on {date} is not known yet; nothing was sent again").format(
            action=action.action, date=f"{action.sent_at or action.planned_at:%Y-%m-%d %H:%M}"
        ),
        code="earlier_unclear",
        hint=_("asctl action reconcile looks; asctl action show {action} tells what is known").format(
            action=action.action
        ),
        account=action.account,
    )


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
                "see: asctl action show {action}; an interception is taken back with: asctl intercept cancel"
            ).format(action=other.action),
            account=other.account,
        )
    return Refused(
        _("{action} ({kind}) is still open for {target}").format(
            action=other.action, kind=other.kind.value, target=other.target
        ),
        code="earlier_open",
        hint=_("finish it (asctl action reconcile) or take it back (asctl action cancel {action}) first").format(
            action=other.action
        ),
        account=other.account,
    )
