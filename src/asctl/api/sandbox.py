"""What a plugin's sandbox app is given: the far side of its provider, for our loopback world. ``ProviderSpec.sandbox`` names
it; ``asctl sandbox serve`` and ``asctl demo`` run it with all others.

An app verifies signatures, time stamps and required parameters as the real side does and answers in its shapes. The ledger,
faults, latency, clock and HTTP are the sandbox's; the app only reads a request and makes a reply.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from asctl.api.bureau import Bureau, SandboxApplication
from asctl.api.callbacks import read_form
from asctl.api.json import compact_json
from asctl.capabilities.writes import Effect
from asctl.domain.aftersales import AfterSale
from asctl.domain.orders import Order, Receiver
from asctl.domain.parcels import Event, ParcelKey, in_time_order
from asctl.domain.refusals import RefusalReason


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """A request below the app's own path: ``method`` in capitals, ``path`` from its ``/`` on, ``query`` decoded, ``headers`` as
    they came, ``body`` in bytes."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The url-encoded body; the last value of a repeated name wins."""
        return read_form(self.body)


@dataclass(frozen=True, slots=True)
class SandboxCall:
    """What a request is, for ledger and faults.

    - ``operation``: the far side's name for it; faults can be set for it alone
    - ``write``: whether it changes something
    - ``target``: the order, application or waybill that it is about
    - ``key``: what the far side drops repeats by; empty where it does not
    """

    operation: str
    write: bool = False
    target: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SandboxReply:
    """An answer: HTTP ``status``, ``content_type`` and ``body``. ``applied`` says that a write took effect in the world.

    ``headers`` are further header fields, such as ``{"Retry-After": "30"}`` with a status 429. Those that frame the answer, its
    length and encoding, are the sandbox's own.
    """

    body: bytes
    status: int = 200
    content_type: str = "application/json;charset=utf-8"
    applied: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, *, applied: bool = False, status: int = 200) -> SandboxReply:
        """``value`` as compact JSON with its Chinese left readable."""
        return cls(compact_json(value).encode("utf-8"), status=status, applied=applied)


SENDER_PHONE = "13800000000"
"""The invented phone that the sandbox's shops send under; its tail opens tracking beside the receiver's."""


@dataclass(slots=True)
class SandboxParcel:
    """A parcel of the world. ``script`` holds past and coming events; time makes them visible. ``courier`` is our code.

    ``phone_tail`` holds the last four digits of the receiver's phone; a parcel without one is open to everybody. ``foreign``
    says that another shop sent it: couriers tell where it is, and refuse to touch it.
    """

    courier: str
    waybill: str
    phone_tail: str = ""
    order_id: str = ""
    script: list[Event] = field(default_factory=list)
    foreign: bool = False

    def opens_with(self, tail: str) -> bool:
        """Whether the courier shows its way to somebody who knows these four digits."""
        return not self.phone_tail or tail in (self.phone_tail, SENDER_PHONE[-4:])

    def events(self, now: datetime) -> tuple[Event, ...]:
        """What has happened by ``now``, oldest first."""
        return in_time_order(event for event in self.script if event.at <= now)


@dataclass(slots=True)
class SandboxInterception:
    """A request to call a parcel back (``kind`` ``sender`` or ``outlet``) or to another address (``redirect``, with its
    ``receiver``).

    ``number`` is the courier's own, unique in the world; ``key`` what the client sent along, ``at`` when it was accepted.
    ``replaced`` are the coming scans that the request took out of the parcel's script.
    """

    number: str
    plugin: str
    courier: str
    waybill: str
    kind: str
    at: datetime
    key: str = ""
    receiver: Receiver | None = None
    cancelled: bool = False
    replaced: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class SandboxPickup:
    """An order to fetch goods at a customer's. ``number`` is the courier's own, unique in the world; ``key`` what the client
    sent along, ``at`` when it was accepted. Each order is a parcel of its own: repeats that the courier does not drop make more
    of them."""

    number: str
    plugin: str
    courier: str
    waybill: str
    at: datetime
    key: str
    sender: Receiver
    receiver: Receiver
    remark: str = ""
    cancelled: bool = False


