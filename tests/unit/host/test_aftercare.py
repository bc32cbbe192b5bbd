"""What the warden does after a call: it never takes the call with it, and sees what changed while nobody was at work."""

from __future__ import annotations

import decimal
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asctl.domain.errors import PluginBroken
from asctl.host.calls import Whose
from asctl.host.surroundings import Surroundings
from asctl.host.warden import Patience, Warden
from asctl.services.pools import Pool

ALPHA, BETA = Whose("alpha", "a1"), Whose("beta", "b1")
LONG = Patience(call=30)
"""Longer than any of these tests may take: a call that is thought to hang would show."""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder to stand in, and what the tests change as it was."""
    monkeypatch.chdir(tmp_path)
    template, before = decimal.DefaultContext, decimal.DefaultContext.copy()
    yield
    decimal.DefaultContext = template
    template.clamp, template.capitals = before.clamp, before.capitals


def break_template() -> int:
    decimal.DefaultContext = None  # type: ignore[assignment]
    return 7


def test_what_a_plugin_took_away_is_put_back(kept: None) -> None:
    """A plugin that leaves no decimal template behind loses nothing but that: its answer counts, and it works on."""
    told: list[str] = []
    warden, template = Warden(LONG, told.append), decimal.DefaultContext
    threads = {warden.call(ALPHA, threading.get_ident).result}
    call = warden.call(ALPHA, break_template)
    threads.add(warden.call(ALPHA, threading.get_ident).result)
    assert (call.hung, call.error, call.result) == (False, None, 7)
    assert decimal.DefaultContext is template
    assert told == ["plugin alpha changed the decimal context; it was put back"]
    assert len(threads) == 1


def test_a_hang_that_took_something_away(kept: None) -> None:
    """Whoever gives it up gets the hang, and no error of the mending."""
    held = threading.Event()
    call = Warden(Patience(call=0.05)).call(ALPHA, lambda: break_template() and held.wait())
    held.set()
    assert isinstance(call.error, PluginBroken)
    assert call.error.code == "plugin_hangs"
    assert isinstance(decimal.DefaultContext, decimal.Context)


@pytest.mark.parametrize("name", ["clamp", "capitals"])
def test_every_part_of_the_template_counts(kept: None, name: str) -> None:
    """Also those that change how a number is written, and not what it is."""
    told: list[str] = []
    before = getattr(decimal.DefaultContext, name)
    Warden(LONG, told.append).call(ALPHA, lambda: setattr(decimal.DefaultContext, name, 1 - before))
    assert getattr(decimal.DefaultContext, name) == before
    assert told == ["plugin alpha changed the decimal context; it was put back"]


def test_an_aftercare_that_fails_is_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a plugin did may defeat the mending as well: its call ends at once with that error, and the account is asked again."""
    warden = Warden(LONG)
    with monkeypatch.context() as patch:
        patch.setattr(Surroundings, "mend", lambda _self: 1 // 0)
        failed = warden.call(ALPHA, lambda: 7)
    assert (type(failed.error), failed.hung) == (ZeroDivisionError, False)
    assert warden.call(ALPHA, lambda: 8).result == 8


def while_another_works(warden: Warden, work: Callable[[], object]) -> BaseException | None:
    """Let one plugin do the work while another is at work, too; returns what that raised here."""
    begun, done = threading.Event(), threading.Event()

    def be_at_work() -> None:
        begun.set()
        done.wait(20)

    other = threading.Thread(target=warden.call, args=(BETA, be_at_work))
    other.start()
    begun.wait(5)
    try:
        warden.call(ALPHA, work)
    except BaseException as error:
        return error
    finally:
        done.set()
        other.join(5)
    return None


def test_threads_begin_while_the_hook_is_gone(kept: None) -> None:
    """Whatever a plugin at work took away, our side still begins threads, its own and those for plugins; it is told."""
    told: list[str] = []
    warden, before = Warden(LONG, told.append), threading.excepthook

    def take_away() -> tuple[int, int]:
        threading.excepthook = None  # type: ignore[assignment]
        ours = Pool(1, "meanwhile").submit(lambda: 8).result(5)
        threading.excepthook = None  # type: ignore[assignment]
        return ours, Warden(LONG).call(BETA, lambda: 9).result

    call = warden.call(ALPHA, take_away)
    assert (call.error, call.result) == (None, (8, 9))
    assert threading.excepthook is before
    assert told == ["plugin alpha changed threading.excepthook; it was put back"]


def test_a_line_that_cannot_be_told_is_ours(kept: None) -> None:
    """Where nobody can be told, the caller learns that; no plugin is thought to hang for it."""

    def closed(_line: str) -> None:
        assert threading.current_thread().name != "plugin"
        raise BrokenPipeError

    warden = Warden(LONG, closed)
    assert isinstance(while_another_works(warden, break_template), BrokenPipeError)
    assert warden.call(ALPHA, lambda: 8).result == 8


def test_what_changes_between_two_calls(kept: None) -> None:
    """A thread that a plugin left behind changes the process while no plugin is at work: it is told, with whom it may have been,
    and put back before the next plugin sees it."""
    told: list[str] = []
    warden, here = Warden(LONG, told.append), os.getcwd()
    warden.call(ALPHA, lambda: None)
    warden.call(BETA, lambda: None)
    left_behind = threading.Thread(target=lambda: os.chdir("/"))
    left_behind.start()
    left_behind.join(5)
    assert warden.call(BETA, os.getcwd).result == here
    assert os.getcwd() == here
    assert told == ["one of alpha, beta changed the working directory; it was put back"]


def test_what_comes_back_too_late_changes_nothing(kept: None) -> None:
    """A thread that was left behind puts nothing as it once was: by then that may be our side's own doing. What it changes is found
    by who works next, and that one is not blamed alone."""
    told: list[str] = []
    warden, held = Warden(Patience(call=0.05), told.append), threading.Event()
    late: list[threading.Thread] = []

    def come_back() -> None:
        late.append(threading.current_thread())
        held.wait()
        decimal.DefaultContext.clamp = 1

    assert warden.call(ALPHA, come_back).hung

    def meanwhile() -> None:
        held.set()
        late[0].join(5)

    warden.call(BETA, meanwhile)
    assert decimal.DefaultContext.clamp == 0
    assert told == ["one of alpha, beta changed the decimal context; it was put back"]


def test_what_was_there_before_any_plugin_stays(kept: None) -> None:
    """The first call finds the process as our side made it, and nothing of that is put back."""
    told: list[str] = []
    warden = Warden(LONG, told.append)
    os.chdir("/")
    assert warden.call(ALPHA, os.getcwd).result == "/"
    assert told == []
