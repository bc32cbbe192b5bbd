"""A small post office as sandbox app, and a running sandbox around it, spoken to over the real loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from asctl.api.sandbox import (
    Complaint,
    SandboxCall,
    SandboxReply,
    SandboxRequest,
    SandboxWorld,
)
from asctl.domain.parcels import ParcelKey
from asctl.sandbox import Sandbox, SandboxInfo


class PostOffice:
    """``POST /note`` writes a key down (and again when told again), ``GET /track`` reads a parcel of the world.

    ``POST /intercept`` calls a parcel back, ``GET /interception_status`` tells how often that was asked for, and the effect.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        return {"couriers": {"post": {"plugin": "post", "base_url": base_url, "key": '密"钥\\\x7f𬭚'}}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        if request.path in ("/note", "/intercept"):
            told = json.loads(request.body)
            return SandboxCall(request.path.strip("/"), write=True, target=told["target"], key=told.get("key", ""))
        return SandboxCall(request.path.strip("/"), target=request.query.get("waybill", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        if call.operation == "intercept":
            return self._intercept(call, world)
        if call.operation == "interception_status":
            made = [made for made in world.interceptions if made.waybill == call.target]
            return SandboxReply.of({"effects": [world.interception_effect(one) for one in made]})
        if call.write:
            self.notes.append(call.target)
            return SandboxReply.of({"ok": True}, applied=True)
        if call.operation == "break":
            raise RuntimeError("the app is broken")
        parcel = world.parcels.get(ParcelKey("sf", call.target))
        events = parcel.events(world.now()) if parcel else ()
        return SandboxReply.of({"texts": [event.text for event in events]})

    def _intercept(self, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        key = ParcelKey("sf", call.target)
        if objection := world.objection("post", key, "sender"):
            return SandboxReply.of({"objection": objection})
        return SandboxReply.of({"number": world.intercept("post", key, "sender", call.key).number}, applied=True)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        told = {"complaint": complaint.kind, "seconds": complaint.seconds, "reason": complaint.reason}
        return replace(SandboxReply.of(told), headers={"Retry-After": str(complaint.seconds)})


@dataclass(frozen=True)
class Client:
    """A raw client of one running sandbox: its app ``post`` and its control door."""

    info: SandboxInfo
    session: requests.Session
    office: PostOffice
    sandbox: Sandbox

    def note(self, target: str, key: str = "") -> requests.Response:
        return self.session.post(f"{self.info.url}/post/note", json={"target": target, "key": key}, timeout=10)

    def track(self, waybill: str) -> requests.Response:
        return self.session.get(f"{self.info.url}/post/track", params={"waybill": waybill}, timeout=10)

    def intercept(self, waybill: str, key: str = "") -> requests.Response:
        return self.session.post(f"{self.info.url}/post/intercept", json={"target": waybill, "key": key}, timeout=10)

    def look(self, waybill: str) -> Any:
        """What a look at the parcel's interception answers."""
        url = f"{self.info.url}/post/interception_status"
        return self.session.get(url, params={"waybill": waybill}, timeout=10).json()

    def control(self, method: str, name: str, body: object = None) -> Any:
        answer = self.session.request(method, self.info.control + name, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, route: str = "post", **told: object) -> None:
        self.control("POST", "faults", {"fault": kind, "route": route, **told})

    def ledger(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.control("GET", "ledger")
        return lines


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    office = PostOffice()
    sandbox = Sandbox({"post": office}, tmp_path / "world")
    with sandbox as info, requests.Session() as session:
        session.trust_env = False
        yield Client(info, session, office, sandbox)
