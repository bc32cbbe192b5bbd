"""The ordinary command for tests, in this process or as one of its own, and what a run of it left."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unittest.mock import patch

from asctl.cli.app import carry_out
from asctl.cli.run import Run

PATIENCE_S = 60
"""How long a test waits for a process that does little."""


@dataclass(frozen=True)
class Result:
    """What one run of ``asctl`` left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The records on stdout, of ``json`` or ``ndjson``."""
        if self.out.startswith("["):
            whole: list[dict[str, Any]] = json.loads(self.out)
            return whole
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> dict[str, Any]:
        """The only record."""
        assert len(self.records) == 1, self
        return self.records[0]

    @cached_property
    def end(self) -> dict[str, Any]:
        """The last line on stderr, which tells a script how the run ended."""
        told: dict[str, Any] = json.loads(self.err.splitlines()[-1])
        return told

    @property
    def error(self) -> dict[str, Any]:
        """The error that ended the run."""
        told: dict[str, Any] = self.end["error"]
        return told

    def of(self, waybill: str) -> dict[str, Any]:
        """The record of one waybill."""
        return next(record for record in self.records if record["waybill"] == waybill)

    def codes(self) -> list[str | None]:
        """The error code of every record."""
        return [record["error_code"] for record in self.records]


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@dataclass
class Command:
    """The real command in this process: ``asctl("order", "list")``. Its records are NDJSON where nothing is said.

    ``env`` is the environment of all its runs; the sandbox's time is theirs once it was moved.
    """

    env: dict[str, str]
    now: Callable[[], str | None] = field(default=lambda: None)

    def __call__(
        self,
        *arguments: str,
        stdin: str | bytes = "",
        env: Mapping[str, str] | None = None,
        now: str | None = None,
        tty: bool = False,
    ) -> Result:
        environ = self.environ(env or {}, now)
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        reader = (_Terminal if tty else io.TextIOWrapper)(io.BytesIO(raw), encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        with patch.dict(os.environ, environ, clear=True):
            code = carry_out(arguments, Run(environ, reader, out, err))
        return Result(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str, env: Mapping[str, str] | None = None, **popen: Any) -> subprocess.Popen[str]:
        """The command as a process of its own."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | popen
        return subprocess.Popen(
            [sys.executable, "-m", "asctl", *arguments],
            text=True,
            encoding="utf-8",
            env=self.environ(env or {}, None),
            **streams,
        )

    def process(
        self, *arguments: str, env: Mapping[str, str] | None = None, seconds: float = PATIENCE_S, **popen: Any
    ) -> Result:
        """The command as a process of its own, from start to end: at most that many seconds."""
        return ended(self.start(*arguments, env=env, **popen), seconds)

    def environ(self, more: Mapping[str, str], now: str | None) -> dict[str, str]:
        """The environment of one run; an empty value takes a variable out."""
        moment = now or self.now()
        rehearsal = {"ASCTL_NOW": moment} if moment else {}
        return {name: value for name, value in {**self.env, **rehearsal, **more}.items() if value}


def ended(process: subprocess.Popen[str], seconds: float = PATIENCE_S) -> Result:
    """Wait for a process and take what it left."""
    out, err = process.communicate(timeout=seconds)
    return Result(process.returncode, out or "", err)


def no_traceback(result: Result) -> None:
    """People are told a sentence, never Python's own words."""
    assert "Traceback" not in result.err + result.out
    assert 'File "' not in result.err + result.out
