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
    """A new receiver for a parcel under way (R95). ``receiver`` is whole: name, phone and address.

    ``key`` stays the same for every attempt; ``reference`` is the courier's own number, where it is known by now.
    """

    key: str
    courier: str
    waybill: str
    receiver: Receiver
    order_id: str = ""
    reason: str = ""
    reference: str = ""


class AddressChanger(Protocol):
    """Redirect a parcel. A write; its contract is declared in the spec under ``change_address``."""

    def change_address(self, request: AddressChange) -> Submission:
        """Raises :class:`Refused` with a :class:`RefusalReason`, :class:`BadInput` or :class:`Unclear`."""
        ...


@dataclass(frozen=True, slots=True)
class Interception:
    """Call a parcel back, to ``sender`` or ``outlet``. ``key`` and ``reference`` as in :class:`AddressChange`."""

    key: str
    courier: str
    waybill: str
    return_to: str = "sender"
    reason: str = ""
    order_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class InterceptorLimits:
    """``return_to`` are the places that a parcel can be sent back to; ``cancel`` says that a request can be taken back.

    Whether the courier tells how far an interception is follows from the ``find`` of its write contract.
    """

    return_to: tuple[str, ...] = ("sender",)
    cancel: bool = False


class Interceptor(Protocol):
    """Call parcels back: writes, with contracts under ``intercept`` and ``cancel_interception``."""

    def intercept(self, request: Interception) -> Submission:
        """Called only with a ``return_to`` that ``InterceptorLimits`` names. Raises :class:`Refused` with a
        :class:`RefusalReason`, or :class:`Unclear`."""
        ...

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a request back; called only where ``InterceptorLimits.cancel`` says so. ``request`` is the one that was
        sent, with the courier's ``reference``. Raises :class:`Refused` (``CANNOT_CANCEL``) or :class:`Unclear`."""
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
