"""Parcels called back and redirected (section 5): what must be known before an order is sent, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import (
    AddressChange,
    Context,
    Interception,
    Submission,
    checked_receiver,
    not_served,
)
from asctl.api import translate as _
from asctl_kuaidi100.client import Client
from asctl_kuaidi100.mapping import REDIRECT_TYPE, RETURN_TYPE, THEIR_COURIER, their_receiver
from asctl_kuaidi100.settings_needed import setting_missing
from asctl_kuaidi100.wire import order_param

CALLBACK_WANTED = frozenset({"zto", "jt", "yto"})
"""These couriers take no order without an address for its outcome."""
_PARTNER = {
    "partnerId": "partner_id",
    "partnerKey": "partner_key",
    "partnerSecret": "partner_secret",
    "partnerName": "partner_name",
    "code": "partner_code",
    "net": "partner_net",
}


class InterceptionDesk:
    """Orders interceptions for one account; thread-safe."""

    def __init__(self, context: Context, client: Client) -> None:
        self._account = context.account
        self._client = client
        self._signs = bool(context.text("secret"))
        self._partner = {theirs: context.text(ours) for theirs, ours in _PARTNER.items()}
        self._pay_type = context.text("intercept_pay_type")
        self._salt = context.text("salt")
        self._callback_url = context.text("callback_url")

    def call_back(self, request: Interception) -> Submission:
        """Have the parcel sent back to the sender or to the outlet; see :class:`asctl.api.Interceptor`."""
        return self._order(request, {"interceptType": RETURN_TYPE[request.return_to]})

    def redirect(self, request: AddressChange) -> Submission:
        """Have the parcel brought to another address; see :class:`asctl.api.AddressChanger`."""
        receiver = checked_receiver(request.receiver, request.waybill)
        wish = {"interceptType": REDIRECT_TYPE, "recManInfo": their_receiver(receiver)}
        return self._order(request, wish)

    def _order(self, request: Interception | AddressChange, wish: Mapping[str, object]) -> Submission:
        self._check_settings(request.courier)
        members = {
            "kuaidicom": THEIR_COURIER[request.courier],
            "kuaidinum": request.waybill,
            **wish,
            **self._partner,
            "reason": request.reason,
            "orderId": request.order_id,
            "interceptPayType": self._pay_type,
            "salt": self._salt if self._callback_url else "",
            "callbackUrl": self._callback_url,
        }
        return self._client.order_interception(order_param(members), request.waybill)

    def _check_settings(self, courier: str) -> None:
        """What is missing is told before anything is sent."""
        if courier not in THEIR_COURIER:
            raise not_served(courier, self._account)
        if not self._signs:
            raise setting_missing("secret", self._account, _("it signs interceptions"))
        if courier in CALLBACK_WANTED and not self._callback_url:
            why = _("{courier} takes no interception without it").format(courier=courier)
            raise setting_missing("callback_url", self._account, why)
        if self._callback_url and not self._salt:
            why = _("without it the outcome, told to callback_url, would be refused")
            raise setting_missing("salt", self._account, why)
