"""Their failures as our error families: the gateway's codes (sections 2, 7 and 9), and refusals told in words (section 6)."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import AsctlError, CredentialsRefused, RefusalReason, Refused, Throttled, Unavailable, refusal
from asctl.api import translate as _

_BAD_SIGNATURE = "401"
_TOO_OFTEN = "429"
# "Duplicate, being processed" and "label could not be fetched" leave open whether there is an order now.
_TROUBLE = frozenset({"200010002", "200010005", "200010013", "200017005"})
_BAD_PARAMETERS = frozenset({"200010003", "200017004"})

# The first row whose word occurs in the text decides. Trouble of their own leaves open what was done, whatever else is
# said; "已签收,无法取消" is about the taking back.
REASON_WORDS = (
    ("系统异常", RefusalReason.SERVER_ERROR),
    ("系统错误", RefusalReason.SERVER_ERROR),
    ("系统繁忙", RefusalReason.SERVER_ERROR),
    ("已有有效拦截件", RefusalReason.ALREADY_INTERCEPTED),
    ("无法取消", RefusalReason.CANNOT_CANCEL),
    ("运单不存在", RefusalReason.NOT_AUTHORISED),
    ("订单不存在", RefusalReason.NOT_AUTHORISED),
    ("非本客户", RefusalReason.NOT_AUTHORISED),
    ("已签收", RefusalReason.ALREADY_DELIVERED),
    ("已派件", RefusalReason.TOO_LATE),
    ("未揽收", RefusalReason.NOT_PICKED_UP_YET),
    ("不支持", RefusalReason.NOT_SUPPORTED),
    ("停发", RefusalReason.DESTINATION_CLOSED),
    ("地址有误", RefusalReason.BAD_ADDRESS),
    ("电话有误", RefusalReason.BAD_PHONE),
    ("不符合规则", RefusalReason.REFUSED_BY_RULE),
    ("遗失", RefusalReason.LOST),
    ("频繁", RefusalReason.RATE_LIMITED),
    ("加密校验失败", RefusalReason.SIGN_ERROR),
)


def reason_of(told: str) -> RefusalReason:
    """The reason that their words name; they give no codes for it. What no word fits is ``OTHER``."""
    return next((reason for word, reason in REASON_WORDS if word in told), RefusalReason.OTHER)


def refused_by_words(code: str, told: str, target: str) -> AsctlError:
    """The error that a ``statusCode`` other than success means. ``target`` is the waybill, or the case that a pickup is for;
    ``told`` is kept as ``upstream_text``.

    Every explicit no is a refusal, also where it is about pace or signature: the words are inferred, and do not prove that
    the request may be sent again. Trouble of their own is none: it is :class:`Unavailable`, so that a write counts as unclear.
    """
    reason = reason_of(told)
    return _trouble(code, told) if reason is RefusalReason.SERVER_ERROR else refusal(reason, "YTO", target, code, told)


def gateway_error(code: str, told: str, target: str) -> AsctlError:
    """The error that the gateway's failure envelope means: by its code, else by the words it gives.

    401 is documented as "not let in". A code that nobody knows, in words that nobody knows, is no refusal: a write so
    answered counts as unclear.
    """
    if code == _BAD_SIGNATURE:
        return _signature_refused(code, told)
    if code == _TOO_OFTEN:
        return refusal(RefusalReason.RATE_LIMITED, "YTO", target, code, told)
    if code in _TROUBLE:
        return _trouble(code, told)
    if code in _BAD_PARAMETERS or reason_of(told) is not RefusalReason.OTHER:
        return refused_by_words(code, told, target)
    return Unavailable(
        _("YTO answered with the unknown code {code!r}").format(code=code[:20]),
        code="unknown_return_code",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
        upstream_code=code[:20],
        upstream_text=told,
    )


def query_error(code: str, told: str, waybill: str, busy_pause: timedelta) -> AsctlError:
    """As :func:`gateway_error`, of a question, which may be asked again: after "too often" the account rests for
    ``busy_pause``."""
    error = gateway_error(code, told, waybill)
    limited = isinstance(error, Refused) and error.reason == RefusalReason.RATE_LIMITED
    return _too_often(code, told, busy_pause) if limited else error


def odd_answer(method: str) -> Unavailable:
    """For an answer that is JSON and yet in none of the documented shapes."""
    return Unavailable(
        _("YTO's answer to {method} has neither a result nor an error code").format(method=method),
        code="odd_answer",
        passing=False,
        hint=_("check base_url; if it is right, tell the plugin's author"),
    )


def _signature_refused(code: str, told: str) -> AsctlError:
    return CredentialsRefused(
        _("YTO does not accept the signature"),
        code="signature_refused",
        hint=_(
            "check customer_code, secret and url_key: YTO issues them for each interface; see also its IP white list"
        ),
        upstream_code=code,
        upstream_text=told,
    )


def _too_often(code: str, told: str, busy_pause: timedelta) -> AsctlError:
    return Throttled(
        _("YTO says that calls come too often"),
        retry_after=busy_pause,
        code="busy",
        hint=_("run again later, or set calls_per_second for the account"),
        upstream_code=code,
        upstream_text=told,
    )


def _trouble(code: str, told: str) -> AsctlError:
    return Unavailable(
        _("YTO has trouble of its own"),
        code="server_error",
        hint=_("run again later"),
        upstream_code=code,
        upstream_text=told,
    )
