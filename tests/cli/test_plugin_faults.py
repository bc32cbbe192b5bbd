"""What is told of a plugin's fault: to the operator that it is one and where, to its author all, to nobody what is private."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.plugin_support import courier, install

pytestmark = pytest.mark.storeless

PHONE, WAYBILL = "13800001234", "773000000000001"
TRACK = """
class Provider:
    def __init__(self, context):
        pass
    def track(self, queries):
        return read(queries[0])
def read(query):
    raise LookupError("the receiver's phone is {phone}")
"""
WRONG_SPEC = """
from asctl.api import Capability, ProviderSpec, Setting, TrackerLimits, hookimpl
@hookimpl
def asctl_couriers():
    return [ProviderSpec("bad", "Bad", 1, "fake_bad:Provider", couriers=("sto",),
                         settings=(Setting("secret", "secret", "What they gave us."),),
                         capabilities=(Capability("Tracker", TrackerLimits(batch=0)),))]
"""


@pytest.fixture
def one(plain: Command, plugin_folder: Path, tmp_path: Path) -> Command:
    """The command with an account at the plugin ``bad``, which the test installs."""
    config = tmp_path / "asctl.toml"
    config.write_text('[couriers.bad]\nplugin = "bad"\nsecret = "abcdefgh"\n', "utf-8")
    path = os.pathsep.join((str(plugin_folder), os.environ.get("PYTHONPATH", "")))
    return Command(plain.env | {"ASCTL_CONFIG": str(config), "ASCTL_OUTPUT": "json", "PYTHONPATH": path})


@pytest.fixture
def failing(one: Command, plugin_folder: Path) -> Command:
    """The plugin fails when it is asked where a parcel is."""
    Path(one.env["ASCTL_CONFIG"]).write_text('[couriers.bad]\nplugin = "bad"\n', "utf-8")
    install(plugin_folder, "bad", courier("bad") + TRACK.replace("{phone}", PHONE))
    return one


def test_a_fault_says_where_it_is(failing: Command) -> None:
    """File, line and function of the plugin's own code; neither the folder nor the exception's words."""
    told = failing("track", WAYBILL, "--courier", "sto")
    assert told.code == 15
    assert "plugin bad failed with LookupError (fake_bad.py line " in told.err
    assert "in read)" in told.err
    assert "Traceback" not in told.err
    assert "receiver" not in told.err


def test_the_log_has_the_traceback(failing: Command) -> None:
    """With ``-v``, for the plugin's author, line by line; a phone in it is not shown."""
    told = failing("track", WAYBILL, "--courier", "sto", "-v")
    assert "Traceback (most recent call last):" in told.err
    assert "raise LookupError(" in told.err
    assert "LookupError: the receiver's phone is 138********" in told.err
    assert PHONE not in told.err


@pytest.mark.parametrize(
    "line",
    ["plugin list", "account list", "config check", "doctor", "plugin show bad", "track 773000000000001 --courier sto"],
)
def test_a_wrong_spec_is_told_in_its_authors_words(one: Command, plugin_folder: Path, line: str) -> None:
    """Whatever is asked: all that is wrong with it, once, and never a bug of ours."""
    install(plugin_folder, "bad", WRONG_SPEC)
    told = one(*line.split())
    assert "a bug in asctl" not in told.err + told.out
    words = "setting secret: type is 'secret', should be api.SettingType.SECRET"
    assert words in told.err + told.out


def test_an_import_that_fails_says_where(one: Command, plugin_folder: Path) -> None:
    """File and line of a plugin that cannot be imported."""
    install(plugin_folder, "bad", "import json\n\nimport nothing_of_that_name\n")
    told = one("plugin", "list").err
    assert "ModuleNotFoundError: No module named 'nothing_of_that_name' (fake_bad.py line 3)" in told


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def asctl_couriers(): return []", "asctl_couriers lacks @hookimpl in front of it"),
        ("x = 1", "fake_bad has no hook; the entry point must name the module that holds them"),
    ],
)
def test_a_plugin_without_a_hook(one: Command, plugin_folder: Path, source: str, words: str) -> None:
    """Who forgot the mark in front of one is told that, and not that there is none."""
    install(plugin_folder, "bad", source)
    assert words in one("plugin", "list").err
