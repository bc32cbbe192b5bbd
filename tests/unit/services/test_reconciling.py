"""What looks prove, when they are made, and how a run of them ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.capabilities.specs import WriteClass, WriteContract
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError, CredentialsRefused, NeedsApproval, NotOffered, StoreTrouble, Unavailable
from asctl.domain.tasks import TaskState
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.evidence import goes_by_key
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome, failed
from asctl.services.reconciling import Looked, Reconciler, reconciled
from asctl.services.sending import Sender
from asctl.store.locks import hold
from asctl.store.opening import Store
from asctl.store.tasks import TaskFilter, list_tasks
from tests.store_support import NOW
from tests.unit.services.far_side import (
    LAG,
    LATE,
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

MINUTE = timedelta(minutes=1)
FIRST = PATIENCE + LAG
KEYED = WriteContract(
    WriteClass.KEYED, find="find", key_window=timedelta(hours=2), visibility_lag=LAG, late_window=LATE
)
BLIND = replace(KEYED, find="")
PRESENT, ABSENT, UNKNOWN = (
    Finding(Evidence.PRESENT, reference="R7"),
    Finding(Evidence.ABSENT),
    Finding(Evidence.UNKNOWN),
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def far_side() -> FarSide:
    return FarSide()


@pytest.fixture
def desk(store: Store, far_side: FarSide, clock: HandClock) -> Desk:
    return a_desk(store, far_side, clock)


def look(desk: Desk, action: Action) -> Looked:
    return Reconciler(desk, 1, Budget()).look(action)


def run(desk: Desk, until_quiet: bool = False, send: bool = False, budget: Budget | None = None) -> list[Looked]:
    return list(reconciled(desk, 2, budget or Budget(), until_quiet, send))


def test_what_is_there_was_done(desk: Desk, far_side: FarSide) -> None:
    """A look that finds it settles it, however early: with the far side's number, its effect where it tells one."""
    far_side.tell = lambda _asked: PRESENT
    done = look(desk, settled(desk, ActionState.UNCLEAR)).action
    assert (done.state, done.effect, done.reference) == (ActionState.DONE, "accepted", "R7")
    far_side.tell = lambda _asked: Finding(Evidence.PRESENT, Effect.EFFECTIVE)
    assert look(desk, settled(desk, ActionState.UNCLEAR, wanted("SF2"))).action.effect == "effective"


def test_what_stood_there_before_proves_nothing(desk: Desk, far_side: FarSide) -> None:
    """Where the same was seen before the write was sent, seeing it again does not show that the write arrived."""
    far_side.tell = lambda _asked: PRESENT
    left = look(desk, settled(desk, ActionState.UNCLEAR, before=Evidence.PRESENT.value))
    assert (left.action.state, left.error and left.error.code) == (ActionState.UNCLEAR, "still_unclear")


def test_absence_is_proof_only_late_enough(desk: Desk, far_side: FarSide, clock: HandClock) -> None:
    """A look that finds nothing before deadline, late window and lag are over leaves it unclear; then it may be sent again."""
    action = settled(desk, ActionState.UNCLEAR)
    clock.moment = NOW + SURE - timedelta(seconds=1)
    early = look(desk, action).action
    assert (early.state, early.looks) == (ActionState.UNCLEAR, 1)
    clock.moment = NOW + SURE
    back = look(desk, early).action
    assert (back.state, back.key, back.attempt) == (ActionState.PLANNED, action.key, 1)
    (sent,) = Sender(desk, Journal(desk), 1, Budget()).send([back])
    assert (sent.action.state, sent.action.attempt, sent.action.key) == (ActionState.DONE, 2, action.key)
    assert [request.key for request in far_side.received] == [action.key]


