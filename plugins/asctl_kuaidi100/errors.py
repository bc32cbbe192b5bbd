"""The return codes of a query as our error families (section 3). Only codes decide: the message texts are not promised."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import AsctlError, BadInput, CredentialsRefused, Refused, Throttled, Unavailable
from asctl.api import translate as _

SAME_WAYBILL_PAUSE = timedelta(minutes=30)


def error_for(code: str, told: str, waybill: str, busy_pause: timedelta) -> AsctlError:
    """The error that a return code other than success and "no result" means.

    ``told`` is their text, kept as ``upstream_text``; ``busy_pause`` is how long the account rests after 502.
    """
    return _about_waybill(code, told, waybill) or _about_account(code, told, busy_pause)


def concerns_one_waybill(error: AsctlError) -> bool:
    """Whether others may be asked about although this one was not answered."""
    return isinstance(error, BadInput | Refused) or (isinstance(error, Throttled) and not error.whole_account)


def _about_waybill(code: str, told: str, waybill: str) -> AsctlError | None:
    match code:
        case "400":
            return Refused(
                _("Kuaidi100 refused the question about {waybill}").format(waybill=waybill),
                code="question_refused",
                hint=_("check the courier and the waybill, and that the contract covers this courier"),
                upstream_code=code,
                upstream_text=told,
            )
        case "408":
            return BadInput(
                _("the phone tail does not belong to {waybill}").format(waybill=waybill),
                code="phone_tail_wrong",
                hint=_("give the last four digits of the sender's or receiver's phone: --phone-tail 1234"),
                upstream_code=code,
                upstream_text=told,
            )
        case "504":
            return Throttled(
                _("{waybill} was asked about too often").format(waybill=waybill),
                retry_after=SAME_WAYBILL_PAUSE,
                code="asked_too_often",
                whole_account=False,
                hint=_("ask again in half an hour, and not more than 48 times a day"),
                upstream_code=code,
                upstream_text=told,
            )
    return None


def _about_account(code: str, told: str, busy_pause: timedelta) -> AsctlError:
    match code:
        case "501":
            return Unavailable(
                _("Kuaidi100 has trouble of its own"),
                code="server_error",
                hint=_("run again later"),
                upstream_code=code,
                upstream_text=told,
            )
        case "502":
            return Throttled(
                _("Kuaidi100 is busy: more calls are under way than the contract allows"),
                retry_after=busy_pause,
                code="busy",
                hint=_("use fewer --jobs or set calls_per_second for the account"),
                upstream_code=code,
                upstream_text=told,
            )
        case "503":
            return CredentialsRefused(
                _("Kuaidi100 does not accept the signature"),
                code="signature_refused",
                hint=_("check customer and key of the account; they belong together"),
                upstream_code=code,
                upstream_text=told,
            )
        case "601":
            return CredentialsRefused(
                _("the key for Kuaidi100 has expired or its balance is used up"),
                code="account_expired",
                hint=_("renew the contract or top up the balance at Kuaidi100"),
                upstream_code=code,
                upstream_text=told,
            )
    return Unavailable(
        _("Kuaidi100 answered with the unknown return code {code!r}").format(code=code[:20]),
        code="unknown_return_code",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
        upstream_code=code[:20],
        upstream_text=told,
    )
