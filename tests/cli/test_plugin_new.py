"""``asctl plugin new``: what it makes is a plugin that works."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from asctl.cli.plugin_new import KINDS
from tests.command_support import Command, no_traceback
from tests.plugin_support import courier, declare, install

pytestmark = pytest.mark.storeless

FORMS = [pytest.param(("--one-file",), id="one-file"), pytest.param((), id="package")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the test's user stands."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return folder


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_every_rule_at_once(plain: Command, here: Path, kind: str, form: tuple[str, ...]) -> None:
    """Of every kind and form, nothing is to do up to silver; gold needs real answers, which nobody can invent."""
    name = f"fresh_{kind.replace('-', '_')}_{'one' if form else 'all'}"
    made = plain("plugin", "new", name, "--kind", kind, *form, "-d", "it")
    assert made.code == 0, made
    assert {record["file"] for record in made.records} == {f"it/{path}" for path in files_in(here / "it")}
    checked = plain("plugin", "check", "it")
    assert checked.code == 0, checked.err
    to_do = [(rule["tier"], rule["rule"]) for rule in checked.records if rule["state"] == "todo"]
    assert all(tier == "gold" and rule.endswith(".recorded") for tier, rule in to_do)
    assert len(checked.records) > 15


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_name_is_everywhere(plain: Command, here: Path, kind: str, form: tuple[str, ...]) -> None:
    """Module, classes, distribution, variables and texts bear the plugin's name; the template's is nowhere."""
    assert plain("plugin", "new", "Swift-Post", "--kind", kind, *form).code == 0
    folder = here / "asctl-swift-post"
    assert not [path for path in files_in(folder) if "pigeon" in path]
    texts = {path: (folder / path).read_text("utf-8") for path in files_in(folder)}
    assert not [path for path, text in texts.items() if "pigeon" in text.lower()]
    assert 'name = "asctl-swift-post"' in texts["pyproject.toml"]
    assert 'swift_post = "asctl_swift_post"' in texts["pyproject.toml"]
    assert any("class SwiftPost" in text for text in texts.values())


def test_a_courier_is_one_file_of_at_most_120_lines(plain: Command, here: Path) -> None:
    """Three files, of which one is the plugin; each is told with its purpose, and none is longer than it should be."""
    made = plain("plugin", "new", "swift", "--kind", "courier", "--one-file")
    assert [record["file"] for record in made.records] == [
        "asctl-swift/asctl_swift.py",
        "asctl-swift/pyproject.toml",
        "asctl-swift/test_asctl_swift.py",
    ]
    assert all(record["purpose"] for record in made.records)
    assert len((here / "asctl-swift/asctl_swift.py").read_text("utf-8").splitlines()) <= 120
    assert len((here / "asctl-swift/test_asctl_swift.py").read_text("utf-8").splitlines()) <= 8


@pytest.mark.parametrize("form", FORMS)
def test_what_names_came_of_it_is_told(plain: Command, here: Path, form: tuple[str, ...]) -> None:
    """Nobody has to find out by an error what became of capitals and dashes; a courier's code cannot be changed later."""
    told = plain("plugin", "new", "My-Courier", "--kind", "courier", *form).err
    assert all(re.search(rf"(?<![\w-]){name}\b", told) for name in ("asctl_my_courier", "asctl-my-courier"))
    assert "--courier my_courier" in told
    assert "--courier" not in plain("plugin", "new", "My-Shop", "--kind", "order-source", *form).err


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_told_as_what_it_is(plain: Command, here: Path, kind: str) -> None:
    """A renderer calls nobody, so its one file has no far side."""
    made = plain("plugin", "new", "swift", "--kind", kind, "--one-file").records
    (purpose,) = (record["purpose"] for record in made if record["file"].endswith("/asctl_swift.py"))
    assert ("far side" in purpose) == (kind != "label")


def test_the_next_steps_are_told(plain: Command, here: Path) -> None:
    """On stderr, ready to be pasted, with the folder quoted for the shell."""
    made = plain("plugin", "new", "swift", "--kind", "courier", "-d", "my plugin")
    told = [line.strip() for line in made.err.splitlines() if line.startswith("  ")]
    assert told[:3] == ["cd 'my plugin'", 'pip install -e ".[test]"', "pytest"]
    assert "asctl plugin check swift" in told
    assert "asctl help authors" in made.err


