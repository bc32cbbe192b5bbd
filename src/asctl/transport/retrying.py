"""The one retry policy: reads only, passing troubles only, three attempts, never beyond the call's total time.

Imported after a first failure only, because most runs never need it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from tenacity.stop import stop_base

from asctl.domain.errors import AsctlError
from asctl.domain.times import Clock
from asctl.transport.faults import is_passing

T = TypeVar("T")
_ATTEMPTS = 3
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 5.0


@dataclass(slots=True)
class _Read(Generic[T]):
    """A read whose first attempt has ``failed``; that failure counts as the first of its attempts."""

    failed: AsctlError | None
    again: Callable[[], T]
    deadline: float


class _OutOfTime(stop_base):
    """Stop rather than wait beyond the read's deadline."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        read: _Read[object] = retry_state.args[0]
        return time.monotonic() + retry_state.upcoming_sleep >= read.deadline


class Retries:
    """Takes over a read whose first attempt failed. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._retrying = Retrying(
            sleep=clock.sleep,
            retry=retry_if_exception(is_passing),
            wait=wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT),
            stop=stop_after_attempt(_ATTEMPTS) | _OutOfTime(),
            reraise=True,
        )

    def after(self, first: AsctlError, attempt: Callable[[], T], deadline: float) -> T:
        """Go on after the first attempt raised ``first``. ``deadline`` is on ``time.monotonic``. Raises the last error."""
        result: T = self._retrying(_attempt, _Read(first, attempt, deadline))
        return result


def _attempt(read: _Read[T]) -> T:
    if read.failed is not None:
        first, read.failed = read.failed, None
        raise first
    return read.again()
