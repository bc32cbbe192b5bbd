"""A last moment for writes: what has not left this machine by then never does, so that whoever recorded the deadline of a
write can rely on it, whatever queue it waited in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_latest: ContextVar[float | None] = ContextVar("asctl_write_deadline", default=None)


@contextmanager
def writes_until(seconds: float) -> Iterator[None]:
    """Writes of this thread, begun in the block, end within ``seconds`` from now or are not begun."""
    token = _latest.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _latest.reset(token)


def write_deadline() -> float | None:
    """The last moment on ``time.monotonic``, where one is set."""
    return _latest.get()
