"""Threads that a plugin begins by itself: they work for the calls of its account, and for nobody once one of those has hung."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from asctl.api import CHINA, Context, HttpAnswer, HttpRequest, ProviderSpec, Token
from asctl.domain.errors import PluginBroken
from asctl.host import guard
from asctl.host.guard import Guarded, make_provider
from asctl.host.warden import Patience, Warden
from tests.unit.host.conftest import Watch

REQUEST = HttpRequest("GET", "http://127.0.0.1/", "look")
NOW = datetime(2026, 11, 20, 9, tzinfo=CHINA)


@dataclass
class FarSide:
    """The way out and the tokens of an account: what is sent and fetched is counted; ``waits`` is done before, as pacing would."""

    waits: Callable[[], object] = lambda: None
    sent: int = 0
    fetched: list[str] = field(default_factory=list)

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], Any]) -> Any:
        self.waits()
        make()
        self.sent += 1
        return read(HttpAnswer(200, {}, b"{}"))

    def token(self, fetch: Callable[[Token | None], Token]) -> str:
        self.waits()
        self.fetched.append(fetch(None).value)
        return self.fetched[-1]


def ask(context: Context) -> int:
    return context.http.call(lambda: REQUEST, lambda answer: answer.status)


def renew(context: Context) -> int:
    return len(context.tokens.token(lambda _last: Token("new", NOW, NOW)))


def provider(warden: Warden, far_side: FarSide, work: Callable[[Context], Any], account: str = "a1") -> Guarded:
    """A provider whose one method ``work`` is."""

    class Provider:
        def __init__(self, context: Context) -> None:
            self.work = lambda: work(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "load_object", lambda _path: Provider)
        context = Context(account, {}, far_side, None, None, far_side)  # type: ignore[arg-type]
        return make_provider(ProviderSpec("alpha", "Alpha", 1, "alpha:Provider"), context, warden)


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """What hanging plugin code waits for; the test's end lets it go."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("service", [ask, renew])
def test_waiting_for_us_is_no_hang(service: Callable[[Context], Any], watch: Watch) -> None:
    """Where a pool of the plugin's asks for it, what the pace takes is no time of the plugin's, for all that wait at once."""

    def pooled(context: Context) -> list[Any]:
        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(service, [context] * 3))

    far_side = FarSide(watch.an_hour)
    answers = provider(Warden(Patience(call=0.05, stopped=watch.stopped)), far_side, pooled).work()
    assert (len(answers), far_side.sent + len(far_side.fetched)) == (3, 3)


def test_reading_an_answer_counts(held: threading.Event) -> None:
    """A thread of the plugin's that hangs inside a service of ours, in code of the plugin's, is a hang."""

    def pooled(context: Context) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(context.http.call, lambda: REQUEST, lambda _answer: held.wait()).result()

    with pytest.raises(PluginBroken) as caught:
        provider(Warden(Patience(call=0.05)), FarSide(), pooled).work()
    assert caught.value.code == "plugin_hangs"


@dataclass
class Late:
    """A plugin that waits for ever, with a thread that asks for a service when it is ``told`` to, and what came of that."""

    service: Callable[[Context], Any]
    told: threading.Event
    caught: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, context: Context) -> None:
        threading.Thread(target=self._asks, args=(context,), daemon=True).start()
        threading.Event().wait()

    def _asks(self, context: Context) -> None:
        self.told.wait(10)
        try:
            self.service(context)
        except BaseException as error:
            self.caught.append(error)
        self.over.set()


@pytest.mark.parametrize("service", [ask, renew])
def test_after_a_hang_nothing_is_sent(service: Callable[[Context], Any], held: threading.Event) -> None:
    """Once its caller has gone on, a thread that is left gets no service any more; another account's does."""
    late, far_side = Late(service, held), FarSide()
    warden = Warden(Patience(call=0.05))
    with pytest.raises(PluginBroken):
        provider(warden, far_side, late).work()
    held.set()
    assert late.over.wait(5)
    assert [getattr(error, "code", error) for error in late.caught] == ["plugin_hangs"]
    assert (far_side.sent, far_side.fetched) == (0, [])
    assert provider(warden, FarSide(), ask, "a2").work() == 200


def test_a_hang_while_the_pace_holds_a_thread(held: threading.Event) -> None:
    """A request that waits for its turn when the hang is found, is built too late, and not sent."""
    waiting = threading.Event()

    def its_turn() -> None:
        waiting.set()
        held.wait(10)

    far_side = FarSide(its_turn)
    late = Late(ask, threading.Event())
    late.told.set()
    warden = Warden(Patience(call=0.05))
    with ThreadPoolExecutor(1) as ours:
        first = ours.submit(provider(warden, far_side, late).work)
        assert waiting.wait(5)
        with pytest.raises(PluginBroken):
            provider(warden, FarSide(), lambda _context: threading.Event().wait()).work()
        with pytest.raises(PluginBroken):
            first.result(10)
    held.set()
    assert late.over.wait(5)
    assert [getattr(error, "code", error) for error in late.caught] == ["plugin_hangs"]
    assert far_side.sent == 0


def test_between_two_calls_a_thread_is_served() -> None:
    """A thread that fetches ahead, while nobody has asked the plugin anything, goes on as long as nothing has hung."""
    threads = ThreadPoolExecutor(1)
    far_side = FarSide()
    ahead = provider(Warden(), far_side, lambda context: (threads, context)).work()[1]
    assert threads.submit(ask, ahead).result(5) == 200
    threads.shutdown()
