"""Their order desk for our loopback world (section 7): pickups ordered and taken back.

An order's number names one order, as users report: a repeat gets the same answer and makes nothing new. Taking back has no
protection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from asctl.api import CHINA, Effect, Receiver, RefusalReason, as_text, china_time
from asctl.api.sandbox import SandboxPickup, SandboxReply, SandboxWorld
from asctl_yto import COURIER
from asctl_yto.pickups import DAYS_AHEAD, MOST_GOODS
from asctl_yto.sandbox_wanted import PLUGIN
from asctl_yto.wire import CANCEL_ORDER, ORDER, key_of

_PARTIES = ("sender", "recipient")
_OF_A_PARTY = ("Name", "ProvinceName", "Address", "Mobile")
REQUIRED = {
    ORDER: ("logisticsNo", *(role + part for role in _PARTIES for part in _OF_A_PARTY)),
    CANCEL_ORDER: ("logisticsNo", "cancelDesc"),
}
_INVALID = 200010003
_REFUSED = 200017004
NO_SUCH_ORDER = "订单不存在"
_TEXTS: dict[str, str] = {
    RefusalReason.NOT_AUTHORISED: "非本客户订单",
    RefusalReason.NOT_SUPPORTED: "该区域不支持上门取件",
    RefusalReason.DESTINATION_CLOSED: "目的地停发",
    RefusalReason.BAD_ADDRESS: "寄件地址有误",
    RefusalReason.BAD_PHONE: "寄件人电话有误",
    RefusalReason.REFUSED_BY_RULE: "不符合规则,无法下单",
    RefusalReason.CANNOT_CANCEL: "快件已揽收,无法取消",
    RefusalReason.RATE_LIMITED: "请求过于频繁",
    RefusalReason.SIGN_ERROR: "请求加密校验失败",
    RefusalReason.SERVER_ERROR: "系统异常,请稍后再试",
    RefusalReason.OTHER: "请联系网点处理",
}


class OrderOffice:
    """Takes orders. ``at_pickup``: an order is given its waybill only when the goods are fetched."""

    def __init__(self, customer_code: str, *, at_pickup: bool) -> None:
        self._customer_code = customer_code
        self._at_pickup = at_pickup

    def answer(self, method: str, param: Mapping[str, Any], world: SandboxWorld) -> SandboxReply:
        """Check the members, then act."""
        lacking = next((name for name in REQUIRED[method] if not as_text(param.get(name))), "")
        if lacking:
            return refused(f"{lacking}不能为空; ", _INVALID)
        number = as_text(param["logisticsNo"])
        if method == CANCEL_ORDER:
            return _cancel(number, world)
        objection = _objection(param, world.now())
        return refused(objection, _INVALID) if objection else self._order(number, param, world)

    def _order(self, number: str, param: Mapping[str, Any], world: SandboxWorld) -> SandboxReply:
        made = standing(number, world)
        is_new = made is None
        if made is None:
            sender, receiver = (_party(role, param) for role in _PARTIES)
            remark = as_text(param.get("remark"))
            made = world.order_pickup(PLUGIN, COURIER, _key(number), sender, receiver, remark)
        told = {"customerCode": self._customer_code, "logisticsNo": number}
        if not self._at_pickup or world.pickup_effect(made) is Effect.EFFECTIVE:
            told["mailNo"] = made.waybill
        return SandboxReply.of(told | {"shortAddress": "800-061-00-005", "secretWaybills": []}, applied=is_new)


def standing(number: str, world: SandboxWorld) -> SandboxPickup | None:
    """The order of that number."""
    ours = (pickup for pickup in world.pickups if pickup.plugin == PLUGIN)
    return next((pickup for pickup in ours if pickup.key == _key(number)), None)


def refused(told: str, code: int = _REFUSED) -> SandboxReply:
    """A refusal: ``told`` is a :class:`RefusalReason` or the words themselves."""
    return SandboxReply.of({"success": False, "code": code, "reason": _TEXTS.get(told, told)})


def _cancel(number: str, world: SandboxWorld) -> SandboxReply:
    made = standing(number, world)
    if made is None:
        return refused(NO_SUCH_ORDER)
    if not world.cancel_pickup(made):
        return refused(RefusalReason.CANNOT_CANCEL)
    return SandboxReply.of({"logisticsNo": number}, applied=True)


def _objection(param: Mapping[str, Any], now: datetime) -> str:
    if not 7 <= len(as_text(param["logisticsNo"])) <= 64:
        return "logisticsNo长度不合法; "
    goods = param.get("goods", [])
    if not isinstance(goods, list) or len(goods) > MOST_GOODS:
        return "goods不合法; "
    for name in ("startTime", "endTime"):
        if name in param and not _in_reach(param[name], now):
            return f"{name}超出预约范围; "
    return ""


def _in_reach(told: object, now: datetime) -> bool:
    """From the day of ordering on, for six days more."""
    try:
        moment = china_time(as_text(told))
    except ValueError:
        return False
    today = now.astimezone(CHINA).date()
    return today <= moment.date() <= today + timedelta(days=DAYS_AHEAD)


def _party(role: str, param: Mapping[str, Any]) -> Receiver:
    def told(part: str) -> str:
        return as_text(param.get(role + part))

    return Receiver(
        name=told("Name"),
        phone=told("Mobile"),
        province=told("ProvinceName"),
        city=told("CityName"),
        district=told("CountyName"),
        town=told("TownName"),
        detail=told("Address"),
    )


def _key(number: str) -> str:
    """What the world knows an order by: our key, or the whole number of somebody else's."""
    return key_of(number) or number
