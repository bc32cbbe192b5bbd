"""Goods fetched at the customer's: ``ReverseShipper``."""

from __future__ import annotations

from asctl.api import Finding, Pickup, RefusalReason, Refused, Submission, cannot_cancel_pickup
from asctl_demo.account import Account
from asctl_demo.errors import WHO
from asctl_demo.wire import receiver_members, time_text

MOST_REMARK = 100


class Pickups(Account):
    """Orders for the courier to come."""

    def order_pickup(self, request: Pickup) -> Submission:
        """Demo gives the waybill at once. The remark is printed on its label, and cut at its end where it is too long: it begins
        with the case."""
        members = {
            "sender": receiver_members(request.sender),
            "receiver": receiver_members(request.receiver),
            "goods": [{"title": line.title or line.sku, "quantity": line.quantity} for line in request.goods],
            "remark": request.remark[:MOST_REMARK],
            "from": time_text(request.fetch_from),
            "until": time_text(request.fetch_until),
        }
        return self.request("pickup", request.key, members, request.rma)

    def find_pickup(self, request: Pickup) -> Finding:
        """By its key: whether it arrived, and what came of it."""
        return self.find(request.key)

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back. The refusal is worded as every courier's."""
        try:
            return self.request("cancel", request.key, {}, request.rma)
        except Refused as no:
            if no.reason != RefusalReason.CANNOT_CANCEL:
                raise
            raise cannot_cancel_pickup(request.rma, WHO, no.upstream_code, no.upstream_text) from no

    def find_pickup_cancelled(self, request: Pickup) -> Finding:
        """Whether it was taken back."""
        return self.find_cancelled(request.key)
