"""Their error codes as our error families. By code and never by text: texts are for people, and change.

Of a write, only a code that is documented as "not let in" may say that it can be sent again; only a clear no is
:class:`Refused`. A code that nobody knows is trouble: a read fails with it, and a write that it answers counts as unclear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from asctl.api import (
    AsctlError,
    BadInput,
    CredentialsRefused,
    NotFound,
    RefusalReason,
    Stale,
    Throttled,
    Unavailable,
    Unclear,
    refusal,
)
from asctl.api import translate as _
from asctl_demo.wire import Row

WHO = "Demo"
BAD_KEY, BAD_SIGN, BAD_TIME = "bad_key", "bad_sign", "bad_time"
TOO_FAST, TROUBLE = "too_fast", "trouble"
BAD_MEMBER, NOT_FOUND, CHANGED, KEY_TAKEN = "bad_member", "not_found", "changed", "key_taken"
REFUSALS: Mapping[str, RefusalReason] = {
    "delivered": RefusalReason.ALREADY_DELIVERED,
    "too_late": RefusalReason.TOO_LATE,
    "not_fetched_yet": RefusalReason.NOT_PICKED_UP_YET,
    "asked_already": RefusalReason.ALREADY_INTERCEPTED,
    "not_yours": RefusalReason.NOT_AUTHORISED,
    "not_possible": RefusalReason.NOT_SUPPORTED,
    "closed_area": RefusalReason.DESTINATION_CLOSED,
    "bad_address": RefusalReason.BAD_ADDRESS,
    "bad_phone": RefusalReason.BAD_PHONE,
    "against_rules": RefusalReason.REFUSED_BY_RULE,
    "lost": RefusalReason.LOST,
    "cannot_cancel": RefusalReason.CANNOT_CANCEL,
    "refused": RefusalReason.OTHER,
}
_DAY_S = 86_400


def error_for(row: Row, subject: str) -> AsctlError:
    """The error that the ``error`` member of an answer means; ``subject`` is the order, waybill or case that it is about.
    Their own code and text are kept beside it."""
    code, told = row.needed("code")[:40], row.text("text")
    if code in REFUSALS:
        return refusal(REFUSALS[code], WHO, subject, code, told)
    error = _of_the_account(code, row) or _of_the_call(code, subject, row.text("member")) or _trouble(code)
    error.upstream_code, error.upstream_text = code, told
    return error


def odd_answer(call: str) -> Unavailable:
    """For an answer that is JSON and yet not in the documented shape. Of a write it leaves the outcome open: the transport
    makes :class:`Unclear` of it."""
    return Unavailable(
        _("Demo's answer to {call} is not in the documented shape").format(call=call),
        code="odd_answer",
        passing=False,
        hint=_("check base_url; if it is right, tell the plugin's author"),
    )


def _of_the_account(code: str, row: Row) -> AsctlError | None:
    match code:
        case "bad_key" | "bad_sign":
            return CredentialsRefused(
                _("Demo does not accept key and signature"),
                code="signature_refused",
                hint=_("check key and secret of the account; they belong together"),
            )
        case "bad_time":
            return CredentialsRefused(
                _("Demo does not accept the time stamp"), code="clock_off", hint=_("set the clock of this machine")
            )
        case "too_fast":
            # Nobody rests for less than a second, or for longer than a day, whatever they say.
            pause = min(max(row.whole("wait_s"), 1), _DAY_S)
            return Throttled(
                _("Demo says that calls come too often"),
                retry_after=timedelta(seconds=pause),
                code="too_fast",
                hint=_("run again later, or set calls_per_second for the account"),
            )
    return None


def _of_the_call(code: str, subject: str, member: str) -> AsctlError | None:
    match code:
        case "bad_member":
            # A name and nothing else: whatever they say beside it may quote what they were sent.
            name = member if member.isascii() and member.isidentifier() else "?"
            return BadInput(
                _("Demo does not take {member} of {subject}").format(member=name, subject=subject or "?"),
                code="member_refused",
                hint=_("correct what was given there"),
            )
        case "not_found":
            return NotFound(
                _("Demo does not know {subject}").format(subject=subject or "?"),
                code="not_found",
                hint=_("check the number, and that the account is the right one"),
            )
        case "changed":
            return Stale(
                _("application {number} changed since you looked").format(number=subject),
                code="after_sale_changed",
                hint=_("run `asctl aftersale sync`, look at it again and decide anew"),
            )
        case "key_taken":
            return Unclear(
                _("Demo knows another request under the key of this one for {subject}").format(subject=subject),
                code="serial_known",
                hint=_("asctl action reconcile looks what became of it; it is not sent again"),
            )
    return None


def _trouble(code: str) -> Unavailable:
    if code == TROUBLE:
        return Unavailable(_("Demo has trouble of its own"), code="server_error", hint=_("run again later"))
    return Unavailable(
        _("Demo answered with the unknown error code {code!r}").format(code=code),
        code="unknown_error_code",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
    )
