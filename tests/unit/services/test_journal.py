"""The journal: planned once, sent once, each step with its audit record, whatever happens in between."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.actions import NEXT, UNSETTLED_STATES, Action, ActionKind, ActionState, Family, payload_hash
from asctl.domain.errors import AsctlError, Refused, Unavailable, Unclear
from asctl.services.budget import Budget
from asctl.services.journal import Journal, Standing, plan, settle
from asctl.services.outcomes import Outcome
from asctl.services.reconciling import Reconciler
from asctl.services.resolving import cancel_action, resolve_action
from asctl.store import actions as stored_actions
from asctl.store.actions import ActionFilter
from asctl.store.audit import audit_about
from asctl.store.opening import Store, Transaction, open_store
from tests.store_support import NOW, sqlite_template
from tests.unit.services.far_side import (
    LAG,
    LOOKABLE,
    PATIENCE,
    SURE,
    FarSide,
    HandClock,
    a_desk,
    planned,
    saying,
    sending,
    settled,
    standing,
    wanted,
)


def planning(store: Store, *arguments: object, again: bool = False) -> Standing:
    with store.write() as tx:
        return plan(tx, wanted(*arguments), NOW, "8012", "", again)  # type: ignore[arg-type]


def test_the_same_is_planned_once(store: Store) -> None:
    """Whoever asks again for what is planned gets the same action; what is doubtful is told and not sent again."""
    desk = a_desk(store, FarSide(), HandClock())
    action = planned(desk)
    assert planning(store) == Standing(action)
    (begun,) = Journal(desk).begin([action], {})
    told = planning(store)
    assert (told.action, told.error and told.error.code) == (begun, "earlier_unclear")


@pytest.mark.parametrize(("state", "effect"), [("refused", ""), ("done", "ineffective"), ("done", "cancelled")])
def test_what_came_to_nothing_may_be_begun_anew(store: Store, state: str, effect: str) -> None:
    """A new occasion has a new key; the old row stays as it was."""
    old = settled(a_desk(store, FarSide(), HandClock()), ActionState(state), effect=effect)
    new = planning(store).action
    assert new is not None
    assert (new.occasion, new.state, new.attempt) == (2, ActionState.PLANNED, 0)
    assert new.key != old.key


def test_what_is_done_is_skipped_unless_it_is_wanted_again(store: Store) -> None:
    """The row is told which action did it; ``again`` begins another occasion."""
    done = settled(a_desk(store, FarSide(), HandClock()), ActionState.DONE, effect="accepted")
    told = planning(store)
    assert (told.action, told.skipped and told.skipped[0]) == (done, "already_done")
    again = planning(store, again=True).action
    assert again is not None
    assert again.occasion == 2


def test_what_another_write_overtook_may_be_wanted_again(store: Store) -> None:
    """An address of before that was changed since is no longer what stands there."""
    clock = HandClock()
    desk = a_desk(store, FarSide(), clock)
    for purpose in ("one", "two"):
        settled(desk, ActionState.DONE, wanted("SF1", ActionKind.REDIRECT, purpose), "effective")
        clock.pass_by(timedelta(minutes=1))
    back = planning(store, "SF1", ActionKind.REDIRECT, "one").action
    assert back is not None
    assert (back.occasion, back.state) == (2, ActionState.PLANNED)
    assert planning(store, "SF2", ActionKind.REDIRECT, "one").skipped is None


@pytest.mark.parametrize("state", [ActionState.PLANNED, *UNSETTLED_STATES])
def test_an_open_action_about_the_same_parcel_is_in_the_way(store: Store, state: ActionState) -> None:
    """Nobody intercepts a parcel whose redirection is open; another parcel and another account are free."""
    desk = a_desk(store, FarSide(), HandClock())
    other = wanted("SF1", ActionKind.REDIRECT)
    if state is ActionState.PLANNED:
        planned(desk, other)
    elif state is ActionState.SENDING:
        sending(desk, other)
    else:
        settled(desk, state, other)
    told = planning(store)
    assert told.action is None
    assert isinstance(told.error, Refused)
    assert told.error.code == "earlier_open"
    assert planning(store, "SF2").error is None


def test_who_plans_what_another_run_just_began_is_told(store: Store) -> None:
    """Two runs that plan one intent at the same moment share the row, and the second sees where it stands."""
    desk, begun = a_desk(store, FarSide(), HandClock()), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            action = plan(tx, wanted(), NOW, "8012", "").action
            assert action is not None
            stored_actions.begin_sending(tx, action, NOW, NOW, "")
            other = pool.submit(lambda: begun.set() or planning(store))  # type: ignore[func-returns-value]
            assert begun.wait(5)
            threading.Event().wait(0.1)
        told = other.result(20)
    assert (told.action, told.error and told.error.code) == (standing(desk, action), "earlier_unclear")


def test_outcome_audit_and_what_follows_are_one_transaction(store: Store) -> None:
    """Where one of them fails, none of them is there."""
    desk = a_desk(store, FarSide(), HandClock())
    action = sending(desk)

    def learned(tx: Transaction) -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        Journal(desk).settle(action, Outcome(ActionState.DONE, "accepted", learned=learned))
    assert standing(desk, action) == action
    with store.read() as tx:
        assert list(audit_about(tx, action.action)) == []


def test_an_outcome_is_recorded_once(store: Store) -> None:
    """Whoever comes second changes nothing, leaves no second audit record, and gets the action as it stands."""
    desk = a_desk(store, FarSide(), HandClock())
    action = sending(desk)
    done = Journal(desk).settle(action, Outcome(ActionState.DONE, "accepted", "R1"))
    assert Journal(desk).settle(action, Outcome(ActionState.UNCLEAR)) == done
    with store.read() as tx:
        (entry,) = audit_about(tx, action.action)
    assert (entry.who, entry.what, entry.at) == ("8012", "action intercept", NOW)
    assert entry.detail["state"] == "done"
    assert entry.detail["reference"] == "R1"


def test_dates_of_a_send(store: Store) -> None:
    """The deadline is counted from before the row; an unclear one is due after deadline and lag, an accepted one soon."""
    desk = a_desk(store, FarSide(), HandClock())
    unclear = settled(desk, ActionState.UNCLEAR)
    assert (unclear.deadline, unclear.next_look_at, unclear.settled_at) == (NOW + PATIENCE, NOW + PATIENCE + LAG, None)
    accepted = settled(desk, ActionState.DONE, wanted("SF2"), "accepted")
    assert (accepted.settled_at, accepted.effect_at) == (NOW, NOW)
    assert accepted.next_look_at == NOW + timedelta(minutes=10)
    effective = settled(desk, ActionState.DONE, wanted("SF3"), "effective")
    assert effective.next_look_at is None


def test_what_a_dead_run_left_is_unclear_and_never_resent(store: Store) -> None:
    """Its account and family alone are swept, each with an audit record; the others are left to whoever sends them."""
    far_side = FarSide()
    desk = a_desk(store, far_side, HandClock())
    left, other = sending(desk), sending(desk, wanted("SF2", account="kd100"))
    (swept,) = Journal(desk).sweep("sf", Family.PARCEL)
    assert (swept.action, swept.state, swept.error_code) == (left.action, ActionState.UNCLEAR, "run_ended")
    assert swept.next_look_at == NOW + PATIENCE + LAG
    assert standing(desk, other).state is ActionState.SENDING
    assert (Journal(desk).sweep("sf", Family.PARCEL), far_side.received) == ([], [])


@dataclass
class _Seen:
    """What the model knows of one action. ``clean``: it has surely had no effect so far."""

    payload_hash: str
    key: str
    attempt: int = 0
    clean: bool = True
    steps: int = 0


NUMBERS = st.integers(0, 5)
WAYBILLS = ("SF1", "SF2", "SF3")
FINDINGS = st.sampled_from(
    [
        Finding(Evidence.PRESENT),
        Finding(Evidence.PRESENT, Effect.EFFECTIVE),
        Finding(Evidence.PRESENT, Effect.INEFFECTIVE),
        Finding(Evidence.ABSENT),
        Finding(Evidence.UNKNOWN),
        None,
    ]
)


class JournalMachine(RuleBasedStateMachine):
    """Anybody does anything at any time to three parcels; what must never happen does not."""

    @initialize(authoritative=st.booleans())
    def open(self, authoritative: bool) -> None:
        self.folder = tempfile.mkdtemp()
        shutil.copy(sqlite_template(), Path(self.folder) / "asctl.db")
        self.store = open_store(f"sqlite:///{self.folder}/asctl.db")
        self.clock, self.far_side = HandClock(), FarSide()
        self.far_side.contract = WriteContract(
            find="find", authoritative=authoritative, visibility_lag=LAG, late_window=LOOKABLE.late_window
        )
        self.desk = a_desk(self.store, self.far_side, self.clock)
        self.journal = Journal(self.desk)
        self.seen: dict[str, _Seen] = {}
        self.before: list[Action] = []
        for waybill in WAYBILLS:
            self.ask(waybill, False, "a", False)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    def actions(self) -> list[Action]:
        with self.store.read() as tx:
            return list(stored_actions.list_actions(tx, ActionFilter()))

    def one(self, number: int, *states: ActionState) -> Action | None:
        found = [action for action in self.actions() if not states or action.state in states]
        return found[number % len(found)] if found else None

    def moved(self, before: Action, after: Action) -> None:
        """Count a step that must have left its audit record."""
        if (after.state, after.effect) != (before.state, before.effect):
            assert after.state is before.state or after.state in NEXT[before.state]
            self.seen[after.action].steps += 1

    @rule(waybill=st.sampled_from(WAYBILLS), redirect=st.booleans(), purpose=st.sampled_from("ab"), again=st.booleans())
    def ask(self, waybill: str, redirect: bool, purpose: str, again: bool) -> None:
        kind = ActionKind.REDIRECT if redirect else ActionKind.INTERCEPT
        with self.store.write() as tx:
            told = plan(tx, wanted(waybill, kind, purpose), self.clock.now(), "8012", "", again)
        if told.action is not None and told.action.action not in self.seen:
            assert (told.action.state, told.action.attempt) == (ActionState.PLANNED, 0)
            self.seen[told.action.action] = _Seen(told.action.payload_hash, told.action.key)

    @rule(number=NUMBERS, stale=st.booleans())
    def begin(self, number: int, stale: bool) -> None:
        if stale and self.before:
            action: Action | None = self.before[number % len(self.before)]
        else:
            action = self.one(number, ActionState.PLANNED)
        for begun in self.journal.begin([action], {}) if action else []:
            model = self.seen[begun.action]
            assert model.clean, "sent again without evidence of absence"
            assert begun.attempt == model.attempt + 1
            model.clean = False

    @rule(number=NUMBERS, step=NUMBERS)
    def settle(self, number: int, step: int) -> None:
        action = self.one(number, ActionState.SENDING)
        if action is None:
            return
        states = [ActionState.UNCLEAR, *sorted(NEXT[ActionState.SENDING])]
        state = states[step % len(states)]
        after = self.journal.settle(action, Outcome(state, "accepted" if state is ActionState.DONE else ""))
        self.seen[action.action].clean = state is ActionState.PLANNED
        self.moved(action, after)

    @rule()
    def sweep(self) -> None:
        left = {action.action: action for action in self.actions() if action.state is ActionState.SENDING}
        for after in self.journal.sweep("sf", Family.PARCEL):
            self.moved(left[after.action], after)

    @rule(number=NUMBERS, finding=FINDINGS)
    def look(self, number: int, finding: Finding | None) -> None:
        action = self.one(number, ActionState.UNCLEAR, ActionState.NEEDS_PERSON)
        if action is None:
            return
        self.far_side.tell = saying(Unavailable("m", code="lost_answer")) if finding is None else lambda _asked: finding
        after = Reconciler(self.desk, 1, Budget()).look(action).action
        if after.state is ActionState.PLANNED:
            assert finding == Finding(Evidence.ABSENT)
            assert self.far_side.contract.authoritative
            assert action.sent_at is not None
            assert self.clock.now() >= action.sent_at + SURE
            self.seen[action.action].clean = True
        self.moved(action, after)

    @rule(number=NUMBERS, deed=st.sampled_from(["done", "absent", "absent", "cancel"]))
    def decide(self, number: int, deed: str) -> None:
        action = self.one(number)
        if action is None:
            return
        try:
            if deed == "cancel":
                after = cancel_action(self.desk, action.action, "no more")
            else:
                after = resolve_action(self.desk, action.action, deed, "asked")
        except AsctlError as no:
            assert no.code in ("not_unclear", "not_planned")
            return
        self.seen[action.action].clean |= after.state is ActionState.PLANNED
        self.seen[action.action].steps += 2

    @rule(minutes=st.sampled_from([0.5, 2, 7, 60, 60 * 25]))
    def wait(self, minutes: float) -> None:
        self.before = self.actions()
        self.clock.pass_by(timedelta(minutes=minutes))

    @invariant()
    def nothing_is_twice_or_lost(self) -> None:
        actions = self.actions() if hasattr(self, "store") else []
        assert len({(action.intent, action.occasion) for action in actions}) == len(actions)
        assert {action.action for action in actions} == set(getattr(self, "seen", {}))
        unsettled = Counter((each.account, each.family, each.target) for each in actions if each.state in UNSETTLED_STATES)
        assert max(unsettled.values(), default=0) <= 1
        for action in actions:
            model = self.seen[action.action]
            assert action.key == model.key == action.intent.key(action.occasion)
            assert action.payload_hash == model.payload_hash == payload_hash(action.payload)
            assert action.attempt >= model.attempt
            model.attempt = action.attempt
            with self.store.read() as tx:
                assert len(list(audit_about(tx, action.action))) == model.steps


JournalMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None, derandomize=True)
TestJournal = JournalMachine.TestCase
