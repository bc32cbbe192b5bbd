"""Marketplace and courier do not always say the same of a parcel: shown to a person, never decided."""

from __future__ import annotations

from asctl.domain.orders import OrderStatus
from asctl.domain.parcels import ParcelStatus

MARKETPLACE_SAYS_SIGNED = "marketplace_says_signed"
MARKETPLACE_SAYS_UNSENT = "marketplace_says_unsent"

_RECEIVED = frozenset({OrderStatus.SIGNED, OrderStatus.FINISHED})
_UNSENT = frozenset({OrderStatus.UNPAID, OrderStatus.TO_SHIP})
_SENT = frozenset(ParcelStatus) - {
    ParcelStatus.NO_DATA,
    ParcelStatus.CREATED,
    ParcelStatus.PICKUP_FAILED,
    ParcelStatus.CANCELLED,
    ParcelStatus.UNKNOWN,
}
_NOT_RECEIVED = _SENT - {ParcelStatus.DELIVERED, ParcelStatus.RETURNING, ParcelStatus.RETURNED}


def disagreement(order: OrderStatus, parcel: ParcelStatus) -> str:
    """How what the marketplace says of an order contradicts what the courier says of its outbound parcel; empty where it does
    not. A signed parcel that comes back is no contradiction."""
    if order in _RECEIVED and parcel in _NOT_RECEIVED:
        return MARKETPLACE_SAYS_SIGNED
    if order in _UNSENT and parcel in _SENT:
        return MARKETPLACE_SAYS_UNSENT
    return ""
