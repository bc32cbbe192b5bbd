"""How long and how much a run may do: deadline, ``--max-items``, and a signal from outside."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE, MAX_ITEMS, SIGNAL = "deadline", "max_items", "signal"


class Budget:
    """Counts what a run has begun, and knows when it must stop.

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
        self._cut = ""

    @property
    def over(self) -> str:
        """``signal`` or ``deadline`` where even what was taken must not begin any more, or nothing."""
        if self._stopped():
            return SIGNAL
        return DEADLINE if self._ends is not None and self._steady() >= self._ends else ""

    @property
    def spent(self) -> str:
        """The limit because of which nothing more can be taken, or nothing. What was taken may still begin."""
        return self.over or (MAX_ITEMS if self._left is not None and self._left <= 0 else "")

    @property
    def cut_by(self) -> str:
        """The limit that left some of the work undone, or nothing."""
        return self.over or self._cut

    def take(self, wanted: int = 1) -> int:
        """Take up to ``wanted`` items, all of which are there to be done; 0 when nothing more may begin."""
        if self.over:
            return 0
        if self._left is None:
            return wanted
        granted = min(wanted, self._left)
        self._left -= granted
        if granted < wanted:
            self._cut = MAX_ITEMS
        return granted
