"""Follow-ups (事务) and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from asctl.domain.tasks import Task, TaskState
from asctl.store.counters import next_number
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, columns_of, insert_into, stream, values_of
from asctl.store.tables import tasks

_COLUMNS = columns_of(tasks, Task)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to list; empty fields ask for nothing. ``due_before`` includes the moment itself."""

    state: TaskState | None = None
    due_before: datetime | None = None
    kind: str = ""
    order_id: str = ""
    waybill: str = ""
    rma: str = ""
    limit: int | None = None


def next_task_id(tx: Transaction) -> str:
    """The number of the next task: ``T1``, ``T2``, ..."""
    return f"T{next_number(tx, 'task')}"


def open_task(tx: Transaction, task: Task) -> bool:
    """Store a new task; ``False`` if its subject ever had one of this kind for this cause."""
    insert = insert_into(tx, tasks).values(values_of(tasks, task))
    opened = insert.on_conflict_do_nothing(index_elements=["subject", "kind", "cause"]).returning(tasks.c.task)
    return tx.execute(opened).first() is not None


def reopen_task(tx: Transaction, task_id: str) -> None:
    """Open a closed task again; how it had ended is forgotten."""
    news = {"state": TaskState.OPEN, "closed_at": None, "closed_by": "", "outcome": ""}
    tx.execute(update(tasks).where(tasks.c.task == task_id).values(news))


def get_task(tx: Transaction, task_id: str) -> Task | None:
    """One task by its number."""
    row = tx.execute(_select().where(tasks.c.task == task_id)).first()
    return Task(*row) if row else None


def tasks_of(tx: Transaction, subjects: Collection[str]) -> dict[str, tuple[Task, ...]]:
    """All tasks, open and closed, of each subject that ever had one, the first due first."""
    found: dict[str, list[Task]] = {}
    query = _select().order_by(tasks.c.due_at, func.length(tasks.c.task), tasks.c.task)
    for chunk in chunks(dict.fromkeys(subjects)):
        for row in tx.execute(query.where(tasks.c.subject.in_(chunk))):
            found.setdefault(row.subject, []).append(Task(*row))
    return {subject: tuple(standing) for subject, standing in found.items()}


def close_task(tx: Transaction, task_id: str, state: TaskState, by: str, at: datetime, outcome: str) -> bool:
    """Close an open task as ``done`` or ``dropped``; ``False`` for one that is closed, which stays as it is."""
    standing = (tasks.c.task == task_id) & (tasks.c.state == TaskState.OPEN)
    closing = update(tasks).where(standing).values(state=state, closed_by=by, closed_at=at, outcome=outcome)
    return tx.execute(closing).rowcount > 0


def add_note(tx: Transaction, task_id: str, note: str) -> None:
    """Add a note behind those that the task has."""
    notes = tx.execute(select(tasks.c.notes).where(tasks.c.task == task_id).with_for_update()).scalar() or ()
    tx.execute(update(tasks).where(tasks.c.task == task_id).values(notes=(*notes, note)))


def list_tasks(tx: Transaction, wanted: TaskFilter) -> Iterator[Task]:
    """Tasks, the first due first, as they come."""
    query = _select().order_by(tasks.c.due_at, func.length(tasks.c.task), tasks.c.task).limit(wanted.limit)
    for name in ("state", "kind", "order_id", "waybill", "rma"):
        if value := getattr(wanted, name):
            query = query.where(tasks.c[name] == value)
    if wanted.due_before is not None:
        query = query.where(tasks.c.due_at <= wanted.due_before)
    for row in stream(tx, query):
        yield Task(*row)


def _select() -> Select[Any]:
    return select(*_COLUMNS)
