"""Ask where a parcel is, now, and store nothing but that the question was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from asctl.capabilities.tracking import TrackQuery
from asctl.domain.errors import AsctlError
from asctl.domain.parcels import Event, ParcelStatus, in_time_order, status_of
from asctl.domain.times import Clock
from asctl.services.accounts import Accounts
from asctl.services.asking import Asker, Lookups, Question
from asctl.settings import Account


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
    account: str = "",
    jobs: int = 4,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Tracked]:
    """One result per query, as answers come in. Errors that concern one waybill come with it; none is raised."""
    questions: list[Question] = []
    for query in queries:
        try:
            questions.append(Question(query, _source(accounts, query, account)))
        except AsctlError as error:
            yield Tracked(query, account, ParcelStatus.UNKNOWN, "", error=error)
    asker = Asker(accounts, lookups, clock, jobs, stopping)
    try:
        for reply in asker.ask(questions):
            name = reply.question.account.name
            if reply.answer is None:
                yield Tracked(reply.question.query, name, ParcelStatus.UNKNOWN, "", error=reply.error)
                continue
            events = in_time_order(replace(event, source=name) for event in reply.answer.events)
            yield Tracked(reply.question.query, name, *status_of(events), events)
    finally:
        asker.close()


def _source(accounts: Accounts, query: TrackQuery, account: str) -> Account:
    return accounts.named(account) if account else accounts.trackers(query.courier)[0]
