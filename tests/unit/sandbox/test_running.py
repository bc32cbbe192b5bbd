"""A sandbox from start to stop."""

from __future__ import annotations

import http.client
import socket
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from asctl.domain.errors import BadInput
from asctl.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.unit.sandbox.conftest import Client


def test_the_written_configuration_points_at_the_running_sandbox(client: Client) -> None:
    """Each app's account has the app's own address, and its texts came through whole."""
    account = tomllib.loads(client.info.config.read_text("utf-8"))["couriers"]["post"]
    assert account["base_url"] == f"{client.info.url}/post"
    assert account["key"] == '密"钥\\\x7f𬭚'


def test_an_app_that_is_not_there_is_told_with_those_that_are(client: Client) -> None:
    """A wrong path is a 404 that helps, and no provider request."""
    answer = client.session.get(f"{client.info.url}/sf/query", timeout=5)
    assert (answer.status_code, answer.json()["apps"]) == (404, ["post"])
    assert client.ledger() == []


def test_a_port_that_is_taken_is_bad_input(client: Client, tmp_path: Path) -> None:
    """The sentence names the port, and nothing is written."""
    port = urlsplit(client.info.url).port
    assert port is not None
    with pytest.raises(BadInput, match=str(port)) as caught:
        Sandbox({}, tmp_path / "other", port=port).start()
    assert caught.value.code == "port_in_use"
    assert not (tmp_path / "other").exists()


def test_a_port_that_does_not_exist_is_bad_input(tmp_path: Path) -> None:
    """A number beyond 65535 is told, not thrown."""
    with pytest.raises(BadInput) as caught:
        Sandbox({}, tmp_path, port=70_000).start()
    assert caught.value.code == "port_refused"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com", ""])
def test_only_loopback_is_bound(tmp_path: Path, host: str) -> None:
    """No other machine can ever reach the sandbox."""
    with pytest.raises(BadInput) as caught:
        Sandbox({}, tmp_path, host=host).start()
    assert caught.value.code == "not_loopback"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost"])
def test_any_loopback_host_serves(tmp_path: Path, host: str) -> None:
    """Every spelling of this machine is good."""
    with Sandbox({}, tmp_path, host=host) as info:
        assert requests.get(info.control + "ledger", timeout=5).json() == []


def test_a_failed_start_leaves_the_port_free(tmp_path: Path) -> None:
    """When the configuration cannot be written, nobody is left listening."""
    (tmp_path / "asctl.toml").write_text("[shops.real]\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(BadInput):
        Sandbox({}, tmp_path, port=port).start()
    with Sandbox({}, tmp_path / "other", port=port) as info:
        assert info.url.endswith(f":{port}")


def test_stopping_hangs_up_on_everybody(client: Client) -> None:
    """Kept-alive connections are closed, new ones refused, and stopping again does nothing."""
    where = urlsplit(client.info.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=5)
    connection.request("GET", "/post/track?waybill=SF1")
    assert connection.getresponse().read()
    client.sandbox.stop()
    client.sandbox.stop()
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((where.hostname or "", where.port or 0), timeout=5)


def test_a_late_write_never_comes_after_the_stop(client: Client) -> None:
    """What was scheduled is dropped with the world it was for."""
    client.fault("late", seconds=0.1)
    with pytest.raises(requests.ConnectionError):
        client.note("SF1")
    client.sandbox.stop()
    time.sleep(0.2)
    assert client.office.notes == []
