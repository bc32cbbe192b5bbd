"""A command of the test's own, run through the real program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from asctl.cli import app as program
from asctl.cli.table import commands

Probe = Callable[..., Result]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Probe:
    """``probe(command, *arguments)`` runs ``asctl probe ARGUMENTS`` where ``probe`` is ``command``."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ASCTL_OUTPUT", raising=False)

    def run(command: click.Command, *arguments: str, before: tuple[str, ...] = (), **runner: Any) -> Result:
        module = ModuleType("asctl_probe")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "asctl_probe", module)
        monkeypatch.setattr(program, "commands", lambda: {**commands(), "probe": ("asctl_probe:command", "A probe.")})
        return CliRunner().invoke(program.app, [*before, "probe", *arguments], **runner)

    return run
