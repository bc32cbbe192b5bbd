"""What a shell script pays for each call: CPU of whole processes against bare programs, in one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.measuring import asctl, bare, cpu_ratio, report, spent
from tests.bench.world import World, clean_environ
from tests.plugin_support import courier, install

pytestmark = pytest.mark.bench

SLOW = {"click", "pluggy", "requests", "sqlalchemy", "alembic", "tenacity", "tabulate", "fontTools"}
PROVIDERS = {"asctl_taobao", "asctl_kuaidi100", "asctl_sf", "asctl_zto", "asctl_yto", "asctl_labels"}


BROKEN = ("import nothing_of_that_name", "def (", "import threading; threading.Event().wait()")


@pytest.fixture
def plugins(tmp_path: Path) -> dict[str, str]:
    """The variables of a user with twelve plugins more: three are broken, one of them hangs when it is imported."""
    for number in range(12):
        source = BROKEN[number] if number < len(BROKEN) else courier(f"courier{number}")
        install(tmp_path, f"courier{number}", source)
    return {"PYTHONPATH": str(tmp_path)}


def completing(line: str) -> dict[str, str]:
    """The variables by which a shell asks how a line goes on."""
    return {"_ASCTL_COMPLETE": "bash_complete", "COMP_WORDS": line}


def imported(*arguments: str, **env: str) -> set[str]:
    """The top-level packages that one ``asctl`` imports."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "asctl", *arguments],
        env={**clean_environ(), **env},
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


def test_help_costs_little_more_than_click(plugins: dict[str, str]) -> None:
    """``asctl --help`` comes from a table, and asks no plugin."""
    figures = cpu_ratio(asctl("--help"), bare("click_help.py", "--help"), clean_environ() | plugins)
    report("asctl --help with 12 plugins, 3 of them broken", figures, 1.5)
    assert figures[0] < 3


def test_help_of_a_command() -> None:
    """``asctl parcel poll --help`` has no aim of its own; the figure shows what any command pays before it begins."""
    figures = cpu_ratio(asctl("parcel", "poll", "--help"), bare("click_help.py", "--help"), clean_environ())
    report("asctl parcel poll --help", figures, 3)
    assert figures[0] < 6


COMMANDS = ("asctl par", "asctl parcel po", "asctl parcel poll --de", "asctl parcel list --verdict l")


@pytest.mark.parametrize("line", COMMANDS)
def test_completion_costs_little_more_than_click(plugins: dict[str, str], line: str) -> None:
    """Commands, verbs, options and choices complete from a file: no library that is slow, and no plugin, is imported."""
    asked = completing(line)
    figures = cpu_ratio(asctl(), bare("click_help.py", "--help"), clean_environ() | plugins | asked)
    report(f"completion of `{line}` with 12 plugins, 3 of them broken", figures, 1.5)
    assert figures[0] < 3


def test_completion_of_what_is_known(world: World, plugins: dict[str, str]) -> None:
    """Accounts, RMA numbers and waybills are there before anybody wonders."""
    world.older_orders(300)
    world.records("order", "sync")
    orders = [order["order_id"] for order in world.records("order", "list") if order["waybills"]][:100]
    world.records("rma", "open", *orders, "--kind", "return", "--reason", "quality")
    for line, aim in (
        ("asctl parcel po", 200),
        ("asctl parcel poll --acc", 200),
        ("asctl order list --shop ", 200),
        ("asctl rma show RMA", 600),
        ("asctl parcel show ", 600),
    ):
        environ = world.environ | plugins | completing(line)
        walls = [spent(asctl(), environ).wall * 1e3 for _ in range(6)][1:]
        found = statistics.median(walls)
        print(f"\ncompletion of `{line}`: {found:.0f} ms wall (aim: at most {aim})")
        assert found < 3 * aim
