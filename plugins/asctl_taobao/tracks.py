"""Tracks of an order's parcels, as a second source beside the couriers (reference/taobao-top.md section 6.1)."""

from __future__ import annotations

from asctl.api import BadInput, NotFound, Refused, TrackAnswer, TrackQuery
from asctl.api import translate as _
from asctl_taobao import mapping
from asctl_taobao.shop import Shop
from asctl_taobao.wire import listed


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
                lambda answer: mapping.events(listed(answer.get("result")), query.waybill, self.context.account),
            )
        except (NotFound, Refused) as error:
            return TrackAnswer(query, error=error)
        return TrackAnswer(query, events=found, problems=problems)


def _order_missing(query: TrackQuery) -> BadInput:
    return BadInput(
        _("Taobao can only be asked about {waybill} together with its order").format(waybill=query.waybill),
        code="order_missing",
        hint=_("run `asctl order sync` first, or ask the courier"),
    )
