"""One request out, one answer in, on requests' adapter: no cookies, no redirects, no retries, certificates always checked."""

from __future__ import annotations

import time
from urllib.parse import urlencode, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict

from asctl import __version__
from asctl.api.context import HttpAnswer, HttpRequest, Logger
from asctl.domain.errors import AsctlError
from asctl.domain.times import Clock
from asctl.transport.body import read_body
from asctl.transport.faults import WIRE_ERRORS, asked_rest, status_fault, wire_fault
from asctl.transport.hosts import Target
from asctl.transport.limits import NetworkLimits

_HEADERS = {"User-Agent": f"asctl/{__version__}", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
_FORM = "application/x-www-form-urlencoded;charset=utf-8"
_HOSTS = 4
_REPLY_READ = 64 * 1024
_REPLY_KEPT = 200
_LEAST_WAIT = 0.1


class Wire:
    """The connections of one account. Thread-safe; ``lines`` of them are kept open."""

    def __init__(self, limits: NetworkLimits, lines: int, clock: Clock, log: Logger) -> None:
        self._adapter = HTTPAdapter(pool_connections=_HOSTS, pool_maxsize=lines, max_retries=0)
        self._proxies = {"http": limits.proxy, "https": limits.proxy} if limits.proxy else {}
        self._verify: str | bool = limits.ca_bundle or True
        self._connect = limits.connect_timeout.total_seconds()
        self._read = limits.read_timeout.total_seconds()
        self._most = limits.max_bytes
        self._clock = clock
        self._log = log

    def exchange(self, request: HttpRequest, target: Target, deadline: float) -> HttpAnswer:
        """Send and receive. ``deadline`` is on ``time.monotonic``. Raises the families of :mod:`asctl.transport.faults`."""
        started = time.monotonic()
        outcome, size = "", 0
        try:
            answer = self._exchange(request, target, deadline)
            outcome, size = str(answer.status), len(answer.body)
            return answer
        except AsctlError as fault:
            outcome = f"{fault.code} {fault.upstream_code}".rstrip()
            raise
        finally:
            took = 1000 * (time.monotonic() - started)
            self._log.info("%s %s %.0f ms %d bytes", request.operation, outcome, took, size)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._adapter.close()

    def _exchange(self, request: HttpRequest, target: Target, deadline: float) -> HttpAnswer:
        try:
            response = self._send(request, target, deadline)
            try:
                if not 200 <= response.status_code < 300:
                    raise self._status_fault(response, request, target, deadline)
                body = read_body(response, self._most, deadline)
            finally:
                response.raw.close()
        except (RequestException, *WIRE_ERRORS) as error:
            raise wire_fault(error, target.host, request.write) from None
        return HttpAnswer(response.status_code, response.headers, body)

    def _send(self, request: HttpRequest, target: Target, deadline: float) -> Response:
        left = max(deadline - time.monotonic(), _LEAST_WAIT)
        return self._adapter.send(
            _prepared(request, target),
            stream=True,
            timeout=(min(self._connect, left), min(self._read, left)),
            verify=self._verify,
            proxies={} if target.loopback else self._proxies,
        )

    def _status_fault(self, response: Response, request: HttpRequest, target: Target, deadline: float) -> AsctlError:
        reply = _reply(response, deadline)
        now = self._clock.now()
        rest = asked_rest(response.headers.get("Retry-After", ""), now)
        location = urlsplit(response.headers.get("Location", "")).hostname or ""
        return status_fault(response.status_code, reply, location, target.host, request.write, rest, now)


def _prepared(request: HttpRequest, target: Target) -> PreparedRequest:
    """Filled in by hand: ``prepare`` would parse and encode the address anew for every call, at twice the cost."""
    prepared = PreparedRequest()
    prepared.method = request.method
    prepared.url = target.url
    prepared.headers = headers = CaseInsensitiveDict(_HEADERS)
    body = request.body
    if request.form is not None:
        body = urlencode(request.form).encode("ascii")
        headers["Content-Type"] = _FORM
    if body is not None:
        headers["Content-Length"] = str(len(body))
        prepared.body = body
    if request.headers:
        headers.update(request.headers)
    return prepared


def _reply(response: Response, deadline: float) -> str:
    """The start of what came with a bad status, for the error; nothing where it is a web page or cannot be read."""
    try:
        text = read_body(response, _REPLY_READ, deadline)[: 4 * _REPLY_KEPT].decode("utf-8", "replace").strip()
    except (RequestException, *WIRE_ERRORS):
        return ""
    return "" if text.startswith("<") else text[:_REPLY_KEPT]
