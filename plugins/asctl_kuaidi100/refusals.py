"""Why an interception order was not taken (section 5).

Only code 200 is certain; all other codes and all wordings are inferred. So the words are read first, the codes stand in
where the words say nothing, and what neither of them tells is ``OTHER`` with the text as told.
"""

from __future__ import annotations

from asctl.api import AsctlError, RefusalReason, Unavailable, refusal
from asctl.api import translate as _

NAME = "Kuaidi100"
REASON_OF_CODE = {
    "30002": RefusalReason.SIGN_ERROR,
    "30011": RefusalReason.ALREADY_DELIVERED,
    "30012": RefusalReason.ALREADY_INTERCEPTED,
    "30013": RefusalReason.NOT_SUPPORTED,
    "30029": RefusalReason.RATE_LIMITED,
    "500": RefusalReason.SERVER_ERROR,
    "501": RefusalReason.SERVER_ERROR,
    "502": RefusalReason.SERVER_ERROR,
    "503": RefusalReason.SIGN_ERROR,
}
REASON_OF_WORDS = (
    (RefusalReason.SERVER_ERROR, ("系统异常", "系统错误", "系统繁忙", "服务器", "服务异常", "处理超时", "请求超时")),
    (RefusalReason.SIGN_ERROR, ("签名",)),
    (RefusalReason.ALREADY_INTERCEPTED, ("重复", "已拦截", "已存在", "已退回", "退回中", "拦截中")),
    (RefusalReason.ALREADY_DELIVERED, ("已签收", "已妥投")),
    (RefusalReason.NOT_PICKED_UP_YET, ("未揽", "待揽", "未收件")),
    (RefusalReason.TOO_LATE, ("派件", "派送", "驿站", "快递柜", "入柜")),
    (RefusalReason.LOST, ("遗失", "丢失")),
    (RefusalReason.DESTINATION_CLOSED, ("停发", "停运")),
    (RefusalReason.NOT_AUTHORISED, ("不属于", "未授权", "无权", "没有权限", "不存在")),
    (RefusalReason.NOT_SUPPORTED, ("不支持",)),
    (RefusalReason.BAD_PHONE, ("电话", "手机")),
    (RefusalReason.BAD_ADDRESS, ("地址",)),
    (RefusalReason.REFUSED_BY_RULE, ("规则", "不允许", "禁止")),
    (RefusalReason.RATE_LIMITED, ("频繁", "限流")),
)
"""In the order of their weight: trouble of their own leaves open what was done, whatever else is said."""


def reason_of(code: str, told: str) -> RefusalReason:
    """The one reason that their text, or else their code, gives."""
    for reason, words in REASON_OF_WORDS:
        if any(word in told for word in words):
            return reason
    return REASON_OF_CODE.get(code, RefusalReason.OTHER)


def order_error(code: str, told: str, waybill: str) -> AsctlError:
    """The error that an answer without code 200 means; ``told`` is their text, kept as ``upstream_text``.

    An explicit no is a refusal, also where it is about signature or pace: as nothing but 200 is certain, no other word
    proves that the order may be sent again. :class:`Unavailable` (``server_error``, ``odd_answer``) leaves open whether the
    order was taken; the transport makes :class:`Unclear` of it.
    """
    if not code:
        return _odd_answer(told)
    reason = reason_of(code, told)
    if reason is RefusalReason.SERVER_ERROR:
        return Unavailable(
            _("Kuaidi100 has trouble of its own"),
            code="server_error",
            passing=False,
            hint=_("ask Kuaidi100 or the courier about {waybill}").format(waybill=waybill),
            upstream_code=code[:20],
            upstream_text=told,
        )
    return refusal(reason, NAME, waybill, code[:20], told)


def _odd_answer(told: str) -> Unavailable:
    return Unavailable(
        _("Kuaidi100's answer to an interception holds no code"),
        code="odd_answer",
        passing=False,
        hint=_("check label_url; if it is right, tell the plugin's author"),
        upstream_text=told,
    )
