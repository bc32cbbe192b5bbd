"""Goods fetched at the customer's (section 7): what must hold before an order is sent, and what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from asctl.api import (
    CHINA,
    BadInput,
    Context,
    Pickup,
    RefusalReason,
    Refused,
    Submission,
    as_text,
    cannot_cancel_pickup,
)
from asctl.api import translate as _
from asctl_yto.client import Client
from asctl_yto.wire import (
    CANCEL_ORDER,
    ORDER,
    goods_members,
    order_number,
    party_members,
    window_members,
)

MOST_GOODS = 20
DAYS_AHEAD = 6
_TAKEN_BACK = "商家取消退货取件"


class PickupDesk:
    """Orders pickups for one account; thread-safe."""

    def __init__(self, context: Context, client: Client) -> None:
        self._clock = context.clock
        self._client = client
        self._product = context.text("pickup_product")

    def order(self, request: Pickup) -> Submission:
        """Have goods fetched; see :class:`asctl.api.ReverseShipper`. The reference is the number that we gave the order.

        Raises :class:`BadInput`: ``too_many_goods``, ``bad_window``.
        """
        self._check(request)
        told = self._client.order(ORDER, self._members(request), request.rma)
        return Submission(reference=order_number(request.key), waybill=as_text(told.get("mailNo")))

    def cancel(self, request: Pickup) -> Submission:
        """Take an order back, by the number that we gave it."""
        number = order_number(request.key)
        try:
            self._client.order(CANCEL_ORDER, {"logisticsNo": number, "cancelDesc": _TAKEN_BACK}, request.rma)
        except Refused as refused:
            if refused.reason != RefusalReason.CANNOT_CANCEL:
                raise
            raise cannot_cancel_pickup(request.rma, "YTO", refused.upstream_code, refused.upstream_text) from refused
        return Submission(reference=number)

    def _check(self, request: Pickup) -> None:
        if len(request.goods) > MOST_GOODS:
            raise BadInput(
                _("a pickup by YTO lists at most {most} kinds of goods; for {rma} there are {count} (goods)").format(
                    most=MOST_GOODS, rma=request.rma, count=len(request.goods)
                ),
                code="too_many_goods",
                hint=_("have another courier fetch them, or ask the customer to send them himself"),
            )
        if request.fetch_from is not None and not 0 <= self._days_until(request.fetch_from) <= DAYS_AHEAD:
            raise BadInput(
                _("YTO fetches goods within {days} days; for {rma} another day is asked for (startTime)").format(
                    days=DAYS_AHEAD, rma=request.rma
                ),
                code="bad_window",
                hint=_("name a day from today on that is not farther away"),
            )

    def _days_until(self, moment: datetime) -> int:
        return (moment.astimezone(CHINA).date() - self._clock.now().astimezone(CHINA).date()).days

    def _members(self, request: Pickup) -> dict[str, Any]:
        """The order's param; what is empty is left out. The remark is printed on their label."""
        members = {
            "logisticsNo": order_number(request.key),
            **party_members("sender", request.sender),
            **party_members("recipient", request.receiver),
            "goods": goods_members(request.goods),
            **window_members(request.fetch_from, request.fetch_until),
            "cstOrderNo": request.rma,
            "productCode": self._product,
            "remark": request.remark,
        }
        return {name: value for name, value in members.items() if value}
