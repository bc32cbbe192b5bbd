"""From what went wrong on the wire to an error family.

The question behind it: may the far side have acted? A write that may have arrived is :class:`Unclear`; what surely never
left is :class:`Unavailable`; what was clearly turned away is :class:`CredentialsRefused` or :class:`Refused`. Causes are
cut off (``from None``) by whoever raises these, because the exceptions of HTTP libraries quote whole addresses and bodies.
"""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from requests.exceptions import ConnectTimeout, ProxyError, ReadTimeout, SSLError
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as Urllib3SSLError

from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    NotOffered,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.text import _
from asctl.transport.body import TooLarge, TooSlow

NOT_REACHED = "not_reached"
HTTP_STATUS = "http_status"
PARKED = "parked"
TOO_LATE_TO_SEND = "too_late_to_send"
TLS_FAILED = "tls_failed"
_NEVER_LEFT = frozenset({NOT_REACHED, PARKED, TOO_LATE_TO_SEND, TLS_FAILED})
_DEFAULT_REST = timedelta(seconds=60)
_LONGEST_REST = timedelta(days=1)
_PASSING_STATUSES = frozenset({500, 502, 503, 504})
_NOT_LET_IN = frozenset({401, 403})
_TURNED_AWAY = frozenset(range(400, 500)) - {408}
_BEFORE_SENDING = frozenset(
    {
        "CERTIFICATE_VERIFY_FAILED",
        "WRONG_VERSION_NUMBER",
        "UNSUPPORTED_PROTOCOL",
        "UNEXPECTED_MESSAGE",
        "RECORD_LAYER_FAILURE",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_UNRECOGNIZED_NAME",
        "NO_PROTOCOLS_AVAILABLE",
    }
)


def never_left(error: AsctlError) -> bool:
    """Whether nothing at all was sent: no connection, an account at rest, or something on our side that forbids the call."""
    return isinstance(error, BadConfiguration | NotOffered) or error.code in _NEVER_LEFT


def is_passing(error: BaseException) -> bool:
    """Whether trying a read again at once may help."""
    return isinstance(error, Unavailable) and error.passing


def wire_fault(error: Exception, host: str, write: bool) -> AsctlError:
    """The family of an exception from sending a request or reading its answer; ``host`` names the far side."""
    if tls := _tls_cause(error):
        failed = _tls_failed(host, TLS_FAILED if tls in _BEFORE_SENDING else "tls_broken")
        return unclear_write(failed) if write and tls not in _BEFORE_SENDING else failed
    if _never_left(error):
        return Unavailable(
            _("{host} could not be reached").format(host=host),
            code=NOT_REACHED,
            hint=_("check base_url, the network and network.proxy; if they are right, run again later"),
        )
    fault = _lost(error, host)
    return unclear_write(fault) if write else fault


def status_fault(
    status: int, reply: str, location: str, host: str, write: bool, rest: timedelta | None, now: datetime
) -> AsctlError:
    """The family of an answer with a status outside 200-299; ``reply`` is the start of its body, ``location`` a host.

    ``rest`` is what :func:`asked_rest` made of its ``Retry-After``: a far side that names a moment is not asked before.
    """
    if status == 429:
        return _too_many(host, rest or _DEFAULT_REST)
    if status in _TURNED_AWAY:
        return _turned_away(status, reply, host)
    fault = _redirected(location, host) if 300 <= status < 400 else _in_trouble(status, reply, host, rest, now)
    return unclear_write(fault) if write else fault


def asked_rest(retry_after: str, now: datetime) -> timedelta | None:
    """How long a ``Retry-After`` (seconds or a date) wants us to wait, between a second and a day; ``None`` for nonsense."""
    try:
        seconds = retry_after.strip()
        span = timedelta(seconds=int(seconds)) if seconds.isdigit() else parsedate_to_datetime(retry_after) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(span, timedelta(seconds=1)), _LONGEST_REST)


