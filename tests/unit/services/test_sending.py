"""The sender: each planned action once, nothing after its deadline, nothing where it would fare badly."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.capabilities.shipping import Submission
from asctl.domain.actions import Action, ActionKind, ActionState, Family
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    LockHeld,
    NotOffered,
    Refused,
    StoreTrouble,
    Throttled,
    Unclear,
)
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.journal import Journal
from asctl.services.sending import Sender, Sent, Unrecorded, at_work
from asctl.services.stopping import GIVE_UP_AFTER
from asctl.store.actions import plan_action
from asctl.store.locks import hold
from asctl.store.opening import Store, Transaction
from asctl.transport.until import SendWindow, send_window
from tests.unit.services.far_side import (
    PATIENCE,
    FailingStore,
    FarSide,
    HandClock,
    House,
    Request,
    a_desk,
    planned,
    saying,
    sending,
    standing,
    wanted,
)

MANY = 12


@pytest.fixture
def far_side() -> FarSide:
    return FarSide()


@pytest.fixture
def desk(store: Store, far_side: FarSide) -> Desk:
    return a_desk(store, far_side, HandClock())


def send(desk: Desk, actions: list[Action], jobs: int = 1, budget: Budget | None = None) -> dict[str, Sent]:
    """What became of each action, told once."""
    told = list(Sender(desk, Journal(desk), jobs, budget or Budget()).send(actions))
    assert Counter(sent.action.action for sent in told) == Counter(action.action for action in actions)
    return {sent.action.action: sent for sent in told}


def several(desk: Desk, count: int = MANY) -> list[Action]:
    return [planned(desk, wanted(f"SF{number}")) for number in range(count)]


def test_each_is_sent_once_under_its_own_key(desk: Desk, far_side: FarSide) -> None:
    """Many at a time arrive each exactly once, and are on record with what the courier said."""
    actions = several(desk)
    sent = send(desk, actions, jobs=4)
    assert sorted(request.key for request in far_side.received) == sorted(action.key for action in actions)
    assert {(each.action.state, each.action.effect, each.action.reference) for each in sent.values()} == {
        (ActionState.DONE, "accepted", "R1")
    }


def test_one_refusal_stops_no_other(desk: Desk, far_side: FarSide) -> None:
    """A no about one parcel ends that action and leaves the rest to go on."""

    def say(request: Request) -> Submission:
        if request.waybill == "SF1":
            raise Refused("too late", reason="TOO_LATE", code="too_late")
        return Submission()

    far_side.say = say
    states = Counter(each.action.state for each in send(desk, several(desk)).values())
    assert states == {ActionState.REFUSED: 1, ActionState.DONE: MANY - 1}


@pytest.mark.parametrize(
    "error",
    [
        Throttled("m", retry_after=timedelta(minutes=1)),
        CredentialsRefused("m", code="bad_sign"),
        BadConfiguration("m", code="bad_url"),
        NotOffered("m", code="gone"),
    ],
)
def test_an_account_that_turns_all_away_gets_one_call(desk: Desk, far_side: FarSide, error: AsctlError) -> None:
    """The rest stays planned, was never begun, and is told why."""
    far_side.say = saying(error)
    sent = send(desk, several(desk))
    assert len(far_side.received) == 1
    assert {(each.action.state, each.error) for each in sent.values()} == {(ActionState.PLANNED, error)}
    assert sorted(each.action.attempt for each in sent.values()) == [0] * (MANY - 1) + [1]


def test_a_rest_for_one_waybill_is_no_rest_for_the_account(desk: Desk, far_side: FarSide) -> None:
    """Couriers that lock a single waybill take the others."""
    far_side.say = saying(Throttled("m", retry_after=timedelta(minutes=1), whole_account=False))
    send(desk, several(desk, 3))
    assert len(far_side.received) == 3


def test_an_account_that_answers_nobody_is_left_alone(desk: Desk, far_side: FarSide) -> None:
    """After some silences in a row no more is risked: those sent are unclear, the rest is surely not sent."""
    far_side.say = saying(Unclear("m", code="lost_answer", account="sf"))
    sent = send(desk, several(desk))
    assert len(far_side.received) == GIVE_UP_AFTER
    rest = [each for each in sent.values() if each.action.attempt == 0]
    assert [each.action.state for each in rest] == [ActionState.PLANNED] * (MANY - GIVE_UP_AFTER)
    assert {each.error.code for each in rest if each.error} == {"account_silent"}


def test_an_answer_in_between_ends_the_silence(desk: Desk, far_side: FarSide) -> None:
    """A far side that answers now and then is not given up."""

    def say(request: Request) -> Submission:
        if len(far_side.received) % GIVE_UP_AFTER:
            raise Unclear("m", code="lost_answer")
        return Submission()

    far_side.say = say
    send(desk, several(desk))
    assert len(far_side.received) == MANY


def test_another_account_goes_on(desk: Desk, far_side: FarSide) -> None:
    """What one account says is not held against another."""
    far_side.say = saying(CredentialsRefused("m", code="bad_sign"))
    actions = [planned(desk, wanted(f"SF{number}", account=f"account {number % 2}")) for number in range(6)]
    send(desk, actions)
    assert len(far_side.received) == 2


def test_a_house_rule_stops_it_before_it_leaves(store: Store, far_side: FarSide) -> None:
    """Nothing is sent, and the refusal is on record."""
    desk = a_desk(store, far_side, HandClock(), House("nobody intercepts on Sundays"))
    (sent,) = send(desk, [planned(desk)]).values()
    assert (sent.action.state, sent.action.error_code, sent.action.attempt) == (ActionState.REFUSED, "house_rule", 0)
    assert far_side.received == []


def test_it_waits_for_an_earlier_one_about_the_same_parcel(desk: Desk, far_side: FarSide) -> None:
    """The second is not sent while the first is unclear; it stays planned."""
    first = planned(desk)
    with desk.store.write() as tx:
        second = plan_action(tx, wanted(kind=ActionKind.REDIRECT), 1, desk.clock.now(), "8012", "")
    assert second is not None
    far_side.say = saying(Unclear("m", code="lost_answer"))
    send(desk, [first])
    (sent,) = send(desk, [second]).values()
    assert (sent.action.state, sent.error and sent.error.code) == (ActionState.PLANNED, "earlier_unsettled")
    assert len(far_side.received) == 1


def test_who_comes_with_an_old_record_sends_nothing(desk: Desk, far_side: FarSide) -> None:
    """A record that was read before another run took the action is no leave to send it."""
    action = planned(desk)
    send(desk, [action])
    for stale in (action, standing(desk, action), replace(standing(desk, action), state=ActionState.SENDING)):
        send(desk, [stale])
    assert len(far_side.received) == 1


def test_a_limit_leaves_the_rest_as_it_was(desk: Desk, far_side: FarSide) -> None:
    """``--max-items`` counts actions; what is left is told last, planned and never begun."""
    sent = send(desk, several(desk), budget=Budget(max_items=5))
    assert len(far_side.received) == 5
    assert [each.action.attempt for each in sent.values()] == [1] * 5 + [0] * (MANY - 5)


def test_after_a_signal_nothing_is_begun(desk: Desk, far_side: FarSide) -> None:
    """What is under way is finished, the rest stays planned."""
    sent = send(desk, several(desk), budget=Budget(stopped=lambda: len(far_side.received) >= 3))
    states = Counter(each.action.state for each in sent.values())
    assert states == {ActionState.DONE: 3, ActionState.PLANNED: MANY - 3}


def opened() -> SendWindow:
    """The window of the call that is being made."""
    window = send_window()
    assert window is not None
    return window


class SlowStore(FailingStore):
    """A disk that takes its time for every commit."""

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with super().write() as tx:
            yield tx
            time.sleep(0.15)


def test_nothing_may_leave_after_the_deadline_on_record(store: Store, far_side: FarSide) -> None:
    """The last moment for the call is counted from before its row was written, however long that took."""
    left: list[float] = []

    def say(request: Request) -> Submission:
        left.append(opened().ends - time.monotonic())
        return Submission()

    far_side.say = say
    slow = a_desk(SlowStore(store), far_side, HandClock())
    send(slow, [planned(slow)])
    assert left[0] <= PATIENCE.total_seconds() - 0.15
    assert send_window() is None


def test_a_store_that_cannot_begin_sends_nothing(store: Store, far_side: FarSide) -> None:
    """Without a durable row nothing leaves."""
    failing = FailingStore(store)
    desk = a_desk(failing, far_side, HandClock())
    action = planned(desk)
    failing.trouble = StoreTrouble("full", code="store_full")
    with pytest.raises(StoreTrouble):
        send(desk, [action])
    assert (standing(desk, action), far_side.received) == (action, [])


def test_an_outcome_that_cannot_be_recorded_is_no_leave_to_send_again(store: Store, far_side: FarSide) -> None:
    """The action stays ``sending``, the run ends and says so; the next one marks it unclear and does not resend."""
    failing = FailingStore(store)
    desk = a_desk(failing, far_side, HandClock())
    actions = [planned(desk), planned(desk, wanted("SF2"))]

    def say(request: Request) -> Submission:
        failing.trouble = StoreTrouble("full", code="store_full")
        return Submission()

    far_side.say = say
    sender = Sender(desk, Journal(desk), 1, Budget()).send(actions)
    with pytest.raises(Unrecorded) as caught:
        list(sender)
    assert (caught.value.code, "A1 was sent (done)" in caught.value.message) == ("action_unrecorded", True)
    failing.trouble = None
    assert standing(desk, actions[0]).state is ActionState.SENDING
    with at_work(desk, Journal(desk), [("sf", Family.PARCEL)]):
        assert standing(desk, actions[0]).state is ActionState.UNCLEAR
    assert len(far_side.received) == 1


def test_one_run_at_a_time_at_an_account_and_family(desk: Desk, store: Store) -> None:
    """The second is sent away before anything; other families are free, and remarks take turns instead."""
    journal, left = Journal(desk), sending(desk)
    with hold(store, "parcel sf"), hold(store, "remark flagship"):
        with pytest.raises(LockHeld), at_work(desk, journal, [("sf", Family.PARCEL)]):
            pass
        with at_work(desk, journal, [("sf", Family.RECEIVER), ("flagship", Family.REMARK)]):
            assert standing(desk, left).state is ActionState.SENDING
