"""Their status codes as our error families (sections 3 and 6.4). Only codes decide: the texts are not promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    RefusalReason,
    Refused,
    Throttled,
    Unavailable,
    phone_tail_missing,
    refusal,
)
from asctl.api import translate as _

WHO = "ZTO"
SAME_REQUEST = frozenset({"E23127", "E23151"})
"""The request id is known already: what it asked for has arrived before."""
NO_INTERCEPTION = frozenset({"E23102", "E23119", "E23130"})
"""What a question about an interception may be answered with where there is none; inferred."""

_CODES_OF_REASON = {
    RefusalReason.ALREADY_DELIVERED: ("E23101",),
    RefusalReason.NOT_PICKED_UP_YET: ("E23119", "E23102"),
    RefusalReason.NOT_AUTHORISED: ("E23153", "E23110", "E23154", "E23144", "E23116", "E23118", "E418"),
    RefusalReason.NOT_SUPPORTED: ("E23111", "E23113", "E23138", "E23136", "E23146", "E23114", "E23115"),
    RefusalReason.TOO_LATE: ("E23120", "E23112", "E23137"),
    RefusalReason.ALREADY_INTERCEPTED: ("E23121", "E23123", "E23127", "E23151", "E23157", "E23160"),
    RefusalReason.DESTINATION_CLOSED: ("E23122",),
    RefusalReason.REFUSED_BY_RULE: ("E23139", "E23124"),
    RefusalReason.CANNOT_CANCEL: ("E23130", "E23131", "E23135"),
    RefusalReason.LOST: ("E23140", "E23141"),
    RefusalReason.BAD_PHONE: ("E23148", "E23149", "E23150"),
    RefusalReason.OTHER: ("E23108",),
}
REFUSALS = {code: reason for reason, codes in _CODES_OF_REASON.items() for code in codes}
USUAL_CODE = {reason: codes[0] for reason, codes in _CODES_OF_REASON.items()}
"""The code that stands for a reason, the other way round."""

_TROUBLE = frozenset({"S200", "S202", "S203"})


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long the account rests: after too many calls a second, and after the quota of a minute or hour."""

    busy: timedelta
    quota: timedelta


def error_for(code: str, told: str, subject: str, pauses: Pauses) -> AsctlError:
    """The error that an answer with ``status`` false means; ``told`` is their text, kept as ``upstream_text``, and
    ``subject`` the waybill or the case that was asked about."""
    if code in REFUSALS:
        return refusal(REFUSALS[code], WHO, subject, code, told)
    error = _about_waybill(code, subject) or _about_account(code, pauses) or _about_call(code)
    if error is None and code.startswith("E"):
        return refusal(RefusalReason.OTHER, WHO, subject, code[:20], told)
    error = error or Unavailable(
        _("ZTO answered with the unknown status code {code!r}").format(code=code[:20]),
        code="unknown_status_code",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
    )
    error.upstream_code, error.upstream_text = code[:20], told
    return error


def odd_answer(api: str) -> Unavailable:
    """An answer that is JSON and yet not what the interface ``api`` promises."""
    return Unavailable(
        _("ZTO's answer to {api} is not in the documented shape").format(api=api),
        code="odd_answer",
        passing=False,
        hint=_("run again later; if it stays so, tell the plugin's author"),
    )


def concerns_one_waybill(error: AsctlError) -> bool:
    """Whether others may be asked about although this one was not answered."""
    return isinstance(error, BadInput | Refused)


def _about_waybill(code: str, waybill: str) -> BadInput | None:
    match code:
        case "E409":
            return BadInput(
                _("the phone tail does not belong to {waybill}").format(waybill=waybill),
                code="phone_tail_wrong",
                hint=_("give the last four digits of the sender's or receiver's phone: --phone-tail 1234"),
            )
        case "E413":
            return phone_tail_missing(waybill)
        case "E416":
            return BadInput(
                _("{waybill} is no waybill of ZTO").format(waybill=waybill),
                code="waybill_malformed",
                hint=_("check the number and the courier; most of ZTO's have 14 digits"),
            )
        case "S208":
            return BadInput(
                _("ZTO misses a parameter in the call about {waybill}").format(waybill=waybill),
                code="parameter_missing",
                hint=_("complete what was given; if nothing is missing, tell the plugin's author"),
            )
    return None


def _about_account(code: str, pauses: Pauses) -> AsctlError | None:
    match code:
        case "S221":
            return Throttled(
                _("ZTO takes no more calls of this account in this second"),
                retry_after=pauses.busy,
                code="busy",
                hint=_("use fewer --jobs or set calls_per_second for the account"),
            )
        case "S206":
            return Throttled(
                _("the account's quota at ZTO for this minute or hour is used up"),
                retry_after=pauses.quota,
                code="quota_used_up",
                hint=_("run again when the time is over, or ask ZTO for a larger quota"),
            )
    if code not in (refused := _credentials()):
        return None
    word, sentence, hint = refused[code]
    return CredentialsRefused(sentence, code=word, hint=hint)


def _credentials() -> dict[str, tuple[str, str, str]]:
    """Their code: our code, the sentence, and what to do."""
    return {
        "S210": (
            "interface_not_granted", _("ZTO does not grant this account the interface"),
            _("apply for the interface in ZTO's open platform")),
        "S211": (
            "signature_refused", _("ZTO does not accept the signature"),
            _("check app_key and app_secret of the account; they belong together")),
        "S212": (
            "address_not_listed", _("ZTO does not take calls from this machine's address"),
            _("add the address to the list in ZTO's open platform")),
        "S214": ("clock_off", _("ZTO does not accept the time stamp"), _("set the clock of this machine")),
        "E404": (
            "account_unbound", _("no e-waybill account is bound to the application"),
            _("bind the e-waybill account in ZTO's open platform")),
    }  # fmt: skip


def _about_call(code: str) -> AsctlError | None:
    if code in _TROUBLE:
        return Unavailable(_("ZTO has trouble of its own"), code="server_error", hint=_("run again later"))
    if code == "S207":
        return BadConfiguration(
            _("ZTO has no such interface at this address"),
            code="no_such_interface",
            hint=_("check base_url; it ends before the interface's name"),
        )
    return None
