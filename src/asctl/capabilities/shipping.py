"""Couriers: parcels under way changed, called back, fetched; claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.domain.orders import Receiver


@dataclass(frozen=True, slots=True)
class Submission:
    """What the far side said to a write: accepted is not done. ``reference`` is its own number for the request, ``message`` its
    words, ``fee`` what it charges (yuan; ``None`` where it does not say), ``waybill`` that of the parcel which the request
    brings into being, where it is known by now."""

    reference: str = ""
    message: str = ""
    fee: Decimal | None = None
    waybill: str = ""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A new receiver for a parcel under way (R95). ``receiver`` is whole: name, phone and address. ``reason`` is why, for the
    courier.

    ``key`` stays the same for every attempt; ``reference`` is the courier's own number, where it is known by now: for a look.
    """

    key: str
    courier: str
    waybill: str
    receiver: Receiver
    order_id: str = ""
    reason: str = ""
    reference: str = ""


class AddressChanger(Protocol):
    """Redirect a parcel under way. Its contract is declared under ``change_address``."""

    def change_address(self, request: AddressChange) -> Submission:
        """Ask the courier to bring the parcel to ``request.receiver``; :func:`checked_receiver` checks it first.

        Returns a :class:`Submission`. Raises the write families; a :class:`Refused` made by :func:`refusal`. A write: called
        again only as its :class:`WriteContract` allows, with the same ``key``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Interception:
    """Call a parcel back, to its ``sender`` or to the ``outlet`` where it was sent from. ``key`` and ``reference`` as in
    :class:`AddressChange`."""

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
    """Call parcels back. Limits are an :class:`InterceptorLimits`; contracts are declared under ``intercept`` and
    ``cancel_interception``."""

    def intercept(self, request: Interception) -> Submission:
        """Ask the courier to stop the parcel. Called only with a ``return_to`` that ``InterceptorLimits`` names.

        Returns a :class:`Submission`. Raises the write families; a :class:`Refused` made by :func:`refusal`. A write: called
        again only as its :class:`WriteContract` allows, with the same ``key``.
        """
        ...

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a request back; called only where ``InterceptorLimits.cancel`` says so. ``request`` is the one that was sent,
        with the courier's ``reference``.

        Returns a :class:`Submission`. Raises the write families; :class:`Refused` is ``CANNOT_CANCEL`` where it is too late. A
        write: called again only as its :class:`WriteContract` allows, with the same ``key``.
        """
        ...


@dataclass(frozen=True, slots=True)
class PickupGoods:
    """What the courier will find: a line of the goods that come back. ``sku`` is the shop's own number."""

    title: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Pickup:
    """A courier fetches goods at the customer's and brings them to the shop (R10). ``sender`` is the customer, ``receiver`` the
    shop; both are whole.

    ``key`` stays the same for every attempt. ``remark`` begins with ``rma`` and names the other cases of the parcel after it:
    it goes onto the courier's own label as it is, or cut at its end where he has no room for all. ``fetch_from`` and
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
    """Order and cancel return pickups. Limits are a :class:`PickupLimits`; contracts are declared under ``order_pickup`` and
    ``cancel_pickup``."""

    def order_pickup(self, request: Pickup) -> Submission:
        """Have the goods fetched. Lengths are checked before anything is sent: :class:`BadInput` names the field, never what
        stands in it.

        Returns a :class:`Submission` with the courier's number, and the waybill unless it is given only when the goods are
        fetched. Raises the write families; a :class:`Refused` made by :func:`refusal`. A write: called again only as its
        :class:`WriteContract` allows, with the same ``key``.
        """
        ...

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back; called only where ``PickupLimits.cancel`` says so. ``request`` is the one that was sent, with the
        courier's ``reference`` and ``waybill``.

        Returns a :class:`Submission`. Raises the write families; :class:`Refused` is made by :func:`cannot_cancel_pickup` where
        it is too late. A write: called again only as its :class:`WriteContract` allows, with the same ``key``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A work order at the courier. ``kind`` is ``urge``, ``no_movement``, ``damage``, ``loss``, ``missing`` or ``weight``;
    ``text`` what is wrong, in words for the courier's staff; ``goods_value`` yuan. ``key`` stays the same for every attempt."""

    key: str
    courier: str
    waybill: str
    kind: str
    text: str
    goods_value: Decimal | None = None


class ClaimDesk(Protocol):
    """File and follow work orders. The contract is declared under ``file_claim``."""

    def file_claim(self, claim: Claim) -> Submission:
        """Open a work order.

        Returns a :class:`Submission` with its number. Raises the write families. A write: called again only as its
        :class:`WriteContract` allows, with the same ``key``.
        """
        ...

    def claim_state(self, reference: str) -> str:
        """Look at one work order by the courier's number.

        Returns ``open``, ``waiting_for_us`` or ``closed``. Raises the read families. May be called again.
        """
        ...
