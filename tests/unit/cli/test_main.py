from __future__ import annotations

import os
import subprocess
import sys

import pytest

from asctl import __version__
from asctl.cli.table import overview

ASCTL = [sys.executable, "-m", "asctl"]
HEAVY = {"click", "pluggy", "requests", "sqlalchemy", "tabulate", "json", "typing", "dataclasses", "logging"}


def asctl(*arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ASCTL, *arguments], capture_output=True, text=True, **how)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], []])
def test_version_and_help_import_nothing_heavy(arguments: list[str]) -> None:
    """The version and the overview come without click, plugins or any library."""
    code = f"import sys; sys.argv = ['asctl', *{arguments!r}]\nfrom asctl.cli.main import main\nmain()\n"
    check = f"sys.stderr.write(' '.join({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code + check], capture_output=True, text=True, env=_source_path()
    )
    assert done.stdout == (f"asctl {__version__}\n" if "--version" in arguments else overview())
    assert done.stderr == ""


def _source_path() -> dict[str, str]:
    """The package without site-packages, whose start-up files import things of their own."""
    import asctl as package

    return {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(package.__file__))}


def test_version_after_an_option() -> None:
    """The slow way says the same as the fast one."""
    assert asctl("-v", "--version").stdout == f"asctl {__version__}\n"


def test_a_reader_that_goes_away_is_quiet() -> None:
    """``asctl help ... | head -0`` leaves no traceback and is no failure."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run([*ASCTL, "help", "output"], stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["--version"], ["help", "output"]])
def test_a_full_disk_under_stdout(arguments: list[str]) -> None:
    """Output that cannot be written is said and has its exit code."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([*ASCTL, *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 10
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_output_is_utf_8_in_any_locale() -> None:
    """A C locale changes nothing: Chinese in an error comes out as UTF-8."""
    done = asctl(
        "help",
        "出口",
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        encoding="utf-8",
    )
    assert "'出口'" in done.stderr
    assert done.returncode == 2


def test_closed_streams_are_no_crash() -> None:
    """A daemon that closed stdout and stderr still gets the right exit code."""
    line = f"{sys.executable} -m asctl help nothing >&- 2>&-"
    assert subprocess.run(["sh", "-c", line]).returncode == 2
