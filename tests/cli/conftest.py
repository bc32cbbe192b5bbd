"""The real command against a running sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.sandbox_support import SandboxSite, running_sandbox
from tests.spooler_support import TAKEN, Spooler
from tests.store_support import fresh_store_url, kind_for


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of store; what parametrises it runs on both."""
    node: pytest.Item = request.node
    return "sqlite" if node.get_closest_marker("storeless") else kind_for(node.nodeid)


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


@pytest.fixture
def order_id(sandbox: SandboxSite, asctl: Command) -> str:
    """An order in the store that nobody has written on; the ledger is empty again."""
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    return next(str(order["order_id"]) for order in sandbox.state()["orders"] if not order["remark"])


@pytest.fixture
def plugin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path into which a test installs plugins of its own; they are forgotten at its end."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]


@pytest.fixture
def plain(home: dict[str, str]) -> Command:
    """The command of a user who has neither configuration nor store."""
    return Command(home)


@pytest.fixture
def approved(asctl: Command) -> list[str]:
    """Three approved cases on three orders."""
    asctl("order", "sync", "--max-items", "12")
    orders = [record["order_id"] for record in asctl("order", "list").records if record["waybills"]][:3]
    opened = asctl("rma", "open", *orders, "--kind", "return", "--reason", "quality")
    numbers = [record["rma"] for record in opened.records]
    assert asctl("rma", "approve", *numbers).code == 0
    return numbers


@pytest.fixture
def lp(tmp_path: Path, asctl: Command, monkeypatch: pytest.MonkeyPatch) -> Spooler:
    """A print spooler that takes every job."""
    spooler = Spooler(tmp_path / "spooler", asctl)
    for folder in (spooler.kept, spooler.folder / "bin", spooler.tmp):
        folder.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(spooler.tmp))
    spooler.will(TAKEN)
    return spooler
