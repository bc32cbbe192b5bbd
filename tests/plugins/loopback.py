"""A loopback world without sockets, for plugins' tests: a provider's calls reach its own sandbox app directly."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from asctl.api import CHINA, AsctlError, Context, Event, HttpAnswer, HttpRequest, ParcelStatus, Unavailable
from asctl.api.sandbox import SandboxApp, SandboxParcel, SandboxReply, SandboxRequest
from asctl.api.tokens import OwnTokens
from asctl.sandbox.wire import Headers
from asctl.sandbox.world import World
from asctl.transport.faults import status_fault, unclear_write

T = TypeVar("T")
START = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Loopback:
    """The real world of the sandbox, on a clock moved by hand, and an ``HttpClient`` that hands each request to ``app``.

    ``answer`` may be replaced to tell the client something else; ``sent`` are the requests in their order. As the real
    client does, it turns a bad status into its error, and tells a write whose answer cannot be made out as
    :class:`Unclear`.
    """

    def __init__(self, app: SandboxApp, base_url: str) -> None:
        self.clock = HandClock()
        self.world = World(self.clock.now)
        self.app = app
        self.base_url = base_url
        self.sent: list[HttpRequest] = []
        self.answer: Callable[[SandboxRequest], SandboxReply] = self._answer

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        request = make()
        self.sent.append(request)
        reply = self.answer(self.sandbox_request(request))
        if not 200 <= reply.status < 300:
            raise self._bad_status(reply, write=request.write)
        try:
            return read(HttpAnswer(reply.status, Headers({"Content-Type": reply.content_type}), reply.body))
        except Unavailable as fault:
            if request.write:
                raise unclear_write(fault) from None
            raise

    def sandbox_request(self, request: HttpRequest) -> SandboxRequest:
        """A request as the sandbox would hand it to the app."""
        assert request.url.startswith(self.base_url), request.url
        parts = urlsplit(request.url[len(self.base_url) :])
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body, headers = request.body or b"", dict(request.headers or {})
        if request.form is not None:
            body = urlencode(request.form).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"} | headers
        return SandboxRequest(request.method, unquote(parts.path), query, Headers(headers), body)

    def context(self, account: str, settings: Mapping[str, object]) -> Context:
        """What a provider of this world is handed."""
        return Context(account, settings, self, self.clock, logging.getLogger("test"), OwnTokens(self.clock))

    def parcel(self, courier: str, waybill: str, *scans: tuple[float, ParcelStatus], **told: Any) -> SandboxParcel:
        """A parcel with scans so many hours before now (negative: still to come)."""
        now = self.clock.moment
        script = [Event(now - timedelta(hours=hours), status, f"快件扫描 {status}") for hours, status in scans]
        parcel = SandboxParcel(courier, waybill, script=script, **told)
        self.world.add_parcel(parcel)
        return parcel

    def pass_time(self, hours: float) -> None:
        """Move the clock: scans that were to come are there, and couriers have acted."""
        self.clock.moment += timedelta(hours=hours)

    def _bad_status(self, reply: SandboxReply, *, write: bool) -> AsctlError:
        text = reply.body.decode("utf-8", "replace")
        return status_fault(reply.status, text, "", "127.0.0.1", write, None, self.clock.now())

    def _answer(self, request: SandboxRequest) -> SandboxReply:
        return self.app.answer(request, self.app.identify(request), self.world)


def refused(error: AsctlError) -> str:
    """The reason of a refusal."""
    return str(getattr(error, "reason", ""))
