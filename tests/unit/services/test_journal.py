"""The journal: planned once, sent once, each step with its audit record, whatever happens in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from asctl.domain.actions import UNSETTLED_STATES, ActionKind, ActionState, Family
from asctl.domain.errors import Refused
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome
from asctl.services.planning import Standing, plan
from asctl.store import actions as stored_actions
from asctl.store.audit import audit_about
from asctl.store.opening import Store, Transaction
from tests.store_support import NOW
from tests.unit.services.far_side import (
    LAG,
    PATIENCE,
    FarSide,
    HandClock,
    House,
    a_desk,
    planned,
    sending,
    settled,
    standing,
    wanted,
)


def planning(store: Store, *arguments: object, again: bool = False) -> Standing:
    with store.write() as tx:
        return plan(tx, a_desk(store, FarSide(), HandClock()), wanted(*arguments), "", again)  # type: ignore[arg-type]


def test_the_same_is_planned_once(store: Store) -> None:
    """Whoever asks again for what is planned gets the same action; what is doubtful is told and not sent again."""
    desk = a_desk(store, FarSide(), HandClock())
    action = planned(desk)
    assert planning(store) == Standing(action)
    (begun,) = Journal(desk).begin([action], {}, timedelta(seconds=60))
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


@pytest.mark.parametrize("state", sorted({ActionState.PLANNED, *UNSETTLED_STATES}))
def test_an_open_action_about_the_same_parcel_is_in_the_way(store: Store, state: ActionState) -> None:
    """Nobody intercepts a parcel whose redirection is open, through whichever account; another parcel is free."""
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
    with store.write() as tx:
        through_another = plan(tx, desk, wanted(account="kd100"), "")
    assert through_another.error is not None
    assert through_another.error.code == "earlier_open"
    assert planning(store, "SF2").error is None


def test_who_plans_what_another_run_just_began_is_told(store: Store) -> None:
    """Two runs that plan one intent at the same moment share the row, and the second sees where it stands."""
    desk, begun = a_desk(store, FarSide(), HandClock()), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            action = plan(tx, desk, wanted(), "").action
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

    def learned(tx: Transaction, _now: datetime) -> None:
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


def test_a_slow_pace_makes_a_long_queue(store: Store) -> None:
    """A call may leave within its own time and that of the calls that wait before it."""
    desk = a_desk(store, FarSide(), HandClock(), House(per=timedelta(seconds=5)))
    assert Journal(desk).send_within("sf", 4) == PATIENCE + timedelta(seconds=20)
