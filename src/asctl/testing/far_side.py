"""The far side of one provider on loopback: its own sandbox app behind the sandbox's faults and ledger."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from asctl.api.sandbox import Complaint, SandboxApp, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl.host.blame import in_words
from asctl.sandbox.faults import Ban, Fault, Faults, Sighting
from asctl.sandbox.ledger import Entry, Ledger
from asctl.sandbox.provider_door import ProviderDoor
from asctl.sandbox.server import Server
from asctl.sandbox.wire import Answer, Hangup, Incoming
from asctl.sandbox.world import World
from asctl.testing.guarded import PATIENCE
from asctl.testing.rules import Missing

Tampering = Callable[[SandboxRequest, SandboxReply], SandboxReply]


class Port:
    """One loopback port for the far sides of a run, one after the other. Use as a context manager."""

    def __init__(self) -> None:
        self._server = Server("127.0.0.1", 0, self._door)
        self._far_side: FarSide | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a last slash."""
        return self._server.url

    def open(self, far_side: FarSide) -> None:
        """Answer for this far side from now on, in place of the last one."""
        if self._far_side is not None:
            self._far_side.close()
        self._far_side = far_side

    def __enter__(self) -> Port:
        self._server.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        if self._far_side is not None:
            self._far_side.close()
        self._server.stop()

    def _door(self, incoming: Incoming) -> Answer | Hangup:
        if self._far_side is None:
            return Answer.of({"error": "nobody is at home"}, 503)
        return self._far_side.answer(incoming)


class FarSide:
    """A provider's app with faults and a ledger. ``tamper`` changes what the app answers.

    ``trouble`` is set where the app itself failed: then nothing was shown of the provider.
    """

    def __init__(self, plugin: str, app: SandboxApp, world: World) -> None:
        self.plugin = plugin
        self.tamper: Tampering | None = None
        self.tampers_writes_only = False
        self.trouble: Missing | None = None
        self._stage = _Stage(app, self)
        self._at_work = threading.Condition()
        self._under_way = 0
        self._ledger = Ledger(world.now)
        self._faults = Faults(time.monotonic)
        self._door = ProviderDoor({plugin: self._stage}, world, self._ledger, self._faults)

    def answer(self, incoming: Incoming) -> Answer | Hangup:
        """Answer a request whose path begins with the plugin's id."""
        _plugin, _slash, rest = incoming.path.lstrip("/").partition("/")
        request = SandboxRequest(incoming.method, f"/{rest}", incoming.query, incoming.headers, incoming.body)
        try:
            with self._working():
                return self._door(self.plugin, request)
        except Missing as missing:
            self.trouble = missing
        except Exception as crash:  # an app raises what it likes
            self.trouble = Missing(f"the sandbox app failed with {in_words(crash)}")
        return Hangup()

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._at_work:
            self._under_way += 1
        try:
            yield
        finally:
            with self._at_work:
                self._under_way -= 1
                self._at_work.notify_all()

    def has_come_back(self) -> bool:
        """Whether the app is done with every request; it is given a while. A client gives up sooner on some."""
        with self._at_work:
            return self._at_work.wait_for(lambda: not self._under_way, PATIENCE.load)

    def play(self, app: SandboxApp) -> None:
        """Let another app answer from now on."""
        self._stage.app = app

    def fault(self, kind: str, *, writes_only: bool = False, **told: Any) -> None:
        """Put a fault in force for ever; with ``writes_only`` it strikes what changes something."""
        make = _AimedBan if kind == "throttle" else _Aimed
        fault = make(kind=kind, route=self.plugin, times=0, **told)
        fault.writes_only = writes_only
        self._faults.add(fault)

    def mend(self) -> None:
        """End all faults and the tampering."""
        self._faults.clear()
        self.tamper = None

    def requests(self) -> list[Entry]:
        """Everything that was received, oldest first."""
        return self._ledger.entries()

    def writes(self) -> list[Entry]:
        """The writes that were received, whether they took effect or not."""
        return [entry for entry in self.requests() if entry.write]

    def forget(self) -> None:
        """Begin the ledger anew."""
        self._ledger.clear()

    def close(self) -> None:
        """Drop what was still to come late."""
        self._door.close()


class NoFarSide:
    """In the place of an app, for a provider that calls nobody: a label renderer."""

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        return {}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return SandboxCall("none")

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        return SandboxReply(b"", status=404)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return SandboxReply(b"", status=404)


class _Stage:
    """The app as the door meets it: its answers may be tampered with."""

    def __init__(self, app: SandboxApp, far_side: FarSide) -> None:
        self.app = app
        self._far_side = far_side

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        return self.app.accounts(base_url)

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return self.app.identify(request)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return self.app.complain(call, complaint)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        reply = self.app.answer(request, call, world)
        tamper = self._far_side.tamper
        if tamper is None or (self._far_side.tampers_writes_only and not call.write):
            return reply
        return tamper(request, reply)


class _Aimed(Fault):
    """A fault that may be told to strike writes alone."""

    writes_only = False

    def _matches(self, sighting: Sighting) -> bool:
        return super()._matches(sighting) and (sighting.call.write or not self.writes_only)


class _AimedBan(_Aimed, Ban):
    pass


def body_of(body: bytes) -> Tampering:
    """Answers with this body, whatever was asked; what the app did stays done."""
    return lambda _request, reply: replace(reply, body=body)


def echo(request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
    """An answer in trouble that quotes the whole request, as far sides in debug mode do."""
    quoted = f"{request.path} {dict(request.query)} {dict(request.headers)} ".encode() + request.body
    return replace(reply, body=quoted, status=500)
