"""Looking what became of writes whose outcome is not known, and of requests that were only accepted (design section 4).

Looking changes nothing outside. Only evidence of absence puts an action back to *planned*: the look itself succeeded, was
about the right object, and was made late enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Finding
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError, LockHeld, StoreTrouble
from asctl.domain.looks import GAPS, first_look, next_effect_look, next_look
from asctl.domain.parcels import Event
from asctl.services import followups
from asctl.services.budget import Budget
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.effects import learn_from, learn_of_status, scans_of
from asctl.services.errands import Errand
from asctl.services.evidence import goes_by_key, nobody_knows, nothing_tells, still_unclear, verdict
from asctl.services.journal import Journal, settle
from asctl.services.outcomes import Outcome, lesson_of
from asctl.services.parallel import work_through
from asctl.services.sending import ERRANDS, Sender, at_work, sweep_if_free
from asctl.store import action_lists as stored_lists
from asctl.store import actions as stored_actions
from asctl.store.action_lists import ActionFilter
from asctl.store.opening import Transaction

AT_ONCE = 500
STEP_S = 0.2


@dataclass(frozen=True, slots=True)
class Looked:
    """An action as it stands after a look. ``error`` is why it could not be looked at, or that it is still not known."""

    action: Action
    error: AsctlError | None = None


class Reconciler:
    """One round of looks at everything that is due."""

    def __init__(self, desk: Desk, jobs: int, budget: Budget) -> None:
        self._desk = desk
        self._journal = Journal(desk)
        self._jobs = jobs
        self._budget = budget

    def sweep(self) -> None:
        """Mark what dead runs left behind as unclear; what a living run is sending is left to it."""
        with self._desk.store.read() as tx:
            places = {(action.account, action.family) for action in stored_lists.in_sending(tx)}
        for account, family in sorted(places):
            sweep_if_free(self._desk, self._journal, account, family)

    def round(self) -> Iterator[Looked]:
        """Look at every unclear action that is due, then at accepted requests; each is yielded as it stands then."""
        yield from self._all(stored_lists.due_looks)
        yield from self._all(stored_lists.due_effects)

    def _all(self, due: Callable[[Transaction, datetime, int], tuple[Action, ...]]) -> Iterator[Looked]:
        """Each once, some hundred at a time."""
        now, seen = self._desk.clock.now(), set[str]()
        while not self._budget.over:
            with self._desk.store.read() as tx:
                new = tuple(action for action in due(tx, now, AT_ONCE) if action.action not in seen)
            if not new:
                return
            seen |= {action.action for action in new}
            yield from self._through(new)

    def next_at(self) -> datetime | None:
        """When the next unclear action is due."""
        with self._desk.store.read() as tx:
            return stored_lists.next_look_after(tx)

    def waiting(self) -> Iterator[Looked]:
        """What is unclear and not due yet, or waits for a person."""
        now = self._desk.clock.now()
        wanted = ActionFilter(states=frozenset({ActionState.UNCLEAR, ActionState.NEEDS_PERSON}))
        with self._desk.store.read() as tx:
            left = list(stored_lists.list_actions(tx, wanted))
        for action in left:
            if action.state is ActionState.NEEDS_PERSON or (action.next_look_at and action.next_look_at > now):
                yield Looked(action, still_unclear(action, None))

    def look(self, action: Action) -> Looked:
        """Look at one action now, due or not."""
        now = self._desk.clock.now()
        if action.state is ActionState.DONE:
            return self._effect(action, now)
        return self._unclear(action, now)

    def _through(self, actions: tuple[Action, ...]) -> Iterator[Looked]:
        for action, result in work_through(actions, self.look, self._jobs, self._budget):
            if isinstance(result, AsctlError):
                yield Looked(action, result)
            elif result is not None:
                yield result

    def _unclear(self, action: Action, now: datetime) -> Looked:
        contract = contract_of(self._desk, action)
        finding, error = self._find(action, contract)
        outcome = verdict(action, contract, finding, now)
        with self._desk.store.write() as tx:
            if outcome is not None:
                return Looked(settle(tx, self._desk, action, outcome))
            if learned := learn_from(tx, self._desk, action, _scans(tx, action)):
                return Looked(learned)
            if action.state is ActionState.UNCLEAR and nothing_tells(action, contract):
                left = settle(tx, self._desk, action, Outcome(ActionState.NEEDS_PERSON, error=nobody_knows(action)))
                return Looked(left, nobody_knows(left))
            waiting = _wait(tx, self._desk, action, contract, now, looked=error is None)
        return Looked(waiting, still_unclear(waiting, error))

    def _effect(self, action: Action, now: datetime) -> Looked:
        finding, error = self._find(action, contract_of(self._desk, action))
        with self._desk.store.write() as tx:
            if finding and (lesson := lesson_of(finding)):
                lesson(tx, now)
            learned = learn_of_status(tx, self._desk, action, finding) if finding else None
            learned = learned or learn_from(tx, self._desk, action, _scans(tx, action))
            if learned:
                return Looked(learned)
            looks = action.looks + 1
            again = next_effect_look(action.kind, action.settled_at or now, now, looks)
            waiting = stored_actions.change(tx, action, action.state, {"looks": looks, "next_look_at": again})
            if again is None:
                followups.never_answered(tx, action, now)
        return Looked(waiting or action, error)

    def _find(self, action: Action, contract: WriteContract) -> tuple[Finding | None, AsctlError | None]:
        """What the far side says, or why it could not be asked."""
        errand: Errand = ERRANDS[action.kind]
        try:
            provider = errand.provider(self._desk, action)
            ask = errand.ask if action.state is ActionState.DONE else errand.look
            return ask(provider, contract, action), None
        except StoreTrouble:
            raise
        except AsctlError as error:
            return None, error


def reconciled(desk: Desk, jobs: int, budget: Budget, until_quiet: bool, send: bool) -> Iterator[Looked]:
    """Sweep, look at all that is due and, with ``send``, send again what surely did not arrive, and the remarks that follow
    from it; what a limit left of a batch waits for its resume. ``until_quiet`` goes on until nothing is unclear, waiting for
    looks that come due. Each action is told once a round in which it was looked at, and what was not due in the last one at
    the end."""
    reconciler = Reconciler(desk, jobs, budget)
    left_by_limits = {action.action for action in _planned(desk) if not action.attempt}
    while True:
        reconciler.sweep()
        told: dict[str, str] = {}
        goes_again: dict[str, Looked] = {}
        for looked in reconciler.round():
            told[looked.action.action] = looked.action.batch
            if send and _goes_again(desk, looked.action):
                goes_again[looked.action.action] = looked
            else:
                yield looked
        if send:
            for sent in _sent_again(desk, jobs, budget, left_by_limits, set(told.values())):
                goes_again.pop(sent.action.action, None)
                yield sent
        yield from goes_again.values()
        due = reconciler.next_at()
        if not until_quiet or due is None or not _waited(desk, budget, due):
            break
    yield from (left for left in reconciler.waiting() if left.action.action not in told)


def _waited(desk: Desk, budget: Budget, until: datetime) -> bool:
    """Wait for a moment, a little at a time; ``False`` where a signal or a limit came first, or the clock stands still."""
    begun = desk.clock.now()
    while (now := desk.clock.now()) < until and not budget.cut_by:
        desk.clock.sleep(min(STEP_S, (until - now).total_seconds()))
        if desk.clock.now() == begun:
            return False
    return not budget.cut_by


def _sent_again(desk: Desk, jobs: int, budget: Budget, not_these: Set[str], batches: Set[str]) -> Iterator[Looked]:
    """What was sent before and surely did not arrive, then what follows from it, and from what was found in ``batches``. Where
    another run is at work it is left to that."""
    journal, tried, followed = Journal(desk), set(not_these), set(batches)
    while again := [
        action
        for action in (*_planned(desk), *_by_key(desk))
        if action.action not in tried and (action.attempt or action.batch in followed)
    ]:
        tried |= {action.action for action in again}
        followed |= {action.batch for action in again}
        for place in sorted({(action.account, action.family) for action in again}):
            own = [action for action in again if (action.account, action.family) == place]
            try:
                with at_work(desk, journal, [place]):
                    for sent in Sender(desk, journal, jobs, budget).send(own):
                        yield Looked(sent.action, sent.error)
            except LockHeld:
                continue


def _goes_again(desk: Desk, action: Action) -> bool:
    """Whether an action is sent once more: then it is told as it stands after that."""
    if action.state is ActionState.UNCLEAR:
        return goes_by_key(action, contract_of(desk, action), desk.clock.now())
    return action.state is ActionState.PLANNED


def _by_key(desk: Desk) -> list[Action]:
    """Unclear actions that may be sent once more under their key."""
    with desk.store.read() as tx:
        unclear = list(stored_lists.list_actions(tx, ActionFilter(states=frozenset({ActionState.UNCLEAR}))))
    return [action for action in unclear if _goes_again(desk, action)]


def _planned(desk: Desk) -> list[Action]:
    with desk.store.read() as tx:
        return list(stored_lists.list_actions(tx, ActionFilter(states=frozenset({ActionState.PLANNED}))))


def _scans(tx: Transaction, action: Action) -> tuple[Event, ...]:
    return next(iter(scans_of(tx, [action]).values()), ())


def _wait(tx: Transaction, desk: Desk, action: Action, contract: WriteContract, now: datetime, looked: bool) -> Action:
    """Nothing is proved: look again later, and at last leave it to a person. A look that failed does not count."""
    looks = action.looks + looked
    again = next_look(first_look(action.deadline or now, contract.visibility_lag), now, looks)
    if not looked:
        again = again or now + GAPS[-1]
    if again is None and action.state is ActionState.UNCLEAR:
        return settle(tx, desk, action, Outcome(ActionState.NEEDS_PERSON, error=nobody_knows(action)))
    news = {"looks": looks, "next_look_at": again}
    return stored_actions.change(tx, action, action.state, news) or action
