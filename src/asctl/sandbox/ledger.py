"""The witness: every provider request in the order of its coming, and whether it took effect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from asctl.api.sandbox import SandboxCall


@dataclass(slots=True)
class Entry:
    """One request. ``applied`` turns true when its write takes effect, which may be long after ``at``."""

    seq: int
    at: datetime
    plugin: str
    operation: str
    write: bool
    target: str
    key: str
    applied: bool
    fault: str | None
    body_sha256: str


class Ledger:
    """Entries are numbered from 1 and the count goes on after :meth:`clear`, so no two ever share a number."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._count = 0

    def note(self, plugin: str, call: SandboxCall, body: bytes, fault: str | None) -> Entry:
        """Write down a request before anything is done about it; the caller sets ``applied`` when it happens."""
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            self._count += 1
            entry = Entry(
                seq=self._count,
                at=self._now(),
                plugin=plugin,
                operation=call.operation,
                write=call.write,
                target=call.target,
                key=call.key,
                applied=False,
                fault=fault,
                body_sha256=digest,
            )
            self._entries.append(entry)
        return entry

    def entries(self) -> list[Entry]:
        """All entries so far, oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> int:
        """Forget all entries; answers how many there were."""
        with self._lock:
            count = len(self._entries)
            self._entries = []
        return count
