"""A stranger's first quarter of an hour: asctl installed afresh, a new plugin, and what the command prints, word for word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from asctl.cli.plugin_new import KINDS

ROOT = Path(__file__).parents[2]
PATIENCE_S = 300
WAYBILL = "1234567890123"
OFFLINE = 'pip install --no-build-isolation -e ".[test]"'

pytestmark = pytest.mark.storeless


@dataclass(frozen=True)
class Stranger:
    """Somebody with an environment of his own, who stands in a folder of his own. ``env`` is all that he brings along."""

    folder: Path
    env: dict[str, str]

    def types(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """The lines in one shell, which ends at the first that fails; that fails the test, too."""
        command = ["bash", "-euo", "pipefail", "-c", "\n".join(lines)]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, f"{lines}\n{done.stdout}\n{done.stderr}"
        return done

    def records(self, line: str, **env: str) -> list[dict[str, Any]]:
        """What a command of asctl tells."""
        command = ["bash", "-c", f"{line} -o ndjson"]
        told = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return [json.loads(row) for row in told.stdout.splitlines()]

    def follows(self, told: str) -> subprocess.CompletedProcess[str]:
        """Type what ``asctl plugin new`` printed as next steps, exactly; but for the last one, which serves until it is ended."""
        steps = [line.strip() for line in told.splitlines() if line.startswith("  ")]
        assert steps[-1] == "asctl sandbox serve"
        return self.types(*steps[:-1])

    @contextmanager
    def serving(self) -> Iterator[dict[str, str]]:
        """The sandbox, until the end of the block; what it said when it was ready."""
        command = ["asctl", "sandbox", "serve"]
        process = subprocess.Popen(command, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """A fresh virtual environment with asctl installed from this checkout, with the extra that authors take; one for all tests,
    since it is dear."""
    folder = tmp_path_factory.mktemp("stranger")
    venv, config = folder / "venv", folder / "asctl.toml"
    config.touch()
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, timeout=PATIENCE_S)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ASCTL_", "PYTHON", "VIRTUAL_ENV"))
    }
    env = kept | {
        "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
        "ASCTL_CONFIG": str(config),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_COMPILE": "1",
    }
    found = Stranger(folder, env)
    found.types(f"pip install -q '{ROOT}[testing]'")
    return found


def test_from_nothing_to_a_tracker(stranger: Stranger) -> None:
    """What was printed is typed: installed, tested, checked. Then it is listed, and asked in the sandbox. The package goes the way
    without a network that the guide tells, beside the first."""
    made = stranger.types("asctl plugin new swift --kind courier --one-file")
    _all_pass(stranger.follows(made.stderr).stdout)
    listed = {record["plugin"]: record for record in stranger.records("asctl plugin list")}
    assert (listed["swift"]["state"], listed["swift"]["distribution"]) == ("ready", "asctl-swift")
    with stranger.serving() as sandbox:
        _put_parcel(sandbox["control"])
        (tracked,) = stranger.records(f"asctl track {WAYBILL} --courier swift", ASCTL_CONFIG=sandbox["config"])
        assert (tracked["account"], tracked["status"], tracked["location"]) == ("swift", "IN_TRANSIT", "嘉兴市")
        (checked,) = stranger.records("asctl account check swift", ASCTL_CONFIG=sandbox["config"])
        assert checked["state"] == "ready"
    stranger.types("asctl plugin new heron --kind courier")
    assert OFFLINE in stranger.types("asctl help authors").stdout
    _all_pass(stranger.types("cd asctl-heron", f"{OFFLINE} --no-index", "pytest", "asctl plugin check heron").stdout)
    assert {"swift", "heron"} <= {record["plugin"] for record in stranger.records("asctl plugin list")}


def test_every_kind_and_form_is_green_at_once(stranger: Stranger) -> None:
    """All that ``asctl plugin new`` can make, installed beside each other without a network, passes its own tests and is ready."""
    made = [
        (f"{kind.replace('-', '_')}_{form.strip('-')[:3] or 'all'}", kind, form)
        for kind in KINDS
        for form in ("", "--one-file")
    ]
    stranger.types(*(f"asctl plugin new {name} --kind {kind} {form} -d {name}" for name, kind, form in made))
    folders = [name for name, _kind, _form in made]
    stranger.types(f"pip install -q --no-build-isolation --no-index {' '.join(f'-e ./{folder}' for folder in folders)}")
    for folder in folders:
        _all_pass(stranger.types(f"cd {folder}", "pytest").stdout)
    listed = {record["plugin"]: record["state"] for record in stranger.records("asctl plugin list")}
    assert {listed[name] for name in folders} == {"ready"}


def _all_pass(told: str) -> None:
    assert " passed" in told
    assert " failed" not in told


def _put_parcel(control: str) -> None:
    scan = {"time": "2026-11-20T08:00:00+08:00", "status": "IN_TRANSIT", "location": "嘉兴市"}
    parcel = {"courier": "swift", "waybill": WAYBILL, "events": [scan]}
    with requests.Session() as session:
        session.trust_env = False
        assert session.post(control + "parcels", json=parcel, timeout=30).status_code == 200
