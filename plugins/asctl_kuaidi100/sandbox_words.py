"""How an interception order is refused, and how its receiver is read. All codes and wordings are inferred (section 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from asctl.api import Receiver, RefusalReason, as_text


@dataclass(frozen=True, slots=True)
class Words:
    """A code and the text beside it."""

    code: int
    text: str


_REFUSED_BY_COURIER = 30010
_WORDS = {
    RefusalReason.SIGN_ERROR: Words(30002, "签名验证失败"),
    RefusalReason.ALREADY_DELIVERED: Words(30011, "快件已签收，无法拦截"),
    RefusalReason.ALREADY_INTERCEPTED: Words(30012, "该运单已存在拦截任务，请勿重复提交"),
    RefusalReason.NOT_SUPPORTED: Words(30013, "该快递产品或区域不支持拦截改址"),
    RefusalReason.RATE_LIMITED: Words(30029, "请求过于频繁，请稍后再试"),
    RefusalReason.TOO_LATE: Words(_REFUSED_BY_COURIER, "快件正在派送或已到驿站，无法拦截"),
    RefusalReason.NOT_PICKED_UP_YET: Words(_REFUSED_BY_COURIER, "快件未揽收，暂不能拦截"),
    RefusalReason.NOT_AUTHORISED: Words(_REFUSED_BY_COURIER, "运单不属于该电子面单账号"),
    RefusalReason.DESTINATION_CLOSED: Words(_REFUSED_BY_COURIER, "目的地暂时停发"),
    RefusalReason.BAD_ADDRESS: Words(_REFUSED_BY_COURIER, "收件地址不完整或无法识别"),
    RefusalReason.BAD_PHONE: Words(_REFUSED_BY_COURIER, "收件人电话格式不正确"),
    RefusalReason.REFUSED_BY_RULE: Words(_REFUSED_BY_COURIER, "快递公司规则禁止拦截该运单"),
    RefusalReason.LOST: Words(_REFUSED_BY_COURIER, "快件已登记为遗失"),
    RefusalReason.SERVER_ERROR: Words(500, "系统异常"),
}
NO_SUCH_WAYBILL = Words(_REFUSED_BY_COURIER, "运单不存在")
INCOMPLETE = Words(30001, "提交的数据不完整")
TOO_OLD = Words(30002, "签名验证失败：时间戳已过期")
_PLACE = re.compile(
    r"(?P<province>(?:北京|上海|天津|重庆)市?|.{2,8}?(?:省|自治区|特别行政区))?"
    r"(?P<city>[^区县市]{1,12}?(?:市|自治州|地区|盟))?"
    r"(?P<rest>.*)",
    re.DOTALL,
)


def words_for(reason: RefusalReason, coded: bool, text: str = "") -> Words:
    """Code and text of a refusal, ``text`` where no reason fits; not ``coded``, all have one code and differ by text."""
    words = _WORDS.get(reason, Words(_REFUSED_BY_COURIER, text or "快递公司拒绝拦截"))
    return words if coded else Words(_REFUSED_BY_COURIER, words.text)


def receiver_from(told: object) -> Receiver | None:
    """A ``recManInfo``; ``None`` where name, phone or address is missing.

    The address comes as one text: what follows the city is all ``detail``. A municipality is its own city.
    """
    if not isinstance(told, dict):
        return None
    name, address = as_text(told.get("name")), as_text(told.get("printAddr"))
    phone = as_text(told.get("mobile")) or as_text(told.get("tel"))
    place = _PLACE.fullmatch(address)
    if not (name and phone and address) or place is None:
        return None
    province, city = place["province"] or "", place["city"] or ""
    if not city and province.endswith("市"):
        city = province
    return Receiver(name, phone, province, city, detail=place["rest"])
