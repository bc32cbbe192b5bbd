"""What is logged and printed while a rule is tried, whoever says it."""

from __future__ import annotations

import logging
import sys
from typing import Any

_LOGGERS = ("", "asctl")
"""The one that hears all others, and our own, which has a level of its own."""


class Hearing(logging.Handler):
    """Hears every logger at every level, and stderr, where all that plugins print goes. ``texts`` is what was said, exceptions
    included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []
        self._loggers = [logging.getLogger(name) for name in _LOGGERS]
        self._before = [(logger.level, logger.propagate) for logger in self._loggers]
        self._root = self._loggers[0]
        self._others = self._root.handlers
        self._stderr: Any = sys.stderr

    def start(self) -> None:
        """Listen. Other handlers of the root hear nothing meanwhile: these levels are not the ones they were made for."""
        self._root.handlers = [self]
        for logger in self._loggers:
            logger.setLevel(logging.DEBUG)
            logger.propagate = True
        sys.stderr = _Overheard(self._stderr, self.texts)

    def stop(self) -> None:
        """Leave all as it was."""
        self._root.handlers = self._others
        for logger, (level, propagate) in zip(self._loggers, self._before, strict=True):
            logger.setLevel(level)
            logger.propagate = propagate
        sys.stderr = self._stderr

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.texts.append(self.format(record))
        except Exception:
            self.handleError(record)


class _Overheard:
    """stderr, with somebody who writes along."""

    def __init__(self, stderr: Any, texts: list[str]) -> None:
        self._stderr = stderr
        self._texts = texts

    def write(self, text: str) -> int:
        """As of a text stream."""
        self._texts.append(text)
        return int(self._stderr.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stderr, name)
