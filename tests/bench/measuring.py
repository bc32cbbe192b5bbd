"""CPU seconds of whole processes, compared in turn, so that a drifting machine hits both alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence


def cpu_seconds(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """User and system time of one finished process; a failing one is an error."""
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    told = process.stderr.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told.decode()[-2000:]
    return usage.ru_utime + usage.ru_stime


def ratio(ours: Sequence[str], bare: Sequence[str], environ: Mapping[str, str], rounds: int = 11) -> tuple[float, float, float]:
    """The median of ours / bare, pair by pair, and both medians in seconds; one warm-up round is not counted."""
    pairs = [(cpu_seconds(ours, environ), cpu_seconds(bare, environ)) for _ in range(rounds + 1)][1:]
    return (
        statistics.median(a / b for a, b in pairs),
        statistics.median(a for a, _b in pairs),
        statistics.median(b for _a, b in pairs),
    )


def report(what: str, figures: tuple[float, float, float], target: float) -> None:
    """Print one line: the ratio, what we aim at, and both figures."""
    found, ours, bare = figures
    print(f"\n{what}: {found:.2f} times the bare program's CPU (aim: at most {target}); {ours * 1e3:.0f} ms to {bare * 1e3:.0f} ms")


def command() -> str:
    """The installed asctl beside this interpreter."""
    return os.path.join(os.path.dirname(sys.executable), "asctl")
