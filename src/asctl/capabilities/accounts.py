"""Whether an account works: what every provider that talks to the outside should offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the far side says of us. ``detail`` tells whose account it is, as one piece of a sentence without secrets;
    ``clock_skew_s`` how many seconds its clock is ahead of ours, ``None`` where it does not tell the time."""

    detail: str
    clock_skew_s: float | None = None


class AccountChecker(Protocol):
    """Try credentials without changing anything: ``asctl account check``."""

    def check(self) -> CheckResult:
        """Make one harmless signed call, and say what was proved by it.

        Returns a :class:`CheckResult`. Raises the read families. May be called again.
        """
        ...
