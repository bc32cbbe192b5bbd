"""Couriers: parcels under way changed, called back, fetched; claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.domain.orders import Receiver


@dataclass(frozen=True, slots=True)
class Submission:
    """What the courier said to a write: accepted is not done. ``reference`` is its own number for the request."""

    reference: str = ""
    message: str = ""
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A new receiver for a parcel under way (R95)."""

    key: str
    courier: str
    waybill: str
    receiver: Receiver
    phone_tail: str = ""


class AddressChanger(Protocol):
    """Redirect a parcel. A write; its contract is declared in the spec."""

    def change_address(self, request: AddressChange) -> Submission:
        """Raises :class:`Refused` with a reason of reference/couriers/README.md section 1, or :class:`Unclear`."""
        ...


@dataclass(frozen=True, slots=True)
class Interception:
    """Call a parcel back, to ``sender`` or ``outlet``."""

    key: str
    courier: str
    waybill: str
    return_to: str = "sender"
    reason: str = ""
    order_id: str = ""


class Interceptor(Protocol):
    """Call parcels back. Writes; ``cancel_interception`` and ``interception_status`` only where declared."""

    def intercept(self, request: Interception) -> Submission:
        """Raises :class:`Refused` with a reason, or :class:`Unclear`."""
        ...

    def cancel_interception(self, request: Interception, reference: str) -> Submission:
        """Take the request back. Raises :class:`NotOffered` where the courier has no such call."""
        ...

    def interception_status(self, request: Interception, reference: str) -> str:
        """``accepted``, ``effective``, ``ineffective`` or ``unknown``. Raises :class:`NotOffered`."""
        ...


@dataclass(frozen=True, slots=True)
class Pickup:
    """A courier fetches goods at the customer's and brings them to the shop."""

    key: str
    courier: str
    sender: Receiver
    receiver: Receiver
    goods: str
    rma: str
    fetch_from: datetime | None = None
    fetch_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PickupOrder:
    """The courier's order; ``waybill`` may come later."""

    reference: str
    waybill: str = ""


class ReverseShipper(Protocol):
    """Order and cancel return pickups. Writes."""

    def order_pickup(self, request: Pickup) -> PickupOrder:
        """Raises :class:`Refused` or :class:`Unclear`."""
        ...

    def cancel_pickup(self, reference: str, reason: str) -> None:
        """Raises :class:`Refused` or :class:`Unclear`."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A work order at the courier: ``urge``, ``no_movement``, ``damage``, ``loss``, ``missing``, ``weight``."""

    key: str
    courier: str
    waybill: str
    kind: str
    text: str
    goods_value: Decimal | None = None


class ClaimDesk(Protocol):
    """File and follow work orders. ``file_claim`` is a write."""

    def file_claim(self, claim: Claim) -> Submission:
        """Raises :class:`Refused` or :class:`Unclear`."""
        ...

    def claim_state(self, reference: str) -> str:
        """``open``, ``waiting_for_us`` or ``closed``."""
        ...
