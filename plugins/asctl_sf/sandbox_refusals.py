"""How SF words a refusal. The interception service's own codes are not public: 8300 to 8308 are inferred (section 7)."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import RefusalReason

R = RefusalReason


class No(Exception):
    """A service's explicit no: its error code and text."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


_TOLD: Mapping[str, tuple[str, str]] = {
    R.ALREADY_DELIVERED: ("8301", "快件已签收,不支持该操作"),
    R.TOO_LATE: ("8302", "快件已在派送中,不支持更改地址"),
    R.ALREADY_INTERCEPTED: ("8303", "快件已拦截,请勿重复提交"),
    R.NOT_PICKED_UP_YET: ("8304", "快件未揽收,请揽收后再提交"),
    R.DESTINATION_CLOSED: ("8305", "目的地不可达"),
    R.NOT_AUTHORISED: ("8306", "运单不属于该客户"),
    R.CANNOT_CANCEL: ("8307", "拦截已执行,无法取消"),
    R.LOST: ("8308", "快件已登记遗失"),
    R.BAD_ADDRESS: ("20063", "收件地址不详细"),
    R.BAD_PHONE: ("8196", "电话信息异常"),
    R.NOT_SUPPORTED: ("20036", "该产品或地区不支持"),
    R.REFUSED_BY_RULE: ("8037", "订单已取消"),
    R.SERVER_ERROR: ("S0003", "系统异常"),
}


def refusal_of(reason: str) -> No:
    """One of :class:`RefusalReason` in their words; any other text is told as it is."""
    told = _TOLD.get(reason)
    return No(*told) if told else No("8300", reason or "操作失败")
