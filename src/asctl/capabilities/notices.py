"""Notifiers: chat robots, mail. No command uses them yet."""

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
    """Tell people. A write of the class ``NOTIFY``, under ``notify``."""

    def notify(self, notice: Notice) -> None:
        """Send the message. Raises the write families. A repeat is a nuisance, so it is never sent again on doubt."""
        ...
