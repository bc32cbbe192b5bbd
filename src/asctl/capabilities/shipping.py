"""Couriers: parcels under way changed, called back, fetched; claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.domain.orders import Receiver


@dataclass(frozen=True, slots=True)
class Submission:
    """What the courier said to a write: accepted is not done. ``reference`` is its own number for the request, ``waybill``
    that of the parcel which the request brings into being, where it is known by now."""

    reference: str = ""
    message: str = ""
    fee: Decimal | None = None
    waybill: str = ""


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
class PickupGoods:
    """What the courier will find: a line of the goods that come back."""

    title: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Pickup:
    """A courier fetches goods at the customer's and brings them to the shop (R10). Sender and receiver are whole.

    ``key`` stays the same for every attempt. ``remark`` begins with ``rma`` and names the other cases of the parcel after it: it
    goes onto the courier's own label as it is, or cut at its end where he has no room for all. ``fetch_from`` and
    ``fetch_until`` are aware and on one day, or both missing: then as soon as can be. ``reference`` and ``waybill`` are the
    courier's, where they are known by now.
    """

    key: str
    courier: str
    sender: Receiver
    receiver: Receiver
    goods: tuple[PickupGoods, ...]
    rma: str
    order_id: str = ""
    fetch_from: datetime | None = None
    fetch_until: datetime | None = None
    remark: str = ""
    reference: str = ""
    waybill: str = ""


@dataclass(frozen=True, slots=True)
class PickupLimits:
    """``needs_window``: the courier wants to know from when until when. ``cancel``: an order can be taken back.

    Whether the courier tells how far an order is follows from the ``find`` or ``status`` of its write contract.
    """

    needs_window: bool = False
    cancel: bool = True


class ReverseShipper(Protocol):
    """Order and cancel return pickups: writes, with contracts under ``order_pickup`` and ``cancel_pickup``."""

    def order_pickup(self, request: Pickup) -> Submission:
        """The courier's number, and the waybill unless it is given only when the goods are fetched. Raises
        :class:`Refused` with a :class:`RefusalReason`, :class:`BadInput` or :class:`Unclear`."""
        ...

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back; called only where ``PickupLimits.cancel`` says so. ``request`` is the one that was sent, with
        the courier's ``reference`` and ``waybill``. Raises :class:`Refused` (``CANNOT_CANCEL``) or :class:`Unclear`."""
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
