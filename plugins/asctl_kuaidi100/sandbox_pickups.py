"""Their pickup desk for our loopback world (section 7): orders, their details, and taking them back.

``thirdOrderId`` protects from repeats for 48 hours: the order that stands is told again. Taking back has no protection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from asctl.api import Effect, Receiver, RefusalReason, as_text
from asctl.api.sandbox import Complaint, SandboxCall, SandboxPickup, SandboxReply, SandboxRequest, SandboxWorld
from asctl_kuaidi100.client import CANCEL_METHOD, DETAIL_METHOD, ORDER_METHOD
from asctl_kuaidi100.mapping import OUR_COURIER, THEIR_COURIER
from asctl_kuaidi100.pickups import DAYS, FETCHING, LONGEST_ADDRESS
from asctl_kuaidi100.sandbox_account import NotSigned, check_signed, read_param
from asctl_kuaidi100.sandbox_words import Words, receiver_from

PLUGIN = "kuaidi100"
KEPT_FOR = timedelta(hours=48)
WAYBILL_AT_PICKUP = frozenset({"yunda"})
"""These couriers give the waybill only when they have the goods."""
_OPERATIONS = {
    ORDER_METHOD.lower(): "order_pickup",
    CANCEL_METHOD: "cancel_pickup",
    DETAIL_METHOD: "pickup_status",
}
PICKUP_OPERATIONS = frozenset(_OPERATIONS.values())
_STATUS = {Effect.ACCEPTED: 1, Effect.EFFECTIVE: 10, Effect.CANCELLED: 9, Effect.INEFFECTIVE: 99}
_WANTED = ("kuaidicom", "callBackUrl")
_GOODS_WANTED = frozenset({"yto", "jd"})
_INCOMPLETE = Words(400, "提交的数据不完整")
_NO_SUCH_ORDER = Words(400, "订单不存在")
_BAD_SIGNATURE = Words(503, "签名认证失败")
_WORDS: dict[str, Words] = {
    RefusalReason.SIGN_ERROR: _BAD_SIGNATURE,
    RefusalReason.SERVER_ERROR: Words(500, "服务器错误"),
    RefusalReason.NOT_SUPPORTED: Words(400, "该区域不支持上门取件"),
    RefusalReason.NOT_AUTHORISED: _NO_SUCH_ORDER,
    RefusalReason.DESTINATION_CLOSED: Words(400, "目的地停发"),
    RefusalReason.BAD_ADDRESS: Words(400, "寄件地址无法识别"),
    RefusalReason.BAD_PHONE: Words(400, "寄件人手机格式不正确"),
    RefusalReason.REFUSED_BY_RULE: Words(400, "快递公司风控，禁止下单"),
    RefusalReason.CANNOT_CANCEL: Words(400, "快递员已取件，无法取消"),
    RefusalReason.RATE_LIMITED: Words(400, "请求过于频繁"),
    RefusalReason.OTHER: Words(400, "下单失败，请联系客服"),
}


class _No(Exception):
    """The words that end the call."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.text)
        self.words = words


class PickupCounter:
    """Takes pickup orders."""

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The operation, with the case that the remark begins with or the task, and our key where it travels."""
        form = request.form()
        method = form.get("method", "")
        if method.lower() not in _OPERATIONS:
            return SandboxCall(method or "unknown")
        param = read_param(form.get("param", ""))
        key, rma = as_text(param.get("thirdOrderId")), as_text(param.get("remark")).partition(" ")[0]
        target = rma or as_text(param.get("taskId")) or key
        operation = _OPERATIONS[method.lower()]
        return SandboxCall(operation, write=method.lower() != DETAIL_METHOD, target=target, key=key)

    def answer(self, request: SandboxRequest, world: SandboxWorld) -> SandboxReply:
        """Completeness before signature, signature before content. Method names come in any case."""
        form = request.form()
        method = form.get("method", "").lower()
        try:
            if request.method != "POST" or method not in _OPERATIONS:
                raise _No(_INCOMPLETE)
            _check_signature(form, world)
            param = read_param(form["param"])
            if method == ORDER_METHOD.lower():
                return _order(param, world)
            return _cancel(param, world) if method == CANCEL_METHOD else _detail(param, world)
        except _No as no:
            return _refused(no.words)

    def complain(self, complaint: Complaint) -> SandboxReply:
        """The fault in their words; a refusal's ``reason`` may be one of the enumeration or any text."""
        match complaint.kind:
            case "throttle":
                return _refused(_WORDS[RefusalReason.RATE_LIMITED])
            case "auth":
                return _refused(_BAD_SIGNATURE)
            case "not_found":
                return _refused(_NO_SUCH_ORDER)
        return _refused(_WORDS.get(complaint.reason, Words(400, complaint.reason)))


