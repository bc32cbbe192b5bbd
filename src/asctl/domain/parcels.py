"""Parcels and their events (轨迹), in one closed list of statuses for all couriers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ParcelStatus(StrEnum):
    """The closed list of statuses; the courier's own code is kept beside it.

    - ``NO_DATA``: the courier knows nothing yet
    - ``CREATED``: ordered, or the label is printed
    - ``PICKUP_FAILED``: somebody came, and did not get it
    - ``PICKED_UP``: in the courier's hands
    - ``IN_TRANSIT``: moving, or at a hub
    - ``CUSTOMS``: at the customs
    - ``OUT_FOR_DELIVERY``: on the last mile
    - ``READY_FOR_PICKUP``: in a locker, station or shop
    - ``DELIVERY_FAILED``: an attempt failed
    - ``DELAYED``: the courier says that it is late
    - ``REFUSED``: the receiver refused it; the way back has not begun
    - ``EXCEPTION``: other trouble: address, phone, sorted wrongly, held
    - ``DAMAGED``, ``LOST``: the courier says so
    - ``RETURNING``: on the way back to the sender
    - ``RETURNED``: received by the sender
    - ``DELIVERED``: received by the receiver, or by somebody for him
    - ``CANCELLED``: the order or number is void
    - ``UNKNOWN``: a code that nobody mapped
    """

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
    """Which way the parcel travels: to the customer, back from him, or to him again."""

    OUTBOUND = "outbound"
    RETURN = "return"
    REPLACEMENT = "replacement"


@dataclass(frozen=True, slots=True)
class Event:
    """One scan. Raises :class:`ValueError` for a moment without a zone.

    - ``at``: its moment, aware; a bare time means China (:func:`china_time`)
    - ``status``: one of the closed list; ``UNKNOWN`` for a code that nobody mapped
    - ``text``: the courier's own words
    - ``raw_code``: the courier's own code
    - ``location``: where it was, in the courier's words
    - ``flags``: marks beside the status: ``redirected`` (the address was changed), ``intercepted`` (it is called back),
      ``transferred`` (another courier goes on), ``overdue_pickup``
    - ``informational``: a note, such as "please rate us", that never changes the parcel's status
    - ``source``: the account that told us
    """

    at: datetime
    status: ParcelStatus
    text: str
    raw_code: str = ""
    location: str = ""
    flags: tuple[str, ...] = ()
    informational: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"the moment {self.at} of a scan needs a zone: api.china_time puts one there")

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
    """What the store knows of one parcel, besides its events. ``account`` is the one that is asked about it; ``verdict`` and
    ``findings`` are what the watch rules say.

    ``seen_at`` is the last time a source *answered*; ``failing_since`` and ``failures`` count what went wrong after that;
    ``moved_at`` is the last event with movement. All times are aware.
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
        """What makes it this parcel: courier and waybill."""
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
    """Oldest first, each scan once (same moment, same words); couriers send them late, twice and in any order.

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
