"""Asking couriers about many waybills at once: in batches, by several threads, within the rules of each source.

A question is entered in the store before it is asked, so that the couriers' limits per waybill hold even when a run is
killed (reference/couriers/kuaidi100.md section 3, lock rule).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Protocol

from asctl.capabilities.tracking import TrackAnswer, TrackerLimits, TrackQuery
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    NotOffered,
    PluginBroken,
    Throttled,
    Unavailable,
)
from asctl.domain.parcels import ParcelKey
from asctl.domain.times import Clock, iso
from asctl.services.accounts import Accounts
from asctl.services.pools import Pool
from asctl.settings import Account
from asctl.text import _
from asctl.transport import HTTP_STATUS, never_left

GIVE_UP_AFTER = 8
CLAIM_AT_ONCE = 128
ASKED_TOO_SOON = "asked_too_soon"


class Lookups(Protocol):
    """The durable count of questions about each waybill."""

    def claim(
        self, account: str, keys: list[ParcelKey], limits: TrackerLimits, now: datetime
    ) -> tuple[set[ParcelKey], dict[ParcelKey, datetime]]:
        """Enter the questions; what is refused comes with when it may be asked."""
        ...

    def take_back(self, account: str, keys: list[ParcelKey], entered_at: datetime) -> None:
        """Strike out questions that were entered at that moment and never asked."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """One waybill for one account."""

    query: TrackQuery
    account: Account

    @property
    def key(self) -> ParcelKey:
        return ParcelKey(self.query.courier, self.query.waybill)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question: an answer, or the error that stood in its way.

    ``sent`` tells whether it may have reached the courier, and so counts as asked.
    """

    question: Question
    answer: TrackAnswer | None = None
    error: AsctlError | None = None
    sent: bool = False


@dataclass(slots=True)
class _Desk:
    """One account at work: what is still to be asked and why it stopped, if it did."""

    account: Account
    limits: TrackerLimits
    waiting: deque[Question] = field(default_factory=deque)
    claimed: deque[Question] = field(default_factory=deque)
    claimed_at: datetime | None = None
    failures: int = 0
    stopped_by: AsctlError | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a call: one reply per question; ``failed`` is set where it failed as a whole."""

    replies: list[Reply]
    failed: AsctlError | None = None


@dataclass(slots=True)
class _Calls:
    """The calls under way, each with its desk and when its questions were entered.

    They queue up as they end: to wait for any of them again and again would look at all each time.
    """

    running: dict[Future[_Outcome], tuple[_Desk, datetime | None]] = field(default_factory=dict)
    _ended: SimpleQueue[Future[_Outcome]] = field(default_factory=SimpleQueue)

    def add(self, call: Future[_Outcome], desk: _Desk) -> None:
        self.running[call] = desk, desk.claimed_at
        call.add_done_callback(self._ended.put)

    def next_ended(self) -> tuple[_Desk, datetime | None, _Outcome]:
        """Wait for one; raises what it raised."""
        call = self._ended.get()
        return *self.running.pop(call), call.result()


class Asker:
    """Puts questions to accounts with ``jobs`` threads. One account's trouble never holds up the others.

    ``given_up`` names the accounts that are parked, locked out or plainly down, with the error that told so.
    """

    def __init__(
        self, accounts: Accounts, lookups: Lookups, clock: Clock, jobs: int, stopping: Callable[[], bool]
    ) -> None:
        self._accounts = accounts
        self._lookups = lookups
        self._clock = clock
        self._jobs = jobs
        self._stopping = stopping
        self._pool = Pool(jobs, "ask")
        self.given_up: dict[str, AsctlError] = {}

    def close(self) -> None:
        """Wait for the calls under way and let the threads go."""
        self._pool.shutdown(cancel_futures=True)

    def ask(self, questions: Iterable[Question]) -> Iterator[Reply]:
        """Replies as they come in, one per question; after a stop, what was not asked yields nothing."""
        desks: dict[str, _Desk] = {}
        for question in questions:
            account = question.account
            if account.name not in desks:
                desks[account.name] = _Desk(account, self._limits(account), stopped_by=self.given_up.get(account.name))
            desk = desks[account.name]
            if question.query.courier in desk.limits.phone_tail and not question.query.phone_tail:
                yield Reply(question, error=_no_phone_tail(question))
            else:
                desk.waiting.append(question)
        calls = _Calls()
        while True:
            for desk in desks.values():
                yield from self._start(desk, calls)
            if not calls.running:
                break
            desk, entered_at, outcome = calls.next_ended()
            self._learn(desk, outcome)
            self._take_back(desk, [reply.question for reply in outcome.replies if not reply.sent], entered_at)
            yield from outcome.replies
        for desk in desks.values():
            self._take_back(desk, desk.claimed, desk.claimed_at)

    def _limits(self, account: Account) -> TrackerLimits:
        capability = self._accounts.capability(account, "Tracker")
        limits = capability.limits if capability else None
        return limits if isinstance(limits, TrackerLimits) else TrackerLimits()

    def _start(self, desk: _Desk, calls: _Calls) -> Iterator[Reply]:
        """Keep every thread busy with this account's questions; yields those that cannot be asked."""
        while len(calls.running) < self._jobs * 2 and (desk.waiting or desk.claimed) and not self._stopping():
            if desk.stopped_by is not None:
                yield from self._give_up(desk)
                return
            if not desk.claimed:
                yield from self._claim(desk)
                continue
            batch = [desk.claimed.popleft() for _ in range(min(desk.limits.batch, len(desk.claimed)))]
            calls.add(self._pool.submit(self._call, desk.account, batch), desk)

    def _claim(self, desk: _Desk) -> Iterator[Reply]:
        chunk = [desk.waiting.popleft() for _ in range(min(CLAIM_AT_ONCE, len(desk.waiting)))]
        if not desk.limits.same_waybill_every and not desk.limits.same_waybill_per_day:
            desk.claimed.extend(chunk)
            return
        now = desk.claimed_at = self._clock.now()
        granted, refused = self._lookups.claim(desk.account.name, [q.key for q in chunk], desk.limits, now)
        for question in chunk:
            if question.key in granted:
                desk.claimed.append(question)
            else:
                yield Reply(question, error=_too_soon(question, refused[question.key], now))

    def _take_back(self, desk: _Desk, unasked: Collection[Question], entered_at: datetime | None) -> None:
        """What was entered but never asked costs nothing: it may be asked at the next occasion."""
        if unasked and entered_at is not None:
            self._lookups.take_back(desk.account.name, [question.key for question in unasked], entered_at)

    def _give_up(self, desk: _Desk) -> Iterator[Reply]:
        self._take_back(desk, desk.claimed, desk.claimed_at)
        for question in (*desk.claimed, *desk.waiting):
            yield Reply(question, error=desk.stopped_by)
        desk.claimed.clear()
        desk.waiting.clear()

    def _call(self, account: Account, batch: list[Question]) -> _Outcome:
        try:
            track = self._accounts.provider(account, "Tracker").track
        except AsctlError as error:
            return _Outcome([Reply(question, error=error) for question in batch], error)
        try:
            answers = _one_each(account, track(tuple(question.query for question in batch)), len(batch))
        except AsctlError as error:
            sent = not never_left(error)
            return _Outcome([Reply(question, error=error, sent=sent) for question in batch], error)
        return _Outcome([_reply(question, answer) for question, answer in zip(batch, answers, strict=True)])

    def _learn(self, desk: _Desk, outcome: _Outcome) -> None:
        """Stop asking an account that is parked, locked out, not usable at all or plainly down."""
        error = outcome.replies[0].error
        down = isinstance(error, Unavailable) or (error is not None and error.code == HTTP_STATUS)
        desk.failures = desk.failures + 1 if down else 0
        if outcome.failed is not None and _is_final(outcome.failed):
            desk.stopped_by = self.given_up[desk.account.name] = outcome.failed
        elif error is not None and desk.failures >= GIVE_UP_AFTER:
            desk.stopped_by = self.given_up[desk.account.name] = error


