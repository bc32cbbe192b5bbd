"""Running numbers that no two processes get twice."""

from __future__ import annotations

from asctl.store.opening import Transaction
from asctl.store.rows import insert_into
from asctl.store.tables import counters


def next_number(tx: Transaction, name: str) -> int:
    """The next number of the counter ``name``, beginning with 1; given back if the transaction is rolled back."""
    insert = insert_into(tx, counters).values(name=name, value=1)
    counted = insert.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    return int(tx.execute(counted.returning(counters.c.value)).scalar_one())
