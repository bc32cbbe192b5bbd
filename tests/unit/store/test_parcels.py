from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from asctl.domain.errors import StoreTrouble
from asctl.domain.parcels import Direction, Event, Parcel, ParcelKey, ParcelStatus, in_time_order
from asctl.store.opening import Store, Transaction
from asctl.store.parcels import (
    ParcelEntry,
    ParcelFilter,
    add_parcels,
    correct_parcels,
    due_parcels,
    events_of,
    find_parcels,
    get_parcels,
    list_parcels,
    put_events,
    returns_of,
    save_parcels,
)
from tests.store_support import NOW, a_parcel, an_event

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
POLLED: dict[str, Any] = {
    "status": ParcelStatus.IN_TRANSIT,
    "raw_code": "0",
    "last_event_at": NOW,
    "last_event": "快件已发往 杭州",
    "location": "上海",
    "moved_at": NOW,
    "verdict": "slow",
    "findings": ("idle", "transit_overdue"),
    "seen_at": NOW,
    "failing_since": NOW,
    "failures": 2,
    "poll_error": "unavailable",
    "next_poll_at": NOW + timedelta(hours=4),
}


def get_parcel(tx: Transaction, key: ParcelKey) -> Parcel | None:
    """One parcel as it is stored."""
    return get_parcels(tx, [key]).get(key)


def test_parcel_survives_whole(store: Store) -> None:
    """Every field of a parcel comes back as it was."""
    parcel = a_parcel(
        direction=Direction.RETURN, account="kd100", shop="a", order_id="1", rma="R", phone_tail="1234",
        shipped_at=NOW, open=False, **POLLED,
    )  # fmt: skip
    with store.write() as tx:
        assert add_parcels(tx, [parcel, a_parcel("SF2")]) == {parcel.key, ParcelKey("sf", "SF2")}
    with store.read() as tx:
        assert get_parcel(tx, parcel.key) == parcel
        assert get_parcel(tx, ParcelKey("sf", "SF2")) == a_parcel("SF2")
        assert get_parcel(tx, ParcelKey("zto", parcel.waybill)) is None


def test_waybill_may_be_known_to_two_couriers(store: Store) -> None:
    """A bare waybill finds the parcels of every courier."""
    with store.write() as tx:
        add_parcels(tx, [a_parcel("1", "zto"), a_parcel("1", "sto"), a_parcel("2", "sto")])
        assert find_parcels(tx, "1") == (a_parcel("1", "sto"), a_parcel("1", "zto"))


def test_adding_again_fills_in_what_is_missing(store: Store) -> None:
    """A parcel added again gains what it lacked; what it had stays, and it is not new."""
    known = a_parcel(order_id="1", status=ParcelStatus.DELIVERED)
    again = a_parcel(
        order_id="2", shop="a", rma="R", phone_tail="1234", account="kd100", shipped_at=NOW, added_at=NOW + timedelta(1)
    )
    with store.write() as tx:
        add_parcels(tx, [known])
        assert add_parcels(tx, [again, a_parcel("SF2")]) == {ParcelKey("sf", "SF2")}
        wanted = replace(known, shop="a", rma="R", phone_tail="1234", account="kd100", shipped_at=NOW)
        assert get_parcel(tx, known.key) == wanted
        assert add_parcels(tx, [a_parcel(shipped_at=NOW + timedelta(1))]) == set()
        assert get_parcel(tx, known.key) == wanted


def test_parcel_told_twice_in_one_call(store: Store) -> None:
    """The same parcel twice in one call is one parcel with what either of them knew."""
    with store.write() as tx:
        assert add_parcels(tx, [a_parcel(), a_parcel(order_id="1")]) == {a_parcel().key}
        assert get_parcel(tx, a_parcel().key) == a_parcel(order_id="1")


def test_poll_saves_its_own_fields_only(store: Store) -> None:
    """A poll saves what it learnt and leaves alone what a person may have entered meanwhile."""
    with store.write() as tx:
        add_parcels(tx, [a_parcel(), a_parcel("SF2")])
        read = get_parcel(tx, a_parcel().key)
        assert read is not None
        add_parcels(tx, [a_parcel(order_id="1", phone_tail="1234")])
        save_parcels(tx, [replace(read, **POLLED, open=False)])
        assert get_parcel(tx, read.key) == a_parcel(order_id="1", phone_tail="1234", **POLLED, open=False)
        assert get_parcel(tx, ParcelKey("sf", "SF2")) == a_parcel("SF2")