def _turned_away(status: int, reply: str, host: str) -> AsctlError:
    """The far side read the request and would not have it: nothing was changed, and the same again changes nothing."""
    sentence = _("{host} answered with HTTP status {status}").format(host=host, status=status)
    if status in _NOT_LET_IN:
        hint = _("check key, secret and session of the account, and base_url")
        return CredentialsRefused(sentence, code=HTTP_STATUS, hint=hint, upstream_code=str(status), upstream_text=reply)
    hint = _("check base_url; if it is right, tell the plugin's author what the far side does not accept")
    return Refused(sentence, code=HTTP_STATUS, hint=hint, upstream_code=str(status), upstream_text=reply)


def _in_trouble(status: int, reply: str, host: str, rest: timedelta | None, now: datetime) -> Unavailable:
    return Unavailable(
        _("{host} answered with HTTP status {status}").format(host=host, status=status),
        code=HTTP_STATUS,
        passing=status in _PASSING_STATUSES and rest is None,
        hint=_("check base_url; if it is right, the far side has trouble: run again later"),
        upstream_code=str(status),
        upstream_text=reply,
        retry_at=None if rest is None else now + rest,
    )


def _too_many(host: str, rest: timedelta) -> Throttled:
    return Throttled(
        _("{host} refuses further calls for now").format(host=host),
        retry_after=rest,
        upstream_code="429",
        hint=_("the account rests; run again then, or lower calls_per_second"),
    )


def unclear_write(fault: Unavailable) -> Unclear:
    """The same fault, for a write that may have been carried out."""
    return Unclear(
        _("{what}; it is not known whether this was carried out").format(what=fault.message),
        code=fault.code,
        hint=_("look before you do it again"),
        provider=fault.provider,
        account=fault.account,
        upstream_code=fault.upstream_code,
        upstream_text=fault.upstream_text,
        request_id=fault.request_id,
        retry_at=fault.retry_at,
    )


def _lost(error: Exception, host: str) -> Unavailable:
    if isinstance(error, TooLarge):
        return Unavailable(
            _("the answer of {host} is larger than allowed").format(host=host),
            code="too_large",
            passing=False,
            hint=_("ask for less at once, or raise network.max_answer_mib"),
        )
    if isinstance(error, TooSlow | ReadTimeout | ReadTimeoutError):
        sentence = _("{host} did not answer in time")
    else:
        sentence = _("{host} broke off the connection")
    return Unavailable(
        sentence.format(host=host),
        code="lost_answer",
        hint=_("run again later; network.read_timeout says how long we wait"),
    )


def _tls_failed(host: str, code: str) -> Unavailable:
    return Unavailable(
        _("{host} could not prove who it is (TLS)").format(host=host),
        code=code,
        passing=False,
        hint=_("check base_url and this machine's clock; for a company's own certificates set network.ca_bundle"),
    )


def _redirected(location: str, host: str) -> Unavailable:
    return Unavailable(
        _("{host} wants to send us on to {location}").format(host=host, location=location or _("another place")),
        code="redirected",
        passing=False,
        hint=_("redirects are not followed: if the provider has moved, put its new address into base_url"),
    )


def _never_left(error: Exception) -> bool:
    if isinstance(error, ConnectTimeout | ProxyError):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)


def _tls_cause(error: BaseException | None) -> str:
    """OpenSSL's word for what failed, ``tls`` where it has none; empty for other troubles."""
    if not isinstance(error, SSLError | Urllib3SSLError):
        return ""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return seen.reason or "tls"
        seen = _inner(seen)
    return "tls"


def _inner(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    held = reason if isinstance(reason, BaseException) else next(iter(error.args), None)
    return held if isinstance(held, BaseException) else error.__cause__


WIRE_ERRORS = (HTTPError, TooLarge, TooSlow)
"""What may come out of reading a body, besides the exceptions of requests."""
