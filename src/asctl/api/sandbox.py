"""What a plugin's sandbox app is given: the far side of its provider, for our loopback world (design section 6).

An app verifies signatures, time stamps and required parameters as the real side does and answers in its shapes. The
ledger, faults, latency, clock and HTTP are the sandbox's; the app only reads a request and makes a reply.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

from asctl.domain.aftersales import AfterSale
from asctl.domain.orders import Order
from asctl.domain.parcels import Event, ParcelKey, in_time_order


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
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


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
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return cls(text.encode("utf-8"), status=status, applied=applied)


SENDER_PHONE = "13800000000"
"""The invented phone that the sandbox's shops send under; its tail opens tracking beside the receiver's."""


@dataclass(slots=True)
class SandboxParcel:
    """A parcel of the world. ``script`` holds past and coming events; time makes them visible.

    ``phone_tail`` is the receiver's; a parcel without one is open to everybody.
    """

    courier: str
    waybill: str
    phone_tail: str = ""
    order_id: str = ""
    script: list[Event] = field(default_factory=list)

    def opens_with(self, tail: str) -> bool:
        """Whether the courier shows its way to somebody who knows these four digits."""
        return not self.phone_tail or tail in (self.phone_tail, SENDER_PHONE[-4:])

    def events(self, now: datetime) -> tuple[Event, ...]:
        """What has happened by ``now``, oldest first."""
        return in_time_order(event for event in self.script if event.at <= now)


class SandboxWorld(Protocol):
    """The one world that all apps share. The sandbox holds a lock while an app answers, so apps need none."""

    orders: MutableMapping[str, Order]
    after_sales: MutableMapping[str, AfterSale]
    parcels: MutableMapping[ParcelKey, SandboxParcel]

    def now(self) -> datetime:
        """The sandbox's own clock, which the control door can move."""
        ...

    def clock_agrees(self, moment: datetime, seconds: float) -> bool:
        """Whether a time stamp is near enough to the sandbox's clock or to the wall's (a rehearsal has moved one of them)."""
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
