"""A sandbox from start to stop, for the command, the demo and tests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from asctl.api.sandbox import SandboxApp, SandboxRequest
from asctl.sandbox.applications import seed_applications
from asctl.sandbox.builders import Builder
from asctl.sandbox.config_file import write_config
from asctl.sandbox.control import ControlDoor
from asctl.sandbox.faults import Faults
from asctl.sandbox.ledger import Ledger
from asctl.sandbox.provider_door import ProviderDoor
from asctl.sandbox.seed import seed_shop
from asctl.sandbox.server import Server
from asctl.sandbox.wire import Answer, Hangup, Incoming
from asctl.sandbox.world import World

CONTROL = "_sandbox"


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """Where a running sandbox is: ``url`` without a last slash, the ``config`` it wrote, ``control`` with one."""

    url: str
    config: Path
    control: str


class Sandbox:
    """Serves ``apps`` (by plugin id) on one loopback port and writes ``directory/asctl.toml``.

    Use as a context manager, or call :meth:`start` and :meth:`stop`. One object runs once.
    """

    def __init__(
        self,
        apps: Mapping[str, SandboxApp],
        directory: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 1,
    ) -> None:
        self.world = World()
        self._apps = apps
        self._directory = directory
        self._host = host
        self._port = port
        self.builder = Builder(seed)
        self.ledger = Ledger(self.world.now)
        faults = Faults(time.monotonic)
        self._provider_door = ProviderDoor(apps, self.world, self.ledger, faults)
        self._control_door = ControlDoor(
            self.world, self.builder, self.ledger, faults, self._provider_door, apps.keys()
        )
        self._server: Server | None = None

    def start(self) -> SandboxInfo:
        """Seed the shop, bind, write the configuration, serve.

        Raises :class:`BadInput`: ``not_loopback``, ``port_in_use``, ``port_refused``, ``config_exists``,
        ``directory_refused``; :class:`PluginBroken` (``account_clash``).
        """
        server = Server(self._host, self._port, self._door)
        try:
            accounts = [app.accounts(f"{server.url}/{plugin}") for plugin, app in self._apps.items()]
            config = write_config(self._directory, accounts)
            seed_shop(self.world, self.builder)
            seed_applications(self.world)
        except BaseException:
            server.server_close()
            raise
        server.start()
        self._server = server
        return SandboxInfo(url=server.url, config=config, control=f"{server.url}/{CONTROL}/")

    def stop(self) -> None:
        """Stop serving; writes that were to come late never come. Does nothing where it is not running."""
        server, self._server = self._server, None
        if server is not None:
            self._provider_door.close()
            server.stop()

    def __enter__(self) -> SandboxInfo:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _door(self, incoming: Incoming) -> Answer | Hangup:
        plugin, _slash, rest = incoming.path.lstrip("/").partition("/")
        if plugin == CONTROL:
            return self._control_door(rest, incoming)
        if plugin not in self._apps:
            known = sorted(self._apps)
            return Answer.of({"error": f"no sandbox app is served under /{plugin}", "apps": known}, 404)
        request = SandboxRequest(incoming.method, f"/{rest}", incoming.query, incoming.headers, incoming.body)
        return self._provider_door(plugin, request)
