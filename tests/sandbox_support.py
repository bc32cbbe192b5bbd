"""A running sandbox for tests, spoken to over the real loopback."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from asctl.domain.orders import Flag
from asctl.domain.times import CHINA
from asctl.host.plugins import Host
from asctl.sandbox import Sandbox, SandboxInfo
from asctl.services.accounts import Accounts
from asctl.services.sandbox_apps import sandbox_apps
from asctl.settings import load
from asctl.settings.clock import SystemClock
from tests.http_support import OWN_HOST

ON_A_FILE = pytest.mark.parametrize("backend", ["sqlite"])
"""For what only a store in a file can suffer: damage, a full disk, permissions."""
BOTH_STORES = pytest.mark.parametrize(
    "backend",
    [
        pytest.param("sqlite", marks=pytest.mark.storeless),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.storeless]),
    ],
)
SECOND_SHOP = """
[shops.outlet]
plugin = "taobao"
base_url = "{url}/taobao/router/rest"
app_key = "20990001"
app_secret = "sandbox-secret-not-real"
session = "sandbox-session-not-real"
calls_per_second = 1000
"""
"""A second shop of the same make; in the sandbox it has the same orders under the same numbers."""


def iso_before(moment: datetime, hours: float) -> str:
    """The moment ``hours`` before ``moment``, to the second, as the control door reads it."""
    return (moment - timedelta(hours=hours)).isoformat(timespec="seconds")


@dataclass
class SandboxSite:
    """A running sandbox and its control door. ``rehearsing`` tells that its clock was moved."""

    info: SandboxInfo
    session: requests.Session
    rehearsing: bool = False

    def control(self, method: str, name: str, body: object = None) -> Any:
        """One call at the control door; a refusal fails the test."""
        answer = self.session.request(method, self.info.control + name, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, route: str, fault: str, **told: object) -> None:
        """Put a fault in force; ``times=0`` is for ever."""
        self.control("POST", "faults", {"route": route, "fault": fault, **told})

    def mend(self) -> None:
        """End all faults."""
        self.control("DELETE", "faults")

    def ledger(self, operation: str = "", target: str = "") -> list[dict[str, Any]]:
        """What was received, oldest first: of one operation, about one target."""
        return [
            entry
            for entry in self.control("GET", "ledger")
            if operation in ("", entry["operation"]) and target in ("", entry["target"])
        ]

    def writes(self) -> list[dict[str, Any]]:
        """The writes that were received, whether they took effect or not."""
        return [entry for entry in self.ledger() if entry["write"]]

    def forget(self) -> None:
        """Empty the ledger."""
        self.control("DELETE", "ledger")

    def state(self) -> dict[str, Any]:
        """The world as it stands."""
        told: dict[str, Any] = self.control("GET", "state")
        return told

    def order(self, order_id: str) -> dict[str, Any]:
        """One order of the world."""
        return next(order for order in self.state()["orders"] if order["order_id"] == order_id)

    def orders(self, count: int = 1, **told: object) -> list[dict[str, Any]]:
        """Make orders; each comes with ``order_id``, ``courier``, ``phone_tail`` and ``waybills``."""
        made: list[dict[str, Any]] = self.control("POST", "orders", {"shop": "flagship", "count": count, **told})
        return made

    def parcel(self, waybill: str, *scans: tuple[float, str, str], courier: str = "yto", **told: object) -> str:
        """A parcel, or more scans of one: hours before the sandbox's now, status, place; returns its waybill."""
        now = self.now()
        events = [
            {"time": iso_before(now, hours), "status": status, "location": place} for hours, status, place in scans
        ]
        self.control("POST", "parcels", {"courier": courier, "waybill": waybill, "events": events, **told})
        return waybill

    def now(self) -> datetime:
        """The time on the sandbox's clock."""
        return datetime.fromisoformat(self.control("POST", "clock", {"advance_s": 0})["now"]).astimezone(CHINA)

    def stamps_since(self, begun: datetime) -> tuple[str, ...]:
        """What a remark may be dated that was written between then and now: to the minute, which may have turned."""
        return tuple(dict.fromkeys(f"{moment:%Y-%m-%d %H:%M}" for moment in (begun, self.now())))

    def travel(self, hours: float) -> datetime:
        """Move the sandbox's clock; from then on the commands of the test run at its time, too."""
        self.control("POST", "clock", {"advance_s": hours * 3600})
        self.rehearsing = True
        return self.now()

    def latency(self, milliseconds: float) -> None:
        """Delay every answer."""
        self.control("POST", "latency", {"ms": milliseconds})

    def configure(self, toml: str) -> None:
        """Add sections to the configuration that the sandbox wrote; ``{url}`` is the sandbox's address."""
        with self.info.config.open("a", encoding="utf-8") as file:
            file.write("\n" + toml.replace("{url}", self.info.url))

    def reconfigure(self, old: str, new: str) -> None:
        """Change a line of the configuration that the sandbox wrote."""
        text = self.info.config.read_text("utf-8")
        assert old in text
        self.info.config.write_text(text.replace(old, new), "utf-8")


@contextmanager
def running_sandbox(directory: Path) -> Iterator[SandboxSite]:
    """A sandbox with every installed plugin's app, in this process, on a port of its own."""
    told: list[str] = []
    apps = sandbox_apps(Host(None, told.append), told.append)
    assert not told, told
    with Sandbox(apps, directory, host=OWN_HOST) as info, requests.Session() as session:
        session.trust_env = False
        yield SandboxSite(info, session)


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something has come true; fails the test where it does not."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)


class OtherHands:
    """Somebody else at the same shop: speaks to it past the command, as another program would."""

    def __init__(self, config: Path, shop: str = "flagship") -> None:
        settings = load(config, {}, {})
        accounts = Accounts(settings, Host(None, lambda _told: None), SystemClock(), lambda: None, False)
        self._writer = accounts.provider(settings.account(shop), "RemarkWriter")

    def write(self, order_id: str, text: str, flag: Flag = Flag.RED) -> None:
        """Put ``text`` in the place of the order's remark."""
        self._writer.write_remark(order_id, text, flag)
