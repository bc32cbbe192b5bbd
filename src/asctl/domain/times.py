"""Moments and durations. Every datetime in asctl is aware; vendors' bare times mean China (R-readings, couriers README rule f)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

from asctl.domain.errors import BadInput
from asctl.text import _

CHINA = timezone(timedelta(hours=8), "CST")
"""China's time, +08:00: what vendors mean where they name no zone."""
_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Clock(Protocol):
    """Where the time comes from. Nobody below the command line reads the time by himself; ``ASCTL_NOW`` sets it."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; ends early with :class:`KeyboardInterrupt` when the run is interrupted. Providers have no use for it: pacing
        and retries are the HTTP client's."""
        ...


def china_time(text: str) -> datetime:
    """Read ``yyyy-MM-dd HH:mm:ss`` (or ISO 8601) and put it at +08:00 where it names no zone; ``ValueError`` if it is no time."""
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment


def china_text(moment: datetime) -> str:
    """``yyyy-MM-dd HH:mm:ss`` in China, the form that TOP and Kuaidi100 speak."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with offset, to the second, in China time; ``None`` stays ``None``."""
    return None if moment is None else moment.astimezone(CHINA).isoformat(timespec="seconds")


def parse_moment(text: str) -> datetime:
    """Read ISO 8601, with China time where no offset is given. Raises :class:`BadInput`."""
    try:
        moment = china_time(text)
        if not 2000 <= moment.year < 2100:
            raise ValueError("no time of this trade")
        return moment
    except ValueError:
        raise BadInput(
            _("{text!r} is not a date or time").format(text=text),
            code="bad_time",
            hint=_("write it as 2026-11-21 or 2026-11-21T09:30:00+08:00; where a command allows it also as 2d or 36h"),
        ) from None


def moment_or_distance(text: str, now: datetime, ahead: bool = False) -> datetime:
    """Read what a person typed: a moment, or a duration counted back from ``now`` (``ahead``: from it on).

    Raises :class:`BadInput`.
    """
    try:
        span = parse_duration(text)
    except BadInput:
        return parse_moment(text)
    return now + span if ahead else now - span


def parse_duration(text: str) -> timedelta:
    """Read ``90s``, ``30m``, ``24h``, ``7d``, ``1d12h``. Raises :class:`BadInput`."""
    compact = text.replace(" ", "").lower()
    parts = _DURATION.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise BadInput(
            _("{text!r} is not a duration").format(text=text),
            code="bad_duration",
            hint=_("write a number and a unit, such as 30m, 24h or 7d"),
        )
    return sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def duration_text(span: timedelta) -> str:
    """The shortest form that :func:`parse_duration` reads back, for example ``1d12h``."""
    rest = int(span.total_seconds())
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; the form in which the store keeps it."""
    return moment.astimezone(UTC)
