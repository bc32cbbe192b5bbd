"""What a whole process shares and no plugin may change: put back after each call into plugin code."""

from __future__ import annotations

import contextlib
import decimal
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from asctl.host.shared import arithmetic, as_it_is, attribute, same_arithmetic
from asctl.host.streams import Unclosable


class Surroundings:
    """What all share, as it was when this was made: working directory, locale, arithmetic of new threads, alarms, recursion
    limit, hooks. ``sys.stdout`` leads plugins to stderr from then on.

    Signal handlers need no care: only the main thread can set them, and no plugin code runs there.
    """

    def __init__(self) -> None:
        self._kept = tuple(as_it_is())
        self._take_ours()

    def entered(self) -> tuple[str, ...]:
        """As :meth:`mend`, before a plugin's turn. Streams and hooks were ours to change meanwhile, and are taken anew."""
        if not all(each.is_same() for each in self._ours):
            self._take_ours()
        return self.mend()

    def mend(self) -> tuple[str, ...]:
        """Put back what is no longer as it was, and name it. Never raises."""
        with contextlib.suppress(Exception):
            for is_same in self._checks:
                if not is_same():
                    break
            else:
                return ()
        with _mending:
            return tuple(dict.fromkeys(each.name for each in (*self._kept, *self._ours) if each.mended()))

    def _take_ours(self) -> None:
        stdout = getattr(sys, "stdout", sys.__stdout__)
        if type(stdout) is not DataOnly:
            sys.stdout = DataOnly(stdout)
        names = ((sys, "stdout"), (sys, "stderr"), (sys, "excepthook"), (threading, "excepthook"))
        self._ours = tuple(attribute(module, name) for module, name in names)
        self._checks = tuple(each.is_same for each in (*self._kept, *self._ours))


class Noted:
    """What plugin code did in a block: ``changed`` names what it left changed there, ``printed`` that it wrote to stdout."""

    changed: tuple[str, ...] = ()
    printed = False


@contextlib.contextmanager
def apart() -> Iterator[Noted]:
    """A decimal context for the block alone, and a note of what the code in it does. The block must not raise."""
    own, noted = decimal.Context(), Noted()
    before = own.copy()
    decimal.setcontext(own)
    _noted.set(noted)
    yield noted
    if decimal.getcontext() is not own or not same_arithmetic(own, before):
        noted.changed = (arithmetic(),)


class DataOnly(Unclosable):
    """``sys.stdout`` while plugins are in play: what is printed goes to stderr, from whichever thread, for our own commands write
    their records to a stream of their own. Only what the main thread prints inside :func:`printing` is data."""

    def write(self, text: str) -> int:
        """As of a text stream."""
        return int(self._there().write(text))

    def _there(self) -> Any:
        if _printing.get() and threading.current_thread() is threading.main_thread():
            return self._stream
        if noted := _noted.get():
            noted.printed = True
        return sys.stderr


@contextlib.contextmanager
def printing() -> Iterator[None]:
    """A command of a plugin is at work on the main thread: what it prints there is what it was called for."""
    before = _printing.set(True)
    try:
        yield
    finally:
        _printing.reset(before)


_printing: ContextVar[bool] = ContextVar("asctl_printing", default=False)
_noted: ContextVar[Noted | None] = ContextVar("asctl_noted", default=None)
_mending = threading.Lock()
