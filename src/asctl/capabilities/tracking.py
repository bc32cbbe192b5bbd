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
    """One waybill to ask about.

    - ``courier``: our code, such as ``sf``; one that ``ProviderSpec.couriers`` names
    - ``waybill``: in capitals, without blanks
    - ``phone_tail``: four digits of a phone of the parcel, empty where none is known
    - ``order_id``: the marketplace's order, where known
    """

    courier: str
    waybill: str
    phone_tail: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class TrackAnswer:
    """What a source says of one waybill.

    - ``query``: the one that it answers
    - ``events``: all scans, each time, in any order; none means that the courier knows nothing yet, which is an answer and no
      error
    - ``error``: set instead where this waybill could not be asked about while others could
    - ``problems``: odd scans that were set aside, in words without personal data: one odd scan never loses the others
    """

    query: TrackQuery
    events: tuple[Event, ...] = ()
    error: AsctlError | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackerLimits:
    """What the core keeps to when it asks.

    - ``batch``: at most so many waybills a call
    - ``phone_tail``: the couriers (our codes) that want four digits of a phone
    - ``same_waybill_every``: between two questions about one waybill; counted in the store, so that it holds across processes
    - ``same_waybill_per_day``: questions about one waybill in a day; 0: no bound
    - ``needs_order``: only waybills of known orders can be asked about
    """

    batch: int = 1
    phone_tail: frozenset[str] = frozenset()
    same_waybill_every: timedelta = timedelta()
    same_waybill_per_day: int = 0
    needs_order: bool = False


class Tracker(Protocol):
    """Ask where parcels are. Read only; limits are a :class:`TrackerLimits`."""

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """Ask about up to ``TrackerLimits.batch`` waybills.

        Returns one :class:`TrackAnswer` per query, in order. What is wrong with one waybill is its ``error``; a waybill that
        the courier does not know has no events. Raises the read families only where the call as a whole failed: credentials,
        throttled, unavailable. May be called again within the limits.
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
    """The exact bytes that the sender of a callback wants to read, with HTTP ``status`` and ``content_type``."""

    status: int
    content_type: str
    body: bytes


class PushReceiver(Protocol):
    """Read callbacks (``asctl parcel receive``, ``asctl invoice receive``). No network."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Verify the signature over the bytes as received, then read. ``headers`` are found by their names in lower case.

        Returns a :class:`Push`. Raises :class:`CredentialsRefused` (``push_unsigned``, ``push_forged``: see
        :func:`verify_callback`) before anything is believed, and :class:`BadInput` (``push_unreadable``). May be called again
        with the same body.
        """
        ...

    def reply(self, stored: bool) -> PushReply:
        """Returns what to answer to the callback that this thread received last: ``stored`` says whether it is safe in our
        store; if not, the sender should send it again. Raises nothing. May be called again."""
        ...
