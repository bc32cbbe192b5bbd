"""Distributions that say odd things about their plugins: they are told, and every other plugin is as good as before."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.command_support import Command, Result, no_traceback
from tests.plugin_support import courier, install

pytestmark = pytest.mark.storeless

INFO = "bad_courier-1.2.dist-info"


@pytest.fixture
def listing(plain: Command, plugin_folder: Path) -> Command:
    """The command, with a good plugin beside whatever the test installs."""
    install(plugin_folder, "good", courier("good"))
    path = os.pathsep.join((str(plugin_folder), os.environ.get("PYTHONPATH", "")))
    return Command(plain.env | {"ASCTL_OUTPUT": "json", "PYTHONPATH": path})


def put(
    folder: Path, entry_points: bytes, metadata: bytes = b"Metadata-Version: 2.1\nName: bad-courier\nVersion: 1.2\n"
) -> None:
    """A distribution of these very bytes, with a module that could be its plugin."""
    (folder / INFO).mkdir()
    (folder / INFO / "METADATA").write_bytes(metadata)
    (folder / INFO / "entry_points.txt").write_bytes(entry_points)
    (folder / "fake_bad.py").write_text(courier("bad"), "utf-8")


def ready(listed: Result) -> set[str]:
    """The plugins that can be used."""
    assert listed.code == 0, listed.err
    return {record["plugin"] for record in listed.records if record["state"] == "ready"}


@pytest.mark.parametrize(
    ("entry_points", "plugin", "words"),
    [
        (
            b"[asctl.plugins]\nbad = fake_bad\xff\n",
            "bad_courier",
            "its entry points cannot be read: UnicodeDecodeError",
        ),
        (b"[asctl.plugins]\nbad\n", "bad_courier", "its entry points cannot be read: TypeError"),
        (b"[asctl.plugins]\nbad =\n", "bad", "its entry point names no module: ''"),
        (b"[asctl.plugins]\nbad = fake bad\n", "bad", "its entry point names no module: 'fake bad'"),
        (b"[asctl.plugins]\nbad = fake_bad:nothing\n", "bad", "AttributeError"),
    ],
)
def test_entry_points_that_say_nothing(
    listing: Command, plugin_folder: Path, entry_points: bytes, plugin: str, words: str
) -> None:
    """What cannot be read is listed as broken, by the distribution's name where there is no other, and told once."""
    put(plugin_folder, entry_points)
    listed = listing("plugin", "list")
    states = {record["plugin"]: (record["state"], record["distribution"]) for record in listed.records}
    assert listed.code == 0
    assert states["good"][0] == "ready"
    assert (states[plugin][0], states[plugin][1].replace("-", "_")) == ("broken", "bad_courier")
    assert sum(words in line for line in listed.err.splitlines()) == 1
    no_traceback(listed)


@pytest.mark.parametrize("metadata", [b"Name: \xff\xfe\n", b"", b"Version: 1.2\n"])
def test_metadata_that_says_nothing(listing: Command, plugin_folder: Path, metadata: bytes) -> None:
    """A plugin works whose distribution does not even say what it is called."""
    put(plugin_folder, b"[asctl.plugins]\nbad = fake_bad\n", metadata)
    assert ready(listing("plugin", "list")) >= {"good", "bad"}


@pytest.mark.skipif(not find_spec("importlib_metadata"), reason="nothing that asctl needs brings it to this Python")
def test_another_reader_of_metadata(listing: Command, plugin_folder: Path) -> None:
    """Where ``importlib_metadata`` has taken the standard library's place, what is damaged is told as it is without."""
    (plugin_folder / "sitecustomize.py").write_text("import importlib_metadata\n", "utf-8")
    put(plugin_folder, b"[asctl.plugins]\nbad = fake_bad\n", b"Version: 1.2\n")
    install(plugin_folder, "torn", "import nothing_of_that_name\n")
    listed = listing.process("plugin", "list")
    assert ready(listed) >= {"good", "bad"}
    assert "No module named 'nothing_of_that_name' (fake_torn.py line 1)" in listed.err


def test_entry_points_of_others_are_none_of_ours(listing: Command, plugin_folder: Path) -> None:
    """A distribution that has nothing to do with us may write what it likes."""
    put(plugin_folder, b"[console_scripts]\nbad\n")
    listed = listing("plugin", "list")
    assert "bad_courier" not in {record["plugin"] for record in listed.records}
    assert "bad" not in listed.err


def test_two_plugins_of_one_name(listing: Command, plugin_folder: Path) -> None:
    """It is said which distribution keeps the name, and what the other's author must do."""
    put(plugin_folder, b"[asctl.plugins]\ngood = fake_bad\n", b"Name: worse\nVersion: 1\n")
    told = listing("plugin", "list").err
    assert "good has a plugin of that name already, which stays; the entry point of this one must be renamed" in told
    assert "worse 1" in told


def test_one_id_in_two_distributions(listing: Command, plugin_folder: Path) -> None:
    """Of two plugins that offer a provider of one id, both distributions are named."""
    put(plugin_folder, b"[asctl.plugins]\nzzz = fake_bad\n")
    (plugin_folder / "fake_bad.py").write_text(courier("good"), "utf-8")
    told = listing("plugin", "list").err
    assert "plugin zzz (bad-courier 1.2) is broken: good is already offered by good (good)" in told


def test_a_courier_whose_plugin_is_not_allowed(listing: Command, plugin_folder: Path) -> None:
    """Who asks for it is told that it is there, and how it may be used."""
    refused = listing("track", "773000000000001", "--courier", "good", env={"ASCTL_PLUGINS__ALLOW": "sf"})
    assert refused.records[0]["error_code"] == "plugin_not_allowed"
