"""Worlds to measure in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.world import World, running


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A fresh sandbox with an empty store."""
    with running(tmp_path_factory.mktemp("world")) as fresh:
        yield fresh
