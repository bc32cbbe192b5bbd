"""The window in which a recorded write may be sent: what has not left this machine by its end never does, so that whoever put
the deadline on record can rely on it, whatever queue the write waited in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class SendWindow:
    """``ends`` is on ``time.monotonic``; ``left`` tells that a write of this window may have reached a far side."""

    ends: float
    left: bool = False


_window: ContextVar[SendWindow | None] = ContextVar("asctl_send_window", default=None)


@contextmanager
def writes_until(seconds: float) -> Iterator[SendWindow]:
    """Writes of this thread, begun in the block, end within ``seconds`` from now or are not begun."""
    window = SendWindow(time.monotonic() + seconds)
    token = _window.set(window)
    try:
        yield window
    finally:
        _window.reset(token)


def send_window() -> SendWindow | None:
    """The window of this thread, where one is open."""
    return _window.get()
