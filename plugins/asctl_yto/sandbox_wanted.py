"""Their interception desk for our loopback world (section 6): return, change of address, taking back.

All three are unprotected: a repeat is carried out again, so that the ledger can witness it.
"""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import ParcelKey, Receiver, RefusalReason
from asctl.api.sandbox import SandboxReply, SandboxWorld
from asctl_yto import COURIER
from asctl_yto.wire import CANCEL, CHANGE, REPORT

PLUGIN = "yto"
REQUIRED = {
    REPORT: ("waybillNo", "wantedDesc"),
    CHANGE: (
        "waybillNo",
        "wantedDesc",
        "receiveProvName",
        "receiveCityName",
        "receiveCountyName",
        "receiveAddress",
        "receiverName",
        "receiverTel",
    ),
    CANCEL: ("waybillNo", "dealRemark"),
}
_MAY_BE_EMPTY = frozenset({"receiveCityName", "receiveCountyName"})
NO_SUCH_WAYBILL = "运单不存在"
_TEXTS: dict[str, str] = {
    RefusalReason.ALREADY_DELIVERED: "已签收,无法拦截",
    RefusalReason.TOO_LATE: "已派件,无法拦截",
    RefusalReason.NOT_PICKED_UP_YET: "未揽收,无法拦截",
    RefusalReason.ALREADY_INTERCEPTED: "已有有效拦截件，不能重复发起拦截",
    RefusalReason.NOT_AUTHORISED: "非本客户运单",
    RefusalReason.NOT_SUPPORTED: "该运单不支持改址",
    RefusalReason.DESTINATION_CLOSED: "目的地停发",
    RefusalReason.BAD_ADDRESS: "收件地址有误",
    RefusalReason.BAD_PHONE: "收件人电话有误",
    RefusalReason.REFUSED_BY_RULE: "不符合规则,无法拦截",
    RefusalReason.LOST: "快件已遗失,无法拦截",
    RefusalReason.CANNOT_CANCEL: "没有待处理的拦截件,无法取消",
    RefusalReason.RATE_LIMITED: "请求过于频繁",
    RefusalReason.SIGN_ERROR: "请求加密校验失败",
    RefusalReason.SERVER_ERROR: "系统异常,请稍后再试",
    RefusalReason.OTHER: "请联系网点处理",
}


def wanted_reply(method: str, param: Mapping[str, str], world: SandboxWorld) -> SandboxReply:
    """Check the members, then the parcel, then act."""
    for name in REQUIRED[method]:
        if not param.get(name) and (name not in param or name not in _MAY_BE_EMPTY):
            return refused(f"{name}不能为空")
    key = ParcelKey(COURIER, param["waybillNo"])
    if key not in world.parcels:
        return refused(NO_SUCH_WAYBILL)
    if method == CANCEL:
        return _cancel(key, world)
    receiver = _receiver(param) if method == CHANGE else None
    return _intercept(key, "redirect" if receiver else "sender", receiver, world)


def refused(told: str) -> SandboxReply:
    """A refusal: ``told`` is a :class:`RefusalReason` or the words themselves."""
    return SandboxReply.of({"statusCode": 1, "statusMessage": _TEXTS.get(told, told)})


def _intercept(key: ParcelKey, kind: str, receiver: Receiver | None, world: SandboxWorld) -> SandboxReply:
    objection = world.objection(PLUGIN, key, kind, receiver)
    if objection is not None:
        return refused(objection)
    world.intercept(PLUGIN, key, kind, receiver=receiver)
    return _accepted()


def _cancel(key: ParcelKey, world: SandboxWorld) -> SandboxReply:
    """The latest request for the waybill is taken back; one that already was is taken back again."""
    ours = [item for item in world.interceptions if item.plugin == PLUGIN and item.waybill == key.waybill]
    if not ours or not world.cancel_interception(ours[-1]):
        return refused(RefusalReason.CANNOT_CANCEL)
    return _accepted()


def _accepted() -> SandboxReply:
    return SandboxReply.of({"statusCode": 0, "statusMessage": "成功"}, applied=True)


def _receiver(param: Mapping[str, str]) -> Receiver:
    return Receiver(
        name=param["receiverName"],
        phone=param["receiverTel"],
        province=param["receiveProvName"],
        city=param["receiveCityName"],
        district=param["receiveCountyName"],
        detail=param["receiveAddress"],
    )
