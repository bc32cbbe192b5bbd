"""Return pickups (section 7). ZTO takes each order for a new one, and finds it again by its own number only."""

from __future__ import annotations

from asctl.api import (
    AsctlError,
    Context,
    Effect,
    Evidence,
    Finding,
    Pickup,
    RefusalReason,
    Refused,
    Submission,
    cannot_cancel_pickup,
    in_hand,
)
from asctl.api import translate as _
from asctl_zto.client import Client
from asctl_zto.errors import WHO, concerns_one_waybill
from asctl_zto.mapping import read_scans
from asctl_zto.pickup_orders import PickupOrder, PickupTerms


class Pickups:
    """``ReverseShipper``, with the looks of its contracts; thread-safe."""

    def __init__(self, context: Context, client: Client) -> None:
        self._account = context.account
        self._cancel_type = context.text("pickup_cancel_type") or "1"
        self._query_type = int(context.text("pickup_query_type") or "0")
        states = context.settings.get("pickup_cancelled_states")
        self._cancelled = frozenset(states if isinstance(states, tuple) else ())
        self._terms = PickupTerms.of(context)
        self._client = client

    def order(self, request: Pickup) -> Submission:
        """Have goods fetched. A repeat is another order."""
        made = self._client.order_pickup(self._terms.order(request), request.rma)
        return Submission(reference=made.number, waybill=made.waybill)

    def status(self, request: Pickup) -> Finding:
        """What came of an order. Its own state tells that it was called off, a scan of its waybill that the goods are
        fetched: what the other states mean is told in two ways."""
        order = self._look_up(request)
        if order is None:
            return Finding(Evidence.UNKNOWN)
        waybill = order.waybill or request.waybill
        effect = Effect.CANCELLED if self._is_cancelled(order) else self._progress(request, waybill)
        return Finding(Evidence.PRESENT, effect, order.number or request.reference, order.ended, waybill)

    def cancel(self, request: Pickup) -> Submission:
        """Take an order back, by ZTO's number, else by its waybill."""
        number = _number(request)
        if not number:
            raise _nameless(request)
        try:
            message = self._client.cancel_pickup(self._cancel_type, number, request.rma)
        except Refused as refused:
            if refused.reason not in (RefusalReason.OTHER, RefusalReason.CANNOT_CANCEL):
                raise
            raise cannot_cancel_pickup(request.rma, WHO, refused.upstream_code, refused.upstream_text) from refused
        return Submission(reference=request.reference, message=message)

    def cancellation(self, request: Pickup) -> Finding:
        """Whether the order was taken back."""
        order = self._look_up(request)
        if order is None:
            return Finding(Evidence.UNKNOWN)
        if self._is_cancelled(order):
            return Finding(Evidence.PRESENT, Effect.CANCELLED, message=order.ended)
        return Finding(Evidence.ABSENT)

    def _look_up(self, request: Pickup) -> PickupOrder | None:
        """The order as ZTO has it; ``None`` where it tells nothing, or there is no number to ask by."""
        number = _number(request)
        found = self._client.pickup_orders(self._query_type, number, request.rma) if number else []
        asked = request.reference
        return next((each for each in found if not asked or each.number in ("", asked)), None)

    def _is_cancelled(self, order: PickupOrder) -> bool:
        return order.state in self._cancelled or bool(order.ended)

    def _progress(self, request: Pickup, waybill: str) -> Effect:
        """Nothing of a waybill that may not be asked about is no news."""
        if not waybill:
            return Effect.ACCEPTED
        try:
            scans = self._client.scans(waybill, request.sender.phone[-4:])
        except AsctlError as error:
            if not concerns_one_waybill(error):
                raise
            return Effect.ACCEPTED
        events, _problems = read_scans(scans, self._account)
        return Effect.EFFECTIVE if any(in_hand(event.status) for event in events) else Effect.ACCEPTED


def _number(request: Pickup) -> dict[str, str]:
    """By which an order is asked about, and taken back."""
    if request.reference:
        return {"orderCode": request.reference}
    return {"billCode": request.waybill} if request.waybill else {}


def _nameless(request: Pickup) -> Refused:
    return Refused(
        _(
            "the pickup of {rma} has neither a number of ZTO nor a waybill, by which alone it could be taken back"
        ).format(rma=request.rma),
        reason=RefusalReason.CANNOT_CANCEL.value,
        code="cannot_cancel",
        hint=_("call ZTO"),
    )
