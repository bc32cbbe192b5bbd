"""Which ways back are trouble: not those of parcels that we called back ourselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.domain.actions import ActionKind, ActionState
from asctl.domain.parcels import Event, ParcelStatus
from asctl.domain.policy import WatchPolicy
from asctl.domain.tasks import TaskState
from asctl.domain.watch import judge
from asctl.services.desk import Desk
from asctl.services.tasks import settle, subject_of
from asctl.store.opening import Store
from asctl.store.tasks import tasks_of
from tests.store_support import a_parcel, an_event
from tests.unit.services.far_side import FarSide, HandClock, a_desk, settled, wanted

BACK = an_event(-1, "退回", ParcelStatus.RETURNING)
HOME = an_event(-2, "退回件已签收", ParcelStatus.RETURNED)
BACK_BEFORE = an_event(30, "退回", ParcelStatus.RETURNING)
DAMAGED = an_event(-3, "破损", ParcelStatus.DAMAGED)


@pytest.fixture
def desk(store: Store) -> Desk:
    return a_desk(store, FarSide(), HandClock())


def open_tasks(desk: Desk, *events: Event) -> list[str]:
    """The open tasks of the parcel once it was judged by these scans."""
    now = desk.clock.now()
    parcel = replace(a_parcel("SF1"), seen_at=now)
    with desk.store.write() as tx:
        settle(tx, [(parcel, judge(parcel, events, WatchPolicy(), now))], now)
        found = tasks_of(tx, [subject_of(parcel)]).get(subject_of(parcel), ())
    return [task.kind for task in found if task.state is TaskState.OPEN]


@pytest.mark.parametrize("effect", ["accepted", "effective"])
def test_what_we_called_back_is_no_trouble(desk: Desk, effect: str) -> None:
    """On its way and when it has come back; a task from before that was known closes by itself."""
    assert open_tasks(desk, BACK) == ["solve_trouble"]
    settled(desk, ActionState.DONE, effect=effect)
    assert open_tasks(desk, BACK) == open_tasks(desk, BACK, HOME) == []


@pytest.mark.parametrize("effect", ["ineffective", "cancelled"])
def test_what_turns_back_all_the_same_is_trouble(desk: Desk, effect: str) -> None:
    """The interception was over: somebody else sent it back."""
    settled(desk, ActionState.DONE, effect=effect)
    assert open_tasks(desk, BACK) == ["solve_trouble"]


@pytest.mark.parametrize("state", [ActionState.REFUSED, ActionState.UNCLEAR])
def test_a_request_that_nobody_took_on_explains_nothing(desk: Desk, state: ActionState) -> None:
    """Refused, or not known to have arrived."""
    settled(desk, state)
    assert open_tasks(desk, BACK) == ["solve_trouble"]


def test_other_requests_explain_nothing(desk: Desk) -> None:
    """A redirection sends no parcel back, and an interception is about its own parcel."""
    settled(desk, ActionState.DONE, wanted("SF1", ActionKind.REDIRECT), "accepted")
    settled(desk, ActionState.DONE, wanted("SF2"), "accepted")
    assert open_tasks(desk, BACK) == ["solve_trouble"]


def test_what_turned_back_before_we_asked_stays_trouble(desk: Desk) -> None:
    """Nobody knows why it did."""
    settled(desk, ActionState.DONE, effect="accepted")
    assert open_tasks(desk, BACK_BEFORE, HOME) == ["solve_trouble"]


def test_other_trouble_on_the_way_back_is_trouble(desk: Desk) -> None:
    """A parcel that is damaged while it comes back needs somebody."""
    settled(desk, ActionState.DONE, effect="effective")
    assert open_tasks(desk, BACK, DAMAGED) == ["solve_trouble"]
