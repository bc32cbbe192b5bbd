"""Errands at couriers: interceptions, taking them back, redirections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from asctl.capabilities.shipping import AddressChange, Interception
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


def parcel_errands() -> tuple[Errand, ...]:
    """The errands at couriers."""
    return (
        _AtCourier(ActionKind.INTERCEPT, interception_of),
        _AtCourier(ActionKind.CANCEL_INTERCEPTION, _cancellation_of),
        _AtCourier(ActionKind.REDIRECT, redirection_of),
    )


def _cancellation_of(action: Action) -> Interception:
    """The interception that was sent, under its own key and number."""
    return replace(
        interception_of(action), key=str(action.payload["key"]), reference=str(action.payload.get("reference") or "")
    )
