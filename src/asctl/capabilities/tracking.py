"""Couriers and aggregators: where a parcel is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from asctl.capabilities.writes import Effect
from asctl.domain.errors import AsctlError
from asctl.domain.parcels import Event


@dataclass(frozen=True, slots=True)
class TrackQuery:
    """One waybill to ask about. ``courier`` is our code; ``order_id`` is given where known."""

    courier: str
    waybill: str
    phone_tail: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class TrackAnswer:
    """What a source says of one waybill.

    ``events`` may be in any order; none means that the courier knows nothing yet, which is an answer and no error.
    ``error`` is set instead where this waybill could not be asked about while others could; ``problems`` are odd
    scans that were set aside, in words without personal data.
    """

    query: TrackQuery
    events: tuple[Event, ...] = ()
    error: AsctlError | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackerLimits:
    """``batch`` waybills a call; ``phone_tail`` names the couriers that want four digits of a phone.

    ``same_waybill_every`` and ``same_waybill_per_day`` bound the questions about one waybill; the core keeps count in
    the store, so that they hold across processes. ``needs_order`` says that only waybills of known orders can be asked.
    """

    batch: int = 1
    phone_tail: frozenset[str] = frozenset()
    same_waybill_every: timedelta = timedelta()
    same_waybill_per_day: int = 0
    needs_order: bool = False


class Tracker(Protocol):
    """Ask where parcels are. Read only; may be called again within the limits."""

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One answer per query, in order; at most ``TrackerLimits.batch`` queries.

        Raises an error only when the call as a whole failed (credentials, throttled, unavailable).
        """
        ...


@dataclass(frozen=True, slots=True)
class Push:
    """A callback, verified and read. ``kind`` is ``tracks``, ``interception``, ``pickup``, ``invoice`` or ``other``; ``reference``
    is our own reference or the sender's number, if it carried one; ``state`` the sender's word on the subscription, if any.

    A callback of kind ``interception`` names ``courier`` and ``waybill`` and the ``effect``; ``message`` is its text, and
    ``request`` is ``intercept`` or ``redirect`` where it says what was asked for; ``at`` is when the courier says it happened,
    by which a late or repeated callback is told from one about a newer request.

    One of kind ``pickup`` carries ``reference`` (our key, the sender's number, or the last part of a number that is made of
    several with ``/`` between them), the ``courier``, the ``effect`` where it tells one, and the ``waybill`` as soon as there is
    one. ``more`` are the pickups that the same callback tells of besides; they have no ``answers`` and no ``more`` of their own.

    One of kind ``invoice`` is a hint alone: ``reference`` is our serial (or the provider's number), and what it says is asked for.
    """

    kind: str
    answers: tuple[TrackAnswer, ...] = ()
    reference: str = ""
    state: str = ""
    courier: str = ""
    waybill: str = ""
    effect: Effect | None = None
    message: str = ""
    request: str = ""
    at: datetime | None = None
    more: tuple[Push, ...] = ()


@dataclass(frozen=True, slots=True)
class PushReply:
    """The exact bytes that the sender wants to read."""

    status: int
    content_type: str
    body: bytes


class PushReceiver(Protocol):
    """Read callbacks. No network; may be called again with the same body."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Verify the signature over the bytes as received, then read. Raises :class:`CredentialsRefused` or :class:`BadInput`."""
        ...

    def reply(self, stored: bool) -> PushReply:
        """What to answer: ``stored`` says whether the push is safe in our store."""
        ...
