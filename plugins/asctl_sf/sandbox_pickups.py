"""Reverse orders of their side (section 8). An order number is used up for good: a repeat is told so, and orders nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from asctl.api import CHINA, Effect, Receiver, as_text, china_time
from asctl.api.sandbox import SandboxPickup, SandboxWorld
from asctl_sf import COURIER
from asctl_sf.pickup_orders import PAYERS, RECEIVER, SENDER
from asctl_sf.pickups import CANCELLED, CONFIRMED, DUPLICATE
from asctl_sf.sandbox_intercept import check_card
from asctl_sf.sandbox_refusals import No

HOURS = (time(8), time(20))
"""When couriers come; inferred."""
CLOSED_CITY = "三沙市"
"""A city that this SF reaches from nowhere."""
SERVED, UNSERVED = 2, 3
"""``filterResult``."""
RETURNS = "2"
_LONGEST_NUMBER = 64
_PAY_METHODS = {str(method) for method, _card in PAYERS.values()}
_MISSING = {
    SENDER: (("address", "1010"), ("contact", "1011"), ("phone", "1012")),
    RECEIVER: (("address", "1014"), ("contact", "1015"), ("phone", "1016")),
}


class Counter:
    """Takes orders, tells of them and takes them back. ``waybill_at_pickup``: the waybill is told once the goods are fetched."""

    def __init__(self, waybill_at_pickup: bool) -> None:
        self._waybill_at_pickup = waybill_at_pickup

    def order(self, content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
        """Have goods fetched, unless one of the places is not served. Raises :class:`No`."""
        number = as_text(content.get("orderId"))
        parties = _checked(number, content)
        if _find(number, world):
            raise No(DUPLICATE, "重复下单")
        if any(CLOSED_CITY in (party.city, party.district) for party in parties.values()):
            return _answer(number, "", UNSERVED, "收方超范围")
        made = world.order_pickup(
            COURIER, COURIER, number, parties[SENDER], parties[RECEIVER], as_text(content.get("remark"))
        )
        return self._told(made, world)

    def find(self, content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
        """The order with a number of ours; how a cancelled one is told is inferred. Raises :class:`No`."""
        made = _find(as_text(content.get("orderId")), world)
        if made is None or as_text(content.get("searchType")) != RETURNS:
            raise No("6150", "找不到该订单")
        if made.cancelled:
            raise No(CANCELLED, "订单已取消")
        return self._told(made, world)

    def cancel(self, content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
        """Take an order back before the goods are fetched. Raises :class:`No`."""
        made = _find(as_text(content.get("orderId")), world)
        if made is None:
            raise No("8018", "未获取到订单信息")
        if made.cancelled:
            raise No(CANCELLED, "订单已取消")
        if not world.cancel_pickup(made):
            raise No(CONFIRMED, "订单已确认,快件已收取")
        return {"orderId": made.key}

    def _told(self, made: SandboxPickup, world: SandboxWorld) -> dict[str, Any]:
        hidden = self._waybill_at_pickup and world.pickup_effect(made) is not Effect.EFFECTIVE
        return _answer(made.key, "" if hidden else made.waybill, SERVED)


def case_of(content: Mapping[str, object]) -> str:
    """The case that an order is for: the first word of its remark, else its number."""
    return next(iter(as_text(content.get("remark")).split()), as_text(content.get("orderId")))


def _find(number: str, world: SandboxWorld) -> SandboxPickup | None:
    return next((each for each in world.pickups if (each.plugin, each.key) == (COURIER, number)), None)


def _checked(number: str, content: Mapping[str, Any]) -> dict[int, Receiver]:
    """Sender and receiver, once everything that an order must tell is there."""
    if not number:
        raise No("6118", "客户订单号不能为空")
    if len(number) > _LONGEST_NUMBER:
        raise No("S0002", "orderId超长")
    goods = content.get("cargoDetails")
    if not isinstance(goods, list) or not all(
        isinstance(row, dict) and as_text(row.get("name")) for row in goods or [0]
    ):
        raise No("1023", "托寄物品名不能为空")
    if not as_text(content.get("expressTypeId")):
        raise No("8057", "快件产品类别不能为空")
    if as_text(content.get("payMethod")) not in _PAY_METHODS:
        raise No("8256", "付款方式不支持")
    if card := as_text(content.get("monthlyCard")):
        check_card(card)
    _check_hours(as_text(content.get("sendStartTm")))
    return {kind: _party(kind, content.get("contactInfoList")) for kind in (SENDER, RECEIVER)}


def _party(kind: int, contacts: object) -> Receiver:
    rows = contacts if isinstance(contacts, list) else []
    told = next((row for row in rows if isinstance(row, dict) and as_text(row.get("contactType")) == str(kind)), {})
    phone = as_text(told.get("mobile")) or as_text(told.get("tel"))
    for name, code in _MISSING[kind]:
        if not (phone if name == "phone" else as_text(told.get(name))):
            raise No(code, "收寄件信息不能为空")
    return Receiver(
        name=as_text(told["contact"]),
        phone=phone,
        province=as_text(told.get("province")),
        city=as_text(told.get("city")),
        district=as_text(told.get("county")),
        detail=as_text(told["address"]),
    )


def _check_hours(begins: str) -> None:
    if begins and not HOURS[0] <= _moment(begins).astimezone(CHINA).time() <= HOURS[1]:
        raise No("8096", "不在收件服务时间内")


def _moment(text: str) -> datetime:
    try:
        return china_time(text)
    except ValueError:
        raise No("S0002", "sendStartTm格式错误") from None


def _answer(number: str, waybill: str, verdict: int, words: str = "") -> dict[str, Any]:
    return {
        "orderId": number,
        "originCode": None,
        "destCode": None,
        "filterResult": verdict,
        "remark": words or None,
        "waybillNoInfoList": [{"waybillType": 1, "waybillNo": waybill}] if waybill else [],
    }
