"""Why a pickup was not ordered, taken back or told of (section 7).

The codes are those of the whole platform (sections 3, 4 and 10). Which of them a pickup is refused with is not published: so
the words are read first, and what neither they nor the code tell is ``OTHER`` with the text as told.
"""

from __future__ import annotations

from asctl.api import AsctlError, CredentialsRefused, RefusalReason, Unavailable, refusal
from asctl.api import translate as _
from asctl_kuaidi100.refusals import NAME

_BAD_SIGNATURE = "503"
_NOT_OUR_KEY = frozenset({"600", "601"})
_HANDED_IN_ALREADY = ("501", "重复")
_TROUBLE = frozenset({"500", "502"})
PICKUP_WORDS = (
    (RefusalReason.SERVER_ERROR, ("系统异常", "系统错误", "系统繁忙", "服务器", "服务异常", "处理超时", "请求超时")),
    (RefusalReason.CANNOT_CANCEL, ("无法取消", "不能取消", "不可取消")),
    (RefusalReason.DESTINATION_CLOSED, ("停发", "停运", "停派")),
    (RefusalReason.NOT_AUTHORISED, ("不存在", "不属于", "未授权", "无权", "没有权限")),
    (RefusalReason.NOT_SUPPORTED, ("不支持", "超区", "无运力")),
    (RefusalReason.BAD_PHONE, ("电话", "手机")),
    (RefusalReason.BAD_ADDRESS, ("地址",)),
    (RefusalReason.REFUSED_BY_RULE, ("规则", "不允许", "禁止", "风控")),
    (RefusalReason.RATE_LIMITED, ("频繁", "限流")),
    (RefusalReason.SIGN_ERROR, ("签名",)),
)
"""In the order of their weight: trouble of their own leaves open what was done, whatever else is said."""


def pickup_error(code: str, told: str, rma: str) -> AsctlError:
    """The error that an answer without code 200 means; ``told`` is their text, kept as ``upstream_text``.

    "Handed in already" tells of an earlier attempt and is no refusal: like their own trouble it is :class:`Unavailable`, so
    that a write counts as unclear, and a repeat under its key brings the order's numbers.
    """
    if not code:
        return odd_answer(told)
    if code == _BAD_SIGNATURE:
        return _not_let_in(
            _("Kuaidi100 does not accept the signature"), "signature_refused", _("check key and secret"), code, told
        )
    if code in _NOT_OUR_KEY:
        return _not_let_in(
            _("the key for Kuaidi100 is not known, has expired, or its balance is used up"),
            "account_expired",
            _("check the key; renew the contract or top up the balance at Kuaidi100"),
            code,
            told,
        )
    by_code, by_word = _HANDED_IN_ALREADY
    if code == by_code or by_word in told:
        return _open(_("Kuaidi100 says that the order for {rma} was handed in already"), "duplicate", rma, code, told)
    reason = reason_of(code, told)
    if reason is RefusalReason.SERVER_ERROR:
        return _open(_("Kuaidi100 has trouble of its own; this was about {rma}"), "server_error", rma, code, told)
    return refusal(reason, NAME, rma, code[:20], told)


def reason_of(code: str, told: str) -> RefusalReason:
    """The one reason that their text, or else their code, gives."""
    for reason, words in PICKUP_WORDS:
        if any(word in told for word in words):
            return reason
    return RefusalReason.SERVER_ERROR if code in _TROUBLE else RefusalReason.OTHER


def odd_answer(told: str) -> Unavailable:
    """For an answer that says neither yes nor no."""
    return Unavailable(
        _("Kuaidi100's answer about a pickup holds no code, or contradicts itself"),
        code="odd_answer",
        passing=False,
        hint=_("check order_url; if it is right, tell the plugin's author"),
        upstream_text=told,
    )


def _not_let_in(sentence: str, name: str, hint: str, code: str, told: str) -> CredentialsRefused:
    return CredentialsRefused(sentence, code=name, hint=hint, upstream_code=code, upstream_text=told)


def _open(sentence: str, name: str, rma: str, code: str, told: str) -> Unavailable:
    return Unavailable(
        sentence.format(rma=rma),
        code=name,
        passing=False,
        hint=_("run again later; if that does not help, ask Kuaidi100 about {rma}").format(rma=rma),
        upstream_code=code[:20],
        upstream_text=told,
    )