def test_filters(store: Store) -> None:
    """Each filter keeps what it names, the last added first."""
    items = [
        a_parcel("1", added_at=NOW - timedelta(3), verdict="lost", status=ParcelStatus.LOST),
        a_parcel("2", "zto", added_at=NOW - timedelta(2), direction=Direction.RETURN, rma="R"),
        a_parcel("3", added_at=NOW - timedelta(1), order_id="7", open=False),
    ]
    with store.write() as tx:
        add_parcels(tx, items)

        def listed(**wanted: object) -> list[str]:
            return [parcel.waybill for parcel in list_parcels(tx, ParcelFilter(**wanted))]  # type: ignore[arg-type]

        assert listed() == ["3", "2", "1"]
        assert listed(verdict="lost") == ["1"]
        assert listed(status=ParcelStatus.LOST) == ["1"]
        assert listed(courier="zto") == ["2"]
        assert listed(direction=Direction.RETURN) == ["2"]
        assert listed(order_id="7") == ["3"]
        assert listed(rma="R") == ["2"]
        assert listed(open_only=True) == ["2", "1"]
        assert listed(limit=1) == ["3"]


def due(store: Store, limit: int = 99) -> list[str]:
    with store.read() as tx:
        return [parcel.waybill for parcel in due_parcels(tx, NOW, limit)]


def test_due_parcels_come_longest_overdue_first(store: Store) -> None:
    """Never planned ones first, then by their time; closed ones and those of the future not at all."""
    with store.write() as tx:
        add_parcels(
            tx,
            [
                a_parcel("now", next_poll_at=NOW),
                a_parcel("late", "zto", next_poll_at=NOW - timedelta(hours=5)),
                a_parcel("never"),
                a_parcel("soon", next_poll_at=NOW + timedelta(seconds=1)),
                a_parcel("closed", next_poll_at=NOW - timedelta(9), open=False),
            ],
        )
    assert due(store) == ["never", "late", "now"]
    assert due(store, limit=1) == ["never"]


