"""One request at its app: carried out as it should be, or as a fault has it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from threading import Lock, Timer

from asctl.api.sandbox import Complaint, SandboxApp, SandboxReply
from asctl.sandbox.faults import Fault, Sighting
from asctl.sandbox.ledger import Entry
from asctl.sandbox.wire import Answer, Hangup
from asctl.sandbox.world import World

_log = logging.getLogger(__name__)
_GARBAGE = Random(1).randbytes(512)
_HTML_TYPE = "text/html;charset=utf-8"
_HTML = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>系统维护</title></head>"
    "<body><h1>系统升级中，请稍后再试</h1></body></html>"
).encode()


class LateWork:
    """Timers of the writes that take effect after their connection was closed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._timers: set[Timer] = set()

    def after(self, seconds: float, work: Callable[[], object]) -> None:
        timer = Timer(seconds, lambda: self._run(timer, work))
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()

    def cancel(self) -> None:
        with self._lock:
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()

    def _run(self, timer: Timer, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            _log.exception("the sandbox app failed at a late write")
        with self._lock:
            self._timers.discard(timer)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request, the app it came to, and its line in the ledger."""

    app: SandboxApp
    sighting: Sighting
    entry: Entry
    world: World

    def serve(self) -> Answer:
        """Carry the request out, note in the ledger whether it took effect, and answer as the vendor does."""
        with self.world.lock:
            reply = self.app.answer(self.sighting.request, self.sighting.call, self.world)
            self.entry.applied = reply.applied
        return _answer(reply)


@dataclass(frozen=True, slots=True)
class Mishap:
    """What each fault makes of a visit: one method a fault."""

    visit: Visit
    fault: Fault
    late_work: LateWork

    def refuse_connect(self) -> Hangup:
        """One port serves all apps, so the nearest to a refused connection is one that is reset unheard."""
        return Hangup(reset=True)

    def close_before(self) -> Hangup:
        return Hangup()

    def close_after(self) -> Hangup:
        self.visit.serve()
        return Hangup()

    def status(self) -> Answer:
        if self.fault.applied:
            self.visit.serve()
        return Answer(b"", status=self.fault.code, content_type=_HTML_TYPE)

    def throttle(self) -> Answer:
        return self._complain(Complaint("throttle", seconds=self.fault.seconds_left(time.monotonic())))

    def auth(self) -> Answer:
        return self._complain(Complaint("auth"))

    def refuse(self) -> Answer:
        return self._complain(Complaint("refuse", reason=self.fault.reason))

    def html(self) -> Answer:
        """A gateway's page: it stands before the far side, so nothing is carried out."""
        return Answer(_HTML, content_type=_HTML_TYPE)

    def garbage(self) -> Answer:
        return replace(self.visit.serve(), body=_GARBAGE)

    def truncate(self) -> Answer:
        return replace(self.visit.serve(), cut=self.fault.bytes)

    def slow(self) -> Answer:
        return replace(self.visit.serve(), delay=self.fault.seconds)

    def late(self) -> Hangup:
        self.late_work.after(self.fault.seconds, self.visit.serve)
        return Hangup()

    def hide(self) -> Answer:
        if self.visit.sighting.call.write:
            return self.visit.serve()
        return self._complain(Complaint("not_found"))

    def big(self) -> Answer:
        return replace(self.visit.serve(), padding=int(self.fault.mib * 1024 * 1024))

    def _complain(self, complaint: Complaint) -> Answer:
        return _answer(self.visit.app.complain(self.visit.sighting.call, complaint))


PLAYS: Mapping[str, Callable[[Mishap], Answer | Hangup]] = {
    "refuse_connect": Mishap.refuse_connect,
    "close_before": Mishap.close_before,
    "close_after": Mishap.close_after,
    "status": Mishap.status,
    "throttle": Mishap.throttle,
    "auth": Mishap.auth,
    "refuse": Mishap.refuse,
    "html": Mishap.html,
    "garbage": Mishap.garbage,
    "truncate": Mishap.truncate,
    "slow": Mishap.slow,
    "late": Mishap.late,
    "hide": Mishap.hide,
    "big": Mishap.big,
}


def _answer(reply: SandboxReply) -> Answer:
    return Answer(reply.body, status=reply.status, content_type=reply.content_type, headers=reply.headers)
