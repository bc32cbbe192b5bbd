"""What a settled action brings with it, in the same transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.errors import NeedsApproval
from asctl.domain.parcels import ParcelKey
from asctl.domain.tasks import Task, TaskState
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.effects import set_effect
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome, failed
from asctl.services.reconciling import Reconciler
from asctl.services.resolving import resolve_action
from asctl.store import action_lists as stored_lists
from asctl.store.action_lists import ActionFilter
from asctl.store.audit import audit_about
from asctl.store.batches import new_batch
from asctl.store.labels import NewLabel, record_labels, void_of
from asctl.store.opening import Store
from asctl.store.orders import put_orders
from asctl.store.parcels import get_parcels
from asctl.store.rmas import add_rma
from asctl.store.tasks import TaskFilter, list_tasks
from tests.store_support import NOW, an_order, an_rma
from tests.unit.services.far_side import FarSide, HandClock, a_desk, planned, settled, standing, wanted

TWO_ORDERS = "flagship/30001 flagship/30002"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(store: Store, clock: HandClock) -> Desk:
    return a_desk(store, FarSide(), clock)


def remarks(desk: Desk) -> list[Action]:
    with desk.store.read() as tx:
        return list(stored_lists.list_actions(tx, ActionFilter(kinds=frozenset({ActionKind.REMARK}))))[::-1]


def tasks(desk: Desk, state: TaskState | None = TaskState.OPEN) -> list[Task]:
    with desk.store.read() as tx:
        return list(list_tasks(tx, TaskFilter(state=state)))


def effect(desk: Desk, action: Action, told: str) -> Action | None:
    with desk.store.write() as tx:
        return set_effect(tx, desk, action, told)


def send_again(desk: Desk, action: Action, outcome: Outcome) -> Action:
    (begun,) = Journal(desk).begin([action], {}, timedelta(seconds=60))
    return Journal(desk).settle(begun, outcome)


def test_a_remark_for_every_order_in_the_same_batch(desk: Desk) -> None:
    """Each order of the parcel gets its line with staff number, once the request is accepted, and not before."""
    with desk.store.write() as tx:
        batch = new_batch(tx, "intercept request", NOW, "8012", 1).batch
    action = planned(desk, wanted(remark="已申请拦截", flag="red", orders=TWO_ORDERS), batch)
    (begun,) = Journal(desk).begin([action], {}, timedelta(seconds=60))
    assert remarks(desk) == []
    Journal(desk).settle(begun, Outcome(ActionState.DONE, "accepted"))
    lines = remarks(desk)
    assert [(each.account, each.target, each.batch) for each in lines] == [
        ("flagship", "30001", batch),
        ("flagship", "30002", batch),
    ]
    assert all("已申请拦截" in str(each.payload["line"]) and "8012" in str(each.payload["line"]) for each in lines)
    assert {each.payload["flag"] for each in lines} == {"red"}


@pytest.mark.parametrize("state", [ActionState.REFUSED, ActionState.UNCLEAR, ActionState.PLANNED])
def test_no_remark_on_what_is_not_done(desk: Desk, state: ActionState) -> None:
    """Nobody reads of an interception that was refused, or of which nobody knows."""
    settled(desk, state, wanted(remark="已申请拦截", orders=TWO_ORDERS))
    assert remarks(desk) == []


def test_each_occasion_leaves_its_own_remark(desk: Desk) -> None:
    """The second interception of a parcel is remarked like the first."""
    each = wanted(remark="已申请拦截", orders="flagship/30001")
    first = settled(desk, ActionState.DONE, each, "accepted")
    effect(desk, first, "ineffective")
    settled(desk, ActionState.DONE, each, "accepted")
    assert len(remarks(desk)) == 2


def test_the_parcel_is_under_watch_from_then_on(desk: Desk) -> None:
    """What becomes of the request shows in its scans."""
    settled(desk, ActionState.DONE, effect="accepted")
    settled(desk, ActionState.REFUSED, wanted("SF2"))
    keys = [ParcelKey("sf", "SF1"), ParcelKey("sf", "SF2")]
    with desk.store.read() as tx:
        (parcel,) = get_parcels(tx, keys).values()
    assert (parcel.key, parcel.order_id, parcel.shop, parcel.open) == (keys[0], "30001", "flagship", True)


@pytest.mark.parametrize(
    ("kind", "void"), [(ActionKind.REDIRECT, 1), (ActionKind.CHANGE_RECEIVER, 1), (ActionKind.INTERCEPT, 0)]
)
def test_a_new_address_makes_the_labels_wrong(desk: Desk, kind: ActionKind, void: int) -> None:
    """The return labels of the order's RMAs are marked; an interception leaves them."""
    with desk.store.write() as tx:
        put_orders(tx, [an_order("30001")])
        add_rma(tx, an_rma("R1", order_id="30001"))
        record_labels(tx, [NewLabel("R1", "", "", 1)], "pdf", "a6", "", "R1.pdf", NOW, "8012")
    settled(desk, ActionState.DONE, wanted("SF1", kind, orders="flagship/30001"), "accepted")
    with desk.store.read() as tx:
        assert void_of(tx, "flagship", "30001") == void


