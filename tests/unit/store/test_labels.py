"""Labels and prints on record."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from asctl.domain.labels import PrintState
from asctl.store.labels import NewLabel, record_labels, record_prints, renders_of_many, settle_prints
from asctl.store.opening import Store, Transaction
from asctl.store.orders import put_orders
from asctl.store.rmas import add_rma
from asctl.store.tables import labels, prints
from tests.store_support import NOW, an_order, an_rma

NUMBERS = [f"R{number}" for number in range(1200)]


@pytest.fixture
def cases(store: Store) -> Store:
    """More cases than one question or one insert holds."""
    with store.write() as tx:
        put_orders(tx, [an_order("1")])
        for number in NUMBERS:
            add_rma(tx, an_rma(number, order_id="1"))
    return store


def record(tx: Transaction, numbers: list[str], file: str = "l.pdf") -> list[int]:
    drawn = [NewLabel(number, "SF1", "c" * 64, 2) for number in numbers]
    return record_labels(tx, drawn, "pdf", "100x150", "ab" * 32, file, NOW, "8012")


def test_a_thousand_labels_are_recorded_at_once(cases: Store) -> None:
    """A handful of statements for all of them, and as many for their prints."""
    with cases.write() as tx:
        asked: list[str] = []
        event.listen(tx, "before_cursor_execute", lambda *told: asked.append(told[2]))
        numbers = record(tx, NUMBERS)
        record_prints(tx, numbers, "Zebra", 1, NOW, "8012")
        assert len(asked) < 10
        assert sorted(numbers) == sorted(tx.execute(select(labels.c.id)).scalars())
        assert sorted(numbers) == sorted(tx.execute(select(prints.c.label_id)).scalars())
    assert len(numbers) == len(NUMBERS)


def test_nothing_to_record(store: Store) -> None:
    """A run without a single good row leaves nothing behind."""
    with store.write() as tx:
        assert record(tx, []) == []
        assert tx.execute(select(labels.c.id)).all() == []


def test_labels_are_counted_for_many(cases: Store) -> None:
    """Each rendering of an RMA's label is counted, so that the second is known to be a reprint."""
    with cases.write() as tx:
        record(tx, NUMBERS)
        record(tx, NUMBERS[:2])
        assert renders_of_many(tx, [*NUMBERS, "unknown"]) == {**dict.fromkeys(NUMBERS, 1), "R0": 2, "R1": 2}
        assert renders_of_many(tx, []) == {}


@pytest.mark.parametrize(("state", "counted"), [("unclear", True), ("done", True), ("refused", False)])
def test_what_no_printer_took_was_never_handed_out(cases: Store, state: str, counted: bool) -> None:
    """A label for the printer alone counts unless the spooler refused it: then it is void, and the next is no reprint."""
    with cases.write() as tx:
        noted = record_prints(tx, record(tx, ["R1", "R2"], file=""), "Zebra", 3, NOW, "8012")
        assert renders_of_many(tx, ["R1", "R2"]) == {"R1": 1, "R2": 1}
        settle_prints(tx, noted[:1], PrintState(state), "Zebra-1", "request id is Zebra-1", NOW, "not taken")
        assert renders_of_many(tx, ["R1", "R2"]) == ({"R1": 1} if counted else {}) | {"R2": 1}
        void = {row.rma: row.void_why for row in tx.execute(select(labels.c.rma, labels.c.void_why))}
        kept = tx.execute(
            select(prints.c.state, prints.c.job, prints.c.said, prints.c.copies).order_by(prints.c.id)
        ).all()
    assert void == {"R1": "" if counted else "not taken", "R2": ""}
    assert kept == [(PrintState(state), "Zebra-1", "request id is Zebra-1", 3), (PrintState.UNCLEAR, "", "", 3)]
