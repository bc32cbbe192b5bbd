"""A bad plugin harms nobody but itself: two couriers, one of them served by a plugin that misbehaves."""

from __future__ import annotations

import json
import locale
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import getcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.command_support import PATIENCE_S, Command, Result, no_traceback
from tests.plugin_support import courier, install

pytestmark = pytest.mark.storeless

GOOD, BAD = "75300000000001", "773000000000001"
PROVIDER = """
from asctl.api import CHINA, Event, ParcelStatus, TrackAnswer
from datetime import datetime
class Provider:
    def __init__(self, context):
        {making}
    def track(self, queries):
        {calling}
        scan = Event(datetime(2026, 11, 20, 9, tzinfo=CHINA), ParcelStatus.IN_TRANSIT, "on its way")
        return [TrackAnswer(query, (scan,)) for query in queries]
"""
HANG = "__import__('threading').Event().wait()"
HELD = "__import__('fake_hold').until.wait()"
"""Hangs as well, until the test is over."""
CHANGES = {
    "the locale": "import locale; locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')",
    "the decimal context": "import decimal; decimal.getcontext().prec = 3",
    "the decimal context, for all": "import decimal; decimal.DefaultContext.prec = 3",
    "the working directory": "import os; os.chdir('/')",
    "the alarm": "import signal; signal.alarm(60)",
    "the alarm, of the processor's time": "import signal; signal.setitimer(signal.ITIMER_PROF, 60)",
    "the recursion limit": "import sys; sys.setrecursionlimit(900)",
    "threading.settrace": "import threading; threading.settrace(lambda *_: None)",
    "threading.setprofile": "import threading; threading.setprofile(lambda *_: None)",
    "threading.excepthook": "import threading; threading.excepthook = None",
    "sys.stderr": "import sys; sys.stderr = None",
    "sys.stdout": "import io, sys; sys.stdout = io.StringIO()",
}
NOT_LOADED = {
    "import nothing_of_that_name": "broken",
    "raise ValueError('no')": "broken",
    "raise SystemExit(0)": "broken",
    "raise KeyboardInterrupt": "broken",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)": "broken",
    HELD: "hangs",
    **dict.fromkeys(CHANGES.values(), "changes_process"),
}


def source(name: str, code: str, loading: str = "", making: str = "pass", calling: str = "pass") -> str:
    """A plugin that tracks one courier, with more to do while it is loaded, makes a provider, or tracks."""
    spec = courier(name).replace('couriers=("sto",)', f'couriers=("{code}",)')
    return f"{loading}\n{spec}{PROVIDER.format(making=making, calling=calling)}"


