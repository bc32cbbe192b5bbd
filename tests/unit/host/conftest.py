"""Time that passes only where a test says so, and a place for plugins."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path for plugins, which are forgotten at the end."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]
