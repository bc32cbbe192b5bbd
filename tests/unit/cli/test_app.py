from __future__ import annotations

import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from asctl.cli import app as program
from asctl.cli.help_topics import TOPICS
from asctl.cli.table import commands, overview
from asctl.domain.errors import PluginBroken
from asctl.host.commands import FoundCommand
from asctl.host.plugins import Host

from .conftest import Probe


def asctl(*arguments: str) -> click.testing.Result:
    return CliRunner().invoke(program.app, arguments)


def test_help_with_options_before_it_is_the_same_overview() -> None:
    """``asctl -v --help`` goes through click and says what the fast way says."""
    result = asctl("-v", "--help")
    assert (result.exit_code, result.stdout) == (0, overview())


def test_the_overview_names_every_command() -> None:
    """Each command of the table stands in the overview with its line of help."""
    for name, (_path, line) in commands().items():
        assert f"  {name} " in overview()
        assert line in overview()


def test_an_unknown_command_suggests_one() -> None:
    """A slip of the finger gets the likely command and exit code 2."""
    result = asctl("pracel", "list")
    assert result.exit_code == 2
    assert "there is no command 'pracel'; did you mean parcel?" in result.stderr


def test_a_plugin_brings_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is not ours is asked of the plugins, and their command runs in the same frame."""
    module = ModuleType("asctl_stranger")
    module.hello = click.Command("hello", callback=lambda: click.echo("hello"))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "asctl_stranger", module)
    monkeypatch.setattr("asctl.cli.run.Run.host", Host(None, lambda _line: None))
    monkeypatch.setattr(
        "asctl.host.commands.find_command",
        lambda _host, name: FoundCommand(name, "stranger", "asctl_stranger:hello") if name == "hello" else None,
    )
    assert asctl("hello").stdout == "hello\n"
    assert asctl("hullo").exit_code == 2


def test_a_plugin_command_that_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken plugin command is exit code 15, not a traceback."""
    monkeypatch.setattr("asctl.cli.run.Run.host", Host(None, lambda _line: None))
    found = FoundCommand("hello", "stranger", "asctl_no_such:hello")
    monkeypatch.setattr("asctl.host.commands.find_command", lambda *_args: found)
    result = asctl("hello")
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 15
    assert PluginBroken.family == "plugin_broken"


def test_a_group_without_a_verb_shows_its_help(probe: Probe) -> None:
    """``asctl probe`` alone is misuse: its help, on stderr."""
    group = click.Group("probe", commands=[click.Command("verb", help="Do it.")])
    result = probe(group)
    assert result.exit_code == 2
    assert "Do it." in result.stderr
    assert result.stdout == ""


def test_every_topic_is_shown() -> None:
    """Each help topic prints its text; none is empty."""
    for topic in TOPICS:
        result = asctl("help", topic)
        assert result.exit_code == 0
        assert len(result.stdout) > 200


def test_help_without_a_topic_lists_the_topics() -> None:
    """``asctl help`` is the overview and the names of the topics."""
    result = asctl("help")
    assert result.stdout.startswith(overview())
    assert all(topic in result.stdout for topic in TOPICS)


def test_an_unknown_topic_names_those_there_are() -> None:
    """A wrong topic is misuse, with the right ones in the hint."""
    result = asctl("help", "exitcodes")
    assert result.exit_code == 2
    assert "exit-codes" in result.stderr


def test_an_argument_that_is_no_utf8_is_misuse() -> None:
    """Broken bytes on the command line are refused before anything is done with them."""
    result = CliRunner().invoke(program.app, ["order", "list", "--shop", "flag\udcff"])
    assert result.exit_code == 2
    assert "is not written in UTF-8" in result.stderr
