"""Parcels on the warehouse's bench that belong to no RMA yet: set aside by the code on them, until somebody knows better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StrayState(StrEnum):
    """What became of it: a person said whose it is, its code became known by itself, or it is nobody's business."""

    OPEN = "open"
    MATCHED = "matched"
    FOUND = "found"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Stray:
    """``times`` counts the scans, ``by`` is the staff number of the last; ``note`` is for people, such as the shelf.

    ``rma`` is the case it turned out to belong to, ``why`` the reason for which it was dismissed.
    """

    code: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int = 1
    by: str = ""
    note: str = ""
    state: StrayState = StrayState.OPEN
    rma: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    why: str = ""
