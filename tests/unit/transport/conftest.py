"""Clients for the transport's tests: quick limits, a clock that never waits, a parking place in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from asctl.capabilities.specs import Pace
from asctl.transport import Client, NetworkLimits, RedactingLog, make_client

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECRET = "s3cr3t/with+odd chars"


class StillClock:
    """Stands still; waiting is only noted."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class MemoryParking:
    """A parking place without a store."""

    def __init__(self) -> None:
        self.places: dict[str, datetime] = {}
        self.reasons: list[str] = []

    def until(self, account: str) -> datetime | None:
        return self.places.get(account)

    def park(self, account: str, until: datetime, reason: str) -> None:
        self.places[account] = until
        self.reasons.append(reason)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def parking() -> MemoryParking:
    return MemoryParking()


@pytest.fixture
def limits() -> NetworkLimits:
    return NetworkLimits(
        connect_timeout=timedelta(seconds=1),
        read_timeout=timedelta(seconds=0.15),
        total_timeout=timedelta(seconds=0.6),
        max_answer_mib=1,
    )


@pytest.fixture
def client_for(clock: StillClock, parking: MemoryParking) -> Iterator[Callable[..., Client]]:
    """Make clients of the account ``flagship``; they are closed when the test ends."""
    made: list[Client] = []

    def make(limits: NetworkLimits, pace: Pace | None = None, rehearsal: bool = False) -> Client:
        log = RedactingLog("flagship", [SECRET])
        pace = pace or Pace(1000, timedelta(seconds=1), 16)
        client = make_client("flagship", "taobao", pace, limits, clock, [SECRET], parking, rehearsal, log)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(client_for: Callable[..., Client], limits: NetworkLimits) -> Client:
    return client_for(limits)
