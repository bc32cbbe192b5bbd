"""The journal's table: what is planned once, who may take it for sending, what is due."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from asctl.domain.actions import (
    NEXT,
    OPEN_STATES,
    UNSETTLED_STATES,
    About,
    Action,
    ActionKind,
    ActionState,
    Family,
    Intent,
    Wanted,
    payload_hash,
)
from asctl.domain.errors import StoreTrouble
from asctl.store import action_lists as stored_lists
from asctl.store import actions as stored
from asctl.store.action_lists import ActionFilter
from asctl.store.opening import Store, Transaction, open_store
from tests.store_support import NOW

DEADLINE = NOW + timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


def wanted(
    target: str = "sf SF1", kind: ActionKind = ActionKind.INTERCEPT, account: str = "sf", **about: str
) -> Wanted:
    """What somebody wants done to ``target``."""
    told = {"courier": "sf", "waybill": target.removeprefix("sf "), **about}
    return Wanted(Intent(account, kind, target), {"return_to": "sender", "名": "值"}, About(**told), {"remark": "拦"})


def planned(tx: Transaction, each: Wanted | None = None, occasion: int = 1, batch: str = "") -> Action:
    """A new action on record."""
    action = stored.plan_action(tx, each or wanted(), occasion, NOW, "8012", batch)
    assert action is not None
    return action


def put(tx: Transaction, action: Action, state: ActionState, **news: object) -> Action:
    """An action led to ``state`` by allowed steps."""
    ways = {
        ActionState.PLANNED: [],
        ActionState.NEEDS_PERSON: [ActionState.SENDING, ActionState.UNCLEAR, ActionState.NEEDS_PERSON],
        ActionState.UNCLEAR: [ActionState.SENDING, ActionState.UNCLEAR],
        ActionState.DONE: [ActionState.SENDING, ActionState.DONE],
    }
    for step in ways.get(state, [state]):
        after = stored.change(tx, action, step, news if step is state else {})
        assert after is not None
        action = after
    return action


def test_an_action_survives_whole(store: Store) -> None:
    """Every field that planning sets comes back as it was, those of its later life are empty."""
    with store.write() as tx:
        action = planned(tx, wanted(shop="flagship", order_id="30001", rma="R1"))
        assert stored.get_action(tx, action.action) == action
    assert (action.payload, action.payload_hash) == (wanted().payload, payload_hash(wanted().payload))
    assert (action.key, action.intent) == (wanted().intent.key(1), wanted().intent)
    assert (action.planned_at, action.by, action.afterwards) == (NOW, "8012", {"remark": "拦"})
    assert (action.shop, action.order_id, action.rma, action.waybill) == ("flagship", "30001", "R1", "SF1")
    empty = {each.name: getattr(action, each.name) for each in fields(Action)}
    assert not any(empty[name] for name in ("attempt", "effect", "sent_at", "deadline", "looks", "settled_at", "fee"))


def test_money_and_moments_survive_a_change(store: Store) -> None:
    """A fee keeps its digits and a moment its microseconds."""
    with store.write() as tx:
        action = put(tx, planned(tx), ActionState.DONE, fee=Decimal("12.50"), settled_at=NOW)
        again = stored.get_action(tx, action.action)
    assert again is not None
    assert (str(again.fee), again.settled_at) == ("12.50", NOW)


def test_one_row_for_an_intent_and_occasion(store: Store) -> None:
    """The same intent is planned once; another occasion, purpose or account is another row, the latest is found."""
    with store.write() as tx:
        first = planned(tx)
        assert stored.plan_action(tx, wanted(), 1, NOW, "8013", "") is None
        second = planned(tx, occasion=2)
        planned(tx, wanted(account="kd100"))
        assert second.key != first.key
        assert stored.last_of_intent(tx, wanted().intent) == second
        assert stored.last_of_intent(tx, replace(wanted().intent, purpose="other")) is None


def test_two_who_plan_the_same_at_once_make_one_row(store_url: str) -> None:
    """Of many connections that plan one intent one gets the action, the others nothing, and none fails."""
    together = threading.Barrier(6)

    def plan(_number: int) -> Action | None:
        own = open_store(store_url)
        together.wait(10)
        with own.write() as tx:
            action = stored.plan_action(tx, wanted(), 1, NOW, "8012", "")
        own.close()
        return action

    with ThreadPoolExecutor(6) as pool:
        made = [action for action in pool.map(plan, range(6)) if action is not None]
    assert len(made) == 1


def test_no_step_that_is_not_allowed(store: Store) -> None:
    """Each pair of states is either allowed and carried out, or a ``ValueError`` that changes nothing."""
    with store.write() as tx:
        for occasion, (before, after) in enumerate(product(ActionState, ActionState)):
            action = put(tx, planned(tx, occasion=occasion), before)
            if after is before or after in NEXT[before]:
                changed = stored.change(tx, action, after, {"message": "x"})
                assert changed == replace(action, state=after, message="x")
            else:
                with pytest.raises(ValueError, match="no way from"):
                    stored.change(tx, action, after, {"message": "x"})
                assert stored.get_action(tx, action.action) == action


def test_a_step_starts_from_what_was_seen(store: Store) -> None:
    """Whoever saw another state or attempt changes nothing and is told so."""
    with store.write() as tx:
        seen = planned(tx)
        begun = stored.begin_sending(tx, seen, NOW, DEADLINE, "")
        assert begun is not None
        assert stored.change(tx, seen, ActionState.CANCELLED, {}) is None
        back = stored.change(tx, begun, ActionState.PLANNED, {})
        assert back is not None
        assert stored.change(tx, replace(back, attempt=0), ActionState.CANCELLED, {}) is None
        assert stored.get_action(tx, seen.action) == back


def test_beginning_sets_attempt_deadline_and_a_clean_slate(store: Store) -> None:
    """The row says when it was sent first and last, how often, until when it may leave, and nothing of an old failure."""
    with store.write() as tx:
        first = stored.begin_sending(tx, planned(tx), NOW, DEADLINE, "absent")
        assert first is not None
        assert (first.state, first.attempt, first.before) == (ActionState.SENDING, 1, "absent")
        assert (first.first_sent_at, first.sent_at, first.deadline) == (NOW, NOW, DEADLINE)
        news = {"looks": 4, "next_look_at": NOW, "error_code": "lost_answer", "message": "m"}
        unclear = stored.change(tx, first, ActionState.UNCLEAR, news)
        again = unclear and stored.change(tx, unclear, ActionState.PLANNED, {})
        second = again and stored.begin_sending(tx, again, NOW + MINUTE, DEADLINE + MINUTE, "")
        assert second is not None
    assert (second.attempt, second.first_sent_at, second.sent_at) == (2, NOW, NOW + MINUTE)
    assert (second.looks, second.next_look_at, second.error_code, second.message) == (0, None, "", "")
    assert (second.key, second.payload, second.payload_hash) == (first.key, first.payload, first.payload_hash)


def test_only_a_planned_action_is_taken(store: Store) -> None:
    """Whatever is being sent, settled or cancelled is not taken for sending, and stays as it is; an unclear one may be taken
    for a repeat under its key."""
    with store.write() as tx:
        for state in set(ActionState) - {ActionState.PLANNED, ActionState.UNCLEAR}:
            action = put(tx, planned(tx, wanted(f"sf {state}")), state)
            assert stored.begin_sending(tx, action, NOW, DEADLINE, "") is None
            assert stored.get_action(tx, action.action) == action


def test_one_unsettled_action_about_a_target_at_a_time(store: Store) -> None:
    """What may have arrived holds off every other action of its family about the same parcel, through whichever account;
    other parcels and families are free."""
    with store.write() as tx:
        for state in ActionState:
            target = f"sf {state}"
            put(tx, planned(tx, wanted(target)), state)
            redirect = planned(tx, wanted(target, ActionKind.REDIRECT))
            elsewhere = planned(tx, wanted(target, account="kd100"))
            others = [wanted(target, ActionKind.REMARK), wanted(f"sf other {state}")]
            for waiting in (elsewhere, redirect):
                begun = stored.begin_sending(tx, waiting, NOW, DEADLINE, "")
                assert (begun is None) == (state in UNSETTLED_STATES)
                if begun is not None:
                    stored.change(tx, begun, ActionState.PLANNED, {})
            assert all(stored.begin_sending(tx, planned(tx, other), NOW, DEADLINE, "") for other in others)


def test_of_two_who_begin_at_once_one_sends(store_url: str, store: Store) -> None:
    """Threads with connections of their own race for one action: exactly one gets it, with attempt 1."""
    with store.write() as tx:
        action = planned(tx)
    together = threading.Barrier(6)

    def begin(_number: int) -> Action | None:
        own = open_store(store_url)
        together.wait(10)
        with own.write() as tx:
            begun = stored.begin_sending(tx, action, NOW, DEADLINE, "")
        own.close()
        return begun

    with ThreadPoolExecutor(6) as pool:
        begun = [each for each in pool.map(begin, range(6)) if each is not None]
    assert [each.attempt for each in begun] == [1]


def test_what_is_open_about_a_target(store: Store) -> None:
    """Open ones of the family are told, the oldest first; ended ones and other families are not."""
    with store.write() as tx:
        rows = [
            put(tx, planned(tx, occasion=number), state) for number, state in enumerate([*OPEN_STATES, *ActionState])
        ]
        planned(tx, wanted(kind=ActionKind.REMARK))
        found = stored.open_about(tx, "sf", Family.PARCEL, "sf SF1")
    assert list(found) == [row for row in rows if row.state in OPEN_STATES]


def test_the_write_that_was_last_done(store: Store) -> None:
    """The one settled last counts, not the one planned last; refused ones never."""
    with store.write() as tx:
        done: Callable[[int, int], Action] = lambda occasion, minutes: put(  # noqa: E731
            tx, planned(tx, occasion=occasion), ActionState.DONE, settled_at=NOW + minutes * MINUTE
        )
        later, _earlier = done(1, 9), done(2, 5)
        put(tx, planned(tx, occasion=3), ActionState.REFUSED, settled_at=NOW + 20 * MINUTE)
        assert stored.last_done(tx, "sf", ActionKind.INTERCEPT, "sf SF1") == later
        assert stored.last_done(tx, "sf", ActionKind.INTERCEPT, "sf SF2") is None


def test_due_looks_and_due_effects(store: Store) -> None:
    """Unclear ones are looked at when due, the longest due first; accepted ones are asked about; waiting ones are not."""
    with store.write() as tx:
        rows = {
            (state, minutes): put(tx, planned(tx, wanted(f"sf SF{state}{minutes}")), state, next_look_at=at)
            for state in (ActionState.UNCLEAR, ActionState.DONE, ActionState.NEEDS_PERSON)
            for minutes in (-5, -9, 0, 1, None)
            for at in [None if minutes is None else NOW + minutes * MINUTE]
        }
        unclear = [rows[ActionState.UNCLEAR, minutes] for minutes in (-9, -5, 0)]
        assert list(stored_lists.due_looks(tx, NOW, 10)) == unclear
        assert list(stored_lists.due_looks(tx, NOW, 2)) == unclear[:2]
        assert list(stored_lists.due_effects(tx, NOW, 10)) == [
            rows[ActionState.DONE, minutes] for minutes in (-9, -5, 0)
        ]
        assert stored_lists.next_look_after(tx) == NOW - 9 * MINUTE


def test_what_dead_runs_left(store: Store) -> None:
    """Rows in ``sending`` are found by account and family, and all together."""
    with store.write() as tx:
        assert stored_lists.next_look_after(tx) is None
        mine = put(tx, planned(tx), ActionState.SENDING)
        other = put(tx, planned(tx, wanted("30001", ActionKind.REMARK, "flagship")), ActionState.SENDING)
        planned(tx, wanted("sf SF2"))
        assert stored_lists.swept(tx, "sf", Family.PARCEL) == (mine,)
        assert stored_lists.swept(tx, "sf", Family.REMARK) == ()
        assert sorted(stored_lists.in_sending(tx), key=lambda action: action.action) == [mine, other]


def test_requests_whose_effect_nobody_knows(store: Store) -> None:
    """Accepted and unclear slow ones of a courier's parcels, however many; other couriers' and settled ones are left out."""
    with store.write() as tx:
        accepted = put(tx, planned(tx), ActionState.DONE, effect="accepted")
        unclear = put(tx, planned(tx, wanted("sf SF2")), ActionState.NEEDS_PERSON)
        put(tx, planned(tx, wanted("sf SF2", ActionKind.REMARK)), ActionState.UNCLEAR)
        put(tx, planned(tx, wanted("sf SF3")), ActionState.DONE, effect="effective")
        put(tx, planned(tx, wanted("sf SF4")), ActionState.DONE, effect="accepted", courier="zto")
        planned(tx, wanted("sf SF5"))
        waybills = [f"SF{number}" for number in range(1200)]
        assert stored_lists.without_effect(tx, "sf", waybills) == (accepted, unclear)


def test_filters(store: Store) -> None:
    """Each filter keeps what it names, the newest first."""
    with store.write() as tx:
        one = planned(tx, wanted(order_id="7"))
        two = put(tx, planned(tx, wanted("sf SF2", ActionKind.REDIRECT)), ActionState.DONE, effect="accepted")
        three = planned(tx, wanted("sf SF3", account="kd100"))

        def listed(**told: object) -> list[Action]:
            return list(stored_lists.list_actions(tx, ActionFilter(**told)))  # type: ignore[arg-type]

        assert listed() == [three, two, one]
        assert listed(states=frozenset({ActionState.PLANNED})) == [three, one]
        assert listed(kinds=frozenset({ActionKind.REDIRECT})) == [two]
        assert listed(effect="accepted") == listed(waybill="SF2") == [two]
        assert listed(order_id="7") == [one]
        assert listed(account="kd100") == listed(limit=1) == [three]


def test_an_action_of_no_batch_on_record_is_refused(store: Store) -> None:
    """An action cannot point at a batch that does not exist."""
    with pytest.raises(StoreTrouble), store.write() as tx:
        planned(tx, batch="B404")