def _order(param: Mapping[str, Any], world: SandboxWorld) -> SandboxReply:
    courier, sender, receiver = _wish(param)
    key = as_text(param.get("thirdOrderId"))
    made = _standing(key, world)
    is_new = made is None
    if made is None:
        made = world.order_pickup(PLUGIN, courier, key, sender, receiver, as_text(param.get("remark")))
    data = {"kuaidinum": _waybill(made, world), "orderId": order_id(made), "eOrder": None, "taskId": made.number}
    return _taken("提交成功", data, applied=is_new)


def _cancel(param: Mapping[str, Any], world: SandboxWorld) -> SandboxReply:
    made = _named(param, world)
    if as_text(param.get("orderId")) != order_id(made):
        raise _No(_NO_SUCH_ORDER)
    if not as_text(param.get("cancelMsg")):
        raise _No(_INCOMPLETE)
    if not world.cancel_pickup(made):
        raise _No(_WORDS[RefusalReason.CANNOT_CANCEL])
    return _taken("取消成功", {}, applied=True)


def _detail(param: Mapping[str, Any], world: SandboxWorld) -> SandboxReply:
    made = _named(param, world)
    data = {
        "taskId": made.number,
        "orderId": order_id(made),
        "kuaidiCom": THEIR_COURIER[made.courier],
        "kuaidiNum": _waybill(made, world),
        "status": _STATUS[world.pickup_effect(made)],
    }
    return _taken("查询成功", data)


def order_id(pickup: SandboxPickup) -> str:
    """Their second number for an order."""
    return pickup.number.removeprefix("P")


def _standing(key: str, world: SandboxWorld) -> SandboxPickup | None:
    """The order that a repeat under this key is answered with."""
    since = world.now() - KEPT_FOR
    ours = (made for made in reversed(world.pickups) if made.plugin == PLUGIN and made.key == key and made.at > since)
    return next(ours, None) if key else None


def _named(param: Mapping[str, Any], world: SandboxWorld) -> SandboxPickup:
    task = as_text(param.get("taskId"))
    made = next((each for each in world.pickups if each.plugin == PLUGIN and each.number == task), None)
    if made is None:
        raise _No(_NO_SUCH_ORDER)
    return made


def _waybill(pickup: SandboxPickup, world: SandboxWorld) -> str:
    waits = pickup.courier in WAYBILL_AT_PICKUP and world.pickup_effect(pickup) is not Effect.EFFECTIVE
    return "" if waits else pickup.waybill


def _wish(param: Mapping[str, Any]) -> tuple[str, Receiver, Receiver]:
    """Which courier shall fetch at whose door, and bring it to whom."""
    if not all(as_text(param.get(name)) for name in _WANTED) or len(as_text(param.get("thirdOrderId"))) > 32:
        raise _No(_INCOMPLETE)
    courier = OUR_COURIER.get(as_text(param["kuaidicom"]), "")
    if courier not in FETCHING:
        raise _No(_WORDS[RefusalReason.NOT_SUPPORTED])
    sender, receiver = _party("sendMan", param), _party("recMan", param)
    goods_missing = courier in _GOODS_WANTED and not as_text(param.get("cargo"))
    if sender is None or receiver is None or goods_missing or not _window_told(courier, param):
        raise _No(_INCOMPLETE)
    return courier, sender, receiver


def _party(role: str, param: Mapping[str, Any]) -> Receiver | None:
    address = as_text(param.get(f"{role}PrintAddr"))
    if len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
        return None
    told = {"name": param.get(f"{role}Name"), "mobile": param.get(f"{role}Mobile"), "printAddr": address}
    return receiver_from(told)


def _window_told(courier: str, param: Mapping[str, Any]) -> bool:
    """SF wants the hours; the day is one of three words."""
    day = as_text(param.get("dayType"))
    hours = [as_text(param.get(name)) for name in ("pickupStartTime", "pickupEndTime")]
    return day in ("", *DAYS) and (all(hours) or courier != "sf")


def _check_signature(form: Mapping[str, str], world: SandboxWorld) -> None:
    try:
        check_signed(form, world)
    except NotSigned as fault:
        raise _No(_INCOMPLETE if fault.why == "incomplete" else _BAD_SIGNATURE) from None


def _taken(message: str, data: Mapping[str, object], *, applied: bool = False) -> SandboxReply:
    told = {"data": data, "message": message, "result": True, "returnCode": "200"}
    return SandboxReply.of(told, applied=applied)


def _refused(words: Words) -> SandboxReply:
    return SandboxReply.of({"result": False, "returnCode": str(words.code), "message": words.text})
