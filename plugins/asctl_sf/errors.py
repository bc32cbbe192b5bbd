"""Their codes as our error families (section 3), and their refusals as reasons (section 7)."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    RefusalReason,
    Throttled,
    Unavailable,
    refusal,
)
from asctl.api import translate as _
from asctl_sf.pickup_errors import pickup_error

NAME = "SF"
WAYBILL_REFUSED = "waybill_refused"

REFUSALS = {
    "8301": RefusalReason.ALREADY_DELIVERED,
    "8302": RefusalReason.TOO_LATE,
    "8303": RefusalReason.ALREADY_INTERCEPTED,
    "8304": RefusalReason.NOT_PICKED_UP_YET,
    "8305": RefusalReason.DESTINATION_CLOSED,
    "8306": RefusalReason.NOT_AUTHORISED,
    "8017": RefusalReason.NOT_AUTHORISED,
    "8018": RefusalReason.NOT_AUTHORISED,
    "8024": RefusalReason.NOT_PICKED_UP_YET,
    "8037": RefusalReason.REFUSED_BY_RULE,
    "8252": RefusalReason.REFUSED_BY_RULE,
    "8096": RefusalReason.REFUSED_BY_RULE,
    "8177": RefusalReason.REFUSED_BY_RULE,
    "20011": RefusalReason.REFUSED_BY_RULE,
    "20035": RefusalReason.REFUSED_BY_RULE,
    "6150": RefusalReason.NOT_AUTHORISED,
    "1010": RefusalReason.BAD_ADDRESS,
    "1011": RefusalReason.BAD_ADDRESS,
    "1014": RefusalReason.BAD_ADDRESS,
    "1015": RefusalReason.BAD_ADDRESS,
    "20063": RefusalReason.BAD_ADDRESS,
    "1012": RefusalReason.BAD_PHONE,
    "1016": RefusalReason.BAD_PHONE,
    "8196": RefusalReason.BAD_PHONE,
    "8051": RefusalReason.NOT_SUPPORTED,
    "8052": RefusalReason.NOT_SUPPORTED,
    "8053": RefusalReason.NOT_SUPPORTED,
    "20012": RefusalReason.NOT_SUPPORTED,
    "20036": RefusalReason.NOT_SUPPORTED,
}
# The first row with a word that stands in their text decides: a parcel out for delivery, say, is told as one whose
# address change "is not supported".
_REASONS_BY_WORDS = (
    (RefusalReason.CANNOT_CANCEL, ("不能取消", "无法取消", "不可取消", "不允许取消", "取消失败")),
    (RefusalReason.ALREADY_DELIVERED, ("已签收", "已妥投")),
    (RefusalReason.LOST, ("遗失", "丢失")),
    (RefusalReason.NOT_PICKED_UP_YET, ("未揽收", "未收件", "未揽件", "待揽收")),
    (RefusalReason.ALREADY_INTERCEPTED, ("已拦截", "已转寄", "已退回", "转寄中", "退回中", "重复")),
    (RefusalReason.TOO_LATE, ("派送中", "派件中", "已出仓", "已入柜", "自提点")),
    (RefusalReason.NOT_AUTHORISED, ("不属于", "无权", "未授权")),
    (RefusalReason.DESTINATION_CLOSED, ("超出派送范围", "不可达", "停止收派", "停发")),
    (RefusalReason.BAD_PHONE, ("电话", "手机号")),
    (RefusalReason.NOT_SUPPORTED, ("不支持",)),
    (RefusalReason.BAD_ADDRESS, ("地址",)),
)
_QUESTION_CODES = frozenset({"S0001", "S0002", "8003", "8013"})
_WAYBILL_CODES = frozenset({"8191", "8247"})
_PAYMENT_CODES = frozenset({"8114", "8119", "8179", "8256"})


def platform_error(code: str, told: str, request_id: str, busy_pause: timedelta) -> AsctlError:
    """The error for a code of the platform other than A1000; all are about the account.

    ``told`` is their text; ``busy_pause`` is how long the account rests after A1005.
    """
    return _with_words(_platform_error(code, busy_pause), code, told, request_id)


def service_error(code: str, told: str, request_id: str, subject: str) -> AsctlError:
    """The error for a service's explicit no; ``subject`` is the waybill or the case it is about."""
    return _with_words(_service_error(code, told, subject), code, told, request_id)


