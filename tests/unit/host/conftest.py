"""Time that passes only where a test says so."""

from __future__ import annotations

import threading

import pytest

from asctl.host import calls, warden


class Watch:
    """Stands for the module ``time`` in the warden's eyes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.seen = threading.Event()
        """The warden has looked since time passed."""

    def monotonic(self) -> float:
        """As of ``time``."""
        return self.now

    def stopped(self) -> bool:
        """What the warden asks whenever it has looked."""
        if self.now:
            self.seen.set()
        return False

    def an_hour(self) -> None:
        """Passes, and ends when the warden has seen that."""
        self.now += 3600
        self.seen.wait(20)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The time of calls and of the warden."""
    watch = Watch()
    monkeypatch.setattr(calls, "time", watch)
    monkeypatch.setattr(warden, "time", watch)
    return watch
