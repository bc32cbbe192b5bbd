"""What became of the rows of a run: counted as they come, so that nothing is kept in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from asctl.domain.errors import AsctlError, Throttled

A_WHILE = timedelta(seconds=60)
"""When to come back where nobody named a moment."""


class Tally:
    """``statuses`` counts rows by outcome, ``families`` by error family (``""`` for those that fared well).

    ``first_errors`` keeps the first error of each code; ``codes`` counts them; ``retry_at``
    is the earliest moment that one of them names. ``reported`` says that a report was begun, even if it had no rows.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.reported = False
        self.statuses: Counter[str] = Counter()
        self.families: Counter[str] = Counter()
        self.first_errors: dict[str, AsctlError] = {}
        self.codes: Counter[str] = Counter()
        self.retry_at: datetime | None = None

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return self.statuses.total()

    def count(self, status: str, error: AsctlError | None) -> None:
        """Note one row."""
        self.statuses[status] += 1
        if error is None:
            self.families[""] += 1
        else:
            self.note(error)

    def note(self, error: AsctlError) -> None:
        """Note an error that is no row's own, such as an account that had to be given up."""
        self.families[error.family] += 1
        self.first_errors.setdefault(error.code, error)
        self.codes[error.code] += 1
        self.note_retry(error)

    def note_retry(self, error: AsctlError) -> None:
        """Keep the earliest moment at which it makes sense to come back."""
        if moment := self.retry_of(error):
            self.retry_at = min(self.retry_at or moment, moment)

    def promise_retry(self) -> None:
        """Name a moment to come back even where no error did."""
        self.retry_at = self.retry_at or self._now() + A_WHILE

    def retry_of(self, error: AsctlError) -> datetime | None:
        """When to come back after this error, where it says so."""
        if error.retry_at is None and isinstance(error, Throttled):
            return self._now() + error.retry_after
        return error.retry_at
