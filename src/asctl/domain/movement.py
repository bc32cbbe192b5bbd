"""What counts as movement. The clock of T1-T3 runs from the last event *with movement*, never from our last query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asctl.domain.parcels import Event, ParcelStatus

MOVING = frozenset(
    {
        ParcelStatus.PICKED_UP,
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.CUSTOMS,
        ParcelStatus.OUT_FOR_DELIVERY,
        ParcelStatus.READY_FOR_PICKUP,
        ParcelStatus.DELIVERY_FAILED,
        ParcelStatus.REFUSED,
        ParcelStatus.RETURNING,
        ParcelStatus.RETURNED,
        ParcelStatus.DELIVERED,
    }
)
WITH_CUSTOMER = frozenset({ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.READY_FOR_PICKUP, ParcelStatus.DELIVERY_FAILED})


@dataclass(frozen=True, slots=True)
class Journey:
    """The moments of one parcel's way that the watch rules look at; ``None`` for what has not happened."""

    moved_at: datetime | None = None
    picked_up_at: datetime | None = None
    with_customer_since: datetime | None = None
    finished_at: datetime | None = None
    scans_without_progress: int = 0


def journey_of(events: tuple[Event, ...]) -> Journey:
    """Walk the events (in time order) and note the moments.

    A scan moves the parcel when it shows a new place or a new moving status; repeated scans in one city do not
    (the reading of "stuck in a region"). A scan that names no place is judged by its status and words alone.
    """
    moved_at = picked_up_at = with_customer_since = finished_at = None
    place, status, words = "", None, ""
    idle_scans = 0
    for event in events:
        if event.informational or not _can_move(event):
            idle_scans += 0 if event.informational else 1
            continue
        if event.location:
            progress = event.location != place or event.status is not status
        else:
            progress = event.status is not status or event.text != words
        if not progress:
            idle_scans += 1
            continue
        moved_at, idle_scans = event.at, 0
        picked_up_at = picked_up_at or event.at
        if event.status not in WITH_CUSTOMER:
            with_customer_since = None
        else:
            with_customer_since = with_customer_since or event.at
        over = event.status in (ParcelStatus.DELIVERED, ParcelStatus.RETURNED)
        finished_at = event.at if over else None
        place, status, words = event.location or place, event.status, event.text
    return Journey(moved_at, picked_up_at, with_customer_since, finished_at, idle_scans)


def _can_move(event: Event) -> bool:
    return event.status in MOVING or (event.status is ParcelStatus.UNKNOWN and bool(event.location))
