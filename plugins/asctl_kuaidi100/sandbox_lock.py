"""The lock rule (锁单, section 3): a waybill asked about too often gets no fresh data for a while."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from asctl.api import ParcelKey

_DAY = timedelta(hours=24)


class LockRule(StrEnum):
    """What happens to a question that breaks the rule: 504, the data of the last good question, or only a count.

    The real service tells no code of its own, so either refusal may be met.
    """

    ENFORCE = "enforce"
    STALE = "stale"
    COUNT = "count"


@dataclass(slots=True)
class _Asked:
    moments: deque[datetime] = field(default_factory=deque)
    fresh_at: datetime | None = None


class WaybillLock:
    """Counts the questions about each waybill. ``breaches`` holds how many came too soon or were too many."""

    def __init__(self, every: timedelta, per_day: int) -> None:
        self._every = every
        self._per_day = per_day
        self._asked: dict[ParcelKey, _Asked] = {}
        self.breaches: Counter[ParcelKey] = Counter()

    def ask(self, key: ParcelKey, now: datetime) -> datetime | None:
        """Enter a question; ``None`` if it keeps the rule, else the moment of the last one that did."""
        asked = self._asked.setdefault(key, _Asked())
        while asked.moments and now - asked.moments[0] >= _DAY:
            asked.moments.popleft()
        asked.moments.append(now)
        too_soon = asked.fresh_at is not None and now - asked.fresh_at < self._every
        if asked.fresh_at is not None and (too_soon or len(asked.moments) > self._per_day):
            self.breaches[key] += 1
            return asked.fresh_at
        asked.fresh_at = now
        return None
