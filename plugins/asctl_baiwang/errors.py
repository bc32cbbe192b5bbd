"""Their codes, and where they have none their words, as our error families (section 6.10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.api import translate as _
from asctl_baiwang.wire import Complaint

TOKEN_REFUSED = "token_refused"
NO_SUCH_INVOICE = "no_such_invoice"
OF_THE_BUSINESS = frozenset({"refused", "kind_refused", "value_missing"})
"""Codes of what is refused by the business behind the gateway, hence after token and signature were taken."""
_TOKEN_CODES = frozenset({"100001", "100002"})
_SIGNATURE_CODES = frozenset({"100007"})
_QUOTA_REST = timedelta(days=1)


def call_error(told: Complaint, subject: str, busy_pause: timedelta) -> AsctlError:
    """The error for an explicit no; ``subject`` is the serial or number it is about, ``busy_pause`` how long the account rests
    after too many calls."""
    error = _of_the_gateway(told) or _by_code(told.sub_code, subject) or _by_words(told, subject, busy_pause)
    return _with_words(error or _unnamed(told, subject), told)


def login_error(told: Complaint, busy_pause: timedelta) -> AsctlError:
    """The error for a token that is not given."""
    error = _passing_trouble(told.text, busy_pause) or CredentialsRefused(
        _("Baiwang does not let this account log in"),
        code="login_refused",
        hint=_("check app_key, app_secret, username, password, salt and token_version; they belong to one environment"),
    )
    return _with_words(error, told)


def odd_answer(method: str) -> Unavailable:
    """The error for an answer in no documented shape; of a write it leaves the outcome open."""
    return Unavailable(
        _("Baiwang's answer to {method} is not in the documented shape").format(method=method),
        code="odd_answer",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
    )


def no_such_invoice(subject: str) -> NotFound:
    """The error for an invoice that is not there; ``subject`` is its serial or number."""
    return NotFound(
        _("Baiwang has no invoice {subject}").format(subject=subject),
        code=NO_SUCH_INVOICE,
        hint=_("check that it was issued through this account"),
    )


def _of_the_gateway(told: Complaint) -> CredentialsRefused | None:
    if told.code in _TOKEN_CODES:
        return CredentialsRefused(
            _("Baiwang does not take the token"),
            code=TOKEN_REFUSED,
            hint=_("run again; if it stays so, see in Baiwang's console whether the user may use the application"),
        )
    if told.code in _SIGNATURE_CODES:
        return CredentialsRefused(
            _("Baiwang does not accept the signature"),
            code="signature_refused",
            hint=_("check app_key, app_secret and api_version of the account, and that no proxy changes the call"),
        )
    return None


def _by_code(sub_code: str, subject: str) -> AsctlError | None:
    match sub_code:
        case "20019":
            return BadInput(
                _("Baiwang does not issue {subject} as an invoice of this kind (invoiceTypeCode)").format(
                    subject=subject
                ),
                code="kind_refused",
                hint=_("ask for another kind of invoice"),
            )
        case "20020" | "20023":
            return BadConfiguration(
                _("Baiwang has no terminal of this seller for the kind of {subject}").format(subject=subject),
                code="terminal_missing",
                hint=_("set terminal of the account, or have Baiwang open the kind of invoice for the seller"),
            )
        case "70169":
            return BadInput(
                _("Baiwang misses a required value of {subject}").format(subject=subject),
                code="value_missing",
                hint=_("its text names the field: complete it, or the setting that it comes from"),
            )
        case "70035":
            return Unclear(
                _("the red-letter form of {subject} has moved on since it was looked at").format(subject=subject),
                code="form_moved_on",
                hint=_("look where it stands before you do anything again"),
            )
    return None


def _by_words(told: Complaint, subject: str, busy_pause: timedelta) -> AsctlError | None:
    """No code is known for these, so the first row with a word that stands in the text decides."""
    rows: tuple[tuple[tuple[str, ...], Callable[[str], AsctlError]], ...] = (
        (("重复", "已存在"), _serial_known),
        (("授信额度", "额度不足"), _quota_used_up),
        (("登录", "登陆", "身份认证", "实名认证", "扫码认证", "认证失效", "认证过期"), _drawer_session),
        (("未查询到", "查询不到", "查无", "发票不存在", "订单不存在", "单据不存在"), no_such_invoice),
    )
    found = next((make for words, make in rows if _any_in(words, told.text)), None)
    return found(subject) if found else _passing_trouble(told.text, busy_pause)


def _passing_trouble(text: str, busy_pause: timedelta) -> AsctlError | None:
    if _any_in(("频繁", "限流", "并发", "调用次数"), text):
        return Throttled(
            _("Baiwang finds the calls of this account too many"),
            retry_after=busy_pause,
            code="busy",
            hint=_("use fewer --jobs or set calls_per_second"),
        )
    if _any_in(("系统异常", "系统繁忙", "系统错误", "服务异常", "超时", "稍后"), text):
        return Unavailable(_("Baiwang has trouble of its own"), code="server_error", hint=_("run again later"))
    return None


def _serial_known(subject: str) -> Unclear:
    return Unclear(
        _("Baiwang knows the number of {subject} already: an earlier attempt may have arrived").format(subject=subject),
        code="serial_known",
        hint=_("look what became of it before you do it again"),
    )


def _quota_used_up(_subject: str) -> Throttled:
    return Throttled(
        _("the seller's quota at the tax bureau (授信额度) is used up"),
        retry_after=_QUOTA_REST,
        code="quota_used_up",
        hint=_("have finance ask the tax bureau for more, or wait for the next month"),
    )


def _drawer_session(_subject: str) -> CredentialsRefused:
    return CredentialsRefused(
        _("the drawer's session at the tax bureau has lapsed"),
        code="drawer_session",
        hint=_(
            "the drawer named in the account's settings must log in to the tax bureau in Baiwang's console, by QR code or SMS"
        ),
    )


def _unnamed(told: Complaint, subject: str) -> AsctlError:
    """A reason of the business is a clear no. A gateway's unknown code may be told of a call that went through behind it."""
    if told.sub_code:
        return Refused(
            _("Baiwang refused {subject}: {told}").format(subject=subject, told=told.text or "?"),
            hint=_("read what it says; correct what it names, then ask again"),
        )
    return Unavailable(
        _("Baiwang's gateway answered with the unknown code {code!r}").format(code=told.code[:20]),
        code="unknown_return_code",
        passing=False,
        hint=_(
            "check base_url, app_key and api_version; if they are right, run again later and tell the plugin's author"
        ),
    )


def _any_in(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _with_words(error: AsctlError, told: Complaint) -> AsctlError:
    error.upstream_code = (told.sub_code or told.code)[:20]
    error.upstream_text, error.request_id = told.text, told.request_id
    return error
