"""Pickup orders as ZTO keeps them (section 7): each call is an order of its own, whatever number we give it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import Effect, Receiver, as_text
from asctl.api.sandbox import SandboxPickup, SandboxWorld
from asctl_zto.pickup_orders import GROUP, OTHER, WITH_WAYBILL, WITHOUT_WAYBILL
from asctl_zto.sandbox_gate import ACCOUNT_ID, ACCOUNT_PASSWORD, Complained

CUSTOMER_ID = "GPG0000000001"
TOO_LATE = "E23130"
"""How a cancellation after the fetching is refused; inferred, as nobody tells it."""
_PARTS = ("Name", "Province", "City", "District", "Address")
_STATES = {Effect.ACCEPTED: "1", Effect.EFFECTIVE: "99", Effect.INEFFECTIVE: "-2", Effect.CANCELLED: "-2"}
_REASONS = {
    "1": "不想寄了",
    "2": "下错单",
    "3": "重复下单",
    "4": "运费太贵",
    "5": "无人联系",
    "6": "取件太慢",
    "7": "态度差",
}


class Counter:
    """Takes orders, tells of them and takes them back."""

    def __init__(self) -> None:
        self._late_waybills: set[str] = set()

    def order(self, world: SandboxWorld, body: Mapping[str, Any]) -> dict[str, Any]:
        """Have goods fetched. Raises :class:`Complained`."""
        _check_account(body)
        sender, receiver = _party(body.get("senderInfo"), "sender"), _party(body.get("receiveInfo"), "receiver")
        key = as_text(body.get("partnerOrderCode"))
        made = world.order_pickup("zto", "zto", key, sender, receiver, as_text(body.get("remark")))
        if as_text(body.get("orderType")) == WITHOUT_WAYBILL:
            self._late_waybills.add(made.number)
        return {
            "orderCode": made.number,
            "billCode": self._waybill(made, world),
            "partnerOrderCode": made.key,
            "siteCode": "02100",
            "siteName": "上海",
            "bigMarkInfo": {"mark": "300- H12 09", "bagAddr": "沪西"},
            "verifyCode": None,
            "signBillInfo": None,
        }

    def tell(self, world: SandboxWorld, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The order with a number of theirs, as a list; empty for another kind than pickups."""
        made = _find(world, body)
        if made is None or as_text(body.get("type")) != "0":
            return []
        state = _STATES[world.pickup_effect(made)]
        told = {"orderCode": made.number, "billCode": self._waybill(made, world), "orderStatus": int(state)}
        return [told | {"orderRemark": made.remark, "cancelReason": None}]

    def cancel(self, world: SandboxWorld, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take an order back before the goods are fetched. Raises :class:`Complained`."""
        if as_text(body.get("cancelType")) not in _REASONS:
            raise Complained("S208")
        made = _find(world, body)
        if made is None:
            raise Complained("E23999", "查询不到该订单")
        if not world.cancel_pickup(made):
            raise Complained(TOO_LATE, "快件已揽收，无法取消")
        return {}

    def _waybill(self, made: SandboxPickup, world: SandboxWorld) -> str | None:
        late = made.number in self._late_waybills and world.pickup_effect(made) is not Effect.EFFECTIVE
        return None if late else made.waybill


def case_of(body: Mapping[str, object]) -> str:
    """The case that an order is for: the first word of its remark, else our number."""
    return next(iter(as_text(body.get("remark")).split()), as_text(body.get("partnerOrderCode")))


def number_of(body: Mapping[str, object]) -> str:
    """Their number of an order, else its waybill."""
    return as_text(body.get("orderCode")) or as_text(body.get("billCode"))


def _find(world: SandboxWorld, body: Mapping[str, Any]) -> SandboxPickup | None:
    number = number_of(body)
    if not number:
        raise Complained("S208")
    ours = (each for each in world.pickups if each.plugin == "zto")
    return next((each for each in ours if number in (each.number, each.waybill)), None)


def _check_account(body: Mapping[str, Any]) -> None:
    """Who orders, and what: pickups alone."""
    partner, kind = as_text(body.get("partnerType")), as_text(body.get("orderType"))
    told = body.get("accountInfo")
    account = told if isinstance(told, dict) else {}
    kinds = {GROUP: (WITH_WAYBILL,), OTHER: (WITH_WAYBILL, WITHOUT_WAYBILL)}.get(partner, ())
    if kind not in kinds:
        raise Complained("S208", "orderType仅支持预约件")
    if partner == GROUP:
        if as_text(account.get("customerId")) != CUSTOMER_ID:
            raise Complained("E418")
    elif kind == WITH_WAYBILL:
        given = as_text(account.get("accountId")), as_text(account.get("accountPassword"))
        if given != (ACCOUNT_ID, ACCOUNT_PASSWORD):
            raise Complained("E404")


def _party(told: object, prefix: str) -> Receiver:
    members = told if isinstance(told, dict) else {}
    name, province, city, district, street = (as_text(members.get(prefix + part)) for part in _PARTS)
    phone = as_text(members.get(f"{prefix}Mobile")) or as_text(members.get(f"{prefix}Phone"))
    if not all((name, province, city, district, street, phone)):
        raise Complained("S208")
    return Receiver(name=name, phone=phone, province=province, city=city, district=district, detail=street)
