"""Tokens on record: one for each account and its credentials."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from asctl.api.tokens import Token
from asctl.store.opening import Store
from asctl.store.tokens import keep_token, kept_token
from tests.store_support import NOW

TOKEN = Token("tok-1", NOW, NOW + timedelta(hours=8), "rtok-1")


def test_a_token_survives_whole(store: Store) -> None:
    """With its times, and with what renews it."""
    with store.write() as tx:
        keep_token(tx, "baiwang", "own", TOKEN)
    with store.read() as tx:
        assert kept_token(tx, "baiwang", "own") == TOKEN
        assert kept_token(tx, "baiwang", "other") is None
        assert kept_token(tx, "nuonuo", "own") is None


def test_the_last_one_is_kept(store: Store) -> None:
    """A renewed token takes the place of the one before it; what renewed that is gone where the new one has no such thing."""
    renewed = replace(TOKEN, value="tok-2", refresh="", ends_at=NOW + timedelta(days=1))
    with store.write() as tx:
        keep_token(tx, "baiwang", "own", TOKEN)
        keep_token(tx, "baiwang", "own", renewed)
        assert kept_token(tx, "baiwang", "own") == renewed


def test_tokens_of_earlier_credentials_are_forgotten(store: Store) -> None:
    """Of the account whose credentials changed; other accounts keep theirs."""
    with store.write() as tx:
        keep_token(tx, "baiwang", "own", TOKEN)
        keep_token(tx, "nuonuo", "own", TOKEN)
        keep_token(tx, "baiwang", "new", replace(TOKEN, value="tok-2"))
        assert kept_token(tx, "baiwang", "own") is None
        assert kept_token(tx, "nuonuo", "own") == TOKEN
