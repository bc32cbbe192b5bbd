"""The provider's calls reach the plugin's own sandbox app, in the real world of the sandbox, without sockets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import Event, ParcelStatus
from asctl.api.sandbox import SandboxParcel, SandboxReply, SandboxRequest
from asctl_kuaidi100.provider import Kuaidi100
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from asctl_kuaidi100.sandbox_account import CUSTOMER, KEY, SALT, SECRET
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/kuaidi100"
CALLBACK = "http://127.0.0.1:8100/kd/intercept"


class Wire(Loopback):
    """A loopback world whose parcels are put down scan by scan."""

    def add(self, courier: str, waybill: str, *events: Event, phone_tail: str = "") -> SandboxParcel:
        """A parcel that has these events behind it."""
        parcel = SandboxParcel(courier, waybill, phone_tail, script=list(events))
        self.world.add_parcel(parcel)
        return parcel

    def event(self, status: ParcelStatus, *, hours_ago: float = 1, **members: Any) -> Event:
        """A scan some hours before now."""
        return Event(
            at=self.clock.moment - timedelta(hours=hours_ago), status=status, **({"text": "快件扫描"} | members)
        )


def answered_by(answer: Callable[[SandboxRequest], SandboxReply]) -> Wire:
    """A far side that answers whatever the test wants."""
    wire = Wire(Kuaidi100Sandbox(), BASE)
    wire.answer = answer
    return wire


def answering(told: object) -> Wire:
    """A far side that tells this, whatever it is asked."""
    return answered_by(lambda _request: SandboxReply.of(told))


def provider_on(wire: Loopback, **changed: object) -> Kuaidi100:
    """A provider of the sandbox's account; named settings replace the usual ones."""
    settings: dict[str, object] = {
        "base_url": BASE,
        "label_url": BASE,
        "order_url": BASE,
        "customer": CUSTOMER,
        "key": KEY,
        "secret": SECRET,
        "salt": SALT,
        "callback_url": CALLBACK,
        "busy_pause": timedelta(seconds=5),
        "check_waybill": "YT0000000000000",
    }
    return Kuaidi100(wire.context("kd100", settings | changed))


@pytest.fixture
def app() -> Kuaidi100Sandbox:
    return Kuaidi100Sandbox()


@pytest.fixture
def wire(app: Kuaidi100Sandbox) -> Wire:
    return Wire(app, BASE)


@pytest.fixture
def provider(wire: Wire) -> Kuaidi100:
    return provider_on(wire)
