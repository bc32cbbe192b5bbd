"""Notifiers: chat robots, mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to colleagues; ``severity`` is ``info``, ``warning`` or ``alarm``. Never with personal data."""

    title: str
    text: str
    severity: str = "info"


class Notifier(Protocol):
    """Tell people. A write of the class ``notify``: a repeat is a nuisance, so it is never repeated on doubt."""

    def notify(self, notice: Notice) -> None:
        """Raises :class:`Refused`, :class:`Throttled` or :class:`Unclear`."""
        ...
