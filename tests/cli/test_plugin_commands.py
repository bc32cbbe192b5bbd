"""A plugin's own command: what it prints is data, and what goes wrong in it is a fault of its plugin, with exit 15."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.command_support import Command, no_traceback
from tests.plugin_support import install

pytestmark = pytest.mark.storeless
SCALES = """
import click
from asctl.api import hookimpl
@hookimpl
def asctl_commands():
    return [("weigh", "fake_scales:weigh", "weighs")]
def convert(context, parameter, value):
    {converting}
    return value
class Weighing(click.Command):
    def make_context(self, *arguments, **named):
        {making}
        return super().make_context(*arguments, **named)
@click.command(cls=Weighing)
@click.argument("what", callback=convert)
@click.pass_context
def weigh(context, what):
    context.find_root().call_on_close(close)
    {weighing}
    click.echo(f"{{what}} weighs 7")
def close():
    {closing}
"""
FAILS = {
    "a base of all": "raise type('Odd', (BaseException,), {})()",
    "the end of a generator": "raise GeneratorExit",
    "a group": "raise BaseExceptionGroup('two', [KeyboardInterrupt(), SystemExit(0)])",
    "an interruption": "raise KeyboardInterrupt",
    "an exit": "raise SystemExit(0)",
    "no exit code": "raise click.exceptions.Exit('x')",
    "an exit code of its own": "raise click.exceptions.Exit(99)",
    "an error of click with no text": "raise click.ClickException(5)",
    "an error of ours with no text": "from asctl.api import Refused; raise Refused('no', code='no', hint=7)",
    "a class without a name": "raise type('M', (type,), {'__name__': property(lambda cls: 1 / 0)})('Odd', (Exception,), {})()",
}
PLACES = ("converting", "making", "weighing", "closing")


def scales(folder: Path, **acts: str) -> None:
    install(folder, "scales", SCALES.format(**dict.fromkeys(PLACES, "pass") | acts))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("act", FAILS)
def test_whatever_it_raises(plain: Command, plugin_folder: Path, place: str, act: str) -> None:
    """Wherever it does: while its arguments are read, while it works, and when all is over. One sentence, exit 15."""
    scales(plugin_folder, **{place: FAILS[act]})
    failed = plain("weigh", "parcel")
    assert failed.code == 15, failed
    assert "the command weigh failed with" in failed.err
    no_traceback(failed)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("context.exit(6)", 6),
        ("raise click.UsageError('no such parcel')", 2),
        ("raise click.Abort", 130),
        ("from asctl.api import Refused; raise Refused('no', code='no')", 3),
    ],
)
def test_how_a_command_may_end(plain: Command, plugin_folder: Path, act: str, code: int) -> None:
    """With a documented exit code, misuse, a person who says no, or an error of one of our families."""
    scales(plugin_folder, weighing=act)
    assert plain("weigh", "parcel").code == code


def test_a_signal_is_no_fault_of_the_plugin(plain: Command, plugin_folder: Path, tmp_path: Path) -> None:
    """Ctrl-C ends a plugin's command as any other: 130."""
    ready = tmp_path / "ready"
    scales(plugin_folder, weighing=f"open({str(ready)!r}, 'w').close(); __import__('time').sleep(60)")
    os.mkfifo(ready)
    process = plain.start("weigh", "parcel", env={"PYTHONPATH": str(plugin_folder)})
    ready.read_bytes()
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert "fault" not in err


def test_what_it_prints_is_data(plain: Command, plugin_folder: Path) -> None:
    """Also where it would close stdout; its help as well."""
    scales(plugin_folder, weighing="import sys; print('first'); sys.stdout.close()")
    path = {"PYTHONPATH": str(plugin_folder)}
    done = plain.process("weigh", "parcel", env=path)
    assert (done.code, done.out) == (0, "first\nparcel weighs 7\n")
    assert "Usage: asctl weigh" in plain.process("weigh", "--help", env=path).out


@pytest.mark.parametrize(
    "told", ["('', 'x:y', 'z')", "('a b', 'x:y', 'z')", "('--help', 'x:y', 'z')", "('n', 'x:y', 5)", "7"]
)
def test_a_command_that_could_not_be_called(plain: Command, plugin_folder: Path, told: str) -> None:
    """A name that is no word, and what is no command at all, make the plugin a broken one."""
    install(
        plugin_folder, "scales", f"from asctl.api import hookimpl\n@hookimpl\ndef asctl_commands(): return [{told}]"
    )
    listed = plain("plugin", "list")
    record = next(record for record in listed.records if record["plugin"] == "scales")
    assert (listed.code, record["state"]) == (0, "broken")
