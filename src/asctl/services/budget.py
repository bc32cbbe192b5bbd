"""How long and how much a run may do: deadline, ``--max-items``, and a signal from outside."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE, MAX_ITEMS, SIGNAL = "deadline", "max_items", "signal"


class Budget:
    """Counts what a run has begun. ``spent`` names the limit that was reached, or is empty.

    The deadline is counted on the machine's steady clock: a rehearsal with a fixed ``ASCTL_NOW`` must end as well.
    """

    def __init__(
        self,
        deadline_s: float | None = None,
        max_items: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ends = None if deadline_s is None else steady() + deadline_s
        self._left = max_items
        self._stopped = stopped
        self._steady = steady

    @property
    def spent(self) -> str:
        """``signal``, ``deadline``, ``max_items`` or nothing."""
        if self._stopped():
            return SIGNAL
        if self._ends is not None and self._steady() >= self._ends:
            return DEADLINE
        return MAX_ITEMS if self._left is not None and self._left <= 0 else ""

    def take(self, wanted: int = 1) -> int:
        """Take up to ``wanted`` items out of the budget; 0 when nothing more may begin."""
        if self.spent:
            return 0
        if self._left is None:
            return wanted
        granted = min(wanted, self._left)
        self._left -= granted
        return granted
