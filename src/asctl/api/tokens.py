"""Access tokens: fetched by one process, kept until they run out, used by all (reference/invoices.md sections 5.2 and 6.2)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from asctl.domain.times import Clock

RENEWED_BEFORE = timedelta(minutes=30)
"""So long before its end a token is renewed; a token of a shorter life, at half of it."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token: ``value``, when it was given and when it ends (aware). ``refresh`` is what renews it, where the far side
    gives such a thing. Neither is shown in logs or in ``repr``."""

    value: str = field(repr=False)
    given_at: datetime
    ends_at: datetime
    refresh: str = field(default="", repr=False)

    def fresh(self, now: datetime) -> bool:
        """Whether it may be used for a while yet: until half an hour before its end, or half of its life where that is shorter."""
        return now < self.ends_at - min(RENEWED_BEFORE, (self.ends_at - self.given_at) / 2)


class Tokens(Protocol):
    """The tokens of one account, shared by all threads, and by all processes that work with the same store."""

    def token(self, fetch: Callable[[Token | None], Token]) -> str:
        """Returns the kept token, or what ``fetch`` gets. ``fetch`` is called by one at a time, with the last token (for its
        ``refresh``) or ``None``. Ask before each call; it costs nothing while a token is fresh.

        Raises what ``fetch`` raises: :class:`CredentialsRefused` where the far side gives none.
        """
        ...

    def refused(self, value: str) -> None:
        """The far side does not take this token any more: the next :meth:`token` fetches another one, unless somebody else has
        done so meanwhile. May be called again."""
        ...


class OwnTokens:
    """Tokens kept by this process alone: where there is no store. ``learn`` is told each, and what renews it, to keep both out of
    logs and errors."""

    def __init__(self, clock: Clock, learn: Callable[[str], None] = lambda _token: None) -> None:
        self._clock = clock
        self._learn = learn
        self._lock = threading.Lock()
        self._kept: Token | None = None
        self._refused = ""

    def token(self, fetch: Callable[[Token | None], Token]) -> str:
        with self._lock:
            kept = self._kept
            if kept is None or kept.value == self._refused or not kept.fresh(self._clock.now()):
                self._kept = kept = fetch(kept)
                self._learn(kept.value)
                self._learn(kept.refresh)
            return kept.value

    def refused(self, value: str) -> None:
        with self._lock:
            self._refused = value