def test_goods_are_sent_anew_only_after_the_parcel_was_caught(desk: Desk) -> None:
    """The task comes with the effect, not with the acceptance, and once (R96)."""
    action = settled(desk, ActionState.DONE, wanted(ship_anew="CUP-2"), "accepted")
    assert tasks(desk) == []
    effective = effect(desk, action, "effective")
    assert effective is not None
    effect(desk, effective, "effective")
    (task,) = tasks(desk)
    assert (task.kind, task.order_id, "CUP-2" in task.why) == ("ship_anew", "30001", True)


def test_what_could_not_be_carried_out_is_told_to_somebody(desk: Desk) -> None:
    """The customer waits for a parcel that was not caught; nothing is sent anew."""
    effect(desk, settled(desk, ActionState.DONE, wanted(ship_anew="CUP-2"), "accepted"), "ineffective")
    assert [task.kind for task in tasks(desk)] == ["interception_failed"]


def test_a_person_is_asked_until_it_is_settled_and_asked_again(desk: Desk) -> None:
    """The task closes with the decision; sent again and unclear again, somebody is asked anew."""
    action = settled(desk, ActionState.NEEDS_PERSON)
    assert [(task.kind, task.subject) for task in tasks(desk)] == [("settle_action", f"action {action.action}")]
    absent = resolve_action(desk, action.action, "absent", "the courier says no")
    assert tasks(desk) == []
    send_again(desk, absent, Outcome(ActionState.NEEDS_PERSON))
    assert [task.kind for task in tasks(desk)] == ["settle_action"]
    resolve_action(desk, action.action, "done", "the courier says yes")
    assert tasks(desk) == []
    assert [task.state for task in tasks(desk, None)] == [TaskState.DONE, TaskState.DONE]


def test_a_code_is_asked_for_in_its_own_words(desk: Desk) -> None:
    """Who must give a code is not told to ask whether the write was carried out."""
    settled(desk, ActionState.PLANNED)
    action = standing(desk, planned_again(desk))
    send_again(desk, action, failed(NeedsApproval("a code was sent to 138****", code="second_verification")))
    (task,) = tasks(desk)
    assert (task.why, "--code" in task.next) == ("a code was sent to 138****", True)


def planned_again(desk: Desk) -> Action:
    """The only action on record."""
    with desk.store.read() as tx:
        (action,) = stored_lists.list_actions(tx, ActionFilter())
    return action


def test_nothing_heard_for_ten_days_is_a_task(desk: Desk, clock: HandClock) -> None:
    """Nobody forgets a request that was accepted and never answered."""
    action = settled(desk, ActionState.DONE, effect="accepted")
    clock.pass_by(timedelta(days=11))
    asked = Reconciler(desk, 1, Budget()).look(action).action
    assert (asked.effect, asked.next_look_at) == ("accepted", None)
    assert [(task.kind, task.waybill) for task in tasks(desk)] == [("ask_courier", "SF1")]


def test_taking_back_ends_the_interception(desk: Desk, clock: HandClock) -> None:
    """Its effect is ``cancelled``, it is not asked about any more, and the audit trail says who did it."""
    interception = settled(desk, ActionState.DONE, effect="accepted")
    clock.pass_by(timedelta(minutes=5))
    each = wanted("SF1", ActionKind.CANCEL_INTERCEPTION, interception.key)
    payload = {**each.payload, "key": interception.key, "of": interception.action}
    settled(desk, ActionState.DONE, type(each)(each.intent, payload, each.about), "cancelled")
    after = standing(desk, interception)
    assert (after.state, after.effect, after.effect_at) == (ActionState.DONE, "cancelled", clock.now())
    assert after.next_look_at is None
    with desk.store.read() as tx:
        newest = next(iter(audit_about(tx, interception.action)))
    assert (newest.who, newest.detail) == ("8012", {"effect": "cancelled"})
