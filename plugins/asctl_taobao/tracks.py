"""Tracks of an order's parcels, as a second source beside the couriers (reference/taobao-top.md section 6.1)."""

from __future__ import annotations

from typing import Any

from asctl.api import BadInput, Event, NotFound, Refused, TrackAnswer, TrackQuery
from asctl.api import translate as _
from asctl_taobao import mapping
from asctl_taobao.shop import Shop
from asctl_taobao.wire import listed, waybill


class Tracks(Shop):
    """Tracker. A waybill is found through its order, so the order must be known."""

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One answer per query; what only concerns one order stands in its answer."""
        return tuple(self._track(query) for query in queries)

    def _track(self, query: TrackQuery) -> TrackAnswer:
        if not query.order_id:
            return TrackAnswer(query, error=_order_missing(query))
        try:
            found, problems = self.top.ask(
                "taobao.logistics.trace.get",
                {"tid": query.order_id},
                lambda answer: self._events(listed(answer.get("result")), query),
            )
        except (NotFound, Refused) as error:
            return TrackAnswer(query, error=error)
        return TrackAnswer(query, events=found, problems=problems)

    def _events(self, parcels: list[Any], query: TrackQuery) -> tuple[tuple[Event, ...], tuple[str, ...]]:
        """An order that does not name the parcel says nothing of it: that is no answer "nothing yet"."""
        if not any(waybill(parcel.get("out_sid")) == query.waybill for parcel in parcels):
            raise NotFound(
                _("order {order} names no parcel {waybill}").format(order=query.order_id, waybill=query.waybill),
                code="not_of_this_order",
                hint=_("ask the courier, with the phone tail where it wants one"),
            )
        return mapping.events(parcels, query.waybill, self.context.account)


def _order_missing(query: TrackQuery) -> BadInput:
    return BadInput(
        _("Taobao can only be asked about {waybill} together with its order").format(waybill=query.waybill),
        code="order_missing",
        hint=_("run `asctl order sync` first, or ask the courier"),
    )
