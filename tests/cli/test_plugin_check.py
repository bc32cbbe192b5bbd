"""``asctl plugin check``: whom it finds, what it tells, and that the plugin's code harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from asctl.host.warden import Patience
from tests.check_support import NAME, made_in, rules, telling
from tests.command_support import Command, ended, no_traceback
from tests.plugin_support import declare, install

pytestmark = pytest.mark.storeless
HOOKED = "from asctl.api import hookimpl\n@hookimpl\ndef asctl_couriers():"
WITHOUT_PYTEST = """
import sys
import threading
sys.modules["pytest"] = sys.modules["_pytest"] = None
from asctl.cli.main import main
sys.argv[0] = "asctl"
sys.exit(main())
"""


@pytest.fixture
def one_file(tmp_path: Path) -> Iterator[Path]:
    yield from made_in(tmp_path)


def test_each_rule_is_told_in_its_tier(plain: Command, one_file: Path) -> None:
    """State, tier, what the rule says, and what is to be done; a line for people tells the tier that was reached."""
    checked = plain("plugin", "check", str(one_file))
    assert checked.code == 0
    assert {record["tier"] for record in checked.records} == {"bronze", "silver", "gold"}
    assert {record["state"] for record in checked.records} == {"done", "todo", "not_applicable"}
    assert rules(checked, "todo") == ["Tracker.track.recorded", "AccountChecker.check.recorded"]
    assert {record["plugin"] for record in checked.records} == {NAME.module}
    assert {record["provider"] for record in checked.records} == {NAME.id}
    assert all(record["says"] and (record["why"] or record["state"] == "done") for record in checked.records)
    assert "asctl: checked has reached silver; gold: 2 to do" in checked.err.splitlines()


@pytest.mark.parametrize(("tier", "code"), [("bronze", 0), ("silver", 0), ("gold", 3)])
def test_the_demanded_tier_decides(plain: Command, one_file: Path, tier: str, code: int) -> None:
    """Exit 3 where a rule of that tier, or of one below it, is to do."""
    checked = plain("plugin", "check", str(one_file), "--require", tier)
    assert checked.code == code
    assert ("has not reached gold: 2 to do" in checked.err) == bool(code)


def test_todo_leaves_out_all_else(plain: Command, one_file: Path) -> None:
    """Only what is left, whatever tier is demanded; the exit code is the same."""
    checked = plain("plugin", "check", str(one_file), "--todo")
    assert (checked.code, {record["state"] for record in checked.records}) == (0, {"todo"})
    assert len(checked.records) == 2


def test_by_name(plain: Command, one_file: Path, plugin_folder: Path) -> None:
    """An installed plugin goes by the name of its entry point."""
    one_file.rename(plugin_folder / one_file.name)
    declare(plugin_folder, "checked", NAME.module)
    checked = plain("plugin", "check", "checked", "--todo")
    assert (checked.code, {record["plugin"] for record in checked.records}) == (0, {"checked"})


@pytest.mark.parametrize("form", ["file", "package", "folder", "src"])
def test_by_path(plain: Command, one_file: Path, form: str) -> None:
    """A file, a package, or a project's folder, with its module in it or in ``src``. Nothing stays importable."""
    folder, before = one_file.parent, [*sys.path]
    path = {"file": one_file, "package": folder / NAME.module}.get(form, folder)
    if form == "package":
        path.mkdir()
        one_file.rename(path / "__init__.py")
    if form == "src":
        (folder / "src").mkdir()
        one_file.rename(folder / "src" / one_file.name)
    checked = plain("plugin", "check", str(path), "--todo")
    assert (checked.code, rules(checked, "todo")) == (0, ["Tracker.track.recorded", "AccountChecker.check.recorded"])
    assert sys.path == before


