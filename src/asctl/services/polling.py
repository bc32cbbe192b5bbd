"""What cron runs: ask about the parcels that are due, store what is new, apply the watch rules, settle tasks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from asctl.capabilities.tracking import TrackQuery
from asctl.domain.errors import AsctlError, Throttled
from asctl.domain.parcels import Direction, Event, Parcel, ParcelKey, in_time_order
from asctl.domain.policy import WatchPolicy
from asctl.domain.watch import Judgement, as_of, judge
from asctl.services import tasks
from asctl.services.accounts import LONGEST_REST
from asctl.services.asking import ASKED_TOO_SOON, Asker, Question, Reply
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.effects import learn_from_scans
from asctl.services.lookups import StoredLookups
from asctl.services.oddities import log_odd_scans
from asctl.settings import Account
from asctl.store import parcels as stored_parcels

FETCH_AT_ONCE = 500
STORE_AT_ONCE = 200
STORE_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of one due parcel. ``error`` is set where no source answered; ``early`` where it was asked about a
    moment ago and its courier wants some distance between two questions: that is the reason, and no failure."""

    parcel: Parcel
    changed: bool
    error: AsctlError | None = None
    early: AsctlError | None = None


@dataclass(slots=True)
class PollSummary:
    """Counts of one run; ``stopped`` names the limit that ended it early, ``odd_scans`` were set aside by the sources.

    ``given_up`` holds the error of each account that could not be asked any more: a second source may have answered in
    its place, but somebody must know.
    """

    asked: int = 0
    changed: int = 0
    failed: int = 0
    opened: int = 0
    closed: int = 0
    odd_scans: int = 0
    stopped: str = ""
    given_up: tuple[AsctlError, ...] = ()


@dataclass(slots=True)
class _Case:
    """A due parcel and the accounts that may still be asked about it."""

    parcel: Parcel
    sources: list[Account]
    error: AsctlError | None = None


@dataclass(slots=True)
class Poll:
    """One run of ``asctl parcel poll``. ``only`` restricts it to parcels that this account is asked about."""

    desk: Desk
    budget: Budget
    jobs: int
    only: Account | None = None
    summary: PollSummary = field(default_factory=PollSummary)
    _routes: dict[tuple[str, str, str], list[Account] | AsctlError] = field(default_factory=dict)

    def run(self) -> Iterator[Polled]:
        """Poll until nothing is due or a limit is reached; each parcel is yielded once it is safe in the store."""
        started = self.desk.clock.now()
        policy = self.desk.settings.watch_policy()
        with self.desk.store.write() as tx:
            stored_parcels.wake_parcels(tx, started + policy.longest_interval + LONGEST_REST)
        asker = Asker(
            self.desk.accounts,
            StoredLookups(self.desk.store),
            self.desk.clock,
            self.jobs,
            lambda: bool(self.budget.over),
        )
        try:
            for cases in self._due(started):
                yield from self._round(cases, asker, policy)
        finally:
            asker.close()
        self.summary.stopped = self.budget.cut_by
        self.summary.given_up = tuple(asker.given_up.values())

    def _due(self, started: datetime) -> Iterator[list[_Case]]:
        """Parcels that were due when the run began, some at a time, as many as the budget allows."""
        last: Parcel | None = None
        while not self.budget.cut_by:
            with self.desk.store.read() as tx:
                due = stored_parcels.due_parcels(tx, started, FETCH_AT_ONCE, after=last)
            if not due:
                return
            last = due[-1]
            cases = [case for case in map(self._case, due) if self.only is None or self.only in case.sources[:1]]
            yield cases[: self.budget.take(len(cases))]

    def _case(self, parcel: Parcel) -> _Case:
        sent_by_shop = parcel.direction is not Direction.RETURN and parcel.order_id
        route = (parcel.courier, parcel.account, parcel.shop if sent_by_shop else "")
        if route not in self._routes:
            try:
                self._routes[route] = list(self.desk.accounts.trackers(*route))
            except AsctlError as error:
                self._routes[route] = error
        found = self._routes[route]
        return _Case(parcel, [], found) if isinstance(found, AsctlError) else _Case(parcel, list(found))

    def _round(self, cases: list[_Case], asker: Asker, policy: WatchPolicy) -> Iterator[Polled]:
        """Ask each parcel's best source, and the next one only about parcels that got no answer (R53)."""
        yield from self._store_all([(case, None) for case in cases if not case.sources], policy)
        open_cases = {case.parcel.key: case for case in cases if case.sources}
        while open_cases and not self.budget.over:
            again: dict[ParcelKey, _Case] = {}
            ready: list[tuple[_Case, Reply | None]] = []
            stored_at = time.monotonic()
            for reply in asker.ask([_question(case) for case in open_cases.values()]):
                case = open_cases.pop(reply.question.key)
                if reply.error is not None:
                    case.error = case.error or reply.error
                    if case.sources and not _wait_for_turn(reply.error):
                        again[case.parcel.key] = case
                        continue
                ready.append((case, reply))
                if len(ready) >= STORE_AT_ONCE or time.monotonic() - stored_at > STORE_EVERY_S:
                    yield from self._store_all(ready, policy)
                    ready, stored_at = [], time.monotonic()
            yield from self._store_all(ready, policy)
            open_cases = again

    def _store_all(self, ready: list[tuple[_Case, Reply | None]], policy: WatchPolicy) -> Iterator[Polled]:
        """Events, verdicts and tasks of some parcels, in one transaction; then the plugins hear of it."""
        if not ready:
            return
        now = self.desk.clock.now()
        told = {
            case.parcel.key: _events(reply) for case, reply in ready if reply is not None and reply.answer is not None
        }
        with self.desk.store.write() as tx:
            known = stored_parcels.events_of(tx, list(told) + [case.parcel.key for case, _r in ready])
            new = stored_parcels.put_events(tx, told)
            judged = []
            for case, reply in ready:
                events = known.get(case.parcel.key, ()) + new.get(case.parcel.key, ())
                judged.append(_judged(case, reply, events, policy, now))
            stored_parcels.save_parcels(tx, [parcel for parcel, _judgement in judged])
            learn_from_scans(tx, self.desk, {key: in_time_order((*known.get(key, ()), *new[key])) for key in new})
            opened, closed = tasks.settle(tx, judged, now)
        self.summary.opened += opened
        self.summary.closed += closed
        self.summary.odd_scans += sum(log_odd_scans(reply) for _case, reply in ready if reply is not None)
        for (case, reply), (parcel, _judgement) in zip(ready, judged, strict=True):
            fresh = new.get(parcel.key, ())
            if fresh:
                self.desk.host.tell("asctl_parcel_moved", parcel=parcel, events=fresh)
            early = case.error if _too_early(case.error) else None
            failed = None if early or _answered(reply) else case.error
            self._count(failed, bool(fresh))
            yield Polled(parcel, bool(fresh), failed, early)

    def _count(self, error: AsctlError | None, changed: bool) -> None:
        self.summary.asked += 1
        self.summary.changed += changed
        self.summary.failed += error is not None


