"""What whole processes cost, ours and bare ones in turn, so that a drifting machine hits both alike."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BARE = Path(__file__).parent / "bare"
_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Spent:
    """One finished process: CPU (user and system) and wall time in seconds, the most memory it held in MiB."""

    cpu: float
    wall: float
    peak: float


def asctl(*arguments: str) -> list[str]:
    """A command line of the installed ``asctl`` beside this interpreter."""
    return [os.path.join(os.path.dirname(sys.executable), "asctl"), *arguments]


def bare(script: str, *arguments: str) -> list[str]:
    """A command line of one of the scripts in ``bare``."""
    return [sys.executable, str(BARE / script), *arguments]


def spent(command: Sequence[str], environ: Mapping[str, str]) -> Spent:
    """Run one process to its end; a failing one is an error. Its stdout is dropped."""
    with tempfile.TemporaryFile() as told:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL, stderr=told)
        peak, status, usage = _watch(process.pid)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        assert process.returncode == 0, told.read().decode()[-2000:]
    return Spent(usage.ru_utime + usage.ru_stime, wall, peak)


def _watch(pid: int) -> tuple[float, int, os.struct_rusage]:  # type: ignore[name-defined]
    """Wait for a process; its own account of its memory, because ``ru_maxrss`` begins with that of the process that forked it."""
    peak = 0.0
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return peak, status, usage
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            peak = max([peak, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))])
        time.sleep(_LOOK_EVERY_S)


def cpu_ratio(
    ours: Sequence[str], theirs: Sequence[str], environ: Mapping[str, str], rounds: int = 5
) -> tuple[float, float, float]:
    """The median of ours / theirs, pair by pair, and both medians in CPU seconds; one warm-up round is not counted."""
    pairs = [(spent(ours, environ).cpu, spent(theirs, environ).cpu) for _ in range(rounds + 1)][1:]
    return (
        statistics.median(a / b for a, b in pairs),
        statistics.median(a for a, _b in pairs),
        statistics.median(b for _a, b in pairs),
    )


def report(what: str, figures: tuple[float, float, float], aim: float) -> None:
    """Print one line: the ratio, what we aim at, and both figures."""
    found, ours, theirs = figures
    print(
        f"\n{what}: {found:.2f} times the bare program's CPU (aim: at most {aim});"
        f" {ours * 1e3:.1f} ms to {theirs * 1e3:.1f} ms"
    )