def test_show_tells_what_it_offers(plain: Command, here: Path, plugin_folder: Path) -> None:
    """Installed, it is shown as any other: settings, capabilities, courier."""
    folder = plugin_folder / "fresh"
    plain("plugin", "new", "shown", "--kind", "courier", "--one-file", "-d", str(folder))
    (folder / "asctl_shown.py").rename(plugin_folder / "asctl_shown.py")
    declare(plugin_folder, "shown", "asctl_shown")
    parts = {(part["part"], part["name"]): part for part in plain("plugin", "show", "shown").records}
    assert parts["setting", "secret"]["type"] == "secret"
    assert ("capability", "Tracker") in parts
    assert parts["couriers", "own"]["detail"] == "shown"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1st",
        "swift post",
        "swift--post",
        "-swift",
        "swift_",
        "快递",
        "class",
        "none",
        "asctl-swift",
        "../swift",
        "s" * 31,
    ],
)
def test_a_bad_name(plain: Command, here: Path, name: str) -> None:
    """What can be no module's name is refused with the reason, before anything is made."""
    refused = plain("plugin", "new", "--kind", "courier", "--", name)
    assert (refused.code, refused.error["code"]) == (2, "bad_plugin_name")
    assert not list(here.iterdir())
    no_traceback(refused)


@pytest.mark.parametrize(
    ("name", "kind", "by"),
    [
        ("sf", "courier", "plugin of that name"),
        ("pdf", "label", "installed plugin offers it"),
        ("Nimble", "courier", "plugin of that name"),
        ("loose", "courier", "module asctl_loose"),
    ],
)
def test_a_name_that_is_taken(plain: Command, here: Path, plugin_folder: Path, name: str, kind: str, by: str) -> None:
    """By an installed plugin, by what one offers, or by any module on the path."""
    install(plugin_folder, "nimble", courier("nimble"))
    (plugin_folder / "asctl_loose.py").touch()
    refused = plain("plugin", "new", name, "--kind", kind)
    assert (refused.code, refused.error["code"]) == (2, "plugin_name_taken")
    assert by in refused.error["message"]
    assert not list(here.iterdir())


def test_a_folder_with_something_in_it_is_left_alone(plain: Command, here: Path) -> None:
    """It is named, and nothing in it changes."""
    kept = here / "asctl-swift" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("mine", "utf-8")
    refused = plain("plugin", "new", "swift", "--kind", "courier")
    assert (refused.code, refused.error["code"]) == (2, "folder_not_empty")
    assert "asctl-swift" in refused.error["message"]
    assert files_in(here) == {"asctl-swift/notes.txt"}


def test_the_empty_folder_that_one_stands_in(plain: Command, here: Path) -> None:
    """``-d .`` fills it, and it stays the same folder."""
    before = here.stat().st_ino
    assert plain("plugin", "new", "swift", "--kind", "courier", "--one-file", "-d", ".").code == 0
    assert files_in(here) == {"asctl_swift.py", "pyproject.toml", "test_asctl_swift.py"}
    assert here.stat().st_ino == before


@pytest.mark.parametrize("place", ["nowhere/asctl-swift", "a-file"])
def test_a_place_where_no_folder_can_be(plain: Command, here: Path, place: str) -> None:
    """Below a folder that is not there, or where a file stands."""
    (here / "a-file").touch()
    refused = plain("plugin", "new", "swift", "--kind", "courier", "-d", place)
    assert (refused.code, refused.error["code"]) == (2, "folder_refused")
    assert ("mkdir -p nowhere" in refused.error["hint"]) == place.startswith("nowhere")
    assert files_in(here) == {"a-file"}
    no_traceback(refused)


@pytest.mark.parametrize("there", [True, False])
def test_all_files_or_none(plain: Command, here: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """Where the disk is full half way, nothing is left behind."""
    write = Path.write_text

    def full(path: Path, *arguments: str) -> int:
        if path.name == "provider.py":
            raise OSError(28, "No space left on device")
        return write(path, *arguments)

    if there:
        (here / "asctl-swift").mkdir()
    monkeypatch.setattr(Path, "write_text", full)
    refused = plain("plugin", "new", "swift", "--kind", "courier")
    assert (refused.code, refused.error["code"]) == (2, "folder_refused")
    assert "No space left" in refused.error["message"]
    assert [path.name for path in here.rglob("*")] == (["asctl-swift"] if there else [])


def test_a_move_that_fails_half_way_is_taken_back(plain: Command, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that is there is empty again, as it was, and still the same."""
    rename, moved = Path.rename, list[Path]()

    def fails_at_the_third(path: Path, target: Path) -> Path:
        if path.parent.name == "whole":
            if len(moved) == 2:
                raise OSError(5, "Input/output error")
            moved.append(path)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails_at_the_third)
    refused = plain("plugin", "new", "swift", "--kind", "courier", "-d", ".")
    assert (refused.code, refused.error["code"]) == (2, "folder_refused")
    assert len(moved) == 2
    assert list(here.iterdir()) == []


def test_the_kind_must_be_said(plain: Command, here: Path) -> None:
    """Nobody guesses what a plugin is for; the kinds are named."""
    refused = plain("plugin", "new", "swift")
    assert refused.code == 2
    assert all(re.search(rf"\b{kind}\b", refused.err) for kind in KINDS)
