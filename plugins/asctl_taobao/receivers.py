"""The receiver of an order that is not shipped yet (reference/taobao-top.md section 3.4; R94)."""

from __future__ import annotations

from asctl.api import (
    AsctlError,
    Evidence,
    Finding,
    OrderStatus,
    Receiver,
    ReceiverChange,
    RefusalReason,
    Refused,
    Submission,
)
from asctl.api import translate as _
from asctl_taobao import addresses
from asctl_taobao.shop import Shop
from asctl_taobao.wire import Row, moment, text
from asctl_taobao.words import ORDER_STATUS

_SHIPPED = frozenset({OrderStatus.PART_SHIPPED, OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.FINISHED})


class Receivers(Shop):
    """OrderAddressChanger."""

    def check_receiver(self, receiver: Receiver) -> None:
        """Byte limits, form of the phone, no stars. Raises :class:`BadInput`; sends nothing."""
        addresses.check(receiver)

    def change_receiver(self, request: ReceiverChange) -> Submission:
        """``taobao.trade.shippingaddress.update`` with the fields that are given.

        Raises :class:`BadInput`, :class:`NotFound`, :class:`Unclear`, and :class:`Refused` with code
        ``already_shipped`` where a look after the refusal finds the order shipped.
        """
        self.check_receiver(request.receiver)
        try:
            self.top.ask(
                "taobao.trade.shippingaddress.update",
                {"tid": request.order_id, **addresses.parameters(request.receiver)},
                lambda answer: moment(answer["trade"]["modified"]),
                write=True,
            )
        except Refused as refusal:
            raise self._shipped_or(refusal, request.order_id) from None
        return Submission()

    def find_receiver(self, request: ReceiverChange) -> Finding:
        """Compare what was given with what stands, as far as it can be seen. Raises the read families."""
        wanted = addresses.parameters(request.receiver)
        there = self._standing(request.order_id, *addresses.SHOWN)
        found = addresses.compared(wanted, there)
        if found is Evidence.ABSENT and request.standing and not addresses.same(request.standing, there):
            return Finding(Evidence.UNKNOWN)
        return Finding(found)

    def _standing(self, order_id: str, *members: str) -> Row:
        return self.top.ask(
            "taobao.trade.fullinfo.get",
            {"tid": order_id, "fields": ("tid", "status", *members)},
            lambda answer: dict(answer["trade"]),
        )

    def _shipped_or(self, refusal: Refused, order_id: str) -> Refused:
        """Why it was refused: the sub-codes of this method are not documented, the order's status is."""
        try:
            status = ORDER_STATUS.get(text(self._standing(order_id).get("status")))
        except AsctlError:
            return refusal
        return _already_shipped(order_id, refusal) if status in _SHIPPED else refusal


def _already_shipped(order_id: str, refusal: Refused) -> Refused:
    return Refused(
        _("order {order} is shipped: Taobao changes its address no more").format(order=order_id),
        reason=RefusalReason.TOO_LATE.value,
        code="already_shipped",
        hint=_("ask the courier to redirect the parcel"),
        upstream_code=refusal.upstream_code,
        upstream_text=refusal.upstream_text,
        request_id=refusal.request_id,
    )
