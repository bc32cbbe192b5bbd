"""What a plugin's sandbox app is given: the far side of its provider, for our loopback world (design section 6).

An app verifies signatures, time stamps and required parameters as the real side does and answers in its shapes. The
ledger, faults, latency, clock and HTTP are the sandbox's; the app only reads a request and makes a reply.
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
    """A request below the app's own path; ``path`` begins with ``/``."""

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
    """What a request is, for ledger and faults: operation, target (order, after-sale or waybill) and key."""

    operation: str
    write: bool = False
    target: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SandboxReply:
    """An answer; ``applied`` says that a write took effect in the world."""

    body: bytes
    status: int = 200
    content_type: str = "application/json;charset=utf-8"
    applied: bool = False

    @classmethod
    def of(cls, value: Any, *, applied: bool = False, status: int = 200) -> SandboxReply:
        """``value`` as compact JSON with its Chinese left readable."""
        return cls(compact_json(value).encode("utf-8"), status=status, applied=applied)


SENDER_PHONE = "13800000000"
"""The invented phone that the sandbox's shops send under; its tail opens tracking beside the receiver's."""


@dataclass(slots=True)
class SandboxParcel:
    """A parcel of the world. ``script`` holds past and coming events; time makes them visible.

    ``phone_tail`` is the receiver's; a parcel without one is open to everybody. ``foreign`` says that another shop sent
    it: couriers tell where it is, and refuse to touch it.
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
    """A request to call a parcel back (``kind`` ``sender`` or ``outlet``) or to another address (``redirect``).

    ``number`` is the courier's own, unique in the world; ``key`` what the client sent along. ``replaced`` are the coming
    scans that the request took out of the parcel's script.
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
    sent along. Each order is a parcel of its own: repeats that the courier does not drop make more of them."""

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
    """The one world that all apps share. The sandbox holds a lock while an app answers, so apps need none."""

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
        """The sandbox's own clock, which the control door can move."""
        ...

    def clock_agrees(self, moment: datetime, seconds: float) -> bool:
        """Whether a time stamp is near enough to the sandbox's clock or to the wall's (a rehearsal has moved one of them)."""
        ...

    def objection(
        self, plugin: str, key: ParcelKey, kind: str, receiver: Receiver | None = None
    ) -> RefusalReason | None:
        """Why a courier would refuse such a request now, by where the parcel stands; ``None`` where it would not.

        A parcel that is not in the world is ``NOT_AUTHORISED``. A repeat of what the same app accepted, and the courier has
        not acted on yet, meets no objection: repeats are carried out again, since the sandbox is the witness.
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

    ``kind`` is ``throttle`` (``seconds``), ``auth``, ``refuse`` (``reason``) or ``not_found``.
    """

    kind: str
    seconds: int = 0
    reason: str = ""


class SandboxApp(Protocol):
    """The far side of one provider. ``ProviderSpec.sandbox`` names a callable without arguments that makes one."""

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """Configuration sections for this app: ``{"shops": {"flagship": {"plugin": "taobao", "base_url": ...}}}``."""
        ...

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What the request is; never raises, whatever it holds."""
        ...

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check and carry out. Repeats on unkeyed routes are applied again: the sandbox is the witness."""
        ...

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """Tell a fault as the vendor would."""
        ...
