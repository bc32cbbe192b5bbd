"""TOP's error table as our families (reference/taobao-top.md sections 1.5 and 1.6): decided by codes, never by texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from asctl.api import AsctlError, CredentialsRefused, NotFound, Refused, Throttled, Unavailable
from asctl.api import translate as _
from asctl_taobao.wire import Row, text

BAD_CALL = "bad_call"
"""The call as such was not let through: it never came to what it is about."""

_PASSING_CODES = frozenset({10, 88})
# The approval of a refund fails with these for a while (section 4.4).
_PASSING_SUB_CODES = frozenset({"A-AUDIT-00-16-003-01", "A-AUDIT-00-16-002-00"})
_BAN_CODES = frozenset({4, 5, 6, 7, 8})
_BAN_SUB_CODES = ("accesscontrol.", "isp.call-limited", "isp.system-busy")
_SIGNATURE_CODES = frozenset({24, 25})
_SESSION_CODES = frozenset({26, 27, 44, 53})
_APP_KEY_CODES = frozenset({28, 29})
_CLOCK_CODES = frozenset({30, 31})
_PERMISSION_CODES = frozenset({11, 12, 13})
_CALL_CODES = frozenset({3, 9, 21, 22, 23, 32, 33, 34, 40, 41, 42, 43})
_NO_SUCH_NUMBER = frozenset({"isv.trade-not-exist", "isv.invalid-parameter:tid", "DISPUTE_NOT_EXIST"})
_REJECTION_REST = timedelta(minutes=3)
_BAN_SECONDS = re.compile(r"(\d+) more second")
_ANY_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the gateway said against a call; ``number`` is the order or application the call was about."""

    method: str
    number: str
    code: int
    sub_code: str
    words: str
    request_id: str

    @classmethod
    def read(cls, said: Row, method: str, number: str) -> Complaint:
        """From the member ``error_response``; texts that should be there and are not become empty."""
        words = text(said.get("sub_msg")) or text(said.get("msg"))
        code = text(said.get("code"))
        return cls(
            method=method,
            number=number,
            code=int(code) if code.isdecimal() else 0,
            sub_code=text(said.get("sub_code")),
            words=words,
            request_id=text(said.get("request_id")),
        )


def error_of(complaint: Complaint, ban_rest: timedelta) -> AsctlError:
    """The family for a complaint; ``ban_rest`` is how long to rest after a ban that names no time."""
    error = _family(complaint, ban_rest)
    error.upstream_code = complaint.sub_code or (str(complaint.code) if complaint.code else "")
    error.upstream_text = complaint.words
    error.request_id = complaint.request_id
    return error


def _family(complaint: Complaint, ban_rest: timedelta) -> AsctlError:
    code, sub_code = complaint.code, complaint.sub_code
    if code in _BAN_CODES or sub_code.startswith(_BAN_SUB_CODES):
        return _ban(complaint, ban_rest)
    if code in _PASSING_CODES:
        return _trouble(complaint)
    if code in _SIGNATURE_CODES | _SESSION_CODES | _APP_KEY_CODES | _CLOCK_CODES | _PERMISSION_CODES:
        return _credentials(code)
    if code in _CALL_CODES:
        return _bad_call(complaint)
    if sub_code.startswith("isp.") or sub_code in _PASSING_SUB_CODES:
        return _trouble(complaint)
    if sub_code == "isv.trade-service-rejection":
        return _rejection()
    if sub_code in _NO_SUCH_NUMBER:
        return _no_such_number(complaint)
    return _refusal(complaint)


def _ban(complaint: Complaint, ban_rest: timedelta) -> AsctlError:
    named = _BAN_SECONDS.search(complaint.words) or _ANY_NUMBER.search(complaint.words)
    rest = timedelta(seconds=int(named[1]) + 1) if named else ban_rest
    daily = complaint.sub_code == "accesscontrol.limited-by-app-access-count"
    return Throttled(
        _("Taobao lets this application make no more calls for {seconds} seconds").format(
            seconds=int(rest.total_seconds())
        ),
        retry_after=rest,
        code="daily_quota" if daily else "throttled",
        hint=_("wait, or reset the day's counter in the platform's console")
        if daily
        else _("run again when the time is over; other calls of this shop wait too"),
    )


def _rejection() -> AsctlError:
    return Throttled(
        _("Taobao's order service rejects calls after too many time-outs"),
        retry_after=_REJECTION_REST,
        code="service_rejection",
        hint=_("wait three minutes; if it happens again, set list_window of the shop to 30m"),
    )


def _trouble(complaint: Complaint) -> AsctlError:
    return Unavailable(
        _("Taobao has trouble of its own with {method}: {words}").format(
            method=complaint.method, words=complaint.words
        ),
        code="upstream_trouble",
        hint=_("run again later"),
    )


def _credentials(upstream: int) -> AsctlError:
    code, message, hint = _credentials_words(upstream)
    return CredentialsRefused(message, code=code, hint=hint)


def _credentials_words(code: int) -> tuple[str, str, str]:
    """Our code, the sentence and the hint for a call that was not let in."""
    if code in _CLOCK_CODES:
        message = _("Taobao refuses the time stamp: this machine's clock is more than 10 minutes off")
        return "clock_off", message, _("set the machine's clock, then run again")
    if code in _PERMISSION_CODES:
        message = _("Taobao does not let this application or account use the method")
        hint = _(
            "check permissions and IP white list in the platform's console; a shop outside Tmall needs tmall = false"
        )
        return "no_permission", message, hint
    if code in _SIGNATURE_CODES:
        return "signature_refused", _("Taobao refuses the signature"), _("check app_secret and sign_method of the shop")
    if code in _APP_KEY_CODES:
        return "app_key_refused", _("Taobao does not know the application key"), _("check app_key of the shop")
    if code == 53:
        message = _("the session's right to high-risk writes has expired")
        return "session_refused", message, _("authorise the application again with the sub-account")
    message = _("Taobao refuses the session: it is wrong, has expired or was revoked")
    return "session_refused", message, _("authorise the application again and set session of the shop")


def _bad_call(complaint: Complaint) -> AsctlError:
    return Refused(
        _("Taobao does not accept the call {method}: {words}").format(method=complaint.method, words=complaint.words),
        code=BAD_CALL,
        hint=_("check page_size and order_types of the shop; if they are right, tell the plugin's author"),
    )


def _no_such_number(complaint: Complaint) -> AsctlError:
    return NotFound(
        _("Taobao has nothing under the number {number} in this shop").format(number=complaint.number),
        code="not_found",
        hint=_("check the number and the shop; orders older than three months are no longer shown"),
    )


def _refusal(complaint: Complaint) -> AsctlError:
    return Refused(
        _("Taobao refused {method} for {number}: {words}").format(
            method=complaint.method, number=complaint.number or "-", words=complaint.words
        ),
        hint=_("look at the order in the seller's back office"),
    )
