"""Ask where a parcel is, now, and store nothing but that the question was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from asctl.capabilities.tracking import TrackQuery
from asctl.domain.errors import AsctlError
from asctl.domain.parcels import Event, ParcelStatus, in_time_order, status_of
from asctl.domain.times import Clock
from asctl.services.accounts import Accounts
from asctl.services.asking import Asker, Lookups, Question, Reply
from asctl.services.budget import Budget
from asctl.services.oddities import log_odd_scans
from asctl.settings import Account

ASK_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Tracked:
    """The answer for one waybill, or the error that stood in its way."""

    query: TrackQuery
    account: str
    status: ParcelStatus
    raw_code: str
    events: tuple[Event, ...] = ()
    error: AsctlError | None = None


def track(
    accounts: Accounts,
    lookups: Lookups,
    clock: Clock,
    queries: Iterable[TrackQuery],
    account: str,
    jobs: int,
    budget: Budget,
) -> Iterator[Tracked]:
    """One result per query, as answers come in. Errors that concern one waybill come with it; none is raised."""
    asker = Asker(accounts, lookups, clock, jobs, lambda: bool(budget.over))
    source = iter(queries)
    try:
        while page := list(islice(source, ASK_AT_ONCE)):
            page = page[: budget.take(len(page))]
            questions: list[Question] = []
            for query in page:
                try:
                    questions.append(Question(query, _source(accounts, query, account)))
                except AsctlError as error:
                    yield Tracked(query, account, ParcelStatus.UNKNOWN, "", error=error)
            yield from map(_tracked, asker.ask(questions))
    finally:
        asker.close()


def _tracked(reply: Reply) -> Tracked:
    name = reply.question.account.name
    if reply.answer is None:
        return Tracked(reply.question.query, name, ParcelStatus.UNKNOWN, "", error=reply.error)
    log_odd_scans(reply)
    events = in_time_order(replace(event, source=name) for event in reply.answer.events)
    return Tracked(reply.question.query, name, *status_of(events), events)


def _source(accounts: Accounts, query: TrackQuery, account: str) -> Account:
    return accounts.named(account) if account else accounts.trackers(query.courier)[0]