def test_due_parcels_page_by_the_last_one(store: Store) -> None:
    """Pages that begin after the last parcel of the page before show each due parcel once, planned or not."""
    with store.write() as tx:
        add_parcels(tx, [a_parcel(f"{n}", "zto" if n % 2 else "sf") for n in range(5)])
        add_parcels(tx, [a_parcel(f"{n}", next_poll_at=NOW - timedelta(n // 7)) for n in range(5, 12)])
    seen: list[str] = []
    last = None
    with store.read() as tx:
        while page := due_parcels(tx, NOW, 3, after=last):
            seen += [parcel.waybill for parcel in page]
            last = page[-1]
    assert seen == due(store)
    assert sorted(seen, key=int) == [str(n) for n in range(12)]


def test_due_parcels_use_the_partial_index(store: Store) -> None:
    """The question for due parcels, as it is really asked, is answered from the index of open parcels without sorting."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append(statement)
        bound.append(parameters)

    bound: list[Any] = []
    with store.write() as tx:
        add_parcels(tx, [a_parcel(f"{n}", next_poll_at=NOW + timedelta(minutes=n - 500)) for n in range(3000)])
    with store.read() as tx:
        event.listen(tx, "before_cursor_execute", note)
        due_parcels(tx, NOW, 10)
        event.remove(tx, "before_cursor_execute", note)
        plan = str(tx.exec_driver_sql(EXPLAIN[tx.dialect.name] + asked[0], bound[0]).all())
    assert "ix_parcels_due" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_events_are_stored_once(store: Store) -> None:
    """Scans told again, in any order and by any source, are not new; only new ones are told, oldest first."""
    first, second, third = an_event(9, "已揽收"), an_event(5, "运输中"), an_event(1, "派送中")
    key = a_parcel().key
    with store.write() as tx:
        add_parcels(tx, [a_parcel()])
        assert put_events(tx, {key: [second, first]}) == {key: (first, second)}
        assert put_events(tx, {key: [first, replace(second, source="taobao")]}) == {}
        assert put_events(tx, {key: [third, first, third]}) == {key: (third,)}
        assert events_of(tx, [key]) == {key: (first, second, third)}


def test_event_survives_whole(store: Store) -> None:
    """Every field of a scan comes back as it was."""
    scan = Event(
        NOW, ParcelStatus.UNKNOWN, "改派 \U0002a6d6", "X9", "杭州", ("redirected", "overdue_pickup"), True, "kd100"
    )
    with store.write() as tx:
        add_parcels(tx, [a_parcel()])
        put_events(tx, {a_parcel().key: [scan]})
        assert events_of(tx, [a_parcel().key]) == {a_parcel().key: (scan,)}


def test_scans_of_one_moment_keep_the_rules_order(store: Store) -> None:
    """Scans with the same time stamp come back in the order of the domain's rule, not of the table."""
    words = [
        ("派送", ParcelStatus.OUT_FOR_DELIVERY),
        ("揽收", ParcelStatus.PICKED_UP),
        ("到达", ParcelStatus.IN_TRANSIT),
    ]
    told = [an_event(1, text, status) for text, status in words]
    with store.write() as tx:
        add_parcels(tx, [a_parcel()])
        assert put_events(tx, {a_parcel().key: told}) == {a_parcel().key: in_time_order(told)}
        assert events_of(tx, [a_parcel().key]) == {a_parcel().key: in_time_order(told)}


def test_same_words_at_another_time_are_another_scan(store: Store) -> None:
    """A scan is known by moment and words together, and by its parcel."""
    key, other = a_parcel().key, a_parcel("SF2").key
    with store.write() as tx:
        add_parcels(tx, [a_parcel(), a_parcel("SF2")])
        put_events(tx, {key: [an_event(5, "到达")]})
        assert put_events(tx, {key: [an_event(4, "到达"), an_event(5, "离开")], other: [an_event(5, "到达")]}) == {
            key: (an_event(5, "离开"), an_event(4, "到达")),
            other: (an_event(5, "到达"),),
        }


def test_events_in_bulk(store: Store) -> None:
    """Thousands of scans in one call are stored, told and read whole; parcels without any are told as empty."""
    items = [a_parcel(f"SF{n}", "sf" if n % 3 else "zto") for n in range(700)]
    told = {parcel.key: tuple(an_event(9 - n, f"{parcel.waybill} {n}") for n in range(8)) for parcel in items}
    with store.write() as tx:
        add_parcels(tx, [*items, a_parcel("empty")])
        assert put_events(tx, told) == told
        assert put_events(tx, told) == {}
    with store.read() as tx:
        assert events_of(tx, [*told, ParcelKey("sf", "empty")]) == {**told, ParcelKey("sf", "empty"): ()}


def test_events_need_their_parcel(store: Store) -> None:
    """Scans of a parcel that nobody watches are refused by the database."""
    with pytest.raises(StoreTrouble), store.write() as tx:
        put_events(tx, {ParcelKey("sf", "404"): [an_event(1, "x")]})


def test_concurrent_tellings_are_new_once(store: Store) -> None:
    """Of two writers that tell the same scan at once, only one is told that it is new; the other waits for it."""
    key = a_parcel().key
    with store.write() as tx:
        add_parcels(tx, [a_parcel()])

    def tell() -> dict[ParcelKey, tuple[Event, ...]]:
        with store.write() as tx:
            return put_events(tx, {key: [an_event(1, "x")]})

    with ThreadPoolExecutor(1) as other:
        with store.write() as tx:
            assert put_events(tx, {key: [an_event(1, "x")]}) == {key: (an_event(1, "x"),)}
            waiting = other.submit(tell)
            wait([waiting], timeout=0.2)
            assert not waiting.done()
        assert waiting.result(timeout=10) == {}


def test_a_person_corrects_what_was_entered(store: Store) -> None:
    """What is given overwrites, what is empty does not; the parcel is due at once, and open again if it was closed."""
    parcel = a_parcel(
        phone_tail="1111", order_id="1", direction=Direction.RETURN, open=False, next_poll_at=NOW + timedelta(hours=4)
    )
    other = a_parcel("SF2", open=False)
    tail = ParcelEntry("sf", parcel.waybill, phone_tail="2222")
    way = ParcelEntry("sf", "SF2", Direction.REPLACEMENT, rma="R")
    with store.write() as tx:
        add_parcels(tx, [parcel, other])
        correct_parcels(tx, [tail, way])
        stand = get_parcels(tx, [parcel.key, other.key])
    assert stand[parcel.key] == replace(parcel, phone_tail="2222", open=True, next_poll_at=None)
    assert stand[other.key] == replace(other, direction=Direction.REPLACEMENT, rma="R", open=True)


def test_what_comes_back_for_orders(store: Store) -> None:
    """Of the orders named the return parcels are told, the last added first; outbound ones and other orders' are not."""
    back = {"order_id": "1", "direction": Direction.RETURN}
    items = [
        a_parcel("old", **back, added_at=NOW - timedelta(2)),
        a_parcel("new", "zto", **back),
        a_parcel("out", order_id="1"),
        a_parcel("other", **back | {"order_id": "2"}),
    ]
    with store.write() as tx:
        add_parcels(tx, items)
        assert [parcel.waybill for parcel in returns_of(tx, ["1", "1", "404"])] == ["new", "old"]
        assert returns_of(tx, []) == ()


def test_many_parcels_by_their_keys(store: Store) -> None:
    """Those that are under watch are told, each under its key."""
    with store.write() as tx:
        add_parcels(tx, [a_parcel("1"), a_parcel("1", "zto"), a_parcel("2")])
        wanted = [ParcelKey("sf", "1"), ParcelKey("zto", "1"), ParcelKey("zto", "2")]
        assert get_parcels(tx, wanted) == {wanted[0]: a_parcel("1"), wanted[1]: a_parcel("1", "zto")}
