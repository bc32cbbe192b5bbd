"""Return pickups (section 8): ordered under our own number, looked up by it, taken back by it."""

from __future__ import annotations

from typing import Any

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
    as_text,
    cannot_cancel_pickup,
    refusal,
)
from asctl.api import translate as _
from asctl_sf.client import Client
from asctl_sf.errors import NAME, odd_answer, reason_of
from asctl_sf.mapping import read_routes
from asctl_sf.pickup_orders import PickupTerms, effect_of_routes, read_order

DUPLICATE = "8016"
CANCELLED = "8037"
CONFIRMED = "8252"
NO_SUCH_ORDER = frozenset({"6150", "8018", "8024"})
_MISMATCH = "1"


class Pickups:
    """``ReverseShipper``, with the look and the status of its contract; thread-safe."""

    def __init__(self, context: Context, client: Client) -> None:
        self._account = context.account
        self._search_type = context.text("pickup_search_type") or "2"
        self._terms = PickupTerms.of(context)
        self._client = client

    def order(self, request: Pickup) -> Submission:
        """Have goods fetched. A repeat under the same key orders nothing: SF then says that it has the number (8016)."""
        try:
            return self._client.order_pickup(
                self._terms.order(request), request.rma, lambda said: _ordered(request, said)
            )
        except Refused as refused:
            if refused.upstream_code != DUPLICATE:
                raise
            return self._arrived_before(request, refused.upstream_text)

    def find(self, request: Pickup) -> Finding:
        """Whether an order with our number is there."""
        try:
            told = read_order(self._client.pickup_order(request.key, self._search_type, request.rma))
        except Refused as refused:
            return _found_by_code(request, refused)
        if told.number != request.key:
            if told.number:
                raise odd_answer()
            return Finding(Evidence.UNKNOWN)
        effect = Effect.ACCEPTED if told.served else Effect.INEFFECTIVE
        return Finding(Evidence.PRESENT, effect, request.key, told.words, told.waybill)

    def status(self, request: Pickup) -> Finding:
        """What came of the order. Whether the goods are fetched is told by the routes of its waybill alone."""
        found = self.find(request)
        waybill = found.waybill or request.waybill
        if not waybill or found.effect not in (None, Effect.ACCEPTED):
            return found
        routes = self._client.routes({waybill: request.sender.phone[-4:]}).get(waybill)
        effect = effect_of_routes(read_routes(routes, self._account)[0])
        return Finding(Evidence.PRESENT, effect, request.key, waybill=waybill) if effect else found

    def cancel(self, request: Pickup) -> Submission:
        """Take the order back; one that is taken back already is what was asked for."""
        try:
            return self._client.cancel_pickup(request.key, request.rma, lambda said: _taken_back(request, said))
        except Refused as refused:
            if refused.upstream_code == CANCELLED:
                return Submission(reference=request.key, message=refused.upstream_text)
            reason = reason_of(refused.upstream_code, refused.upstream_text)
            if refused.upstream_code == CONFIRMED or reason is RefusalReason.CANNOT_CANCEL:
                raise cannot_cancel_pickup(request.rma, NAME, refused.upstream_code, refused.upstream_text) from refused
            raise

    def _arrived_before(self, request: Pickup, words: str) -> Submission:
        """Nobody else uses our key as a number, so an earlier attempt has arrived; a look may tell its waybill."""
        try:
            found = self.find(request)
        except AsctlError:
            found = Finding(Evidence.UNKNOWN)
        if found.effect is Effect.INEFFECTIVE:
            raise _not_served(request, found.message)
        message = words or _("an earlier attempt has arrived")
        return Submission(reference=request.key, message=message, waybill=found.waybill)


def _ordered(request: Pickup, said: Any) -> Submission:
    told = read_order(said)
    if not told.served:
        raise _not_served(request, told.words)
    return Submission(reference=request.key, waybill=told.waybill)


def _taken_back(request: Pickup, said: Any) -> Submission:
    if isinstance(said, dict) and as_text(said.get("resStatus")) == _MISMATCH:
        raise cannot_cancel_pickup(request.rma, NAME, "resStatus 1", "")
    return Submission(reference=request.key)


def _found_by_code(request: Pickup, refused: Refused) -> Finding:
    if refused.upstream_code in NO_SUCH_ORDER:
        return Finding(Evidence.ABSENT, message=refused.upstream_text)
    if refused.upstream_code == CANCELLED:
        return Finding(Evidence.PRESENT, Effect.CANCELLED, request.key, refused.upstream_text)
    raise refused


def _not_served(request: Pickup, words: str) -> Refused:
    return refusal(RefusalReason.DESTINATION_CLOSED, NAME, request.rma, "filterResult 3", words)
