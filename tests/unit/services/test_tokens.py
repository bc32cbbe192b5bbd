"""Access tokens that threads and processes share through the store."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from asctl.api.tokens import RENEWED_BEFORE, Token
from asctl.domain.errors import CredentialsRefused
from asctl.services.tokens import StoreTokens, stands_for
from asctl.store.locks import hold
from asctl.store.opening import Store
from asctl.store.tokens import kept_token
from asctl.transport import RedactingLog
from asctl.transport.redact import Redactor
from tests.unit.services.far_side import HandClock

SETTINGS: dict[str, object] = {"app_key": "SDKEY001", "app_secret": "sandbox-secret-0001", "calls": 5}
LIFE = timedelta(hours=8)
AT_ONCE = 8
PROCESS = """
import sys, time
from datetime import datetime, timedelta
from asctl.api.tokens import Token
from asctl.domain.times import CHINA
from asctl.services.tokens import StoreTokens
from asctl.settings.clock import SystemClock
from asctl.store.opening import open_store

url, counter = sys.argv[1:]

def fetch(last):
    with open(counter, "a") as file:
        file.write("fetched\\n")
    time.sleep(0.2)
    now = datetime.now(CHINA)
    return Token(f"tok-{time.monotonic_ns()}", now, now + timedelta(hours=8))

tokens = StoreTokens(open_store(url), SystemClock(), "nuonuo", {"app_key": "K"}, lambda token: None)
print("ready", flush=True)
sys.stdin.readline()
print(tokens.token(fetch), flush=True)
"""


@dataclass
class Giver:
    """The far side that gives tokens: ``tok-1``, ``tok-2`` ... ``lasts`` are those that it was asked to renew."""

    clock: HandClock
    life: timedelta = LIFE
    takes_s: float = 0.0
    lasts: list[Token | None] = field(default_factory=list)

    def fetch(self, last: Token | None) -> Token:
        self.lasts.append(last)
        given = len(self.lasts)
        time.sleep(self.takes_s)
        now = self.clock.now()
        return Token(f"tok-{given}", now, now + self.life, f"rtok-{given}")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def giver(clock: HandClock) -> Giver:
    return Giver(clock)


@pytest.fixture
def process(store: Store, clock: HandClock) -> Callable[..., StoreTokens]:
    """What another process has of the same store: nothing but that in common."""

    def make(
        account: str = "nuonuo", learn: Callable[[str], None] = lambda _token: None, **changed: str
    ) -> StoreTokens:
        return StoreTokens(store, clock, account, SETTINGS | changed, learn)

    return make


Process = Callable[..., StoreTokens]


def at_once(asked: list[Callable[[], str]]) -> list[str]:
    """What all of them get that ask at the same moment."""
    start = threading.Barrier(len(asked))

    def ask(one: Callable[[], str]) -> str:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def test_one_fetch_for_many_threads(process: Process, giver: Giver) -> None:
    """All threads of a process get the token that one of them fetched."""
    giver.takes_s = 0.05
    tokens = process()
    assert at_once([lambda: tokens.token(giver.fetch)] * AT_ONCE) == ["tok-1"] * AT_ONCE
    assert giver.lasts == [None]


def test_one_fetch_for_many_that_share_a_store(process: Process, giver: Giver) -> None:
    """While one fetches, the others wait for it, and take what it got."""
    giver.takes_s = 0.05
    several = [process() for _number in range(AT_ONCE)]
    told = at_once([lambda each=each: each.token(giver.fetch) for each in several])  # type: ignore[misc]
    assert told == ["tok-1"] * AT_ONCE
    assert giver.lasts == [None]


@pytest.fixture
def processes(store_url: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Real ones, each about to ask for a token."""
    line = [sys.executable, "-c", PROCESS, store_url, str(tmp_path / "counter")]
    with ExitStack() as ended:
        begun = []
        for _number in range(4):
            one = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            ended.callback(one.kill)
            begun.append(ended.enter_context(one))
        yield begun


def test_one_fetch_for_many_processes(processes: list[subprocess.Popen[str]], tmp_path: Path) -> None:
    """Processes that ask at the same moment call for one token in all."""
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    told = []
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in processes:
        assert one.stdout is not None
        told.append(one.stdout.readline().strip())
    assert len(set(told)) == 1
    assert told[0].startswith("tok-")
    assert (tmp_path / "counter").read_text() == "fetched\n"


def test_a_token_is_kept_as_long_as_it_lasts(process: Process, giver: Giver, clock: HandClock) -> None:
    """Half an hour before its end it is renewed, with what came beside it; once, for all."""
    one, other = process(), process()
    assert one.token(giver.fetch) == other.token(giver.fetch) == "tok-1"
    clock.pass_by(LIFE - RENEWED_BEFORE - timedelta(seconds=1))
    assert one.token(giver.fetch) == process().token(giver.fetch) == "tok-1"
    clock.pass_by(timedelta(seconds=1))
    assert other.token(giver.fetch) == one.token(giver.fetch) == process().token(giver.fetch) == "tok-2"
    assert [last and last.refresh for last in giver.lasts] == [None, "rtok-1"]


def test_a_short_lived_token_is_renewed_at_half_of_its_life(process: Process, giver: Giver, clock: HandClock) -> None:
    """One that never lasts half an hour is of use all the same."""
    giver.life = timedelta(minutes=10)
    tokens = process()
    assert tokens.token(giver.fetch) == "tok-1"
    clock.pass_by(timedelta(minutes=4, seconds=59))
    assert tokens.token(giver.fetch) == "tok-1"
    clock.pass_by(timedelta(seconds=1))
    assert tokens.token(giver.fetch) == "tok-2"


