"""Errands at couriers: interceptions, redirections, pickups, and what is taken back of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from asctl.capabilities.shipping import AddressChange, Interception, Pickup, PickupGoods
from asctl.domain.actions import Action, ActionKind
from asctl.services.errands import Errand, RequestErrand
from asctl.services.frozen import thawed_receiver


class _AtCourier(RequestErrand):
    """A write that needs nothing but its request."""

    def __init__(self, kind: ActionKind, request: Callable[[Action], object]) -> None:
        self.kind = kind
        self._request = request

    def request(self, action: Action) -> object:
        return self._request(action)


def interception_of(action: Action) -> Interception:
    """The request of an interception, and of taking it back."""
    kept = action.payload
    return Interception(
        key=action.key,
        courier=action.courier,
        waybill=action.waybill,
        return_to=str(kept.get("return_to") or "sender"),
        reason=str(kept.get("reason") or ""),
        order_id=action.order_id,
        reference=action.reference,
    )


def redirection_of(action: Action) -> AddressChange:
    """The request of a redirection."""
    return AddressChange(
        key=action.key,
        courier=action.courier,
        waybill=action.waybill,
        receiver=thawed_receiver(action.payload["receiver"]),
        order_id=action.order_id,
        reason=str(action.payload.get("reason") or ""),
        reference=action.reference,
    )


def pickup_of(action: Action) -> Pickup:
    """The request of a pickup."""
    kept: Mapping[str, Any] = action.payload
    return Pickup(
        key=action.key,
        courier=action.courier,
        sender=thawed_receiver(kept["sender"]),
        receiver=thawed_receiver(kept["receiver"]),
        goods=tuple(PickupGoods(**line) for line in kept["goods"]),
        rma=action.rma,
        order_id=action.order_id,
        fetch_from=_moment(kept, "fetch_from"),
        fetch_until=_moment(kept, "fetch_until"),
        remark=str(kept.get("remark") or ""),
        reference=action.reference,
        waybill=action.waybill,
    )


def parcel_errands() -> tuple[Errand, ...]:
    """The errands at couriers."""
    return (
        _AtCourier(ActionKind.INTERCEPT, interception_of),
        _AtCourier(ActionKind.CANCEL_INTERCEPTION, _cancellation_of),
        _AtCourier(ActionKind.REDIRECT, redirection_of),
        _AtCourier(ActionKind.PICKUP, pickup_of),
        _AtCourier(ActionKind.CANCEL_PICKUP, _order_to_cancel),
    )


def _order_to_cancel(action: Action) -> Pickup:
    """The order that was sent, under its own key and number."""
    kept = action.payload
    return replace(pickup_of(action), key=str(kept["key"]), reference=str(kept.get("reference") or ""))


def _moment(kept: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(kept[name]) if kept.get(name) else None


def _cancellation_of(action: Action) -> Interception:
    """The interception that was sent, under its own key and number."""
    return replace(
        interception_of(action), key=str(action.payload["key"]), reference=str(action.payload.get("reference") or "")
    )
