"""The shop's rules as values (R28), all of them settings.

``slow_after``, ``stalled_after`` and ``lost_after`` are T1-T3. The requirements name the three clocks of T15 but no
lengths for them, nor how long a return is valid: those defaults are ours and stand in the configuration for all to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """When a parcel is slow, stalled or lost, which clocks run, and how often we ask (T1-T3, T15)."""

    slow_after: timedelta = timedelta(hours=24)
    stalled_after: timedelta = timedelta(hours=48)
    lost_after: timedelta = timedelta(hours=72)
    stuck_after: timedelta = timedelta(hours=48)
    pickup_after: timedelta = timedelta(hours=24)
    transit_after: timedelta = timedelta(days=7)
    signature_after: timedelta = timedelta(hours=72)
    trust_after: timedelta = timedelta(hours=12)
    signed_keep: timedelta = timedelta(days=3)
    watch_for: timedelta = timedelta(days=60)
    poll_every: timedelta = timedelta(hours=4)
    poll_delivering: timedelta = timedelta(hours=1)
    poll_worrying: timedelta = timedelta(hours=2)
    poll_signed: timedelta = timedelta(hours=12)
    poll_after_failure: timedelta = timedelta(minutes=30)

    @property
    def longest_interval(self) -> timedelta:
        """The longest that an open parcel waits for the next question."""
        return max(self.poll_every, self.poll_delivering, self.poll_worrying, self.poll_signed, self.poll_after_failure)


@dataclass(frozen=True, slots=True)
class RmaPolicy:
    """``valid_for`` is how long an approved return may be sent in; ``reasons`` are the problem classes."""

    valid_for: timedelta = timedelta(days=15)
    reasons: tuple[str, ...] = (
        "quality",
        "damaged",
        "wrong_goods",
        "missing_parts",
        "not_as_described",
        "late",
        "lost",
        "changed_mind",
        "other",
    )
