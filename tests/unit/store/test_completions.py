"""Numbers for whoever has typed the first characters of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Text, event, insert

from asctl.domain.parcels import Parcel
from asctl.domain.tasks import TaskState
from asctl.domain.times import CHINA
from asctl.store import completions
from asctl.store.completions import newest_known
from asctl.store.opening import Store, Transaction
from asctl.store.parcels import add_parcels
from asctl.store.tables import batches, tasks

NOW = datetime(2026, 6, 1, 9, tzinfo=CHINA)


def fill(store: Store, *names: str) -> None:
    """Tasks of these names, each opened an hour after the one before it."""
    texts = {column.name: "" for column in tasks.c if isinstance(column.type, Text)}
    rest = {"due_at": NOW, "state": TaskState.OPEN, "automatic": False, "notes": ()}
    with store.write() as tx:
        for position, name in enumerate(names):
            row = texts | rest | {"task": name, "subject": name, "opened_at": NOW + timedelta(hours=position)}
            tx.execute(insert(tasks).values(row))


def test_the_newest_first_and_not_too_many(store: Store) -> None:
    """The numbers that were last given come first, and no more than asked for."""
    fill(store, *(f"T{number}" for number in range(1, 8)))
    with store.read() as tx:
        assert newest_known(tx, ["task"], "", 3) == ["T7", "T6", "T5"]
        assert newest_known(tx, ["task"], "t1", 3) == ["T1"]


def test_what_is_typed_is_no_pattern(store: Store) -> None:
    """Signs that mean something to a database stand for themselves."""
    fill(store, "T1", "T%1", "T_1")
    with store.read() as tx:
        assert newest_known(tx, ["task"], "T%", 9) == ["T%1"]
        assert newest_known(tx, ["task"], "T_", 9) == ["T_1"]
        assert newest_known(tx, ["task"], "T'", 9) == []


def test_kinds_are_mixed_by_age(store: Store) -> None:
    """Where a number may be of two kinds, the newest of both come first; numbers that we give have their letter."""
    fill(store, "T1", "T2")
    with store.write() as tx:
        between = NOW + timedelta(minutes=30)
        tx.execute(insert(batches).values(id=12, verb="x", created_at=between, by="", total=1))
    with store.read() as tx:
        assert newest_known(tx, ["batch", "task"], "", 9) == ["T2", "B12", "T1"]
        assert newest_known(tx, ["batch"], "B1", 9) == ["B12"]
        assert newest_known(tx, ["batch"], "1", 9) == []


def test_a_count_is_known_by_its_first_digits(store: Store) -> None:
    """After the letter, in either case; newest first; what can be no count is none."""
    with store.write() as tx:
        for number in (1, 2, 12, 19, 123, 1999, 20):
            tx.execute(insert(batches).values(id=number, verb="x", created_at=NOW, by="", total=1))
    with store.read() as tx:
        assert newest_known(tx, ["batch"], "b1", 9) == ["B1999", "B123", "B19", "B12", "B1"]
        assert newest_known(tx, ["batch"], "B", 2) == ["B1999", "B123"]
        for begun in ("B01", "B1x", "A1", "B１", "B" + "1" * 10):
            assert newest_known(tx, ["batch"], begun, 9) == []


def test_many_that_begin_alike(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest of them come first, however many there are; capitals may be typed small, and small ones as they are."""
    monkeypatch.setattr(completions, "FEW", 5)
    names = [f"JT{number}" for number in range(10)] + ["jt-own"]
    with store.write() as tx:
        add_parcels(tx, (Parcel("jt", name, NOW + timedelta(hours=hour)) for hour, name in enumerate(names)))
    with store.read() as tx:
        assert newest_known(tx, ["waybill"], "JT", 2)[-1:] == ["JT9"]
        assert newest_known(tx, ["waybill"], "jt-", 2) == ["jt-own"]
        assert newest_known(tx, ["waybill"], "jt7", 2) == ["JT7"]


def plans(tx: Transaction, ask: Callable[[], Any]) -> list[str]:
    """How SQLite goes about what ``ask`` asks, a line for each step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", note)
    ask()
    event.remove(tx, "before_cursor_execute", note)
    return [row[3] for each in asked for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {each[0]}", each[1])]


@pytest.mark.parametrize("few", [0, 500], ids=["many", "few"])
@pytest.mark.parametrize("kind", ["waybill", "order", "after-sale", "rma", "action", "batch", "invoice"])
def test_no_table_is_read_whole(store: Store, monkeypatch: pytest.MonkeyPatch, kind: str, few: int) -> None:
    """Few numbers are found by their own index, many by that of their age, and nothing is sorted on the way."""
    monkeypatch.setattr(completions, "FEW", few)
    with store.read() as tx:
        if tx.dialect.name != "sqlite":
            pytest.skip("PostgreSQL decides by how much there is")
        for begun in {"action": ["A12"], "batch": ["B1"], "invoice": ["I7"]}.get(kind, ["JT5", "jt5"]):
            for step in plans(tx, lambda begun=begun: newest_known(tx, [kind], begun, 50)):  # type: ignore[misc]
                assert "B-TREE" not in step
                assert not step.startswith("SCAN") or " INDEX " in step, step
