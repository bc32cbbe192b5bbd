"""A return pickup as ZTO's pickup order (预约件, section 7): what is sent, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asctl.api import BadConfiguration, Context, Pickup, PickupGoods, Receiver, as_text, china_text
from asctl.api import translate as _
from asctl_zto.addresses import place_of

GROUP, OTHER = "1", "2"
"""``partnerType``: a group customer (集团客户), or anybody else."""
WITH_WAYBILL, WITHOUT_WAYBILL = "2", "3"
"""``orderType``: a pickup whose waybill is told with the order, or when the goods are fetched."""


@dataclass(frozen=True, slots=True)
class PickupTerms:
    """Under which account pickups are ordered, and whether their waybill is wanted at once, as the settings say."""

    account: str
    group: bool
    with_waybill: bool
    account_id: str
    password: str
    customer_id: str

    @classmethod
    def of(cls, context: Context) -> PickupTerms:
        return cls(
            context.account,
            group=context.text("pickup_partner") == "group",
            with_waybill=context.settings.get("pickup_waybill") is not False,
            account_id=context.text("account_id"),
            password=context.text("account_password"),
            customer_id=context.text("customer_id"),
        )

    def order(self, request: Pickup) -> dict[str, Any]:
        """The order as ZTO wants it. Raises :class:`BadConfiguration` (``pickup_account_missing``)."""
        order_type = WITH_WAYBILL if self.group or self.with_waybill else WITHOUT_WAYBILL
        told = {
            "partnerType": GROUP if self.group else OTHER,
            "orderType": order_type,
            "partnerOrderCode": request.key,
            "accountInfo": self._account_info(order_type),
            "senderInfo": _party("sender", request.sender),
            "receiveInfo": _party("receiver", request.receiver),
            "summaryInfo": _summary(request),
            "orderItems": [_item(line) for line in request.goods],
            "remark": request.remark,
        }
        return {name: value for name, value in told.items() if value}

    def _account_info(self, order_type: str) -> dict[str, str]:
        needed = "customer_id" if self.group else "account_id"
        if not getattr(self, needed) and order_type == WITH_WAYBILL:
            raise BadConfiguration(
                _("{account} cannot order pickups with a waybill without {setting}").format(
                    account=self.account, setting=needed
                ),
                code="pickup_account_missing",
                hint=_("set {setting} for the account, or pickup_waybill = false where it is no group customer").format(
                    setting=needed
                ),
            )
        members = {"accountId": self.account_id, "accountPassword": self.password, "customerId": self.customer_id}
        return {name: value for name, value in members.items() if value}


@dataclass(frozen=True, slots=True)
class PickupOrder:
    """What ZTO tells of an order. ``state`` is its own number for how far it is; ``ended`` why it was called off."""

    number: str
    waybill: str
    state: str = ""
    ended: str = ""


def read_order(told: Mapping[str, object]) -> PickupOrder:
    """A record of an order, from the answer to it or to a question about it."""
    return PickupOrder(
        number=as_text(told.get("orderCode")),
        waybill=as_text(told.get("billCode")),
        state=as_text(told.get("orderStatus")),
        ended=as_text(told.get("cancelReason")),
    )


def _party(prefix: str, party: Receiver) -> dict[str, str]:
    city, district, street = place_of(party)
    phone = "Phone" if party.phone.startswith("0") else "Mobile"
    return {
        f"{prefix}Name": party.name,
        f"{prefix}{phone}": party.phone,
        f"{prefix}Province": party.province,
        f"{prefix}City": city,
        f"{prefix}District": district,
        f"{prefix}Address": street,
    }


def _summary(request: Pickup) -> dict[str, object]:
    told: dict[str, object] = {"quantity": sum(line.quantity for line in request.goods)}
    if request.fetch_from:
        told["startTime"] = china_text(request.fetch_from)
    if request.fetch_until:
        told["endTime"] = china_text(request.fetch_until)
    return told


def _item(line: PickupGoods) -> dict[str, object]:
    return {"name": line.title, "quantity": line.quantity, "remark": line.sku}