@pytest.mark.parametrize(
    ("files", "path", "told"),
    [
        ({}, "nothing-here/", "neither a .py file"),
        ({"a.txt": ""}, "a.txt", "neither a .py file"),
        ({"p/pyproject.toml": "[project]\nname = 'p'\n"}, "p", "entry-points"),
        ({"p/pyproject.toml": "[project"}, "p", "pyproject.toml"),
        ({"fake_no_hooks.py": "x = 1\n"}, "fake_no_hooks.py", "no hook that lists providers"),
        ({"json.py": "x = 1\n"}, "json.py", "another module's name"),
        ({"json/__init__.py": "x = 1\n"}, "json/", "another module's name"),
    ],
    ids=["nothing", "a text", "no entry point", "no TOML", "no hook", "a taken name", "a taken package"],
)
def test_a_path_without_a_plugin(plain: Command, tmp_path: Path, files: dict[str, str], path: str, told: str) -> None:
    """Says what was looked for there, and examines nothing else in its place; exit 2."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    before = [*sys.path]
    checked = plain("plugin", "check", f"{tmp_path}/{path}")
    assert (checked.code, checked.error["code"], checked.out) == (2, "no_plugin_there", "")
    assert told in checked.error["message"]
    assert sys.path == before
    no_traceback(checked)


def test_a_name_that_nobody_has(plain: Command) -> None:
    """As everywhere: exit 15, with the nearest name."""
    checked = plain("plugin", "check", "kuaidi10")
    assert (checked.code, checked.error["code"]) == (15, "plugin_missing")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("raise SystemExit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        (
            "from asctl.api import hookimpl\n@hookimpl\ndef asctl_couriers(): return [1]",
            "must return a list of ProviderSpec",
        ),
        ("from asctl.api import hookimpl\n@hookimpl\ndef asctl_couriers(): raise ValueError('no')", "ValueError: no"),
    ],
)
def test_a_broken_plugin(plain: Command, tmp_path: Path, source: str, told: str) -> None:
    """Exit 15, and what is wrong with it in one line."""
    (tmp_path / "fake_broken.py").write_text(source, "utf-8")
    checked = plain("plugin", "check", str(tmp_path / "fake_broken.py"))
    sys.modules.pop("fake_broken", None)
    assert (checked.code, checked.error["code"], checked.out) == (15, "plugin_broken", "")
    assert told in checked.error["message"]
    no_traceback(checked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("project = 5", "it has no [project.entry-points"),
        ("[project]\nentry-points = 5", "it has no [project.entry-points"),
        ('[project.entry-points]\n"asctl.plugins" = ["a"]', "it has no [project.entry-points"),
        ('[project.entry-points."asctl.plugins"]\na = "fake_a:Provider"', "must name the module that holds the hooks"),
    ],
)
def test_a_project_that_names_no_plugin(plain: Command, tmp_path: Path, text: str, told: str) -> None:
    """What stands in ``pyproject.toml`` may be anything; the command says what is missing."""
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    checked = plain("plugin", "check", str(tmp_path))
    assert (checked.code, checked.error["code"]) == (2, "no_plugin_there")
    assert told in checked.error["message"]


def test_a_path_that_leads_nowhere(plain: Command, tmp_path: Path) -> None:
    """Links in a circle, and a name that no file can have."""
    (tmp_path / "round.py").symlink_to(tmp_path / "round.py")
    for path in (tmp_path / "round.py", tmp_path / f"{'a' * 300}.py"):
        assert plain("plugin", "check", str(path)).error["code"] == "no_plugin_there"


def test_who_offers_nothing_is_told_so(plain: Command, plugin_folder: Path) -> None:
    """An entry point that names a thing without hooks is broken; a plugin with hooks and no provider has nothing to examine."""
    source = "from asctl.api import hookimpl\nclass Provider: pass\n@hookimpl\ndef asctl_rma_changed(after): pass\n"
    install(plugin_folder, "astray", source)
    info = plugin_folder / "astray-1.2.dist-info"
    assert plain("plugin", "check", "astray").error["code"] == "no_plugin_there"
    (info / "entry_points.txt").write_text("[asctl.plugins]\nastray = fake_astray:Provider\n", "utf-8")
    checked = plain("plugin", "check", "astray")
    assert (checked.code, checked.error["code"]) == (15, "plugin_broken")
    assert "fake_astray:Provider has no hook; the entry point must name the module" in checked.error["message"]


def test_an_import_that_hangs_is_left_behind(plain: Command, tmp_path: Path) -> None:
    """After the time that loading may take the command says so, exit 15."""
    (tmp_path / "fake_hang.py").write_text("import threading\nthreading.Event().wait()\n", "utf-8")
    config = tmp_path / "asctl.toml"
    config.write_text('[plugins]\nload_timeout = "1s"\n', "utf-8")
    checked = plain.process("plugin", "check", str(tmp_path / "fake_hang.py"), env={"ASCTL_CONFIG": str(config)})
    assert (checked.code, checked.error["code"]) == (15, "plugin_hangs")


def test_what_its_code_prints_and_changes_stays_outside(plain: Command, one_file: Path) -> None:
    """Whatever is printed, by the module, its hook, its conformance and its sandbox app: stdout holds the records alone, and the
    process is where it was."""
    source = one_file.read_text("utf-8")
    source = source.replace("    return [api.ProviderSpec(", "    print('hook')\n    return [api.ProviderSpec(")
    source = source.replace("    def accounts(", "    def __init__(self):\n        print('app')\n\n    def accounts(")
    one_file.write_text(f"{source}\nimport os\nprint('module')\nos.chdir('/')\n", "utf-8")
    telling(one_file, "api.Conformance()")
    one_file.write_text(
        one_file.read_text("utf-8").replace("def conformance():", "def conformance():\n    print('told')")
    )
    checked = plain.process("plugin", "check", f"made/{one_file.name}", "-o", "json", cwd=one_file.parents[1])
    records = json.loads(checked.out)
    left = {record["rule"].rpartition(".")[2] for record in records if record["state"] == "todo"}
    assert (checked.code, left) == (3, {"tidy", "recorded"})
    assert {"module", "hook", "told", "app"} <= set(checked.err.splitlines())
    assert "changed the working directory" in checked.err


def test_a_spec_that_cannot_be_used_is_told_once(plain: Command, one_file: Path) -> None:
    """In the host's one line; no rule is tried."""
    source = one_file.read_text("utf-8")
    one_file.write_text(source.replace('title="', 'pace=api.Pace(-1), title="', 1), "utf-8")
    checked = plain("plugin", "check", str(one_file))
    assert (checked.code, checked.error["code"], checked.out) == (15, "plugin_broken", "")
    assert "pace" in checked.error["message"]


