"""A loopback world without sockets: the provider's calls reach the plugin's own sandbox app directly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

from asctl.api import CHINA, AfterSale, Context, Event, HttpAnswer, HttpRequest, Order, ParcelKey, ParcelStatus
from asctl.api.sandbox import SandboxParcel, SandboxReply, SandboxRequest
from asctl_kuaidi100.provider import Kuaidi100
from asctl_kuaidi100.sandbox import CUSTOMER, KEY, SALT, Kuaidi100Sandbox

T = TypeVar("T")
BASE = "http://127.0.0.1:8100/kuaidi100"
START = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)


class World:
    """The sandbox's world and the clock, both moved by hand."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.after_sales: dict[str, AfterSale] = {}
        self.parcels: dict[ParcelKey, SandboxParcel] = {}
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def clock_agrees(self, moment: datetime, seconds: float) -> bool:
        return abs((moment - self.moment).total_seconds()) <= seconds

    def add(self, courier: str, waybill: str, *events: Event, phone_tail: str = "") -> SandboxParcel:
        """A parcel that has these events behind it."""
        parcel = SandboxParcel(courier, waybill, phone_tail, script=list(events))
        self.parcels[ParcelKey(courier, waybill)] = parcel
        return parcel

    def event(self, status: ParcelStatus, *, hours_ago: float = 1, **members: Any) -> Event:
        """A scan some hours before now."""
        return Event(at=self.moment - timedelta(hours=hours_ago), status=status, **({"text": "快件扫描"} | members))


class WireFake:
    """An ``HttpClient`` that hands each request to ``answer`` and notes it in ``sent``."""

    def __init__(self, answer: Callable[[SandboxRequest], SandboxReply]) -> None:
        self._answer = answer
        self.sent: list[HttpRequest] = []

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        request = make()
        self.sent.append(request)
        body = urlencode(request.form or {}).encode()
        reply = self._answer(SandboxRequest(request.method, request.url.removeprefix(BASE), {}, {}, body))
        return read(HttpAnswer(reply.status, {}, reply.body))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def app() -> Kuaidi100Sandbox:
    return Kuaidi100Sandbox()


@pytest.fixture
def wire(app: Kuaidi100Sandbox, world: World) -> WireFake:
    return WireFake(lambda request: app.answer(request, app.identify(request), world))


@pytest.fixture
def make_provider(world: World) -> Callable[..., Kuaidi100]:
    """Build a provider on a wire; named settings replace the usual ones."""

    def make(http: WireFake, **changed: object) -> Kuaidi100:
        settings: dict[str, object] = {
            "base_url": BASE,
            "customer": CUSTOMER,
            "key": KEY,
            "salt": SALT,
            "busy_pause": timedelta(seconds=5),
            "check_waybill": "YT0000000000000",
        }
        return Kuaidi100(Context("kd100", settings | changed, http, world, logging.getLogger("test")))

    return make


@pytest.fixture
def provider(make_provider: Callable[..., Kuaidi100], wire: WireFake) -> Kuaidi100:
    return make_provider(wire)
