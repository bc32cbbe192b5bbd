"""Batches: rows in their order, each standing where its action stands."""

from __future__ import annotations

from asctl.domain.actions import About, Action, ActionKind, ActionState, Intent, Wanted
from asctl.store import action_lists as stored_lists
from asctl.store import actions as stored_actions
from asctl.store.action_lists import ActionFilter
from asctl.store.batches import BatchItem, add_items, get_batch, items_of, list_batches, new_batch, states_in
from asctl.store.opening import Store, Transaction
from tests.store_support import NOW


def an_action(tx: Transaction, number: int, batch: str = "") -> Action:
    """A planned interception of its own parcel."""
    intent = Intent("sf", ActionKind.INTERCEPT, f"sf SF{number}")
    action = stored_actions.plan_action(tx, Wanted(intent, {}, About(waybill=f"SF{number}")), 1, NOW, "8012", batch)
    assert action is not None
    return action


def test_a_batch_survives_whole(store: Store) -> None:
    """Batches are numbered B1, B2, ... and listed the newest first."""
    with store.write() as tx:
        first = new_batch(tx, "intercept request", NOW, "8012", 3)
        second = new_batch(tx, "address change", NOW, "8013", 1)
        assert get_batch(tx, "B1") == get_batch(tx, "1") == first
        assert list_batches(tx) == (second, first)
        assert list_batches(tx, 1) == (second,)
        assert get_batch(tx, "B404") is None
    assert (first.batch, first.verb, first.total, first.created_at) == ("B1", "intercept request", 3, NOW)


def test_rows_come_back_in_their_order_with_their_actions(store: Store) -> None:
    """A row with an action stands as the action stands now; one without keeps why."""
    with store.write() as tx:
        batch = new_batch(tx, "intercept request", NOW, "8012", 3).batch
        action = an_action(tx, 1, batch)
        rows = [
            BatchItem(0, "SF1", action.action),
            BatchItem(1, "坏", "", "failed", "bad_input", "bad_waybill", "坏 is no waybill"),
            BatchItem(2, "SF1 again", action.action, "skipped", "", "duplicate", "the same as SF1"),
        ]
        add_items(tx, batch, [rows[2], rows[0], rows[1]])
        sent = stored_actions.begin_sending(tx, action, NOW, NOW, "")
    with store.read() as tx:
        assert list(items_of(tx, batch)) == [(rows[0], sent), (rows[1], None), (rows[2], sent)]


def test_a_large_batch_keeps_every_row(store: Store) -> None:
    """More rows than one statement takes come back complete and in order."""
    with store.write() as tx:
        batch = new_batch(tx, "intercept request", NOW, "8012", 1201).batch
        actions = [an_action(tx, number) for number in range(51)]
        add_items(tx, batch, [BatchItem(at, f"row {at}", actions[at % 51].action) for at in range(1201)])
        found = list(items_of(tx, batch))
    assert [item.position for item, _action in found] == list(range(1201))
    assert all(action == actions[item.position % 51] for item, action in found)


def test_how_many_rows_stand_where(store: Store) -> None:
    """Rows count under the state of their action, or under their own status; an empty batch counts nothing."""
    with store.write() as tx:
        one, two = (new_batch(tx, "intercept request", NOW, "8012", 4).batch for _again in range(2))
        first, second = an_action(tx, 1, one), an_action(tx, 2, one)
        stored_actions.begin_sending(tx, first, NOW, NOW, "")
        add_items(
            tx,
            one,
            [
                BatchItem(0, "SF1", first.action),
                BatchItem(1, "SF2", second.action),
                BatchItem(2, "SF2", second.action, "skipped", "", "duplicate", "the same"),
                BatchItem(3, "x", "", "failed", "bad_input", "bad_waybill", "no waybill"),
            ],
        )
        assert states_in(tx, [one, two]) == {
            one: {ActionState.SENDING: 1, ActionState.PLANNED: 1, "skipped": 1, "failed": 1},
            two: {},
        }


def test_what_of_a_batch_is_still_to_be_sent(store: Store) -> None:
    """Its rows and what followed from them, the oldest first; a row that an earlier batch planned belongs to it as well."""
    with store.write() as tx:
        earlier, batch = (new_batch(tx, "intercept request", NOW, "8012", 2).batch for _again in range(2))
        taken, own, follows, sent = an_action(tx, 1, earlier), *(an_action(tx, number, batch) for number in (2, 3, 4))
        an_action(tx, 5, earlier)
        add_items(tx, batch, [BatchItem(0, "SF1", taken.action), BatchItem(1, "SF2", own.action)])
        begun = stored_actions.begin_sending(tx, sent, NOW, NOW, "")
        assert stored_lists.planned_in(tx, batch) == (taken, own, follows)
        assert list(stored_lists.list_actions(tx, ActionFilter(batch=batch))) == [begun, follows, own, taken]
