"""The warden: what it counts as a hang, whom it calls again, what it lets through."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import Context, HttpAnswer, HttpRequest, ProviderSpec
from asctl.domain.errors import PluginBroken
from asctl.host import calls, guard
from asctl.host.calls import Behalf, Call, Whose
from asctl.host.guard import Guarded, make_provider
from asctl.host.warden import Patience, Warden
from tests.unit.host.conftest import Watch

A1, A2 = Whose("alpha", "a1"), Whose("alpha", "a2")
REQUEST = HttpRequest("GET", "http://127.0.0.1/", "look")


class FarSide:
    """An HTTP client that counts what is sent; ``waits`` is done before, as pacing would."""

    def __init__(self, waits: Callable[[], object] = lambda: None) -> None:
        self.waits = waits
        self.sent = 0

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], Any]) -> Any:
        self.waits()
        make()
        self.sent += 1
        return read(HttpAnswer(200, {}, b"{}"))


def provider(warden: Warden, methods: dict[str, Any], http: FarSide | None = None) -> Guarded:
    """A provider with these methods, each handed the context."""

    class Provider:
        def __init__(self, context: Context) -> None:
            for name, method in methods.items():
                setattr(self, name, lambda *given, method=method: method(context, *given))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "load_object", lambda _path: Provider)
        spec = ProviderSpec("alpha", "Alpha", 1, "alpha:Provider")
        return make_provider(spec, Context("a1", {}, http or FarSide(), None, None, None), warden)  # type: ignore[arg-type]


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """What hanging plugin code waits for; the test's end lets it go."""
    event = threading.Event()
    yield event
    event.set()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1000))))
def test_only_the_plugins_own_time_counts(stretches: list[tuple[bool, int]]) -> None:
    """However its work and ours take turns, also where ours calls back: the time of a call is that of the plugin's code."""
    now = 0

    class Watch:
        @staticmethod
        def monotonic() -> float:
            return float(now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "time", Watch)
        call = Call(A1, lambda: None)
        behalf = Behalf(A1, (call,), lambda: False)
        for ours, seconds in stretches:
            if ours:
                with behalf.with_us():
                    now += seconds
                    behalf.with_plugin(lambda: None)()
            else:
                now += seconds
        assert call.time.seconds(float(now)) == sum(seconds for ours, seconds in stretches if not ours)


def test_a_callback_of_the_plugin_counts(held: threading.Event) -> None:
    """Plugin code that hangs inside our HTTP client, while it reads an answer, is a hang."""
    warden = Warden(Patience(call=0.05))
    hangs = provider(warden, {"look": lambda context: context.http.call(lambda: REQUEST, lambda _answer: held.wait())})
    with pytest.raises(PluginBroken) as caught:
        hangs.look()
    assert caught.value.code == "plugin_hangs"


def test_waiting_for_us_is_no_hang(watch: Watch) -> None:
    """A call that is parked by the pace for longer than its limit goes on as if nothing was."""
    waits = provider(
        Warden(Patience(call=0.05, stopped=watch.stopped)),
        {"look": lambda context: context.http.call(lambda: REQUEST, lambda answer: answer.status)},
        FarSide(watch.an_hour),
    )
    assert waits.look() == 200


def test_who_hung_is_not_called_again(held: threading.Event) -> None:
    """The same account fails at once, other accounts of the plugin are still asked; each error is one of its own."""
    warden = Warden(Patience(call=0.05))
    first = warden.call(A1, held.wait)
    asked: list[str] = []
    second = warden.call(A1, lambda: asked.append("again"))
    assert warden.call(A2, lambda: 42).result == 42
    assert (first.hung, second.hung, asked) == (True, True, [])
    assert isinstance(first.error, PluginBroken)
    assert isinstance(second.error, PluginBroken)
    assert first.error is not second.error


def test_what_comes_back_too_late_sends_nothing(held: threading.Event) -> None:
    """Once its caller has gone on, a write that was not sent never is."""
    over, far_side = threading.Event(), FarSide()

    def late(context: Context) -> None:
        try:
            held.wait()
            context.http.call(lambda: REQUEST, lambda answer: answer)
        finally:
            over.set()

    with pytest.raises(PluginBroken):
        provider(Warden(Patience(call=0.05)), {"write": late}, far_side).write()
    held.set()
    assert over.wait(5)
    assert far_side.sent == 0


def test_others_who_wait_for_a_line_that_a_hang_holds(held: threading.Event) -> None:
    """A call of the same account that waits for what the hung one holds ends as well; its waiting counts from the hang on."""
    warden, line = Warden(Patience(call=0.1)), threading.Lock()
    waiting = threading.Event()

    def take_line() -> None:
        waiting.set()
        line.acquire()

    line.acquire()
    one = provider(warden, {"look": lambda context: context.http.call(lambda: REQUEST, id)}, FarSide(take_line))
    failed: list[PluginBroken] = []

    def look() -> None:
        try:
            one.look()
        except PluginBroken as error:
            failed.append(error)

    other = threading.Thread(target=look)
    other.start()
    assert waiting.wait(5)
    assert warden.call(A1, held.wait).hung
    other.join(5)
    line.release()
    assert [error.code for error in failed] == ["plugin_hangs"]


def test_a_signal_cuts_a_hang_short(held: threading.Event) -> None:
    """After a signal plugin code that does nothing for us is waited for no longer than a moment, and that is what is told."""
    call = Warden(Patience(call=3600, stopped=lambda: True)).call(A1, held.wait)
    assert call.hung
    assert "3600" not in str(call.error)


def test_one_thread_of_ours_finds_its_own_again() -> None:
    """What a plugin keeps per thread from one call to the next is there again, and what our side keeps per context as well."""
    warden, kept = Warden(), threading.local()
    window: ContextVar[str] = ContextVar("window")
    window.set("open")
    warden.call(A1, lambda: setattr(kept, "last", 7))
    assert warden.call(A1, lambda: (kept.last, window.get())).result == (7, "open")
    assert not hasattr(kept, "last")


def test_a_stream_that_is_left_early_is_ended_by_the_plugins_thread() -> None:
    """What a generator does when nobody wants the rest is plugin code, too: it runs, guarded, and harms nobody."""
    ended: list[str] = []

    def pages(_context: Context) -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            ended.append(threading.current_thread().name)
            raise SystemExit(3)

    stream = provider(Warden(), {"pages": pages}).stream("pages")
    assert next(stream) == 1
    stream.close()  # type: ignore[attr-defined]
    assert ended == ["plugin"]


def test_whoever_is_at_work_alone_is_blamed_alone() -> None:
    """Where two plugins are at work at once, both are named: nobody knows which of them it was."""
    told: list[str] = []
    warden, both = Warden(warn=told.append), threading.Barrier(2)

    def change() -> None:
        import decimal

        both.wait(5)
        decimal.getcontext().prec = 3

    def meanwhile() -> None:
        both.wait(5)
        while not told:
            both_done.wait(0.01)

    both_done = threading.Event()
    other = threading.Thread(target=lambda: warden.call(Whose("beta"), meanwhile))
    other.start()
    warden.call(Whose("alpha"), change)
    other.join(5)
    assert told == ["one of alpha, beta changed the decimal context; it was put back"]
