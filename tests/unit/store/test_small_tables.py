"""Cursors, parked accounts, audit and counters: a table and a few lines each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from asctl.store.audit import AuditEntry, audit_about, list_audit, write_audit
from asctl.store.counters import next_number
from asctl.store.cursors import cursor_of, move_cursor
from asctl.store.opening import Store
from asctl.store.parking import park, parked
from tests.store_support import NOW


def test_cursor_moves(store: Store) -> None:
    """Each shop's feed has a cursor of its own, which is nowhere before it is first moved."""
    with store.write() as tx:
        assert cursor_of(tx, "a", "orders") is None
        move_cursor(tx, "a", "orders", NOW)
        move_cursor(tx, "a", "after_sales", NOW - timedelta(hours=1))
        move_cursor(tx, "a", "orders", NOW + timedelta(hours=1))
        assert cursor_of(tx, "a", "orders") == NOW + timedelta(hours=1)
        assert cursor_of(tx, "a", "after_sales") == NOW - timedelta(hours=1)
        assert cursor_of(tx, "b", "orders") is None


def test_of_two_rests_the_longer_counts(store: Store) -> None:
    """A parked account is known to the next process; whoever is told of a shorter rest later does not shorten it."""
    with store.write() as tx:
        park(tx, "kd100", NOW, "quota")
        park(tx, "kd100", NOW + timedelta(hours=1), "banned")
        park(tx, "flagship", NOW, "throttled")
    with store.write() as tx:
        park(tx, "kd100", NOW + timedelta(minutes=1), "busy")
    with store.read() as tx:
        assert parked(tx) == {"kd100": (NOW + timedelta(hours=1), "banned"), "flagship": (NOW, "throttled")}


def test_audit_tells_the_last_deeds(store: Store) -> None:
    """The last entries are told first, as they were written."""
    entries = [AuditEntry(NOW, "8012", "task done", f"T{number}", {"why": "已联系"}) for number in range(3)]
    with store.write() as tx:
        for entry in entries:
            write_audit(tx, entry.at, entry.who, entry.what, entry.subject, entry.detail)
        assert list_audit(tx, 2) == (entries[2], entries[1])


def test_audit_tells_of_one_object(store: Store) -> None:
    """What was done to one object, newest first."""
    with store.write() as tx:
        for number, subject in enumerate(("1", "2", "1")):
            write_audit(tx, NOW, "8012", f"deed {number}", subject, {})
        assert [entry.what for entry in audit_about(tx, "1")] == ["deed 2", "deed 0"]


def test_counters_count_apart(store: Store) -> None:
    """Counters begin with 1 and do not disturb each other."""
    with store.write() as tx:
        assert [next_number(tx, "a"), next_number(tx, "a"), next_number(tx, "b")] == [1, 2, 1]


def test_number_of_an_undone_write_is_given_again(store: Store) -> None:
    """A write that is undone leaves no gap."""

    def interrupted() -> None:
        with store.write() as tx:
            next_number(tx, "a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with store.write() as tx:
        assert next_number(tx, "a") == 1
        assert tx.execute(text("SELECT count(*) FROM counters")).scalar_one() == 1
