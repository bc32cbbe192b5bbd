"""The templates as code: typed, and in by the public door alone."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

import asctl.scaffold
from asctl.api import CHINA
from asctl.cli.plugin_new import KINDS
from asctl.scaffold import PluginName, new_files, put
from asctl.settings.declared import common_settings
from asctl.testing.subject import subjects_in
from tests.documents.markdown import blocks, spans, table

TEMPLATES = Path(asctl.scaffold.__file__).parent / "kinds"


def test_they_enter_by_the_public_door() -> None:
    """What an author copies imports ``asctl.api``, his tests ``asctl.testing``, and nothing else that he would have to install."""
    allowed = {*sys.stdlib_module_names, "asctl_pigeon"}
    for path in TEMPLATES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, path
            elif isinstance(node, ast.ImportFrom) and node.module == "asctl":
                assert [alias.name for alias in node.names] == ["api"], path
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                door = "asctl.testing" if path.name.startswith("test_") else "asctl.api"
                ours = module.startswith("asctl.api") or module == door
                assert ours or module.split(".")[0] in allowed, f"{path}: {module}"


def test_they_keep_mypy_strict(tmp_path: Path) -> None:
    """An author who checks types, however strictly, begins without a finding. Each kind and form under a name of its own, so that
    one run of mypy sees them all."""
    names = {}
    for kind in KINDS:
        for one_file in (True, False):
            name = PluginName.of(f"typed-{kind}-{'one' if one_file else 'all'}")
            put(new_files(name, kind, one_file), tmp_path / name.id)
            names[name.module] = tmp_path / name.id
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nmypy_path = {':'.join(map(str, names.values()))}\n", "utf-8")
    modules = [part for module in names for part in ("-p", module)]
    mypy = (sys.executable, "-m", "mypy", "--strict", "--config-file", str(tmp_path / "mypy.ini"))
    checked = subprocess.run(
        [*mypy, "--cache-dir", str(tmp_path / "cache"), *modules],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("one_file", [True, False])
def test_a_time_beyond_all_years_loses_no_other_scan(
    one_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Couriers that count seconds send any number; ``datetime.fromtimestamp`` overflows at some of them."""
    name = PluginName.of(f"timed_{'one' if one_file else 'all'}")
    put(new_files(name, "courier", one_file), tmp_path / "it")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "it"), *sys.path])
    module = importlib.import_module(name.module if one_file else f"{name.module}.mapping")
    reader = module.api if one_file else module
    monkeypatch.setattr(reader, "china_time", lambda text: datetime.fromtimestamp(int(text), CHINA))
    scans = [{"time": time, "state": "MOVING", "text": "", "place": ""} for time in ("1763600000", "9" * 30)]
    read = [scan for scan in map(module.read_scan, scans) if scan] if one_file else module.read_scans(scans)[0]
    assert [event.at.year for event in read] == [2025]


def test_recorded_answers_come_along_into_the_wheel() -> None:
    """Of one file they have a folder of its name, since it stands beside all other modules; a package brings whatever it holds."""
    wheels = {}
    for form in ("one-file", "package"):
        told = tomllib.loads((TEMPLATES / "shared" / form / "pyproject.toml").read_text("utf-8"))
        wheels[form] = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheels["one-file"] == {"only-include": ["asctl_pigeon.py", "asctl_pigeon_recordings"]}
    assert wheels["package"] == {"packages": ["asctl_pigeon"]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_says_what_the_spec_declares(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Capabilities, settings, and an account whose every key is a setting."""
    name = PluginName.of(f"told-{kind}")
    put(new_files(name, kind, one_file=False), tmp_path / "it")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "it"), *sys.path])
    (subject,) = subjects_in(name.module)
    readme = (tmp_path / "it" / "README.md").read_text("utf-8")
    assert [spans(row[0])[0] for row in table(readme, "capability")] == [one.name for one in subject.spec.capabilities]
    settings = [one.name for one in subject.spec.settings]
    assert [spans(row[0])[0] for row in table(readme, "setting")] == settings
    for block in blocks(readme, "toml"):
        ((section, accounts),) = tomllib.loads(block.text).items()
        common = [one.name for one in common_settings(section)]
        assert accounts[name.id].keys() - {"plugin"} <= {*settings, *common}