@pytest.mark.parametrize(
    ("contract", "finding"),
    [
        (WriteContract(find="find", visibility_lag=LAG), ABSENT),
        (WriteContract(authoritative=True), ABSENT),
        (WriteContract(WriteClass.NOTIFY, find="find"), ABSENT),
        (WriteContract(WriteClass.VERSIONED, find="find"), ABSENT),
        (LOOKABLE, UNKNOWN),
        (KEYED, PRESENT),
    ],
)
def test_what_is_no_proof_never_leads_to_another_send(
    desk: Desk, far_side: FarSide, clock: HandClock, contract: WriteContract, finding: Finding
) -> None:
    """A look that is not authoritative, or not offered, or does not know: at last a person decides."""
    far_side.contract, far_side.tell = contract, lambda _asked: finding
    action = settled(desk, ActionState.UNCLEAR, before=finding.evidence.value)
    for hours in range(1, 31):
        clock.moment = NOW + timedelta(hours=hours)
        action = look(desk, action).action
    assert action.state is ActionState.NEEDS_PERSON
    assert far_side.received == []


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (PATIENCE, False),
        (PATIENCE + timedelta(seconds=1), True),
        (timedelta(hours=1) - timedelta(seconds=1), True),
        (timedelta(hours=1), False),
    ],
)
def test_a_key_that_the_far_side_honours_may_be_sent_again_in_half_its_window(
    desk: Desk, far_side: FarSide, clock: HandClock, moment: timedelta, goes: bool
) -> None:
    """Only with leave, after the deadline and inside half the window; a look never plans it anew, it stays unclear."""
    far_side.contract = BLIND
    action = settled(desk, ActionState.UNCLEAR)
    clock.moment = NOW + moment
    assert look(desk, action).action.state is ActionState.UNCLEAR
    run(desk)
    assert far_side.received == []
    run(desk, send=True)
    assert [request.key for request in far_side.received] == [action.key] * goes
    assert standing(desk, action).state is (ActionState.DONE if goes else ActionState.UNCLEAR)


def test_a_keyed_write_that_can_be_looked_for_does_not_go_by_its_key(desk: Desk) -> None:
    """Its look decides; nor does a key count for a contract that honours none."""
    action = settled(desk, ActionState.UNCLEAR)
    now = NOW + PATIENCE + MINUTE
    assert [goes_by_key(action, contract, now) for contract in (BLIND, KEYED, LOOKABLE)] == [True, False, False]


@pytest.mark.parametrize(
    "trouble", [Unavailable("m", code="lost_answer"), CredentialsRefused("m", code="c"), NotOffered("m", code="c")]
)
def test_a_look_that_fails_proves_nothing(desk: Desk, far_side: FarSide, clock: HandClock, trouble: AsctlError) -> None:
    """No answer is no absence: it is looked at again, and told as unclear with the reason."""
    far_side.tell = saying(trouble)
    action = settled(desk, ActionState.UNCLEAR)
    clock.moment = NOW + SURE
    left = look(desk, action)
    assert (left.action.state, left.error and left.error.family) == (ActionState.UNCLEAR, "unclear")
    assert left.error is not None
    assert (left.error.code, left.error.retry_at) == ("look_failed", left.action.next_look_at)
    assert left.action.looks == 0


def test_the_whole_schedule_of_a_hopeless_one(desk: Desk, far_side: FarSide, clock: HandClock, store: Store) -> None:
    """It is looked at when due and not before, for a day; then a person is asked, by one task."""
    far_side.tell = lambda _asked: UNKNOWN
    action, looks = settled(desk, ActionState.UNCLEAR), []
    while action.next_look_at is not None:
        clock.moment = action.next_look_at - timedelta(seconds=1)
        assert list(Reconciler(desk, 1, Budget()).round()) == []
        clock.moment = action.next_look_at
        (looked,) = Reconciler(desk, 1, Budget()).round()
        looks.append(int((clock.moment - NOW - FIRST) / MINUTE))
        action = looked.action
    assert looks[:11] == [0, 1, 2, 3, 4, 5, 10, 20, 40, 70, 130]
    assert (action.state, len(far_side.looks)) == (ActionState.NEEDS_PERSON, len(looks))
    with store.read() as tx:
        (task,) = list_tasks(tx, TaskFilter(state=TaskState.OPEN))
    assert (task.kind, task.next.startswith("asctl action resolve A1")) == ("settle_action", True)


def test_a_run_tells_every_unclear_one_once(desk: Desk, clock: HandClock) -> None:
    """Those due are looked at, those not due and those that wait for a person are told as they stand."""
    settled(desk, ActionState.UNCLEAR)
    settled(desk, ActionState.NEEDS_PERSON, wanted("SF2"))
    clock.pass_by(FIRST)
    settled(desk, ActionState.UNCLEAR, wanted("SF3"))
    planned(desk, wanted("SF4"))
    told = run(desk)
    assert sorted(each.action.waybill for each in told) == ["SF1", "SF2", "SF3"]
    assert {each.error.family for each in told if each.error} == {"unclear"}


def test_dead_runs_are_swept_and_living_ones_are_left_alone(desk: Desk, store: Store) -> None:
    """What stands in ``sending`` without its lock held is unclear; under a held lock somebody is just sending it."""
    dead, alive = sending(desk), sending(desk, wanted("SF2", account="kd100"))
    with hold(store, "parcel kd100"):
        Reconciler(desk, 1, Budget()).sweep()
    assert standing(desk, dead).state is ActionState.UNCLEAR
    assert standing(desk, alive).state is ActionState.SENDING


