"""When a courier fetches goods: some hours of one day, in China."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from asctl.domain.errors import BadInput
from asctl.domain.times import CHINA
from asctl.text import _

OPENS, CLOSES = time(9), time(18)
LEAD = timedelta(hours=2)
"""A courier needs so long from the order to the door."""
LEAST = timedelta(hours=2)
_UP = timedelta(hours=1) - datetime.resolution
"""What makes cutting to the hour a rounding up."""


@dataclass(frozen=True, slots=True)
class FetchWindow:
    """From when until when; both aware, on one day."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def asked_window(start: datetime, end: datetime, now: datetime) -> FetchWindow:
    """A window that somebody asks for. Raises :class:`BadInput` (``bad_window``) for one that is over, or no part of a day."""
    start, end = start.astimezone(CHINA), end.astimezone(CHINA)
    if end <= max(start, now) or start.date() != end.date():
        raise BadInput(
            _("a courier comes within some hours of one day that is still to come"),
            code="bad_window",
            hint=_("as: --fetch-from 2026-11-23T09:00 --fetch-until 2026-11-23T12:00"),
        )
    return FetchWindow(start, end)


def next_window(now: datetime) -> FetchWindow:
    """What is left of today's hours, from a full hour, where that is enough, else tomorrow's."""
    here = now.astimezone(CHINA)
    today = datetime.combine(here.date(), OPENS, CHINA)
    ready = (here + LEAD + _UP).replace(minute=0, second=0, microsecond=0)
    start = max(ready, today)
    if start + LEAST > datetime.combine(here.date(), CLOSES, CHINA):
        start = today + timedelta(days=1)
    return FetchWindow(start, datetime.combine(start.date(), CLOSES, CHINA))
