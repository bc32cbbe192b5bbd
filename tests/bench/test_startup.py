"""What a shell script pays for each call: CPU of whole processes against bare programs, in one run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench.measuring import asctl, bare, cpu_ratio, report
from tests.bench.world import clean_environ

pytestmark = pytest.mark.bench

SLOW = {"click", "pluggy", "requests", "sqlalchemy", "alembic", "tenacity", "tabulate", "fontTools"}
PROVIDERS = {"asctl_taobao", "asctl_kuaidi100", "asctl_sf", "asctl_zto", "asctl_yto", "asctl_labels"}


def imported(*arguments: str) -> set[str]:
    """The top-level packages that one ``asctl`` imports."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "asctl", *arguments],
        env=clean_environ(),
        capture_output=True,
        check=True,
    )
    lines = told.stderr.decode().splitlines()
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines if line.startswith("import time:")}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_overview_import_nothing_slow(option: str) -> None:
    """``asctl --version`` and ``asctl --help`` import no library that a command needs, and no plugin."""
    assert not imported(option) & (SLOW | PROVIDERS)


def test_help_of_a_command_imports_click_alone() -> None:
    """``asctl parcel poll --help`` imports click, and neither another library nor a plugin."""
    assert imported("parcel", "poll", "--help") & (SLOW | PROVIDERS) == {"click"}


def test_version_costs_less_than_click() -> None:
    """``asctl --version`` answers before click is imported."""
    figures = cpu_ratio(asctl("--version"), bare("click_help.py", "--help"), clean_environ())
    report("asctl --version", figures, 0.5)
    assert figures[0] < 1


def test_help_costs_little_more_than_click() -> None:
    """``asctl --help`` comes from a table."""
    figures = cpu_ratio(asctl("--help"), bare("click_help.py", "--help"), clean_environ())
    report("asctl --help", figures, 1.5)
    assert figures[0] < 3


def test_help_of_a_command() -> None:
    """``asctl parcel poll --help`` has no aim of its own; the figure shows what any command pays before it begins."""
    figures = cpu_ratio(asctl("parcel", "poll", "--help"), bare("click_help.py", "--help"), clean_environ())
    report("asctl parcel poll --help", figures, 3)
    assert figures[0] < 6
