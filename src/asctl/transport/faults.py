"""From what went wrong on the wire to an error family.

The question behind it: may the far side have acted? A write that may have arrived is :class:`Unclear`; what surely never
left, or was clearly turned away, is :class:`Unavailable`. Causes are cut off (``from None``) by whoever raises these,
because the exceptions of HTTP libraries quote whole addresses and bodies.
"""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from requests.exceptions import ConnectTimeout, ProxyError, ReadTimeout, SSLError
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as Urllib3SSLError

from asctl.domain.errors import AsctlError, Throttled, Unavailable, Unclear
from asctl.text import _
from asctl.transport.body import TooLarge, TooSlow

NOT_REACHED = "not_reached"
_DEFAULT_REST = timedelta(seconds=60)
_LONGEST_REST = timedelta(days=1)
_PASSING_STATUSES = frozenset({500, 502, 503, 504})
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


def is_passing(error: BaseException) -> bool:
    """Whether trying a read again at once may help."""
    return isinstance(error, Unavailable) and error.passing


def wire_fault(error: Exception, host: str, write: bool) -> AsctlError:
    """The family of an exception from sending a request or reading its answer; ``host`` names the far side."""
    if tls := _tls_cause(error):
        failed = _tls_failed(host)
        return unclear_write(failed) if write and tls not in _BEFORE_SENDING else failed
    if _never_left(error):
        return Unavailable(
            _("{host} could not be reached").format(host=host),
            code=NOT_REACHED,
            hint=_("check base_url, the network and network.proxy; if they are right, run again later"),
        )
    fault = _lost(error, host)
    return unclear_write(fault) if write else fault


def status_fault(status: int, reply: str, location: str, host: str, write: bool) -> AsctlError:
    """The family of an answer with a status outside 200-299; ``reply`` is the start of its body, ``location`` a host."""
    if 300 <= status < 400:
        fault = _redirected(location, host)
    else:
        fault = Unavailable(
            _("{host} answered with HTTP status {status}").format(host=host, status=status),
            code="http_status",
            passing=status in _PASSING_STATUSES,
            hint=_("check base_url; if it is right, the far side has trouble: run again later"),
            upstream_code=str(status),
            upstream_text=reply,
        )
    return unclear_write(fault) if write and status not in _TURNED_AWAY else fault


def too_many(retry_after: str, host: str, now: datetime) -> Throttled:
    """HTTP status 429 with its ``Retry-After`` (seconds or a date); a minute where it says nothing of use."""
    return Throttled(
        _("{host} refuses further calls for now").format(host=host),
        retry_after=_rest(retry_after, now),
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


def _tls_failed(host: str) -> Unavailable:
    return Unavailable(
        _("{host} could not prove who it is (TLS)").format(host=host),
        code="tls_failed",
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


def _rest(text: str, now: datetime) -> timedelta:
    try:
        span = timedelta(seconds=int(text)) if text.strip().isdigit() else parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return _DEFAULT_REST
    return min(max(span, timedelta(seconds=1)), _LONGEST_REST)


WIRE_ERRORS = (HTTPError, TooLarge, TooSlow)
"""What may come out of reading a body, besides the exceptions of requests."""