def odd_answer(request_id: str = "") -> Unavailable:
    """The error for an answer that says neither yes nor no; of a write it leaves the outcome open."""
    return Unavailable(
        _("SF answered in a shape that nobody knows"),
        code="odd_answer",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
        request_id=request_id,
    )


def reason_of(code: str, told: str) -> RefusalReason:
    """Why SF refuses: by code, else by the first known word in its text, else ``OTHER``."""
    if code in REFUSALS:
        return REFUSALS[code]
    found = (reason for reason, words in _REASONS_BY_WORDS if any(word in told for word in words))
    return next(found, RefusalReason.OTHER)


def _service_error(code: str, told: str, subject: str) -> AsctlError:
    if code == "S0003":
        return _trouble()
    if code in _QUESTION_CODES:
        return BadInput(
            _("SF finds the request about {subject} incomplete or malformed").format(subject=subject),
            code="question_malformed",
            hint=_("complete what was given for it; if nothing is missing, tell the plugin's author"),
        )
    if code in _WAYBILL_CODES:
        return BadInput(
            _("SF has no waybills such as {subject}").format(subject=subject),
            code=WAYBILL_REFUSED,
            hint=_("check the waybill and its courier"),
        )
    if code in _PAYMENT_CODES:
        return BadConfiguration(
            _("SF does not let this account pay for {subject}").format(subject=subject),
            code="payment_refused",
            hint=_("check monthly_card, pay_mode and pickup_payer of the account, and the contract behind them"),
        )
    return pickup_error(code, subject) or refusal(reason_of(code, told), NAME, subject, code, told)


def _platform_error(code: str, busy_pause: timedelta) -> AsctlError:
    match code:
        case "A1005":
            return Throttled(
                _("SF holds back calls of this account (flow control)"),
                retry_after=busy_pause,
                code="busy",
                hint=_(
                    "use fewer --jobs or set calls_per_second; a daily quota that is used up is free again tomorrow"
                ),
            )
        case "A1007":
            return _duplicate()
        case "A1009" | "A1099":
            return _trouble()
        case "A1001" | "A1010":
            return _wrong_setup(code)
    return _not_let_in(code) or Unavailable(
        _("SF answered with the unknown result code {code!r}").format(code=code[:20]),
        code="unknown_return_code",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
    )


def _duplicate() -> Unavailable:
    """Every call carries a number of its own, so this is no word on our request: what SF takes for its twin may be an
    earlier one whose answer was lost. A question is asked again; a write is left open and looked after."""
    return Unavailable(
        _("SF takes the request for one that it had before"),
        code="duplicate_request",
        hint=_("look at the parcel's routes before doing it again: asctl track WAYBILL"),
    )


def _trouble() -> Unavailable:
    return Unavailable(_("SF has trouble of its own"), code="server_error", hint=_("run again later"))


def _wrong_setup(code: str) -> BadConfiguration:
    if code == "A1010":
        return BadConfiguration(
            _("SF keeps this account in its test environment"),
            code="test_environment",
            hint=_("point base_url at SF's test environment, or have the account released for production"),
        )
    return BadConfiguration(
        _("SF misses a part of the call that every call must have"),
        code="call_incomplete",
        hint=_("check partner_id and base_url of the account, and that no proxy changes the call"),
    )


def _not_let_in(code: str) -> CredentialsRefused | None:
    refusals = {
        "A1002": ("request_expired", _("SF finds the call too old"), _("check this machine's clock")),
        "A1003": (
            "address_not_allowed",
            _("SF takes no calls from this machine's network address"),
            _("enter the address in SF's console"),
        ),
        "A1004": (
            "service_not_allowed",
            _("SF does not let this account use the service"),
            _("subscribe to it in SF's console, and wait two minutes; check that base_url is of the same environment"),
        ),
        "A1006": (
            "signature_refused",
            _("SF does not accept the signature"),
            _("check partner_id and check_word of the account; they belong together, and to one environment"),
        ),
        "A1008": ("decryption_failed", _("SF cannot decrypt the call"), _("ask SF's support about the account")),
        "A1011": (
            "token_refused",
            _("SF wants a token where the call carries a signature"),
            _("have the account set to signed calls (msgDigest) in SF's console"),
        ),
    }
    if code not in refusals:
        return None
    word, sentence, hint = refusals[code]
    return CredentialsRefused(sentence, code=word, hint=hint)


def _with_words(error: AsctlError, code: str, told: str, request_id: str) -> AsctlError:
    error.upstream_code, error.upstream_text, error.request_id = code[:20], told, request_id
    return error
