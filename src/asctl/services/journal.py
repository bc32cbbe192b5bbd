"""The journal of outgoing writes: each step durable before the next one is taken (design section 4).

Every change of state goes through :func:`settle` or :meth:`Journal.begin`. Outcome, audit record and whatever follows from it
are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from asctl.domain.actions import (
    OPEN_STATES,
    Action,
    ActionState,
    Family,
)
from asctl.domain.errors import AsctlError, NeedsApproval, Unclear
from asctl.domain.looks import first_look, next_effect_look
from asctl.services import books, followups
from asctl.services.commits import Commits
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.outcomes import Outcome
from asctl.store import action_lists as stored_lists
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store.opening import Transaction
from asctl.text import _

_A_SECOND = timedelta(seconds=1)


class Journal:
    """The journal as one run writes it. Thread-safe."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._commits = Commits(desk.store)
        self._patience: timedelta = desk.settings.value("network.total_timeout")

    def send_within(self, account: str, jobs: int) -> timedelta:
        """How long after its ``sending`` row a call may still leave: the time of a call, and of the queue of ``jobs`` that a
        slow pace makes before it."""
        try:
            named = self._desk.accounts.named(account)
            pace = self._desk.settings.pace(named, self._desk.accounts.spec(named))
        except AsctlError:
            return self._patience
        return self._patience + _A_SECOND * (jobs * pace.per // (pace.calls * _A_SECOND))

    def begin(self, actions: Sequence[Action], before: dict[str, str], within: timedelta) -> list[Action]:
        """Put actions on record as being sent; returns those that now may be: not the ones that another run took, or that
        must wait for an earlier action about the same target. ``before`` holds what was seen before, by action."""
        now = self._desk.clock.now()

        def work(tx: Transaction) -> list[Action]:
            begun = [
                stored_actions.begin_sending(tx, action, now, now + within, before.get(action.action, ""))
                for action in actions
                if books.may_begin(tx, action)
            ]
            for action in begun:
                if action is not None:
                    books.begun(tx, action, now)
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
                for action in stored_lists.swept(tx, account, family)
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
        outcome.learned(tx, now)
    followups.follow(tx, action, settled, now)
    return settled


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
            dates |= {"looks": 0, "next_look_at": next_effect_look(action.kind, now, now, 0)}
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
