"""How fast one account is called, and whether it may be called at all."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from asctl.capabilities.specs import Pace
from asctl.domain.errors import Throttled
from asctl.domain.times import Clock, iso
from asctl.text import _
from asctl.transport.faults import PARKED


class Parking(Protocol):
    """Who rests until when, known to all threads and to later processes. Asked before every call, so it must be quick."""

    def until(self, account: str) -> datetime | None:
        """When the account may be called again; a moment in the past is as good as ``None``."""
        ...

    def park(self, account: str, until: datetime, reason: str) -> None:
        """Let the account rest; ``reason`` is one sentence for people."""
        ...


class Pacer:
    """Hands out starting times so that never more than ``calls`` of them lie within ``per``. Thread-safe."""

    def __init__(self, pace: Pace) -> None:
        self._per = pace.per.total_seconds()
        self._starts: deque[float] = deque(maxlen=pace.calls)
        self._lock = threading.Lock()

    def delay(self, now: float) -> float:
        """Seconds to wait from ``now`` (any steady clock) until the start that is reserved by this."""
        with self._lock:
            start = now
            if len(self._starts) == self._starts.maxlen:
                start = max(now, self._starts[0] + self._per)
            self._starts.append(start)
            return start - now


class Gate:
    """What every attempt passes before anything is sent: free line, pace, and no rest ordered."""

    def __init__(self, account: str, pace: Pace, clock: Clock, parking: Parking) -> None:
        self._account = account
        self._clock = clock
        self._parking = parking
        self._pacer = Pacer(pace)
        self._lines = threading.BoundedSemaphore(pace.at_once)

    @contextmanager
    def line(self) -> Iterator[None]:
        """Hold one of the account's lines. Raises :class:`Throttled` ``parked`` where the account must rest."""
        with self._lines:
            self._refuse_parked()
            if (seconds := self._pacer.delay(time.monotonic())) > 0:
                self._clock.sleep(seconds)
                self._refuse_parked()
            yield

    def park(self, error: Throttled) -> None:
        """Act on a far side's refusal: note when to come back, and let the whole account rest if it said so."""
        if error.code == PARKED:
            return
        until = self._clock.now() + error.retry_after
        error.retry_at = error.retry_at or until
        if error.whole_account:
            self._parking.park(self._account, until, error.message)

    def _refuse_parked(self) -> None:
        until = self._parking.until(self._account)
        now = self._clock.now()
        if until is not None and until > now:
            raise Throttled(
                _("{account} must rest until {time}").format(account=self._account, time=iso(until)),
                code=PARKED,
                retry_after=max(until - now, timedelta(seconds=1)),
                hint=_("run again then; the far side refused further calls"),
                retry_at=until,
            )
