"""Batches: which rows a command was given, and which action each became. How a row fared follows from its action, so the two
never disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select

from asctl.domain.actions import Action, ActionState, action_number, batch_number
from asctl.store.actions import get_actions
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, columns_of
from asctl.store.tables import actions, batch_items, batches


@dataclass(frozen=True, slots=True)
class Batch:
    """One run of a writing verb; ``total`` counts its rows."""

    batch: str
    verb: str
    created_at: datetime
    by: str
    total: int


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One row. ``action`` is empty where it became none: then ``status`` and the error say why."""

    position: int
    input: str
    action: str = ""
    status: str = ""
    error_family: str = ""
    error_code: str = ""
    error_message: str = ""


def new_batch(tx: Transaction, verb: str, now: datetime, by: str, total: int) -> Batch:
    """Begin a batch."""
    made = insert(batches).values(verb=verb, created_at=now, by=by, total=total).returning(batches.c.id)
    return Batch(f"B{tx.execute(made).scalar_one()}", verb, now, by, total)


def add_items(tx: Transaction, batch: str, items: Sequence[BatchItem]) -> None:
    """Note rows of a batch."""
    number = batch_number(batch)
    for chunk in chunks(items):
        tx.execute(insert(batch_items), [_values(number, item) for item in chunk])


def get_batch(tx: Transaction, batch: str) -> Batch | None:
    """One batch by its number."""
    row = tx.execute(_select().where(batches.c.id == batch_number(batch))).first()
    return None if row is None else _batch(row)


def list_batches(tx: Transaction, limit: int | None = None) -> tuple[Batch, ...]:
    """Batches, the newest first."""
    return tuple(_batch(row) for row in tx.execute(_select().order_by(batches.c.id.desc()).limit(limit)))


def states_in(tx: Transaction, numbers: Sequence[str]) -> dict[str, dict[ActionState | str, int]]:
    """Batch -> how many of its rows stand in each action state; rows without an action count under their status."""
    counted: dict[str, dict[ActionState | str, int]] = {number: {} for number in numbers}
    for chunk in chunks(map(batch_number, numbers)):
        query = (
            select(batch_items.c.batch_id, actions.c.state, batch_items.c.status, func.count())
            .select_from(batch_items.outerjoin(actions, actions.c.id == batch_items.c.action_id))
            .where(batch_items.c.batch_id.in_(chunk))
            .group_by(batch_items.c.batch_id, actions.c.state, batch_items.c.status)
        )
        for number, state, status, count in tx.execute(query):
            counts = counted[f"B{number}"]
            key = status or state
            counts[key] = counts.get(key, 0) + count
    return counted


def unfinished(tx: Transaction, numbers: Sequence[str]) -> frozenset[str]:
    """Those of the batches that hold something still to be sent, be it a row or a remark that followed from one."""
    found: set[str] = set()
    for chunk in chunks(map(batch_number, numbers)):
        left = select(actions.c.batch_id).where(actions.c.state == ActionState.PLANNED, actions.c.batch_id.in_(chunk))
        found.update(f"B{number}" for number in tx.execute(left.distinct()).scalars())
    return frozenset(found)


def items_of(tx: Transaction, batch: str) -> Iterator[tuple[BatchItem, Action | None]]:
    """The rows of a batch in their order, each with its action as it stands."""
    query = (
        select(batch_items.c.action_id, *columns_of(batch_items, BatchItem))
        .where(batch_items.c.batch_id == batch_number(batch))
        .order_by(batch_items.c.position)
    )
    for page in chunks(tx.execute(query).all()):
        items = [_item(row) for row in page]
        standing = get_actions(tx, [item.action for item in items if item.action])
        for item in items:
            yield item, standing.get(item.action)


def _values(number: int, item: BatchItem) -> dict[str, object]:
    return {
        "batch_id": number,
        "position": item.position,
        "input": item.input,
        "action_id": action_number(item.action) if item.action else None,
        "status": item.status,
        "error_family": item.error_family,
        "error_code": item.error_code,
        "error_message": item.error_message,
    }


def _item(row: Any) -> BatchItem:
    number, position, given, *rest = row
    return BatchItem(position, given, f"A{number}" if number else "", *rest)


def _select() -> Select[Any]:
    return select(batches.c.id, batches.c.verb, batches.c.created_at, batches.c.by, batches.c.total)


def _batch(row: Any) -> Batch:
    number, *rest = row
    return Batch(f"B{number}", *rest)
