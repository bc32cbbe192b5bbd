"""Which questions count as asked, and which errors end the asking of an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from asctl.capabilities.specs import Capability, ProviderKind
from asctl.capabilities.tracking import TrackAnswer, TrackerLimits, TrackQuery
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    NotOffered,
    PluginBroken,
    Refused,
    Throttled,
    Unavailable,
)
from asctl.domain.parcels import ParcelKey
from asctl.domain.times import CHINA
from asctl.services.accounts import Accounts
from asctl.services.asking import GIVE_UP_AFTER, Asker, Question, Reply
from asctl.settings import Account

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)
ACCOUNT = Account("kd100", ProviderKind.COURIER, "couriers.kd100", "kuaidi100", {})
MANY = 40


class StillClock:
    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


@dataclass
class Books:
    """The count of questions, in memory."""

    entered: list[ParcelKey] = field(default_factory=list)

    def claim(
        self, account: str, keys: list[ParcelKey], limits: TrackerLimits, now: datetime
    ) -> tuple[set[ParcelKey], dict[ParcelKey, datetime]]:
        self.entered.extend(keys)
        return set(keys), {}

    def take_back(self, account: str, keys: list[ParcelKey], entered_at: datetime) -> None:
        assert entered_at == NOW
        for key in keys:
            self.entered.remove(key)


@dataclass
class Source:
    """One account in place of all: ``unusable`` stands in the way of its provider, ``say`` answers a question."""

    say: Callable[[TrackQuery], TrackAnswer]
    unusable: AsctlError | None = None
    calls: int = 0

    def capability(self, account: Account, name: str) -> Capability:
        return Capability(name, TrackerLimits(same_waybill_every=timedelta(minutes=30)))

    def provider(self, account: Account, capability: str) -> Source:
        if self.unusable is not None:
            raise self.unusable
        return self

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        self.calls += 1
        return tuple(self.say(query) for query in queries)


def raising(error: AsctlError) -> Callable[[TrackQuery], TrackAnswer]:
    def say(query: TrackQuery) -> TrackAnswer:
        raise error

    return say


def ask(source: Source, count: int = MANY) -> tuple[list[Reply], Books, dict[str, AsctlError]]:
    """Ask about ``count`` waybills, one thread; what came, what counts as asked, which accounts were given up."""
    books = Books()
    asker = Asker(cast(Accounts, cast(Any, source)), books, StillClock(), 1, lambda: False)
    try:
        questions = [Question(TrackQuery("yto", f"YT{number:013}"), ACCOUNT) for number in range(count)]
        return list(asker.ask(questions)), books, asker.given_up
    finally:
        asker.close()


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("m", code="not_reached"),
        Throttled("m", code="parked", retry_after=timedelta(minutes=1)),
        BadConfiguration("m", code="bad_url"),
    ],
)
def test_what_never_left_does_not_count_as_asked(error: AsctlError) -> None:
    """No connection, an account at rest, a setting that forbids the call: the waybills may be asked about at once."""
    replies, books, given_up = ask(Source(raising(error)))
    assert books.entered == []
    assert {reply.sent for reply in replies} == {False}
    assert given_up == {"kd100": error}
    assert len(replies) == MANY


@pytest.mark.parametrize(
    "error",
    [
        BadConfiguration("m", code="missing_setting"),
        NotOffered("m", code="capability_missing"),
        PluginBroken("m", code="plugin_failed"),
    ],
)
def test_an_account_that_cannot_be_used_is_given_up_at_once(error: AsctlError) -> None:
    """Nothing was sent, nothing counts, and every waybill learns why."""
    source = Source(raising(error), unusable=error)
    replies, books, given_up = ask(source)
    assert (source.calls, books.entered, given_up) == (0, [], {"kd100": error})
    assert [reply.error for reply in replies] == [error] * MANY


def test_what_may_have_arrived_counts() -> None:
    """A lost answer or a refusal of one waybill may not be asked again before its time."""
    for error in (Unavailable("m", code="lost_answer"), Refused("m", code="question_refused")):
        replies, books, _given_up = ask(Source(raising(error)), 3)
        assert len(books.entered) == 3
        assert {reply.sent for reply in replies} == {True}


def test_a_waybill_that_its_source_does_not_serve_does_not_stop_the_others() -> None:
    """``NotOffered`` in one answer concerns that waybill: it does not count, and the account is asked on."""
    error = NotOffered("m", code="courier_not_served")
    source = Source(lambda query: TrackAnswer(query, error=error if query.waybill.endswith("00") else None))
    replies, books, given_up = ask(source)
    assert (source.calls, given_up) == (MANY, {})
    assert len(books.entered) == MANY - 1
    assert [reply.question.query.waybill for reply in replies if not reply.sent] == ["YT0000000000000"]


@pytest.mark.parametrize("error", [Unavailable("m"), Refused("m", code="http_status")])
def test_an_account_that_is_plainly_down_is_given_up(error: AsctlError) -> None:
    """After some failures in a row the rest is not asked, and costs nothing."""
    source = Source(raising(error))
    _replies, books, given_up = ask(source)
    assert GIVE_UP_AFTER <= source.calls < MANY
    assert len(books.entered) == source.calls
    assert given_up == {"kd100": error}


def test_refused_credentials_end_it_at_once() -> None:
    """A wrong key is as wrong for the next waybill."""
    source = Source(raising(CredentialsRefused("m", code="signature_refused")))
    ask(source)
    assert source.calls <= 3


@pytest.mark.parametrize("answers", [(), (TrackAnswer(TrackQuery("sto", "1")),) * MANY])
def test_another_number_of_answers_is_the_plugins_fault(answers: object) -> None:
    """A tracker that returns anything but one answer per question is broken; no question is taken for answered."""

    class Odd(Source):
        def track(self, queries: tuple[TrackQuery, ...]) -> Any:
            return answers

    replies, _books, given_up = ask(Odd(lambda query: TrackAnswer(query)), 1)
    assert [type(reply.error) for reply in replies] == [PluginBroken]
    assert list(given_up) == ["kd100"]