def test_a_refused_token_is_renewed_once(process: Process, giver: Giver) -> None:
    """Of many that are told no, one fetches another token; who is told later takes that, and fetches none."""
    several = [process() for _number in range(AT_ONCE)]
    for each in several:
        assert each.token(giver.fetch) == "tok-1"

    def turned_away(each: StoreTokens) -> str:
        each.refused("tok-1")
        return each.token(giver.fetch)

    told = at_once([lambda each=each: turned_away(each) for each in several[:-1]])  # type: ignore[misc]
    assert set(told) == {"tok-2"}
    assert turned_away(several[-1]) == "tok-2"
    assert len(giver.lasts) == 2


def test_a_late_no_is_about_the_token_that_it_was_said_of(process: Process, giver: Giver) -> None:
    """An answer to a call that was made with the token before is no reason to drop the new one."""
    tokens = process()
    tokens.token(giver.fetch)
    tokens.refused("tok-1")
    assert tokens.token(giver.fetch) == "tok-2"
    tokens.refused("tok-1")
    assert tokens.token(giver.fetch) == "tok-2"


def test_other_credentials_need_a_token_of_their_own(process: Process, giver: Giver) -> None:
    """A changed setting is never called with the token of the old ones, nor renewed with what came beside it; accounts with the
    same settings share nothing either."""
    assert process().token(giver.fetch) == "tok-1"
    assert process(app_secret="another-secret").token(giver.fetch) == "tok-2"
    assert process("second").token(giver.fetch) == "tok-3"
    assert giver.lasts == [None, None, None]
    assert process(app_secret="another-secret").token(giver.fetch) == "tok-2"


def test_what_stands_for_settings() -> None:
    """The same in whatever order they come, another one for any change, and nothing of what they say."""
    mark = stands_for(SETTINGS)
    assert stands_for(dict(reversed(SETTINGS.items()))) == mark
    for changed in ({"app_secret": "other"}, {"calls": "5"}, {"new": ""}):
        assert stands_for(SETTINGS | changed) != mark
    assert not any(str(value) in mark for value in SETTINGS.values() if len(str(value)) > 1)
    assert stands_for({"name": "\ud842"}) != stands_for({"name": "\ud843"})


def test_a_refusal_is_told_and_forgotten(process: Process, giver: Giver, store: Store) -> None:
    """What the far side says when it gives none is raised; nothing is kept, nobody is held up, and the next one asks again."""

    def refuse(_last: Token | None) -> Token:
        raise CredentialsRefused("the application is not known", code="app_refused", hint="")

    tokens = process()
    for each in (tokens, tokens, process()):
        with pytest.raises(CredentialsRefused) as told:
            each.token(refuse)
        assert told.value.code == "app_refused"
    with store.read() as tx:
        assert kept_token(tx, "nuonuo", stands_for(SETTINGS)) is None
    with hold(store, "token nuonuo"):
        pass
    assert tokens.token(giver.fetch) == "tok-1"


def test_a_token_that_ran_out_is_renewed_by_the_next_who_can(process: Process, giver: Giver, clock: HandClock) -> None:
    """Where renewing fails, the old one stays on record with what renews it."""

    def out_of_order(_last: Token | None) -> Token:
        raise CredentialsRefused("not now", code="app_refused", hint="")

    tokens = process()
    tokens.token(giver.fetch)
    clock.pass_by(LIFE)
    with pytest.raises(CredentialsRefused):
        tokens.token(out_of_order)
    assert process().token(giver.fetch) == "tok-2"
    assert [last and last.refresh for last in giver.lasts] == [None, "rtok-1"]


def test_secrets_are_known_before_they_are_used(process: Process, giver: Giver, clock: HandClock) -> None:
    """Whoever calls with a token, or renews it, has it struck out of texts by then: one of its own, one out of the store, and what
    renews it."""
    process().token(giver.fetch)
    redactor = Redactor([])
    tokens = process(learn=redactor.learn)
    assert redactor.text(tokens.token(giver.fetch)) == "***"
    assert redactor.text("by rtok-1") == "by ***"
    clock.pass_by(LIFE)
    late = Redactor([])

    def fetch(last: Token | None) -> Token:
        assert last is not None
        assert late.text(f"{last.value} {last.refresh}") == "*** ***"
        return giver.fetch(last)

    assert process(learn=late.learn).token(fetch) == "tok-2"
    assert late.text("tok-2 rtok-2") == "*** ***"


def test_no_token_in_words(process: Process, giver: Giver, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what a token looks like in a traceback, nor what is logged or told with it."""
    log = RedactingLog("nuonuo", [])
    tokens = process(learn=log.redactor.learn)
    value = tokens.token(giver.fetch)
    (last,) = giver.lasts
    assert last is None
    token = Token(value, giver.clock.now(), giver.clock.now() + LIFE, "rtok-1")
    assert "tok-1" not in repr(token) + repr(tokens) + str(vars(tokens)["_kept"])
    error = CredentialsRefused(f"turned away with {value}", code="token_refused", hint=f"see {value}")
    log.redactor.error(error)
    assert "tok-1" not in error.message + error.hint + str(error)
    with caplog.at_level(logging.DEBUG):
        log.warning("renewed %s by %s", value, "rtok-1")
    assert caplog.messages == ["nuonuo: renewed *** by ***"]