def _is_final(error: AsctlError) -> bool:
    """Whether an account that failed a whole call in this way will fail the next as well."""
    if isinstance(error, Throttled):
        return error.whole_account
    return isinstance(error, CredentialsRefused | BadConfiguration | NotOffered | PluginBroken)


def _reply(question: Question, answer: TrackAnswer) -> Reply:
    if answer.error is not None:
        return Reply(question, error=answer.error, sent=not never_left(answer.error))
    return Reply(question, answer=answer, sent=True)


def _one_each(account: Account, answers: Sequence[TrackAnswer], asked: int) -> Sequence[TrackAnswer]:
    """What a plugin answered, if it is one answer per question. Raises :class:`PluginBroken`."""
    if len(answers) == asked:
        return answers
    raise PluginBroken(
        _("plugin {plugin} did not answer each of {asked} questions").format(plugin=account.plugin, asked=asked),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        account=account.name,
        provider=account.plugin,
    )


def _no_phone_tail(question: Question) -> BadInput:
    waybill, courier = question.query.waybill, question.query.courier
    return BadInput(
        _("{courier} parcels are tracked only with four digits of a phone; {waybill} has none").format(
            courier=courier, waybill=waybill
        ),
        code="phone_tail_missing",
        hint=_(
            "give the sender's or receiver's last four: --phone-tail 1234 (track, parcel add),"
            " or set sender_phone for the shop"
        ),
        account=question.account.name,
    )


def _too_soon(question: Question, until: datetime, now: datetime) -> Throttled:
    return Throttled(
        _("{account} may be asked about {waybill} again at {time}").format(
            account=question.account.name, waybill=question.query.waybill, time=iso(until)
        ),
        retry_after=max(until - now, timedelta()),
        code=ASKED_TOO_SOON,
        whole_account=False,
        hint=_("see what is known already: asctl parcel show {waybill}").format(waybill=question.query.waybill),
        account=question.account.name,
        retry_at=until,
    )
