"""A sandbox in a process of its own, with a store beside it, for benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.bench.measuring import asctl, spent


@dataclass(frozen=True, slots=True)
class World:
    """A running sandbox: where it is, and the environment that makes ``asctl`` talk to it."""

    url: str
    control: str
    directory: Path
    environ: dict[str, str]

    @property
    def store(self) -> Path:
        """The file of the store."""
        return self.directory / "asctl.db"

    def post(self, name: str, body: dict[str, object]) -> Any:
        """Use the control door."""
        request = Request(self.control + name, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def records(self, *arguments: str, given: str = "") -> list[dict[str, Any]]:
        """What one ``asctl`` says, with ``given`` on its stdin."""
        command = asctl(*arguments, "-o", "json")
        done = subprocess.run(command, env=self.environ, input=given, capture_output=True, text=True, check=True)
        said: list[dict[str, Any]] = json.loads(done.stdout)
        return said

    def waybills(self, count: int) -> list[str]:
        """New parcels with some scans each, at J&T: it asks for no phone, and Kuaidi100 alone is asked for it."""
        paid_at = (datetime.now(UTC) - timedelta(days=2)).isoformat()
        return [order["waybills"][0] for order in self._orders(count, paid_at=paid_at)]

    def older_orders(self, count: int) -> None:
        """Make orders that changed an hour ago: a sync leaves the last moments to the next one."""
        self.post("clock", {"advance_s": -3600})
        self._orders(count)
        self.post("clock", {"advance_s": 3600})

    def _orders(self, count: int, **wishes: str) -> Any:
        return self.post("orders", {"shop": "flagship", "count": count, "couriers": ["jt"], **wishes})


def clean_environ() -> dict[str, str]:
    """This process's environment without what changes asctl or Python, such as a ban on compiled bytecode."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ASCTL_", "PYTHON"))}


@contextlib.contextmanager
def running(directory: Path) -> Iterator[World]:
    """Serve a sandbox from ``directory`` and create its store; stopped at the end."""
    process = subprocess.Popen(
        asctl("sandbox", "serve", "--dir", str(directory)), env=clean_environ(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        world = World(ready["url"], ready["control"], directory, clean_environ() | {"ASCTL_CONFIG": ready["config"]})
        spent(asctl("db", "upgrade"), world.environ)
        yield world
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
