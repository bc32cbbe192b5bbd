"""The examples for cron and systemd, run against a sandbox with the environment that they set themselves."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from asctl.cli.exits import LOCKED, UNAVAILABLE
from asctl.store.locks import hold
from asctl.store.opening import open_store
from tests.command_support import PATIENCE_S
from tests.documents.click_tree import misfit
from tests.documents.markdown import ROOT
from tests.sandbox_support import SandboxSite, running_sandbox
from tests.store_support import fresh_store_url

CRON, SYSTEMD = ROOT / "config" / "cron", ROOT / "config" / "systemd"
TABLE, JOB = CRON / "asctl", CRON / "asctl-job"
COMMON = SYSTEMD / "asctl-.service.d" / "common.conf"
SERVICES, TIMERS = sorted(SYSTEMD.glob("*.service")), sorted(SYSTEMD.glob("*.timer"))
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def cron_lines() -> list[tuple[list[str], str, str]]:
    """The lines of the table that run something: five fields of time, user, command."""
    parts = [line.split(maxsplit=6) for line in TABLE.read_text("utf-8").splitlines() if re.match(r"[\d*]", line)]
    return [(part[:5], part[5], part[6]) for part in parts]


def cron_environment() -> dict[str, str]:
    """The variables that the table sets."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", TABLE.read_text("utf-8"), re.M))


def settings_of(unit: Path, key: str) -> list[str]:
    """The values of a key in a unit, in their order."""
    return re.findall(rf"^{key}=(.+)$", unit.read_text("utf-8"), re.M)


@dataclass(frozen=True)
class Machine:
    """The places of the examples, as they are on this machine: a sandbox, a store of its own, this asctl."""

    sandbox: SandboxSite
    folder: Path
    store_url: str

    def here(self, text: str) -> str:
        """A text of an example with its places put in the place of those that it names."""
        places = {
            "/opt/asctl/.venv/bin": str(Path(sys.executable).parent),
            "/opt/asctl": str(CRON),
            "/etc/asctl/asctl.toml": str(self.sandbox.info.config),
            "/var/log/asctl": str(self.folder / "log"),
            "sqlite:////var/lib/asctl/asctl.db": self.store_url,
            "/var/lib": str(self.folder),
        }
        return re.sub("|".join(map(re.escape, places)), lambda found: places[found[0]], text)

    def run(self, command: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Carry out a command with these variables and no other, as cron and systemd do."""
        variables = {name: self.here(value) for name, value in environ.items()}
        shell = ["sh", "-c", self.here(command)]
        return subprocess.run(shell, env=variables, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def cron(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the line of the table with these words."""
        command = next(command for _time, _user, command in cron_lines() if " ".join(words) in command)
        return self.run(command, {**cron_environment(), "ASCTL_STORE__URL": self.store_url, "ASCTL_LANG": "en"})


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which asctl is installed as the examples want it."""
    (tmp_path / "log").mkdir()
    (tmp_path / "asctl").mkdir()
    with running_sandbox(tmp_path / "world") as site, fresh_store_url("sqlite", tmp_path) as url:
        yield Machine(site, tmp_path, url)


def in_bounds(field: str, low: int, high: int) -> bool:
    """Whether a field of a table is one that every cron reads: ``*``, a number or a range, each also with a step."""
    found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", field)
    return found is not None and all(low <= int(number) <= high for number in found.groups()[:2] if number)


def test_the_table_is_one_that_cron_reads() -> None:
    """Fields, user and variables are right, and no line holds what cron would take for a line break."""
    assert len(cron_lines()) > 4
    for fields, user, command in cron_lines():
        assert all(in_bounds(field, *bounds) for field, bounds in zip(fields, FIELDS, strict=True)), fields
        assert (user, "%" in command) == ("asctl", False)
        words = shlex.split(command)
        assert (words[0], misfit(words[1:], whole=True)) == ("/opt/asctl/asctl-job", "")
    assert os.access(JOB, os.X_OK)


def test_every_line_of_the_table_does_its_work(machine: Machine) -> None:
    """With nothing but the variables of the table each line ends well and prints nothing; only its user can read what is kept."""
    for _time, _user, command in cron_lines():
        done = machine.run(command, {**cron_environment(), "ASCTL_STORE__URL": machine.store_url})
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    kept = machine.folder / "log" / "order-sync.ndjson"
    assert '"stored"' in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_cron_mails_only_what_wants_a_person(machine: Machine) -> None:
    """A run that meets another one, or a far side that is down, prints nothing; refused credentials are mailed, and all is kept."""
    store = open_store(machine.store_url)
    with hold(store, "order sync"):
        met = machine.cron("order sync")
    store.close()
    machine.sandbox.fault("taobao", "refuse_connect", times=0)
    down = machine.cron("order sync")
    machine.sandbox.mend()
    machine.sandbox.fault("taobao", "auth", times=0)
    refused = machine.cron("order sync")
    assert [(met.returncode, met.stdout), (down.returncode, down.stdout)] == [(LOCKED, ""), (UNAVAILABLE, "")]
    assert refused.stdout.startswith("asctl order sync --deadline 240: exit 7\n")
    assert refused.stdout.partition("\n")[2] in (machine.folder / "log" / "order-sync.log").read_text("utf-8")


def service_environment() -> dict[str, str]:
    """The variables that systemd gives to every service, and those of the examples."""
    return {"PATH": "/usr/bin:/bin", **dict(told.split("=", 1) for told in settings_of(COMMON, "Environment"))}


def good_codes() -> set[int]:
    """The exit codes after which a service has not failed."""
    return {0, *map(int, settings_of(COMMON, "SuccessExitStatus")[0].split())}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_every_service_does_its_work(machine: Machine, unit: Path) -> None:
    """What a service starts is a command of ours, and ends well with nothing but the variables of the examples."""
    assert settings_of(COMMON, "Type") == ["oneshot"]
    for command in settings_of(unit, "ExecStart"):
        assert misfit(shlex.split(command)[1:], whole=True) == ""
        done = machine.run(command, service_environment())
        assert done.returncode == 0, done.stderr


def test_a_service_that_meets_another_run_has_not_failed(machine: Machine) -> None:
    """The codes that asctl leaves to the next run are no failure of a service; refused credentials are one."""
    command = settings_of(SYSTEMD / "asctl-order-sync.service", "ExecStart")[0]
    store = open_store(machine.store_url)
    with hold(store, "order sync"):
        assert machine.run(command, service_environment()).returncode == LOCKED
    store.close()
    machine.sandbox.fault("taobao", "auth", times=0)
    assert machine.run(command, service_environment()).returncode not in good_codes()
    assert {LOCKED, UNAVAILABLE} < good_codes()


def test_every_service_has_its_timer() -> None:
    """Each service is started by a timer of its name, now and then and not all at one moment."""
    assert [unit.stem for unit in TIMERS] == [unit.stem for unit in SERVICES]
    for timer in TIMERS:
        assert settings_of(timer, "OnCalendar")
        assert settings_of(timer, "RandomizedDelaySec")
        assert settings_of(timer, "WantedBy") == ["timers.target"]


def test_systemd_reads_the_units(machine: Machine) -> None:
    """``systemd-analyze verify`` has nothing to say of the units, where it is installed."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    units = machine.folder / "units"
    shutil.copytree(SYSTEMD, units)
    for path in [*units.glob("*.*")]:
        if path.is_file():
            path.write_text(machine.here(path.read_text("utf-8")), "utf-8")
    told = [str(path) for path in sorted(units.glob("*.*")) if path.is_file()]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *told], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(units) in line]) == (0, [])
