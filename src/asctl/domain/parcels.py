"""Parcels and their events (轨迹), normalised after reference/couriers/README.md section 2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ParcelStatus(StrEnum):
    """The closed list of statuses; a code that nobody mapped is ``UNKNOWN`` and keeps its raw code beside it."""

    NO_DATA = "NO_DATA"
    CREATED = "CREATED"
    PICKUP_FAILED = "PICKUP_FAILED"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    CUSTOMS = "CUSTOMS"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    DELAYED = "DELAYED"
    REFUSED = "REFUSED"
    EXCEPTION = "EXCEPTION"
    DAMAGED = "DAMAGED"
    LOST = "LOST"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


class Direction(StrEnum):
    """Which way the parcel travels."""

    OUTBOUND = "outbound"
    RETURN = "return"
    REPLACEMENT = "replacement"


@dataclass(frozen=True, slots=True)
class Event:
    """One scan. ``flags`` are the marks beside the status (``redirected``, ``transferred``, ``overdue_pickup`` ...).

    ``informational`` events never change the parcel's status (rule b). ``source`` is the account that told us.
    """

    at: datetime
    status: ParcelStatus
    text: str
    raw_code: str = ""
    location: str = ""
    flags: tuple[str, ...] = ()
    informational: bool = False
    source: str = ""

    @property
    def key(self) -> tuple[datetime, str]:
        """What makes two tellings the same scan: its moment and its words."""
        return (self.at, self.text)


@dataclass(frozen=True, slots=True)
class ParcelKey:
    """A parcel is one waybill at one courier (our own courier code)."""

    courier: str
    waybill: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the store knows of one parcel, besides its events.

    ``seen_at`` is the last time a source *answered*; ``failing_since`` and ``failures`` count what went wrong after
    that; ``moved_at`` is the last event with movement (see :mod:`asctl.domain.watch`).
    """

    courier: str
    waybill: str
    added_at: datetime
    direction: Direction = Direction.OUTBOUND
    account: str = ""
    shop: str = ""
    order_id: str = ""
    rma: str = ""
    phone_tail: str = ""
    shipped_at: datetime | None = None
    status: ParcelStatus = ParcelStatus.NO_DATA
    raw_code: str = ""
    last_event_at: datetime | None = None
    last_event: str = ""
    location: str = ""
    moved_at: datetime | None = None
    verdict: str = "unknown"
    findings: tuple[str, ...] = ()
    seen_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    poll_error: str = ""
    next_poll_at: datetime | None = None
    open: bool = True

    @property
    def key(self) -> ParcelKey:
        return ParcelKey(self.courier, self.waybill)


ENDED = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED, ParcelStatus.CANCELLED})
REOPENING = frozenset({ParcelStatus.RETURNING, ParcelStatus.REFUSED, ParcelStatus.DELIVERED, ParcelStatus.RETURNED})
_IN_HAND = frozenset(
    {
        ParcelStatus.PICKED_UP,
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.CUSTOMS,
        ParcelStatus.OUT_FOR_DELIVERY,
        ParcelStatus.READY_FOR_PICKUP,
        ParcelStatus.REFUSED,
        ParcelStatus.DAMAGED,
        ParcelStatus.LOST,
        ParcelStatus.RETURNING,
        ParcelStatus.RETURNED,
        ParcelStatus.DELIVERED,
    }
)
_ON_THE_WAY_BACK = {
    ParcelStatus.PICKED_UP: ParcelStatus.RETURNING,
    ParcelStatus.IN_TRANSIT: ParcelStatus.RETURNING,
    ParcelStatus.OUT_FOR_DELIVERY: ParcelStatus.RETURNING,
    ParcelStatus.DELIVERED: ParcelStatus.RETURNED,
}
_RANK = {status: rank for rank, status in enumerate(ParcelStatus)}


def in_time_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Oldest first, each scan once; couriers send them late, twice and in any order.

    Scans of one second are put in the order in which a parcel passes through the statuses.
    """
    unique = {event.key: event for event in events}
    return tuple(sorted(unique.values(), key=lambda event: (event.at, _RANK[event.status], event.text)))


def in_hand(status: ParcelStatus) -> bool:
    """Whether a scan of this status shows that the courier has the goods, or had them.

    Failed deliveries, delays and other trouble do not: some couriers tell a failed pickup in the same codes, and goods that
    were fetched have a scan that says so.
    """
    return status in _IN_HAND


def telling(events: Iterable[Event]) -> Iterator[Event]:
    """The events that say where the parcel stands, in time order.

    Notes never do (rule b). After the end only what re-opens it does: a signed parcel may turn into a return, but a later
    "please rate us" changes nothing (couriers README section 2, the terminal statuses).
    """
    ended = False
    for event in events:
        if event.informational or (ended and event.status not in REOPENING):
            continue
        ended = event.status in ENDED
        yield event


def status_of(events: tuple[Event, ...]) -> tuple[ParcelStatus, str]:
    """Status and raw code of the latest event that tells anything. ``events`` are in time order.

    After a parcel has turned back its transit scans are the way back, and a signature is ``RETURNED`` (rule c).
    """
    turned_back = False
    status, raw_code = ParcelStatus.NO_DATA, ""
    for event in telling(events):
        turned_back = turned_back or event.status is ParcelStatus.RETURNING
        status = _ON_THE_WAY_BACK.get(event.status, event.status) if turned_back else event.status
        raw_code = event.raw_code
    return status, raw_code