@pytest.fixture
def two(plain: Command, plugin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """The command with an account at a good plugin, and one at a plugin ``bad`` that the test is to install."""
    hold, before = SimpleNamespace(until=threading.Event()), threading.enumerate()
    monkeypatch.setitem(sys.modules, "fake_hold", hold)
    install(plugin_folder, "good", source("good", "zto"))
    config = tmp_path / "asctl.toml"
    accounts = "".join(f'[couriers.{name}]\nplugin = "{name}"\n' for name in ("good", "bad"))
    config.write_text(f'[plugins]\nload_timeout = "1s"\ncall_timeout = "1s"\n{accounts}', "utf-8")
    path = os.pathsep.join((str(plugin_folder), os.environ.get("PYTHONPATH", "")))
    yield Command(plain.env | {"ASCTL_CONFIG": str(config), "ASCTL_OUTPUT": "json", "PYTHONPATH": path})
    hold.until.set()
    for thread in threading.enumerate():
        if thread.name == "plugin" and thread not in before:
            thread.join(0.2)


def rows(command: Command, *waybills: str) -> tuple[str, str]:
    """Options that read the waybills from a file; those of the good plugin's courier begin with 75."""
    file = Path(command.env["ASCTL_CONFIG"]).with_name("rows.csv")
    lines = (f"{waybill},{'zto' if waybill.startswith('75') else 'sto'}\n" for waybill in waybills)
    file.write_text("waybill,courier\n" + "".join(lines), "utf-8")
    return "--from", str(file)


def track(command: Command) -> Result:
    """Both parcels, in this process."""
    return command("track", *rows(command, GOOD, BAD))


def told(result: Result, words: str) -> int:
    """How many lines for people hold the words; the last one is for scripts."""
    return sum(words in line for line in result.err.splitlines()[:-1])


def harmless(result: Result) -> None:
    """The other courier's parcel has its answer, and stdout is data and nothing else."""
    assert result.of(GOOD)["status"] == "IN_TRANSIT", result
    assert result.of(GOOD)["error_code"] is None
    no_traceback(result)


@pytest.mark.parametrize("loading", NOT_LOADED)
def test_a_plugin_that_cannot_be_loaded(two: Command, plugin_folder: Path, loading: str) -> None:
    """It is listed with state and distribution, told once, and ends only the rows that need it, with exit 15. What it changed is
    as it was before."""
    install(plugin_folder, "bad", source("bad", "sto", loading), distribution="bad-courier")
    before = (os.getcwd(), locale.setlocale(locale.LC_ALL), getcontext().prec, signal.getsignal(signal.SIGINT))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_family"]) == (15, "plugin_broken")
    assert told(used, "bad-courier 1.2") == 1
    sys.modules.pop("fake_bad", None)
    listed = two("plugin", "list")
    record = next(record for record in listed.records if record["plugin"] == "bad")
    assert (listed.code, record["distribution"], record["state"]) == (0, "bad-courier", NOT_LOADED[loading])
    assert told(listed, "bad-courier 1.2") == 1
    assert before == (os.getcwd(), locale.setlocale(locale.LC_ALL), getcontext().prec, signal.getsignal(signal.SIGINT))


@pytest.mark.parametrize(
    ("spec", "state"),
    [
        (courier("bad", version=2), "newer_api"),
        (courier("kuaidi100"), "name_taken"),
        (courier("bad") + "@hookimpl\ndef asctl_commands(): return [('track', 'x:y', 'z')]", "name_taken"),
    ],
)
def test_a_plugin_that_does_not_fit(two: Command, plugin_folder: Path, spec: str, state: str) -> None:
    """One for a newer API, and one that brings a provider or a command whose name is taken, fare alike."""
    install(plugin_folder, "bad", spec)
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_family"]) == (15, "plugin_broken")
    states = {record["plugin"]: record["state"] for record in two("plugin", "list").records}
    assert (states["bad"], states["kuaidi100"]) == (state, "ready")


@pytest.mark.parametrize("place", ["making", "calling"])
@pytest.mark.parametrize("act", ["raise ValueError", "raise SystemExit(0)", "raise KeyboardInterrupt", HELD])
def test_a_plugin_that_fails_at_work(two: Command, plugin_folder: Path, place: str, act: str) -> None:
    """What it raises and that it never ends is an error of its own rows, with exit 15."""
    install(plugin_folder, "bad", source("bad", "sto", **{place: act}))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_family"]) == (15, "plugin_broken")
    assert used.of(BAD)["error_code"] == ("plugin_hangs" if act == HELD else "plugin_failed")
    assert told(used, "plugin bad") == 1


@pytest.mark.parametrize("what", CHANGES)
def test_a_plugin_that_changes_the_process_at_work(two: Command, plugin_folder: Path, what: str) -> None:
    """It is told once, and all is put back at once; what it answered counts, since a write that was done stays done."""
    install(plugin_folder, "bad", source("bad", "sto", calling=CHANGES[what]))
    before = (os.getcwd(), locale.setlocale(locale.LC_ALL), getcontext().prec)
    used = two("track", *rows(two, BAD, f"{BAD}2", f"{BAD}3"))
    no_traceback(used)
    assert (used.code, used.of(BAD)["error_code"]) == (0, None)
    assert told(used, "changed " + what.partition(",")[0]) == 1
    assert before == (os.getcwd(), locale.setlocale(locale.LC_ALL), getcontext().prec)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


PRINTS = "import os, sys; print('loud 1'); sys.__stdout__.write('loud 2\\n'); sys.__stdout__.flush(); os.write(1, b'loud 3\\n')"


@pytest.mark.parametrize("place", ["loading", "making", "calling"])
def test_what_a_plugin_prints_goes_to_stderr(two: Command, plugin_folder: Path, place: str) -> None:
    """By print, by the stream of Python's start or by descriptor 1, in a process of its own: stdout stays one JSON document."""
    install(plugin_folder, "bad", source("bad", "sto", **{place: PRINTS}))
    used = two.process("track", *rows(two, GOOD, BAD))
    harmless(used)
    assert (used.code, len(json.loads(used.out))) == (0, 2)
    assert [told(used, f"loud {number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert told(used, "plugin bad prints") == 1


def test_a_plugin_that_hangs_ends_with_the_run(two: Command, plugin_folder: Path) -> None:
    """The process ends although a thread of the plugin never does; the account is asked no more questions."""
    install(plugin_folder, "bad", source("bad", "sto", calling=HANG))
    several = [f"{BAD}{number}" for number in range(5)]
    used = two.process("track", "--jobs", "1", *rows(two, GOOD, *several), seconds=10)
    harmless(used)
    assert (used.code, used.codes().count("plugin_hangs")) == (15, 5)


@pytest.mark.parametrize("place", ["loading", "making", "calling"])
def test_ctrl_c_ends_a_run_that_a_plugin_holds_up(
    two: Command, plugin_folder: Path, tmp_path: Path, place: str
) -> None:
    """Whoever interrupts a run does not wait for a plugin that hangs: exit 130, long before its time is over."""
    reached = tmp_path / "reached"
    os.mkfifo(reached)
    install(plugin_folder, "bad", source("bad", "sto", **{place: f"open({str(reached)!r}, 'w').close(); {HANG}"}))
    patient = {"ASCTL_PLUGINS__LOAD_TIMEOUT": "1h", "ASCTL_PLUGINS__CALL_TIMEOUT": "1h"}
    ended = two.start("track", BAD, "--courier", "sto", env=patient)
    reached.read_bytes()
    ended.send_signal(signal.SIGINT)
    _out, err = ended.communicate(timeout=10)
    assert ended.returncode == 130, err
    assert "Traceback" not in err


def test_a_poll_goes_on_without_it(two: Command, plugin_folder: Path, store_url: str) -> None:
    """Parcels under watch that a bad plugin is asked about keep their rows; the others are polled and stored."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", source("bad", "sto", calling="raise SystemExit(0)"))
    assert asctl("parcel", "add", *rows(asctl, GOOD, BAD)).code == 0
    polled = asctl("parcel", "poll")
    assert polled.code == 15
    seen = {record["waybill"]: bool(record["seen_at"]) for record in asctl("parcel", "list").records}
    assert seen == {GOOD: True, BAD: False}


HOOKS = """
from asctl.api import hookimpl
@hookimpl
def asctl_parcel_moved(parcel):
    {act}
"""


@pytest.mark.parametrize("act", ["raise SystemExit(3)", "raise KeyboardInterrupt", HELD])
def test_an_event_hook_that_fails(two: Command, plugin_folder: Path, store_url: str, act: str) -> None:
    """Whoever listens to what happened changes nothing about it, is told of once, and is waited for once."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", HOOKS.format(act=act))
    five = [f"7530000000000{number}" for number in range(5)]
    assert asctl("parcel", "add", *rows(asctl, *five)).code == 0
    polled = asctl("parcel", "poll")
    assert (polled.code, len(polled.records)) == (0, 5)
    assert told(polled, "plugin bad failed in asctl_parcel_moved") == 1
    no_traceback(polled)


STANDS_HERE = "print('loaded because of where you stand')\n"


@pytest.mark.parametrize("path", ["", ":{else}", "{else}:", ".", "../{here}"])
def test_nothing_is_loaded_because_of_the_current_directory(plain: Command, tmp_path: Path, path: str) -> None:
    """Neither a plugin's distribution nor a module that is called like one we use, whether by ``python -m`` or by an entry of
    ``PYTHONPATH`` that is empty or relative."""
    folder = tmp_path / "stands"
    folder.mkdir()
    install(folder, "bad", STANDS_HERE + courier("bad"))
    for module in ("click", "pluggy", "asctl_taobao"):
        (folder / f"{module}.py").write_text(f"{STANDS_HERE}raise SystemExit(9)\n", "utf-8")
    env = {"PYTHONPATH": path.replace("{else}", str(tmp_path)).replace("{here}", folder.name)}
    listed = plain.process("plugin", "list", env=env, cwd=folder)
    assert listed.code == 0, listed
    assert "taobao" in {record["plugin"] for record in listed.records}
    assert "bad" not in {record["plugin"] for record in listed.records}
    assert "where you stand" not in listed.err


def test_a_path_that_somebody_gave_counts_wherever_it_is(plain: Command, plugin_folder: Path) -> None:
    """An absolute entry of ``PYTHONPATH`` stays, even where it is the current directory."""
    install(plugin_folder, "given", courier("given"))
    listed = plain.process("plugin", "list", env={"PYTHONPATH": str(plugin_folder)}, cwd=plugin_folder)
    assert "given" in {record["plugin"] for record in listed.records}


def test_the_console_script_forgets_it_too(plain: Command, plugin_folder: Path) -> None:
    """The installed command looks nowhere else than ``python -m asctl`` does."""
    install(plugin_folder, "bad", courier("bad"))
    script = Path(sys.executable).with_name("asctl")
    env = plain.environ({"PYTHONPATH": ":"}, None)
    listed = subprocess.run(
        [script, "plugin", "list"], env=env, cwd=plugin_folder, capture_output=True, text=True, check=True
    )
    assert '"taobao"' in listed.stdout
    assert '"bad"' not in listed.stdout


def test_the_last_line_stays_the_last(two: Command, plugin_folder: Path) -> None:
    """What a plugin writes to the process's own stdout comes out on stderr, before the line that is for scripts."""
    writes = "import sys; sys.__stdout__.write('loud\\n')"
    install(plugin_folder, "bad", source("bad", "sto", calling=writes))
    used = two.process("track", *rows(two, GOOD, BAD))
    harmless(used)
    assert (used.end["exit_code"], told(used, "loud")) == (0, 1)


def test_no_thread_is_kept_by_plugins_that_end(two: Command, plugin_folder: Path) -> None:
    """The threads on which plugins work end with the run that began them."""
    install(plugin_folder, "bad", source("bad", "sto"))
    before = set(threading.enumerate())
    for _run in range(3):
        harmless(track(two))
    begun = [each for each in threading.enumerate() if each.name == "plugin" and each not in before]
    until = time.monotonic() + PATIENCE_S
    while sum(thread.is_alive() for thread in begun) > 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert sum(thread.is_alive() for thread in begun) <= 1  # that of the main thread


WEIGH = """
import click
from asctl.api import hookimpl
@hookimpl
def asctl_commands():
    return [("weigh", "fake_scales:weigh", "weighs"), ("lift", "fake_scales:lift", "lifts")]
@click.command()
@click.argument("what")
def weigh(what):
    {act}
lift = 7
"""


@pytest.mark.parametrize("act", ["raise ValueError", "raise SystemExit(0)", "import nothing_of_that_name"])
def test_a_plugins_command_that_fails(plain: Command, plugin_folder: Path, act: str) -> None:
    """What a plugin's own command raises, and a command that is none, is a fault of the plugin; wrong arguments are misuse."""
    install(plugin_folder, "scales", WEIGH.replace("{act}", act))
    for arguments in (("weigh", "a parcel"), ("lift",)):
        failed = plain(*arguments)
        assert failed.code == 15, failed
        assert "this is a fault of its plugin" in failed.err
        no_traceback(failed)
    assert plain("weigh").code == 2