def test_on_a_terminal_the_rule_that_is_tried_is_shown(plain: Command, one_file: Path) -> None:
    """One line that goes again before anything else is said; elsewhere nothing of it is written."""
    pytest.importorskip("pty")
    assert "\r" not in plain("plugin", "check", str(one_file)).err
    master, slave = os.openpty()
    process = plain.start("plugin", "check", str(one_file), "--todo", stderr=slave)
    os.close(slave)
    told = b"".join(iter(lambda: _read(master), b"")).decode().replace("\r\n", "\n")
    assert ended(process).code == 0
    *shown, last = told.split("\r")
    assert {"spec.methods", "Tracker.track.found", "AccountChecker.check.slow"} <= {*shown[::2]}
    assert shown[1::2] == [" " * len(name) for name in shown[::2]]
    assert last.startswith("asctl: checked has reached silver")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when nobody holds the other end any more
        return b""


def test_what_is_found_is_not_printed(plain: Command, one_file: Path) -> None:
    """A secret that turns up where it should not is named by its setting: the list ends up in public logs."""
    source = one_file.read_text("utf-8")
    leaking = "        raise ValueError(self._text('secret'))\n"
    one_file.write_text(source.replace("        events = [", f"{leaking}        events = ["), "utf-8")
    checked = plain("plugin", "check", str(one_file), "--todo")
    assert checked.code == 3
    assert "from ValueError: [the secret secret]" in checked.out
    assert "not-a-real-secret" not in checked.out


def test_pytest_is_not_needed(plain: Command, one_file: Path) -> None:
    """``pip install asctl`` brings none."""
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYTEST, "plugin", "check", str(one_file)],
        env=plain.environ({"ASCTL_OUTPUT": "json"}, None),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert len(json.loads(told.stdout)) > 30


def test_a_sandbox_app_that_fails_is_not_taken_for_a_far_side(plain: Command, one_file: Path) -> None:
    """Its own error is told, by every rule that needed its answer; none of them passes for it."""
    source = one_file.read_text("utf-8")
    one_file.write_text(source.replace("world.parcels.get(", 'world.parcels["no"].get('), "utf-8")
    checked = plain("plugin", "check", str(one_file), "--todo")
    failed = {
        one["rule"]: one["why"] for one in checked.records if "the sandbox app failed with KeyError" in one["why"]
    }
    assert {"Tracker.track.found", "Tracker.track.garbage", "Tracker.track.cut_off"} <= set(failed)


def test_an_app_that_hangs_ends_the_examination(
    plain: Command, one_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not tried any more says so."""
    monkeypatch.setattr("asctl.testing.subject.PATIENCE", Patience(load=0.3, call=10))
    hold = SimpleNamespace(until=threading.Event())
    monkeypatch.setitem(sys.modules, "fake_hold", hold)
    source = one_file.read_text("utf-8")
    hanging = "    def __init__(self):\n        __import__('fake_hold').until.wait()\n\n    def accounts("
    one_file.write_text(source.replace("    def accounts(", hanging), "utf-8")
    checked = plain("plugin", "check", str(one_file), "--todo")
    hold.until.set()
    first, *others = [record["why"] for record in checked.records]
    assert first == "the sandbox app did not come back"
    assert others
    assert set(others) == {"not tried: at spec.known_capabilities the plugin did not come back"}


def test_an_app_that_hangs_while_it_answers_ends_the_examination(
    plain: Command, one_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider gave up on it; that says nothing of the provider, and not every rule waits for it anew."""
    monkeypatch.setattr("asctl.testing.far_side.PATIENCE", Patience(load=0.1, call=10))
    hold = SimpleNamespace(until=threading.Event())
    monkeypatch.setitem(sys.modules, "fake_hold", hold)
    source = one_file.read_text("utf-8")
    held = "__import__('fake_hold').until.wait() and world.parcels.get("
    one_file.write_text(source.replace("world.parcels.get(", held), "utf-8")
    checked = plain("plugin", "check", str(one_file), "--todo")
    hold.until.set()
    first, *others = [(record["rule"], record["why"]) for record in checked.records]
    assert first == ("Tracker.track.found", "the sandbox app did not come back")
    assert {why for _rule, why in others} == {"not tried: at Tracker.track.found the plugin did not come back"}