def _question(case: _Case) -> Question:
    parcel = case.parcel
    return Question(TrackQuery(parcel.courier, parcel.waybill, parcel.phone_tail, parcel.order_id), case.sources.pop(0))


def _wait_for_turn(error: AsctlError) -> bool:
    """A waybill that was asked about a moment ago, by us or by others, needs no second source, only patience."""
    return isinstance(error, Throttled) and not error.whole_account


def _too_early(error: AsctlError | None) -> bool:
    """We ourselves asked a moment ago and wait, which is no failure; a far side that does not answer is one."""
    return error is not None and error.code == ASKED_TOO_SOON


def _answered(reply: Reply | None) -> bool:
    return reply is not None and reply.answer is not None


def _events(reply: Reply) -> tuple[Event, ...]:
    """The scans told, each with the account that told it, where the provider has not said so already."""
    if reply.answer is None:
        return ()
    source = reply.question.account.name
    return tuple(event if event.source == source else replace(event, source=source) for event in reply.answer.events)


def _judged(
    case: _Case, reply: Reply | None, events: tuple[Event, ...], policy: WatchPolicy, now: datetime
) -> tuple[Parcel, Judgement]:
    """The parcel as it stands after this answer, or after no source gave one."""
    parcel, error = case.parcel, case.error
    answered = _answered(reply)
    if answered:
        parcel = replace(parcel, seen_at=now, failing_since=None, failures=0, poll_error="")
    elif error is not None and not _too_early(error):
        parcel = replace(
            parcel, failing_since=parcel.failing_since or now, failures=parcel.failures + 1, poll_error=_told(error)
        )
    judgement = judge(parcel, events, policy, now)
    parcel = apply_judgement(parcel, judgement, now)
    if not answered and error is not None and error.retry_at is not None and parcel.next_poll_at is not None:
        later = error.retry_at if _wait_for_turn(error) else max(error.retry_at, parcel.next_poll_at)
        parcel = replace(parcel, next_poll_at=later)
    return parcel, judgement


def _told(error: AsctlError) -> str:
    return f"{error.family}: {error.message}"


def apply_judgement(parcel: Parcel, judgement: Judgement, now: datetime) -> Parcel:
    """Write a judgement's results into the parcel."""
    parcel = as_of(parcel, now)
    last = judgement.last
    return replace(
        parcel,
        status=judgement.status,
        raw_code=judgement.raw_code,
        last_event_at=last.at if last else None,
        last_event=last.text if last else "",
        location=last.location if last else "",
        moved_at=judgement.journey.moved_at,
        verdict=judgement.verdict.value,
        findings=tuple(finding.value for finding in judgement.findings),
        next_poll_at=judgement.next_poll_at,
        open=judgement.open,
    )
