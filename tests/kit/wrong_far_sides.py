"""Sandbox apps that are wrong on purpose, and providers that do not need theirs."""

from __future__ import annotations

from dataclasses import replace

from asctl.api.sandbox import SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_demo.client import sign
from asctl_demo.sandbox import DemoMarketSandbox
from asctl_demo.sandbox_gate import SECRET
from asctl_demo.wire import SIGN, TIME


class Keyless(DemoMarketSandbox):
    """Sees no keys."""

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return replace(super().identify(request), key="")


class Trusting(DemoMarketSandbox):
    """Believes whoever calls: it signs the call itself."""

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        signed = sign(SECRET, request.headers.get(TIME) or "", request.body)
        headers = {**{name.lower(): value for name, value in request.headers.items()}, SIGN: signed}
        return super().answer(replace(request, headers=headers), call, world)
