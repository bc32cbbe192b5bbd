"""Their codes as our error families (section 5.11). About writes, only what is surely not carried out is a no."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    NotFound,
    PluginBroken,
    RefusalReason,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
    refusal,
)
from asctl.api import translate as _
from asctl_nuonuo.complaints import data_refused

NAME = "Nuonuo"
TOKEN_REFUSED = "token_refused"
CATCH_ALL = "catch_all"
_DAY = timedelta(days=1)
_TOKEN_FAMILY = "0703"
_KNOWN_ALREADY = ("重复", "已存在")
_QUOTA = ("授信额度", "额度不足")
_LOGGED_OUT = ("登录", "登陆", "认证")


def error_for(code: str, told: str, subject: str, token_rest: timedelta) -> AsctlError:
    """The error for a code other than E0000. ``told`` is their text, ``subject`` our number, ``token_rest`` how long the account
    rests when its token calls are used up."""
    error = _of_the_app(code, token_rest) or _documented(code, subject) or _by_words(code, told, subject)
    return with_words(error, code, told)


def submission_error(code: str, told: str, subject: str, token_rest: timedelta) -> AsctlError:
    """The same for an invoice or a red-letter form that was submitted: a number that is known already may be an earlier attempt,
    and no code tells that of a form."""
    error = error_for(code, told, subject, token_rest)
    if isinstance(error, Unavailable | Refused) and any(word in told for word in _KNOWN_ALREADY):
        return with_words(_known_already(subject), code, told)
    return error


def delivery_error(code: str, told: str, subject: str, token_rest: timedelta) -> AsctlError:
    """The same for a delivery, where the catch-all says that there is no such invoice (section 5.9)."""
    error = error_for(code, told, subject, token_rest)
    return with_words(_not_there(subject), code, told) if error.code == CATCH_ALL else error


def token_error(code: str, told: str, token_rest: timedelta) -> AsctlError:
    """The error for a refused token call; ``code`` is of the gateway, or a word such as ``invalid_client``."""
    error = _of_the_app(code, token_rest)
    if error is None or error.code == TOKEN_REFUSED:
        error = CredentialsRefused(
            _("Nuonuo gives this application no access token"),
            code="app_refused",
            hint=_("check app_key, app_secret and token_url of the account; they belong together"),
        )
    return with_words(error, code, told)


def odd_answer() -> Unavailable:
    """The error for an answer that says neither yes nor no; of a write it leaves the outcome open."""
    return Unavailable(
        _("Nuonuo answered in a shape that nobody knows"),
        code="odd_answer",
        passing=False,
        hint=_("check base_url; if it is right, run again later and tell the plugin's author"),
    )


def with_words(error: AsctlError, code: str, told: str) -> AsctlError:
    """The error with their code and text beside it."""
    error.upstream_code, error.upstream_text = code[:20], told
    return error


def _of_the_app(code: str, token_rest: timedelta) -> AsctlError | None:
    match code:
        case "070101":
            return BadConfiguration(
                _("Nuonuo knows no application with this key"),
                code="app_key_unknown",
                hint=_("check app_key, and that base_url is of the same environment"),
            )
        case "070306":
            return Throttled(
                _("this application has asked Nuonuo for too many access tokens"),
                retry_after=token_rest,
                code="token_limit",
                hint=_("wait; let all machines share one store, so that they share one token"),
            )
        case "070307":
            return BadConfiguration(
                _("Nuonuo has another type of application under this key"),
                code="app_type",
                hint=_("use the key of an application of the shop's own (自用型应用)"),
            )
        case "070601":
            return CredentialsRefused(
                _("Nuonuo does not accept the signature"),
                code="signature_refused",
                hint=_("check app_secret, timestamp_unit and this machine's clock"),
            )
    if code.startswith(_TOKEN_FAMILY):
        return CredentialsRefused(
            _("Nuonuo does not accept the access token"),
            code=TOKEN_REFUSED,
            hint=_("check app_key and app_secret, and that token_url is of the same environment as base_url"),
        )
    return None


def _documented(code: str, subject: str) -> AsctlError | None:
    match code:
        case "E9103":
            return Refused(
                _("the blue invoice that {subject} reverses is reversed already").format(subject=subject),
                code="already_reversed",
                hint=_("look at both in Nuonuo's console: somebody has reversed it there"),
            )
        case "E9106":
            return _known_already(subject)
        case "E9500":
            return _not_there(subject)
        case "E9601":
            return Unavailable(
                _("Nuonuo's query has trouble of its own"), code="query_fault", hint=_("run again later")
            )
        case "E9611":
            return PluginBroken(
                _("Nuonuo was asked about nothing"), code="nothing_asked", hint=_("tell the plugin's author")
            )
        case "E9613":
            return Throttled(
                _("{subject} was tried again as often as Nuonuo allows in a day").format(subject=subject),
                retry_after=_DAY,
                code="retries_used_up",
                whole_account=False,
                hint=_("find out why it fails before tomorrow's retries are used up, too"),
            )
    return _not_entitled(code) or data_refused(code, subject)


def _not_entitled(code: str) -> BadConfiguration | None:
    told = {
        "E9301": ("seller_unknown", _("the seller's tax ID is not registered at Nuonuo")),
        "E9302": ("seller_differs", _("Nuonuo was told two sellers in one call")),
        "E9338": ("not_entitled", _("this seller may not use what was asked of Nuonuo")),
    }
    if code not in told:
        return None
    word, sentence = told[code]
    hint = _("check tax_no of the account, and which products its application has in Nuonuo's console")
    return BadConfiguration(sentence, code=word, hint=hint)


def _by_words(code: str, told: str, subject: str) -> AsctlError:
    """The catch-all, and codes that nobody documented: only their text says what is the matter."""
    if any(word in told for word in _QUOTA):
        return Throttled(
            _("the seller's quota (授信额度) is used up"),
            retry_after=_DAY,
            code="quota_used_up",
            hint=_("finance can apply for more at the tax bureau; the queue waits"),
        )
    if any(word in told for word in _LOGGED_OUT):
        return CredentialsRefused(
            _("the drawer's session at the tax bureau has lapsed"),
            code="drawer_session",
            hint=_("the drawer named in the account's settings must log in: scan the code that Nuonuo's console shows"),
        )
    if code == "E9999":
        return Unavailable(
            _("Nuonuo gave its catch-all code E9999 for {subject}").format(subject=subject),
            code=CATCH_ALL,
            passing=False,
            hint=_("look in Nuonuo's console what became of it"),
        )
    return refusal(RefusalReason.OTHER, NAME, subject, code, told) if code else odd_answer()


def _known_already(subject: str) -> Unclear:
    return Unclear(
        _("Nuonuo knows {subject} already: an earlier attempt has arrived").format(subject=subject),
        code="serial_known",
        hint=_("asctl action reconcile looks what became of it; it is not sent again"),
    )


def _not_there(subject: str) -> NotFound:
    return NotFound(
        _("Nuonuo has no invoice {subject}").format(subject=subject),
        code="invoice_not_found",
        hint=_("check the number, and that the account is the one that issued it"),
    )
