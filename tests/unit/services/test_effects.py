"""The second axis: what scans and answers tell of a request that was accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.capabilities.specs import WriteContract
from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus
from asctl.services.desk import Desk
from asctl.services.effects import learn_from, learn_from_scans, scans_of, set_effect
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome
from asctl.store.audit import audit_about
from asctl.store.opening import Store
from asctl.store.parcels import add_parcels, put_events
from tests.store_support import a_parcel, an_event
from tests.unit.services.far_side import (
    LOOKABLE,
    FarSide,
    HandClock,
    a_desk,
    planned,
    sending,
    settled,
    standing,
    wanted,
)

BACK = an_event(-1, "退回", ParcelStatus.RETURNING)
SIGNED = an_event(-2, "签收", ParcelStatus.DELIVERED)
OLD = an_event(30, "退回", ParcelStatus.RETURNING)
KEY = ParcelKey("sf", "SF1")


@pytest.fixture
def far_side() -> FarSide:
    return FarSide()


@pytest.fixture
def desk(store: Store, far_side: FarSide) -> Desk:
    return a_desk(store, far_side, HandClock())


def learned(desk: Desk, *events: Event, key: ParcelKey = KEY) -> list[Action]:
    with desk.store.write() as tx:
        return learn_from_scans(tx, desk, {key: events})


@pytest.mark.parametrize(("scan", "effect"), [(BACK, "effective"), (SIGNED, "ineffective")])
def test_scans_tell_what_came_of_an_accepted_request(desk: Desk, scan: Event, effect: str) -> None:
    """Once, with an audit record; the first axis and what the courier had said stay as they were."""
    accepted = settled(desk, ActionState.DONE, effect="accepted")
    (after,) = learned(desk, an_event(-0.5, "运输中"), scan)
    assert after == replace(accepted, effect=effect, effect_at=desk.clock.now(), next_look_at=None)
    assert learned(desk, scan, BACK, SIGNED) == []
    with desk.store.read() as tx:
        assert next(iter(audit_about(tx, accepted.action))).detail["effect"] == effect


@pytest.mark.parametrize("state", [ActionState.UNCLEAR, ActionState.NEEDS_PERSON])
def test_a_parcel_that_turned_back_shows_that_the_request_arrived(desk: Desk, state: ActionState) -> None:
    """Even where its answer was lost."""
    settled(desk, state)
    (after,) = learned(desk, BACK)
    assert (after.state, after.effect) == (ActionState.DONE, "effective")


@pytest.mark.parametrize("state", [ActionState.UNCLEAR, ActionState.NEEDS_PERSON])
def test_a_delivery_shows_nothing_of_a_request_whose_answer_was_lost(desk: Desk, state: ActionState) -> None:
    """It may never have arrived, or come too late: that stays unclear."""
    action = settled(desk, state)
    assert learned(desk, SIGNED) == []
    assert standing(desk, action) == action


def test_what_was_not_sent_learns_nothing(desk: Desk) -> None:
    """A planned action has no effect; scans of before tell nothing."""
    planned(desk, wanted("SF2"))
    assert learned(desk, BACK, key=ParcelKey("sf", "SF2")) == []
    settled(desk, ActionState.DONE, wanted("SF3"), "accepted")
    assert learned(desk, OLD, key=ParcelKey("sf", "SF3")) == []


def test_the_same_number_at_another_courier_is_another_parcel(desk: Desk) -> None:
    """Waybills are told apart by their couriers."""
    settled(desk, ActionState.DONE, effect="accepted")
    assert learned(desk, BACK, key=ParcelKey("zto", "SF1")) == []


@pytest.mark.parametrize(("contract", "effect"), [(LOOKABLE, None), (WriteContract(), "ineffective")])
def test_a_redirection_that_can_be_asked_about_is_not_judged_by_a_delivery(
    desk: Desk, far_side: FarSide, contract: WriteContract, effect: str | None
) -> None:
    """Such couriers may never show it in the scans, so a delivery may well be the one to the new address."""
    far_side.contract = contract
    action = settled(desk, ActionState.DONE, wanted("SF1", ActionKind.REDIRECT), "accepted")
    with desk.store.write() as tx:
        after = learn_from(tx, desk, action, [SIGNED])
    assert (after.effect if after else None) == effect


def test_stored_scans_come_in_time_order(desk: Desk) -> None:
    """However they were told, so that an old way back is no consequence."""
    action = settled(desk, ActionState.DONE, effect="accepted")
    with desk.store.write() as tx:
        add_parcels(tx, [a_parcel("SF1")])
        put_events(tx, {KEY: [SIGNED, OLD, an_event(20, "运输中")]})
        found = scans_of(tx, [action, replace(action, waybill="")])
    assert [event.text for event in found[KEY]] == ["退回", "运输中", "签收"]


def test_a_callback_may_be_quicker_than_the_answer(desk: Desk) -> None:
    """What the far side tells of a request that is still being sent shows that it arrived; the late answer changes nothing."""
    action = sending(desk)
    (after,) = learned(desk, BACK)
    assert (after.state, after.effect) == (ActionState.DONE, "effective")
    assert Journal(desk).settle(action, Outcome(ActionState.DONE, "accepted", "R1")) == after


@pytest.mark.parametrize("state", [ActionState.REFUSED, ActionState.PLANNED])
def test_an_effect_that_does_not_fit_is_not_recorded(desk: Desk, state: ActionState) -> None:
    """What was refused, or not sent, has no effect, whatever a callback says of its number."""
    action = settled(desk, state)
    with desk.store.write() as tx:
        assert set_effect(tx, desk, action, "effective") is None
    assert standing(desk, action) == action
