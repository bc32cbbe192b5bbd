"""The print spooler of this machine (CUPS), spoken to through ``lp`` and ``lpstat``, never through a shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asctl.domain.errors import BadConfiguration
from asctl.domain.labels import PrintState
from asctl.text import _

PATIENCE_S = 30.0
"""How long the spooler may take to answer."""
SAID_MOST = 500
"""So much of what it says is kept, in characters."""

_JOB = re.compile(r"\S+-\d+(?=\s|$)")
_PRINTER = re.compile(r"^printer (\S+)", re.MULTILINE)
_KILLED = 128
"""A program that a signal ended exits negatively, or through a shell with this and more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the spooler made of a job: its name for it (``Zebra-12``, empty where it told none), and its own words."""

    state: PrintState
    job: str
    said: str


def check_spooler() -> None:
    """Raises :class:`BadConfiguration` (``lp_missing``) on a machine that cannot print."""
    if shutil.which("lp") is None:
        raise BadConfiguration(
            _("there is no lp on this machine to hand labels to"),
            code="lp_missing",
            hint=_("install the client of CUPS (cups-client), or draw a file: asctl label render RMA -f labels.pdf"),
        )


def send_to_printer(printer: str, title: str, copies: int, options: Sequence[str], files: Sequence[Path]) -> Answer:
    """Hand files to ``lp`` as one job. Nobody knows whether they are printed where it gave no answer in time, or was killed."""
    command = ["lp", "-d", printer, "-n", str(copies), "-t", title]
    for option in options:
        command += ["-o", option]
    try:
        ended = _spooler(*command, *map(str, files))
    except subprocess.TimeoutExpired:
        return Answer(PrintState.UNCLEAR, "", _("lp gave no answer within {count} s").format(count=f"{PATIENCE_S:g}"))
    except OSError as error:
        return Answer(PrintState.REFUSED, "", _("lp cannot be run: {reason}").format(reason=error.strerror))
    said = " ".join(f"{ended.stdout} {ended.stderr}".split())[:SAID_MOST]
    if ended.returncode < 0 or ended.returncode > _KILLED:
        return Answer(PrintState.UNCLEAR, "", said or _("lp was killed before it answered"))
    if ended.returncode:
        return Answer(PrintState.REFUSED, "", said or _("lp ended with {code}").format(code=ended.returncode))
    job = _JOB.search(ended.stdout)
    return Answer(PrintState.DONE, job[0] if job else "", said)


def known_printers() -> tuple[str, ...]:
    """The printers that the spooler knows, by name; empty where it does not tell."""
    try:
        told = _spooler("lpstat", "-p")
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(sorted(set(_PRINTER.findall(told.stdout))))


def _spooler(*command: str) -> subprocess.CompletedProcess[str]:
    """Run one of its programs, in the language whose answers we can read."""
    return subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE_S,
        check=False,
    )
