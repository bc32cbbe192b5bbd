"""The process ends when the run does, with its own code, and its streams hold what belongs there, whatever a plugin does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_bad_plugins import BAD, GOOD, harmless, rows, source, told, two
from tests.command_support import Command, Result
from tests.plugin_support import install

__all__ = ["two"]
pytestmark = pytest.mark.storeless
HOUR = "3600"
KEEPS_RUNNING = {
    "a pool": f"import concurrent.futures as f, time; f.ThreadPoolExecutor(1).submit(time.sleep, {HOUR})",
    "a thread": f"import threading, time; threading.Thread(target=time.sleep, args=({HOUR},), daemon=False).start()",
    "an exit handler": f"import atexit, time; atexit.register(time.sleep, {HOUR})",
    "processes": (
        "import concurrent.futures as f, multiprocessing as m, time;"
        " Provider.pool = f.ProcessPoolExecutor(1, mp_context=m.get_context('fork'));"
        f" Provider.pool.submit(time.sleep, {HOUR})"
    ),
    "a child": "import os; os.fork()",
    "a child that exits": "import os, sys; os.fork() or sys.exit(3)",
}
DISTURBS = {
    "a log on stdout": "import logging, sys; logging.basicConfig(stream=sys.stdout, level=10, force=True); logging.warning('loud')",
    "stdout closed": "import sys; sys.stdout.close()",
    "stdout's bytes closed": "import sys; sys.stdout.buffer.close()",
    "stdout taken apart": "import sys; sys.stdout.detach().close()",
    "Python's stdout closed": "import sys; sys.__stdout__.close()",
    "stderr closed": "import sys; sys.stderr.close()",
    "stderr's bytes closed": "import sys; sys.stderr.buffer.close()",
    "descriptor 1 closed": "import os; os.close(1)",
    "descriptor 2 closed": "import os; os.close(2)",
    "print at exit": "import atexit; atexit.register(print, 'loud')",
    "error at exit": "import atexit; atexit.register(lambda: 1 / 0)",
}


def answered(used: Result) -> None:
    """Both rows, nothing else on stdout, and the end told."""
    harmless(used)
    assert (used.code, len(json.loads(used.out)), used.end["exit_code"]) == (0, 2, 0)


@pytest.mark.parametrize("what", KEEPS_RUNNING)
def test_what_a_plugin_leaves_running_ends_with_the_run(two: Command, plugin_folder: Path, what: str) -> None:
    """Neither a thread nor a process of it holds up the end, or the streams that a caller reads to their end."""
    install(plugin_folder, "bad", source("bad", "sto", calling=KEEPS_RUNNING[what]))
    answered(two.process("track", *rows(two, GOOD, BAD), seconds=20))


@pytest.mark.parametrize("what", DISTURBS)
def test_a_plugin_cannot_disturb_the_streams(two: Command, plugin_folder: Path, what: str) -> None:
    """Rows and the line for scripts come out whole, and nothing is added to either."""
    install(plugin_folder, "bad", source("bad", "sto", calling=DISTURBS[what]))
    answered(two.process("track", *rows(two, GOOD, BAD), seconds=20))


def test_what_is_logged_later_stays_off_stdout(two: Command, plugin_folder: Path, store_url: str) -> None:
    """A plugin that sends all logs to stdout gets those of our own main thread on stderr, too: a poll's records stay JSON."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", source("bad", "sto", calling=DISTURBS["a log on stdout"]))
    assert asctl("parcel", "add", *rows(asctl, GOOD, BAD)).code == 0
    polled = asctl.process("parcel", "poll")
    assert (polled.code, len(json.loads(polled.out))) == (0, 2)
    assert told(polled, "loud") == 1


def test_what_a_plugin_wrote_last_is_not_lost(two: Command, plugin_folder: Path) -> None:
    """Also what it never flushed comes out, on stderr."""
    install(plugin_folder, "bad", source("bad", "sto", calling="import sys; sys.__stdout__.write('the last words')"))
    used = two.process("track", *rows(two, GOOD, BAD))
    answered(Result(used.code, used.out, used.err.replace("the last words", "")))
    assert "the last words" in used.err


def test_what_was_told_once_is_only_counted(two: Command, plugin_folder: Path) -> None:
    """Of a plugin that cannot be loaded the end tells how many rows more, and not the sentence again."""
    install(plugin_folder, "bad", source("bad", "sto", "raise ValueError('no')"), distribution="bad-courier")
    used = two("track", *rows(two, GOOD, BAD, f"{BAD}2", f"{BAD}3"))
    harmless(used)
    assert (used.code, told(used, "bad-courier 1.2"), told(used, "2 more: plugin_broken")) == (15, 1, 1)


STUCK = "import re; re.match('(a+)+$', 'a' * 40 + 'b')"


def test_completion_is_soon_over_although_a_plugin_holds_the_interpreter(plain: Command, plugin_folder: Path) -> None:
    """A regular expression without end keeps every other thread from running; the shell still has its prompt again."""
    install(plugin_folder, "stuck", STUCK)
    asks = {"_ASCTL_COMPLETE": "bash_complete", "COMP_WORDS": "asctl zz", "PYTHONPATH": str(plugin_folder)}
    ended = plain.process(env=asks, seconds=15)
    assert (ended.out, ended.err) == ("", "")


def test_completion_loads_no_plugin_of_ours(plain: Command, plugin_folder: Path, tmp_path: Path) -> None:
    """Where a word is no command of ours only strangers can know it: theirs is found, and none of ours is imported."""
    seen = tmp_path / "seen"
    command = '@hookimpl\ndef asctl_commands(): return [("快递", "fake_far:x", "far")]\n'
    note = f"import pathlib, sys; pathlib.Path({str(seen)!r}).write_text(' '.join(sys.modules))"
    install(plugin_folder, "far", f"from asctl.api import hookimpl\n{command}{note}")
    asks = {"_ASCTL_COMPLETE": "bash_complete", "COMP_WORDS": "asctl 快", "PYTHONPATH": str(plugin_folder)}
    assert plain.process(env=asks).out == "plain,快递\n"
    assert not {"asctl_sf", "asctl_taobao", "asctl_demo"} & set(seen.read_text("utf-8").split())
