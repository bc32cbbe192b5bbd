"""Access tokens that all processes on one store share: one of them refreshes, the others wait for it and take what it got."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping

from asctl.api.tokens import Token
from asctl.domain.times import Clock
from asctl.store import tokens as stored_tokens
from asctl.store.locks import hold
from asctl.store.opening import Store

PATIENCE_S = 90.0
"""A refresh is one call: whoever waits longer than that may take the lock's holder for dead."""


def stands_for(settings: Mapping[str, object]) -> str:
    """A hash of all of an account's settings: with others, it needs a token of its own."""
    told = "\x1f".join(f"{name}={settings[name]!r}" for name in sorted(settings))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


class StoreTokens:
    """Implements :class:`asctl.api.tokens.Tokens`. ``learn`` is told each token, and what renews it, to keep both out of logs and
    errors."""

    def __init__(
        self, store: Store, clock: Clock, account: str, settings: Mapping[str, object], learn: Callable[[str], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._account = account
        self._stands_for = stands_for(settings)
        self._learn = learn
        self._lock = threading.Lock()
        self._kept: Token | None = None
        self._refused = ""

    def token(self, fetch: Callable[[Token | None], Token]) -> str:
        with self._lock:
            if not self._usable(self._kept):
                self._kept = self._shared(fetch)
            assert self._kept is not None
            return self._kept.value

    def refused(self, value: str) -> None:
        with self._lock:
            self._refused = value

    def _usable(self, token: Token | None) -> bool:
        return token is not None and token.value != self._refused and token.fresh(self._clock.now())

    def _shared(self, fetch: Callable[[Token | None], Token]) -> Token:
        """What another process got meanwhile, or a new one, fetched while nobody else does."""
        kept = self._read()
        if kept is not None and self._usable(kept):
            return kept
        with hold(self._store, f"token {self._account}", PATIENCE_S):
            kept = self._read()
            if kept is not None and self._usable(kept):
                return kept
            fetched = self._learned(fetch(kept))
            with self._store.write() as tx:
                stored_tokens.keep_token(tx, self._account, self._stands_for, fetched)
            return fetched

    def _read(self) -> Token | None:
        with self._store.read() as tx:
            kept = stored_tokens.kept_token(tx, self._account, self._stands_for)
        return self._learned(kept) if kept else None

    def _learned(self, token: Token) -> Token:
        for secret in (token.value, token.refresh):
            self._learn(secret)
        return token
