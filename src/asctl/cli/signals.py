"""Ctrl-C and ``kill``: the first asks a long run to stop at the next safe place; the second breaks off, but for calls under way."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class Stopped(KeyboardInterrupt):
    """A signal that ends the command at once."""


class Interruption:
    """Listens for SIGINT and SIGTERM. ``signum`` is the signal that came, or 0."""

    def __init__(self) -> None:
        self.signum = 0
        self._patient = False
        self._reading = False
        self._ending = False

    def came(self) -> bool:
        """Whether the run should stop at the next safe place. Asking makes the first signal wait for that place."""
        self._patient = True
        return self.signum != 0

    def until_signal(self, items: Iterator[T]) -> Iterator[T]:
        """Pass items on until a signal comes. Waiting for the next one is a safe place: a patient run goes on at once, as if
        there were no more."""
        while not self.signum:
            try:
                self._reading = True
                item = next(items)
            except StopIteration:
                return
            except Stopped:
                if not self._patient:
                    raise
                return
            finally:
                self._reading = False
            yield item

    def was_welcome(self) -> None:
        """The signal was how this command is meant to be ended: it counts as none."""
        self.signum = 0

    def end(self) -> None:
        """From here on signals change nothing: the run only says how it ended."""
        self._ending = True

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Listen while the block runs; the handlers of before are put back. Only the main thread can listen."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        if self._ending:
            return
        first = self.signum == 0
        self.signum = self.signum or signum
        if self._reading or not (first and self._patient):
            raise Stopped
