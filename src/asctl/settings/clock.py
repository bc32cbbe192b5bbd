"""The two clocks: the machine's, and one that ``ASCTL_NOW`` holds still for rehearsals and tests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from asctl.domain.errors import BadConfiguration
from asctl.domain.times import Clock
from asctl.text import _


class SystemClock:
    """The machine's own time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0))


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Always the same moment. Waiting still takes real time, so that the far side is not called too fast."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0))


def clock_from(environ: Mapping[str, str]) -> Clock:
    """The clock of this run. Raises :class:`BadConfiguration` ``bad_now`` for a moment without an offset."""
    text = environ.get("ASCTL_NOW", "")
    if not text:
        return SystemClock()
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _bad_now(text) from None
    if moment.tzinfo is None:
        raise _bad_now(text)
    return FixedClock(moment)


def _bad_now(text: str) -> BadConfiguration:
    return BadConfiguration(
        _("ASCTL_NOW is {text!r}, which is not a moment with an offset").format(text=text[:40]),
        code="bad_now",
        hint=_("write it as 2026-11-21T09:30:00+08:00, or unset it"),
    )
