"""What the gateway checks before it listens: application, digest, time stamp, parameters, phone (sections 1 to 3)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asctl.api import CHINA, as_text, json_object
from asctl.api.sandbox import SandboxParcel, SandboxRequest, SandboxWorld
from asctl_zto.client import sign
from asctl_zto.wire import CANCEL, CANCEL_ORDER, CREATE, ORDER, ORDER_INFO, STATUS, TRACK

APP_KEY = "ztoTestCompany"
APP_SECRET = "ztoTestSecret"
ACCOUNT_ID, ACCOUNT_PASSWORD = "test", "ZTO123"
CLOCK_SLACK_S = 600
"""How far a time stamp may be off; inferred."""

REQUIRED = {
    TRACK: ("billCode",),
    CREATE: ("billCode", "requestId", "thirdBizNo", "destinationType"),
    CANCEL: ("billCode", "thirdBizNo"),
    STATUS: ("billCode",),
    ORDER: ("partnerType", "orderType", "partnerOrderCode"),
    ORDER_INFO: ("type",),
    CANCEL_ORDER: ("cancelType",),
}
_BY_ORDER = frozenset({ORDER, ORDER_INFO, CANCEL_ORDER})
_WAYBILL_LENGTHS = range(8, 25)
_TEXTS = {
    "S203": "服务不可用",
    "S206": "调用次数超限",
    "S207": "接口不存在",
    "S208": "缺少必填参数",
    "S211": "签名错误",
    "S214": "时间戳错误",
    "S221": "接口限流",
    "E404": "未绑定电子面单账号",
    "E409": "手机号与运单不匹配",
    "E413": "请输入收件人或寄件人手机号后四位",
    "E416": "运单号格式错误",
    "E418": "不存在对应的网点授权",
    "E23101": "运单已签收，无法拦截",
    "E23102": "查无订单信息",
    "E23108": "退回类型错误",
    "E23111": "时效产品不支持拦截",
    "E23119": "运单暂无轨迹，请揽收后再试",
    "E23120": "存在派件扫描,无法拦截",
    "E23121": "已存在拦截或退改",
    "E23122": "目的地停发",
    "E23127": "已存在相同的请求",
    "E23130": "不在拦截中",
    "E23139": "不符合拦截规则",
    "E23140": "快件已确认丢失",
    "E23148": "收件人电话错误",
    "E23153": "发起方非运单归属网点",
    "E23999": "其他原因",
}


class Complained(Exception):
    """A status code that ends the call, with its text."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text or _TEXTS.get(code, "系统异常")


def check_call(request: SandboxRequest, world: SandboxWorld) -> dict[str, Any]:
    """Signature before content. Returns the body; raises :class:`Complained`."""
    if request.method != "POST":
        raise Complained("S207")
    _check_digest(request, world)
    api, body = request.path.strip("/"), read_body(request.body)
    if not all(as_text(body.get(name)) for name in REQUIRED[api]):
        raise Complained("S208")
    waybill = as_text(body.get("billCode"))
    if api in _BY_ORDER and not waybill:
        return body
    if len(waybill) not in _WAYBILL_LENGTHS or not waybill.isalnum():
        raise Complained("E416")
    return body


def check_phone(parcel: SandboxParcel | None, tail: str) -> None:
    """Four digits of either party's phone, which must be the parcel's."""
    if len(tail) != 4 or not tail.isdecimal():
        raise Complained("E413")
    if parcel is not None and not parcel.opens_with(tail):
        raise Complained("E409")


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object sent; empty where it is none."""
    try:
        return json_object(body)
    except ValueError:
        return {}


def _check_digest(request: SandboxRequest, world: SandboxWorld) -> None:
    headers = request.headers
    timestamp = headers.get("x-timestamp", "")
    right = sign(request.body.decode("utf-8", "replace"), APP_SECRET, timestamp)
    company = _either(headers, "x-companyid", "x-appkey")
    digest = headers.get("x-datadigest", "")
    if company != APP_KEY or not hmac.compare_digest(right.encode(), digest.encode("utf-8", "replace")):
        raise Complained("S211")
    if timestamp and not _agrees(timestamp, world):
        raise Complained("S214")


def _either(headers: Mapping[str, str], *names: str) -> str:
    return next((headers[name] for name in names if headers.get(name)), "")


def _agrees(timestamp: str, world: SandboxWorld) -> bool:
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) != 13:
        return False
    return world.clock_agrees(datetime.fromtimestamp(int(timestamp) / 1000, CHINA), CLOCK_SLACK_S)
