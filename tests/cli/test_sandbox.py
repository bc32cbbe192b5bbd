"""``asctl sandbox serve``, started as a process and ended by signals."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from asctl.domain.errors import NotOffered
from asctl.host.plugins import Host
from asctl.host.warden import Patience
from asctl.services.sandbox_apps import sandbox_apps
from tests.command_support import Command, ended, no_traceback
from tests.plugin_support import install

pytestmark = pytest.mark.storeless

WITH_SANDBOX = """
from asctl.api import ProviderSpec, hookimpl

@hookimpl
def asctl_couriers():
    return [ProviderSpec(id="alpha", title="Alpha", api_version=1, factory="fake_alpha:X", sandbox="fake_alpha:App")]

class App:
    def __init__(self):
        raise RuntimeError("no sand")
"""


@contextmanager
def served(command: Command, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A serving process and what it said when it was ready."""
    process = command.start("sandbox", "serve", *options)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_ends_well(plain: Command, ending: signal.Signals) -> None:
    """One JSON line, then it serves; either signal ends it with 0, and its own place vanishes."""
    with served(plain) as (process, ready):
        assert set(ready) == {"url", "config", "control"}
        assert requests.get(ready["control"] + "state", timeout=10).json()["orders"]
        assert Path(ready["config"]).is_file()
        process.send_signal(ending)
        result = ended(process)
    assert (result.code, result.out) == (0, "")
    assert not Path(ready["config"]).parent.exists()
    no_traceback(result)


def test_the_commands_work_with_what_it_wrote(plain: Command, tmp_path: Path) -> None:
    """With ``--dir`` the configuration stays, and commands of another process use it."""
    with served(plain, "--dir", str(tmp_path / "world")) as (process, ready):
        plain.env["ASCTL_CONFIG"] = ready["config"]
        assert plain("db", "upgrade").code == 0
        assert plain("account", "check").code == 0
        assert plain("order", "sync").record["stored"] > 0
        process.terminate()
        assert ended(process).code == 0
    assert (tmp_path / "world" / "asctl.toml").is_file()


def test_the_users_own_configuration_is_not_read(plain: Command, tmp_path: Path) -> None:
    """A configuration that is gone, as that of an earlier sandbox, does not stand in the way."""
    plain.env["ASCTL_CONFIG"] = str(tmp_path / "gone" / "asctl.toml")
    with served(plain) as (_process, ready):
        assert ready["url"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--host", "0.0.0.0"], "not_loopback"), (["--port", "99999"], "usage")],
)
def test_an_address_that_it_refuses(plain: Command, options: list[str], code: str) -> None:
    """Nothing but loopback is bound; a wrong address is exit 2."""
    refused = plain("sandbox", "serve", *options)
    assert refused.code == 2
    assert refused.out == ""
    no_traceback(refused)
    assert ("99999" if code == "usage" else "0.0.0.0") in refused.err


def test_a_port_that_is_taken(plain: Command) -> None:
    """Exit 2 names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = plain("sandbox", "serve", "--port", str(port))
    assert refused.code == 2
    assert str(port) in refused.err


def test_a_directory_with_a_persons_configuration(plain: Command, tmp_path: Path) -> None:
    """What a person wrote is not overwritten: exit 2."""
    (tmp_path / "asctl.toml").write_text("# mine\n")
    refused = plain("sandbox", "serve", "--dir", str(tmp_path))
    assert refused.code == 2
    assert (tmp_path / "asctl.toml").read_text() == "# mine\n"


def test_a_sandbox_app_that_cannot_be_made_is_left_out(plugin_folder: Path) -> None:
    """It is told, and the others are served."""
    install(plugin_folder, "alpha", WITH_SANDBOX)
    told: list[str] = []
    apps = sandbox_apps(Host(None, told.append), told.append)
    assert {"taobao", "kuaidi100"} <= set(apps)
    assert "alpha" not in apps
    assert told == ["the sandbox of alpha is left out: RuntimeError"]


def test_without_any_sandbox_app() -> None:
    """No plugin, no sandbox."""
    with pytest.raises(NotOffered, match="no installed plugin brings a sandbox"):
        sandbox_apps(Host((), print), print)


ODD_ACCOUNTS = """
from asctl.api import ProviderSpec, hookimpl

@hookimpl
def asctl_couriers():
    return [ProviderSpec(id="alpha", title="Alpha", api_version=1, factory="fake_alpha:X", sandbox="fake_alpha:App")]

class App:
    def accounts(self, base_url):
        {telling}
"""
NO_ACCOUNTS = "accounts() must return sections of accounts with settings"


@pytest.mark.parametrize(
    ("telling", "why"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("import threading; threading.Event().wait()", "PluginBroken"),
        ("return None", NO_ACCOUNTS),
        ("return {5: 6}", NO_ACCOUNTS),
        ("return {'couriers': {'alpha': {'plugin': object()}}}", NO_ACCOUNTS),
        ("return {'couriers': {'alpha': {'wait': float('nan')}}}", NO_ACCOUNTS),
        ("return {'couriers': {'alpha': {'hours': [None]}}}", NO_ACCOUNTS),
    ],
)
def test_a_sandbox_app_with_odd_accounts_is_left_out(plugin_folder: Path, telling: str, why: str) -> None:
    """Whatever it does when it is asked for its accounts, the others are served."""
    install(plugin_folder, "alpha", ODD_ACCOUNTS.format(telling=telling))
    told: list[str] = []
    apps = sandbox_apps(Host(None, told.append, Patience(load=2)), told.append)
    assert {"taobao", "kuaidi100"} <= set(apps)
    assert "alpha" not in apps
    assert told == [f"the sandbox of alpha is left out: {why}"]
