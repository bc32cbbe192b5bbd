"""Tasks (事务): a follow-up that somebody owes until it is done (R82)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskState(StrEnum):
    """Whether somebody still owes it."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Task:
    """One follow-up. ``cause`` makes it unique per subject and kind: the same cause never opens it twice.

    ``automatic`` tasks are opened and closed by the watch rules; a person's own are left alone. ``next`` is the
    command that would settle it, ``outcome`` how it was settled.
    """

    task: str
    kind: str
    subject: str
    cause: str
    due_at: datetime
    opened_at: datetime
    state: TaskState = TaskState.OPEN
    automatic: bool = False
    shop: str = ""
    order_id: str = ""
    courier: str = ""
    waybill: str = ""
    rma: str = ""
    owner: str = ""
    why: str = ""
    next: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    notes: tuple[str, ...] = ()
