"""Settings as a provider asks for them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from unittest.mock import Mock

from asctl.api import CHINA, Context
from asctl.api.tokens import OwnTokens


def context(**settings: object) -> Context:
    clock = Mock(now=lambda: datetime(2026, 1, 8, 9, tzinfo=CHINA))
    return Context("sf-main", settings, Mock(), clock, logging.getLogger("test"), OwnTokens(clock))


def test_durations_come_typed() -> None:
    """A duration is one; what is not set is none at all."""
    given = context(busy_pause=timedelta(seconds=5), ban_rest=None)
    assert given.duration("busy_pause") == timedelta(seconds=5)
    assert given.duration("ban_rest") == given.duration("missing") == timedelta()


def test_texts_are_never_missing() -> None:
    """A text that is not set is empty."""
    assert (context(key="k").text("key"), context(key=None).text("key"), context().text("key")) == ("k", "", "")
