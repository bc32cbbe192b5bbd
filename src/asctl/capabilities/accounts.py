"""What every provider that talks to the outside should offer: one harmless signed call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the far side says of us: whose account it is, in words without secrets; clock skew where it tells the time."""

    detail: str
    clock_skew_s: float | None = None


class AccountChecker(Protocol):
    """``asctl account check``."""

    def check(self) -> CheckResult:
        """Make one harmless signed call. Raises any read family."""
        ...