class SandboxWorld(Protocol):
    """The one world that all apps share: orders by number, applications by number, parcels by courier and waybill, and what
    clients asked for. The sandbox holds a lock while an app answers, so apps need none."""

    orders: MutableMapping[str, Order]
    after_sales: MutableMapping[str, AfterSale]
    parcels: MutableMapping[ParcelKey, SandboxParcel]
    interceptions: list[SandboxInterception]
    pickups: list[SandboxPickup]
    applications: list[SandboxApplication]

    @property
    def bureau(self) -> Bureau:
        """The tax bureau, and the providers before it."""
        ...

    def now(self) -> datetime:
        """The sandbox's own clock, aware, which the control door can move."""
        ...

    def clock_agrees(self, moment: datetime, seconds: float) -> bool:
        """Whether a time stamp is at most ``seconds`` away from the sandbox's clock or from the wall's (a rehearsal has moved
        one of them)."""
        ...

    def objection(
        self, plugin: str, key: ParcelKey, kind: str, receiver: Receiver | None = None
    ) -> RefusalReason | None:
        """Why a courier would refuse such a request now, by where the parcel stands; ``None`` where it would not. ``plugin`` is
        the app's own name, ``kind`` as in :class:`SandboxInterception`.

        A parcel that is not in the world is ``NOT_AUTHORISED``. A repeat of what the same app accepted, and the courier has not
        acted on yet, meets no objection: repeats are carried out again, since the sandbox is the witness.
        """
        ...

    def intercept(
        self, plugin: str, key: ParcelKey, kind: str, request_key: str = "", receiver: Receiver | None = None
    ) -> SandboxInterception:
        """Accept a request: some hours later on the sandbox's clock the courier acts, unless the parcel was delivered by
        then; the parcel's coming scans tell it."""
        ...

    def cancel_interception(self, interception: SandboxInterception) -> bool:
        """Take it back; ``False`` where the courier has acted already."""
        ...

    def interception_effect(self, interception: SandboxInterception) -> Effect:
        """What came of it by now."""
        ...

    def order_pickup(
        self, plugin: str, courier: str, key: str, sender: Receiver, receiver: Receiver, remark: str = ""
    ) -> SandboxPickup:
        """Accept an order: a new parcel that the courier fetches some hours later and brings to ``receiver``."""
        ...

    def cancel_pickup(self, pickup: SandboxPickup) -> bool:
        """Take it back; ``False`` where the goods are fetched already."""
        ...

    def pickup_effect(self, pickup: SandboxPickup) -> Effect:
        """``effective`` once the goods are fetched."""
        ...


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault to be told in the vendor's own words.

    - ``kind``: ``throttle``, ``auth``, ``refuse`` or ``not_found``
    - ``seconds``: how long to wait, for ``throttle``
    - ``reason``: for ``refuse``; one of :class:`RefusalReason`, or any word that whoever set the fault chose
    """

    kind: str
    seconds: int = 0
    reason: str = ""


class SandboxApp(Protocol):
    """The far side of one provider. ``ProviderSpec.sandbox`` names a callable without arguments that makes one."""

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """Configuration sections for this app, with credentials that it accepts; ``base_url`` is where it answers:
        ``{"couriers": {"swift": {"plugin": "swift", "base_url": base_url, "key": "invented"}}}``."""
        ...

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What the request is, before anything is checked; never raises, whatever it holds."""
        ...

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check and carry out, as the far side would; what is wrong with the request is a reply, too. Repeats on unkeyed routes
        are applied again: the sandbox is the witness."""
        ...

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """Tell a fault as the vendor would: in its status, shape and error code."""
        ...
