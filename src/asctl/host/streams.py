"""Streams that a process shares with its plugins."""

from __future__ import annotations

TYPE_CHECKING = False  # what ``typing`` offers, without the time its import takes
if TYPE_CHECKING:
    from typing import Any


class Unclosable:
    """A stream that whoever holds it can write to and flush, and not close or take apart for all the others."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._there(), name)

    @property
    def buffer(self) -> Unclosable:
        """Its bytes."""
        return Unclosable(self._there().buffer)

    def close(self) -> None:
        """Leave it open."""

    def detach(self) -> Unclosable:
        """Its bytes, which stay its own."""
        return self.buffer

    def _there(self) -> Any:
        return self._stream
