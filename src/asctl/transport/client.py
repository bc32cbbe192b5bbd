"""The one way out: an HTTP client for one account, with every care inside (see :class:`asctl.api.context.HttpClient`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from asctl.api.context import HttpAnswer, HttpRequest, Logger
from asctl.capabilities.specs import Pace
from asctl.domain.errors import AsctlError, BadConfiguration, Throttled, Unavailable, Unclear
from asctl.domain.times import Clock
from asctl.text import _
from asctl.transport.faults import NOT_REACHED, TOO_LATE_TO_SEND, is_passing, never_left, unclear_write
from asctl.transport.hosts import Target, target_of
from asctl.transport.limits import NetworkLimits
from asctl.transport.pacing import Gate, Parking
from asctl.transport.redact import Redactor
from asctl.transport.until import send_window
from asctl.transport.wire import Wire

if TYPE_CHECKING:
    from asctl.transport.retrying import Retries

T = TypeVar("T")


def make_client(
    account: str,
    provider: str,
    pace: Pace,
    limits: NetworkLimits,
    clock: Clock,
    secrets: Collection[str],
    parking: Parking,
    loopback_only_writes: bool,
    log: Logger,
) -> Client:
    """The client of one account. ``loopback_only_writes`` is for rehearsals, that is while ``ASCTL_NOW`` is set."""
    return Client(
        account=account,
        provider=provider,
        gate=Gate(account, pace, clock, parking),
        wire=Wire(limits, pace.at_once, clock, log),
        redactor=Redactor(secrets),
        clock=clock,
        seconds=limits.total_timeout.total_seconds(),
        rehearsal=loopback_only_writes,
    )


@dataclass(slots=True)
class _Call(Generic[T]):
    """One call with all its attempts. ``deadline`` (``time.monotonic``) is set when the first one is sent."""

    make: Callable[[], HttpRequest]
    read: Callable[[HttpAnswer], T]
    deadline: float = 0.0
    write: bool = False
    counted: bool = False


@dataclass(eq=False)
class Client:
    """An :class:`~asctl.api.context.HttpClient`. Thread-safe. ``seconds`` is the total time of one call."""

    account: str
    provider: str
    gate: Gate
    wire: Wire
    redactor: Redactor
    clock: Clock
    seconds: float
    rehearsal: bool

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        """As :meth:`asctl.api.context.HttpClient.call` promises. Every error that leaves here is redacted."""
        call = _Call(make, read)
        try:
            try:
                return self._attempt(call)
            except Unavailable as first:
                if call.write or not is_passing(first):
                    raise
                return self._retries.after(first, lambda: self._attempt(call), call.deadline)
        except AsctlError as error:
            self._label(error)
            error.of_write = call.write
            raise

    def close(self) -> None:
        """Close the account's connections."""
        self.wire.close()

    @cached_property
    def _retries(self) -> Retries:
        from asctl.transport.retrying import Retries

        return Retries(self.clock)

    def _attempt(self, call: _Call[T]) -> T:
        try:
            with self.gate.line():
                answer = self._send(call)
            return _read(call, answer)
        except Throttled as refusal:
            self._label(refusal)
            self.gate.park(refusal)
            raise
        except Unavailable as fault:
            fault.passing = fault.passing and (not call.counted or fault.code == NOT_REACHED)
            raise

    def _send(self, call: _Call[T]) -> HttpAnswer:
        request = call.make()
        call.write, call.counted = request.write, request.counted
        target = target_of(request.url)
        self._refuse_rehearsed(request, target)
        call.deadline = call.deadline or time.monotonic() + self.seconds
        window = send_window() if request.write else None
        if window is None:
            return self.wire.exchange(request, target, call.deadline)
        call.deadline = min(call.deadline, window.ends)
        _refuse_belated(request, call.deadline)
        try:
            answer = self.wire.exchange(request, target, call.deadline)
        except AsctlError as error:
            window.left = window.left or not never_left(error)
            raise
        window.left = True
        return answer

    def _refuse_rehearsed(self, request: HttpRequest, target: Target) -> None:
        if self.rehearsal and (request.write or request.counted) and not target.loopback:
            raise BadConfiguration(
                _("{operation} would leave its mark at {host} while ASCTL_NOW fixes the clock").format(
                    operation=request.operation, host=target.host
                ),
                code="rehearsal_write",
                hint=_("unset ASCTL_NOW, or point base_url at a sandbox on this machine"),
            )

    def _label(self, error: AsctlError) -> None:
        error.account = error.account or self.account
        error.provider = error.provider or self.provider
        self.redactor.error(error)


def _refuse_belated(request: HttpRequest, deadline: float) -> None:
    if time.monotonic() >= deadline:
        raise Unavailable(
            _("{operation} waited too long for its turn and was not sent").format(operation=request.operation),
            code=TOO_LATE_TO_SEND,
            hint=_("run it again, with fewer --jobs or a higher calls_per_second"),
        )


def _read(call: _Call[T], answer: HttpAnswer) -> T:
    """What the provider makes of the answer. A write whose answer cannot be made out may well have been carried out."""
    try:
        return call.read(answer)
    except Unavailable as fault:
        if not call.write:
            raise
        raise unclear_write(fault) from None
    except AsctlError:
        raise
    except Exception as fault:
        if not call.write:
            raise
        raise Unclear(
            _("the answer to a write could not be read ({error}); it is not known whether it was carried out").format(
                error=type(fault).__name__
            ),
            code="unreadable_answer",
            hint=_("look before you do it again, and tell the plugin's author"),
        ) from fault
