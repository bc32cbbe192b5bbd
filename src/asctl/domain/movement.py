"""What counts as movement. The clock of T1-T3 runs from the last event *with movement*, never from our last query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from asctl.domain.parcels import ENDED, Event, ParcelStatus, telling

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


TURNED_BACK = frozenset({ParcelStatus.RETURNING, ParcelStatus.RETURNED})
TROUBLE = TURNED_BACK | {
    ParcelStatus.REFUSED,
    ParcelStatus.DAMAGED,
    ParcelStatus.EXCEPTION,
    ParcelStatus.PICKUP_FAILED,
    ParcelStatus.LOST,
}


@dataclass(frozen=True, slots=True)
class Journey:
    """The moments of one parcel's way that the watch rules look at; ``None`` for what has not happened.

    ``stage`` is the status of the last event with movement; ``trouble_since`` is when the present trouble was first told.
    """

    stage: ParcelStatus | None = None
    moved_at: datetime | None = None
    picked_up_at: datetime | None = None
    with_customer_since: datetime | None = None
    finished_at: datetime | None = None
    trouble_since: datetime | None = None
    scans_without_progress: int = 0


def journey_of(events: tuple[Event, ...]) -> Journey:
    """Walk the events (in time order) and note the moments.

    A scan moves the parcel when it shows a new place or a new moving status; repeated scans in one city do not
    (the reading of "stuck in a region"). A scan that names no place is judged by its status and words alone.
    """
    journey, place, words, last = Journey(), "", "", None
    for event in telling(events):
        journey = _in_trouble(journey, event, last)
        last = event.status if event.status in TROUBLE or last not in TURNED_BACK else last
        if _can_move(event) and _is_progress(event, journey.stage, place, words):
            journey = _moved(journey, event)
            place, words = event.location or place, event.text
        else:
            journey = replace(journey, scans_without_progress=journey.scans_without_progress + 1)
    return journey


def _can_move(event: Event) -> bool:
    return event.status in MOVING or (event.status is ParcelStatus.UNKNOWN and bool(event.location))


def _is_progress(event: Event, stage: ParcelStatus | None, place: str, words: str) -> bool:
    if event.status is not stage:
        return True
    return event.location != place if event.location else event.text != words


def _moved(journey: Journey, event: Event) -> Journey:
    with_customer = event.status in WITH_CUSTOMER
    return replace(
        journey,
        stage=event.status,
        moved_at=event.at,
        picked_up_at=journey.picked_up_at or event.at,
        with_customer_since=(journey.with_customer_since or event.at) if with_customer else None,
        finished_at=event.at if event.status in ENDED else None,
        scans_without_progress=0,
    )


def _in_trouble(journey: Journey, event: Event, last: ParcelStatus | None) -> Journey:
    """One trouble told again and again is one trouble; another kind of it is a new one. The way back is one until it ends."""
    if event.status not in TROUBLE:
        return journey if last in TURNED_BACK else replace(journey, trouble_since=None)
    same = event.status is last or (event.status in TURNED_BACK and last in TURNED_BACK)
    return journey if same else replace(journey, trouble_since=event.at)
