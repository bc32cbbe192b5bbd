"""The real command against a running sandbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox_support import Command, SandboxSite, running_sandbox
from tests.store_support import fresh_store_url


@pytest.fixture
def backend() -> str:
    """The kind of store; a file that parametrises it runs on both."""
    return "sqlite"


@pytest.fixture
def store_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty store of our schema."""
    with fresh_store_url(backend, tmp_path) as url:
        yield url


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxSite]:
    """A sandbox of this test's own, freshly seeded."""
    with running_sandbox(tmp_path / "world") as site:
        yield site


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose places are all below the test's own directory."""
    places = {
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ASCTL_OUTPUT": "ndjson", **places}


@pytest.fixture
def asctl(sandbox: SandboxSite, store_url: str, home: dict[str, str]) -> Command:
    """The command with the sandbox's configuration and a store of our schema."""
    env = home | {"ASCTL_CONFIG": str(sandbox.info.config), "ASCTL_STORE__URL": store_url}
    return Command(env, lambda: sandbox.now().isoformat() if sandbox.rehearsing else None)
