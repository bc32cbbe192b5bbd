"""Goods fetched at the customer's (商家寄件, section 7): what must hold before an order is sent, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import (
    CHINA,
    BadInput,
    Context,
    Effect,
    Evidence,
    Finding,
    Pickup,
    Receiver,
    RefusalReason,
    Refused,
    Submission,
    as_text,
    cannot_cancel_pickup,
    not_served,
)
from asctl.api import translate as _
from asctl_kuaidi100.client import CANCEL_METHOD, DETAIL_METHOD, ORDER_METHOD, Client
from asctl_kuaidi100.mapping import PICKUP_EFFECTS, THEIR_COURIER, address_text
from asctl_kuaidi100.refusals import NAME
from asctl_kuaidi100.settings_needed import setting_missing
from asctl_kuaidi100.wire import pickup_numbers, pickup_reference

FETCHING = frozenset({"sf", "zto", "yto", "sto", "yunda", "jd", "jt", "ems", "deppon"})
"""The couriers that can be ordered, as their price lists and pages name them."""
DAYS = ("今天", "明天", "后天")
LONGEST_ADDRESS = 300
"""In bytes of UTF-8, as their page on 商家寄件 says."""
_TAKEN_BACK = "商家取消退货取件"


class PickupDesk:
    """Orders pickups for one account; thread-safe."""

    def __init__(self, context: Context, client: Client) -> None:
        self._account = context.account
        self._client = client
        self._clock = context.clock
        self._signs = bool(context.text("secret"))
        self._salt = context.text("salt")
        self._callback_url = context.text("callback_url")

    def order(self, request: Pickup) -> Submission:
        """Have goods fetched; see :class:`asctl.api.ReverseShipper`. The reference holds both of their numbers."""
        self._check_settings(request.courier)
        data = self._call(ORDER_METHOD, self._members(request), request)
        reference = pickup_reference(as_text(data.get("taskId")), as_text(data.get("orderId")))
        return Submission(reference, waybill=as_text(data.get("kuaidinum")))

    def cancel(self, request: Pickup) -> Submission:
        """Take an order back, by their numbers. Raises :class:`BadInput` (``no_reference``) where they are not known."""
        task, order = pickup_numbers(request.reference)
        if not task:
            raise BadInput(
                _("what number Kuaidi100 gave the pickup for {rma} is not known").format(rma=request.rma),
                code="no_reference",
                hint=_("take it back in the console of Kuaidi100"),
            )
        try:
            self._call(CANCEL_METHOD, {"taskId": task, "orderId": order, "cancelMsg": _TAKEN_BACK}, request)
        except Refused as refused:
            if refused.reason != RefusalReason.CANNOT_CANCEL:
                raise
            raise cannot_cancel_pickup(request.rma, NAME, refused.upstream_code, refused.upstream_text) from refused
        return Submission(request.reference)

    def status(self, request: Pickup) -> Finding:
        """How far an order is, and its waybill once there is one."""
        task, _order = pickup_numbers(request.reference)
        if not task:
            return Finding(Evidence.UNKNOWN)
        data = self._call(DETAIL_METHOD, {"taskId": task}, request)
        effect = PICKUP_EFFECTS.get(as_text(data.get("status")))
        waybill = as_text(data.get("kuaidiNum")) or as_text(data.get("kuaidinum"))
        if effect is None and not waybill:
            return Finding(Evidence.UNKNOWN)
        return Finding(Evidence.PRESENT, effect, request.reference, waybill=waybill)

    def cancellation_status(self, request: Pickup) -> Finding:
        """Whether an order was taken back by us; one that the courier gave up is no evidence of that."""
        effect = self.status(request).effect
        if effect is Effect.CANCELLED:
            return Finding(Evidence.PRESENT, effect, request.reference)
        stands = effect in (Effect.ACCEPTED, Effect.EFFECTIVE)
        return Finding(Evidence.ABSENT if stands else Evidence.UNKNOWN)

    def _call(self, method: str, members: Mapping[str, object], request: Pickup) -> dict[str, Any]:
        if not self._signs:
            raise setting_missing("secret", self._account, _("it signs pickups"))
        return self._client.pickup(method, members, request.rma)

    def _check_settings(self, courier: str) -> None:
        if courier not in FETCHING:
            raise not_served(courier, self._account)
        if not self._callback_url:
            raise setting_missing("callback_url", self._account, _("Kuaidi100 takes no pickup without it"))
        if not self._salt:
            why = _("without it what becomes of the pickup, told to callback_url, would be refused")
            raise setting_missing("salt", self._account, why)

    def _members(self, request: Pickup) -> dict[str, str]:
        """The order's param. Remark and goods are for the courier's own label."""
        return {
            "kuaidicom": THEIR_COURIER[request.courier],
            **_party("recMan", request.receiver, request.rma),
            **_party("sendMan", request.sender, request.rma),
            "cargo": "、".join(f"{line.title or line.sku}×{line.quantity}" for line in request.goods) or request.rma,
            "remark": request.remark,
            "salt": self._salt,
            "callBackUrl": self._callback_url,
            **self._window(request),
            "thirdOrderId": request.key,
        }

    def _window(self, request: Pickup) -> dict[str, str]:
        """The day in their words, and from when until when in China. Raises :class:`BadInput` (``bad_window``)."""
        if request.fetch_from is None or request.fetch_until is None:
            return {}
        start, end = request.fetch_from.astimezone(CHINA), request.fetch_until.astimezone(CHINA)
        ahead = (start.date() - self._clock.now().astimezone(CHINA).date()).days
        if not 0 <= ahead < len(DAYS):
            raise BadInput(
                _(
                    "Kuaidi100 has goods fetched within {count} days; for {rma} another day is asked for (dayType)"
                ).format(count=len(DAYS), rma=request.rma),
                code="bad_window",
                hint=_("name today, tomorrow or the day after"),
            )
        return {"dayType": DAYS[ahead], "pickupStartTime": f"{start:%H:%M}", "pickupEndTime": f"{end:%H:%M}"}


def _party(role: str, party: Receiver, rma: str) -> dict[str, str]:
    """A person with the address in one text. Raises :class:`BadInput` (``address_too_long``)."""
    address = address_text(party)
    if len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
        raise BadInput(
            _("an address of the pickup for {rma} is longer than {most} bytes ({member})").format(
                rma=rma, most=LONGEST_ADDRESS, member=f"{role}PrintAddr"
            ),
            code="address_too_long",
            hint=_("shorten its detail; a Chinese character counts three bytes"),
        )
    return {f"{role}Name": party.name, f"{role}Mobile": party.phone, f"{role}PrintAddr": address}