def test_only_with_leave_is_anything_sent_again(desk: Desk, far_side: FarSide, clock: HandClock) -> None:
    """Without ``send`` looking changes nothing outside; with it what surely did not arrive goes out, once."""
    settled(desk, ActionState.UNCLEAR)
    planned(desk, wanted("SF2"))
    clock.pass_by(SURE)
    (looked,) = run(desk)
    assert (looked.action.state, far_side.received) == (ActionState.PLANNED, [])
    (sent,) = run(desk, send=True)
    assert (sent.action.state, [request.waybill for request in far_side.received]) == (ActionState.DONE, ["SF1"])
    assert run(desk, send=True) == []


def test_until_quiet_waits_for_looks_that_come_due(desk: Desk, far_side: FarSide, clock: HandClock) -> None:
    """It goes on until nothing is unclear."""
    far_side.tell = lambda _asked: ABSENT if clock.now() < NOW + SURE else PRESENT
    settled(desk, ActionState.UNCLEAR)
    told = run(desk, until_quiet=True)
    assert told[-1].action.state is ActionState.DONE
    assert len(far_side.looks) == len(told) > 5
    assert clock.now() >= NOW + SURE


class StandingClock(HandClock):
    """``ASCTL_NOW``: waiting does not move it."""

    def sleep(self, seconds: float) -> None:
        pass


@pytest.mark.parametrize(
    ("budget", "clock"),
    [
        (lambda: Budget(), StandingClock(NOW + FIRST)),
        (lambda: Budget(max_items=1), HandClock(NOW + FIRST)),
        (lambda: Budget(stopped=lambda: True), HandClock(NOW + FIRST)),
        (lambda: Budget(deadline_s=0), HandClock(NOW + FIRST)),
    ],
)
def test_until_quiet_ends_at_a_limit(store: Store, budget: Callable[[], Budget], clock: HandClock) -> None:
    """A signal, a deadline, ``--max-items`` and a clock that stands still end the waiting, even with looks overdue."""
    desk = a_desk(store, FarSide(tell=lambda _asked: UNKNOWN), clock)
    clock.moment, due = NOW, clock.moment
    for number in range(3):
        settled(desk, ActionState.UNCLEAR, wanted(f"SF{number}"))
    clock.moment = due
    worker = threading.Thread(target=run, args=(desk, True, False, budget()), daemon=True)
    worker.start()
    worker.join(5)
    assert not worker.is_alive()


def test_an_effect_is_asked_until_it_is_known(desk: Desk, far_side: FarSide, clock: HandClock) -> None:
    """Accepted requests are asked about when due; what is told moves the second axis and never the first."""
    action = settled(desk, ActionState.DONE, effect="accepted")
    far_side.tell = lambda _asked: Finding(Evidence.PRESENT, Effect.ACCEPTED)
    assert run(desk) == []
    clock.pass_by(10 * MINUTE)
    (asked,) = run(desk)
    assert (asked.action.state, asked.action.effect, asked.action.looks) == (ActionState.DONE, "accepted", 1)
    assert asked.action.next_look_at is not None
    clock.moment = asked.action.next_look_at
    far_side.tell = lambda _asked: Finding(Evidence.PRESENT, Effect.INEFFECTIVE)
    (known,) = run(desk)
    assert (known.action.effect, known.action.effect_at, known.action.next_look_at) == (
        "ineffective",
        clock.now(),
        None,
    )
    assert known.action.settled_at == action.settled_at
    clock.pass_by(timedelta(days=1))
    assert run(desk) == []


def test_a_code_that_nobody_gave_is_told_as_such(desk: Desk) -> None:
    """What waits for a text message's code surely did nothing: it is no unclear outcome."""
    action = sending(desk)
    Journal(desk).settle(action, failed(NeedsApproval("a code was sent", code="second_verification")))
    (told,) = run(desk)
    assert told.error is not None
    assert (told.error.family, told.error.code) == ("needs_approval", "second_verification")


def test_a_store_in_trouble_ends_the_run(desk: Desk, far_side: FarSide, clock: HandClock) -> None:
    """It is no verdict on the action."""
    far_side.tell = saying(StoreTrouble("full", code="store_full"))
    action = settled(desk, ActionState.UNCLEAR)
    clock.pass_by(SURE)
    with pytest.raises(StoreTrouble):
        run(desk)
    assert standing(desk, action) == action


def test_who_resolved_it_meanwhile_is_right(desk: Desk, far_side: FarSide) -> None:
    """A verdict that comes after another process settled the action changes nothing."""
    action = settled(desk, ActionState.UNCLEAR)
    done = Journal(desk).settle(action, Outcome(ActionState.DONE, "effective", "R9"))
    far_side.tell = lambda _asked: PRESENT
    assert look(desk, action).action == done
