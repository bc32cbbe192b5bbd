"""The way of a provider request: identified, met by a fault or not, noted in the ledger, answered by its app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from asctl.api.sandbox import SandboxApp, SandboxRequest
from asctl.sandbox.faults import Faults, Sighting
from asctl.sandbox.ledger import Ledger
from asctl.sandbox.visits import PLAYS, LateWork, Mishap, Visit
from asctl.sandbox.wire import Answer, Hangup
from asctl.sandbox.world import World


class ProviderDoor:
    """Everything around the apps. ``latency`` is in seconds and delays every answer of a provider."""

    def __init__(self, apps: Mapping[str, SandboxApp], world: World, ledger: Ledger, faults: Faults) -> None:
        self._apps = apps
        self._world = world
        self._ledger = ledger
        self._faults = faults
        self._late = LateWork()
        self.latency = 0.0

    def __call__(self, plugin: str, request: SandboxRequest) -> Answer | Hangup:
        """Answer one request to the app of ``plugin``, which must be one of ``apps``."""
        app = self._apps[plugin]
        call = app.identify(request)
        sighting = Sighting(plugin, call, request)
        fault = self._faults.strike(sighting)
        entry = self._ledger.note(plugin, call, request.body, fault.kind if fault else None)
        visit = Visit(app, sighting, entry, self._world)
        answer = PLAYS[fault.kind](Mishap(visit, fault, self._late)) if fault else visit.serve()
        if self.latency and isinstance(answer, Answer):
            return replace(answer, delay=answer.delay + self.latency)
        return answer

    def close(self) -> None:
        """Drop the writes that were still to come late."""
        self._late.cancel()
