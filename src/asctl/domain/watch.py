"""The watch rules (R93, R105, T1-T3, T15): from a parcel's events to a verdict, findings and the tasks somebody owes.

Three answers are kept apart. *Idle*: a source answered and showed no movement. *Source failing*: nobody answered
lately, so idleness cannot be claimed. *Unknown*: nobody has ever answered. Idle time is therefore counted only up to
the last answer (``Parcel.seen_at``), never up to now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from asctl.domain.movement import TURNED_BACK, WITH_CUSTOMER, Journey, journey_of
from asctl.domain.parcels import ENDED, Direction, Event, Parcel, ParcelStatus, in_time_order, status_of
from asctl.domain.policy import WatchPolicy
from asctl.domain.times import iso


class Verdict(StrEnum):
    """What the rules say of a parcel (预警)."""

    NORMAL = "normal"
    SLOW = "slow"
    STALLED = "stalled"
    LOST = "lost"
    OVERDUE = "overdue"
    TROUBLE = "trouble"
    DONE = "done"
    UNKNOWN = "unknown"


class Finding(StrEnum):
    """Why the verdict is what it is; a parcel may show several."""

    IDLE = "idle"
    STUCK_IN_PLACE = "stuck_in_place"
    PICKUP_OVERDUE = "pickup_overdue"
    TRANSIT_OVERDUE = "transit_overdue"
    SIGNATURE_OVERDUE = "signature_overdue"
    SOURCE_FAILING = "source_failing"
    NEVER_ANSWERED = "never_answered"
    COURIER_SAYS_LOST = "courier_says_lost"
    REFUSED_BY_RECEIVER = "refused_by_receiver"
    DAMAGED = "damaged"
    EXCEPTION = "exception"
    RETURNING = "returning"
    UNKNOWN_CODE = "unknown_code"


TROUBLES = {
    ParcelStatus.REFUSED: Finding.REFUSED_BY_RECEIVER,
    ParcelStatus.DAMAGED: Finding.DAMAGED,
    ParcelStatus.EXCEPTION: Finding.EXCEPTION,
    ParcelStatus.PICKUP_FAILED: Finding.EXCEPTION,
    ParcelStatus.RETURNING: Finding.RETURNING,
}
WAITS_FOR_A_DECISION = frozenset({ParcelStatus.REFUSED, ParcelStatus.DAMAGED, ParcelStatus.PICKUP_FAILED})
OVERDUE = frozenset({Finding.PICKUP_OVERDUE, Finding.TRANSIT_OVERDUE, Finding.SIGNATURE_OVERDUE})
AT_STATION = frozenset({ParcelStatus.READY_FOR_PICKUP, ParcelStatus.DELIVERY_FAILED})


@dataclass(frozen=True, slots=True)
class TaskWanted:
    """A follow-up that this judgement asks for; ``cause`` names what it is about, so that it opens once."""

    kind: str
    cause: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that follows from a parcel's events at one moment. ``idle`` is ``None`` where nothing can be claimed."""

    status: ParcelStatus
    raw_code: str
    journey: Journey
    last: Event | None
    idle: timedelta | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    wanted: tuple[TaskWanted, ...]
    open: bool
    next_poll_at: datetime | None


def judge(parcel: Parcel, events: tuple[Event, ...], policy: WatchPolicy, now: datetime) -> Judgement:
    """Apply the rules to a parcel as its sources told it up to ``parcel.seen_at``."""
    parcel = as_of(parcel, now)
    events = in_time_order(events)
    status, raw_code = status_of(events)
    journey = journey_of(events)
    idle = idle_time(parcel, journey.moved_at)
    findings = tuple(_findings(parcel, status, journey, idle, policy, now))
    verdict = _verdict(status, journey, idle, findings, policy)
    is_open = _still_watched(parcel, status, journey, policy, now)
    told = [event for event in events if not event.informational]
    return Judgement(
        status=status,
        raw_code=raw_code,
        journey=journey,
        last=told[-1] if told else None,
        idle=idle,
        verdict=verdict,
        findings=findings,
        wanted=tuple(_wanted(parcel, status, verdict, findings, journey)),
        open=is_open,
        next_poll_at=_next_poll(parcel, status, verdict, policy, now) if is_open else None,
    )


def _still_watched(parcel: Parcel, status: ParcelStatus, journey: Journey, policy: WatchPolicy, now: datetime) -> bool:
    """A signed parcel may still turn into a return; one that nobody has seen move for very long is left alone."""
    if status is ParcelStatus.CANCELLED:
        return False
    if journey.finished_at is not None and status in ENDED:
        return now - journey.finished_at < policy.signed_keep
    return now - _clock_start(parcel, journey.moved_at) < policy.watch_for


def as_of(parcel: Parcel, now: datetime) -> Parcel:
    """The parcel with no answer from the future: a clock that ran ahead had entered it, and it came by now at the latest."""
    return parcel if parcel.seen_at is None or parcel.seen_at <= now else replace(parcel, seen_at=now)


def idle_time(parcel: Parcel, moved_at: datetime | None) -> timedelta | None:
    """How long the parcel had stood still when a source last answered; ``None`` where nobody ever answered."""
    if parcel.seen_at is None:
        return None
    return max(parcel.seen_at - _clock_start(parcel, moved_at), timedelta())


def _clock_start(parcel: Parcel, moved_at: datetime | None) -> datetime:
    """Before the first movement the clock runs from dispatch, and where that is not known from when we were told."""
    return moved_at or parcel.shipped_at or parcel.added_at


def _findings(
    parcel: Parcel,
    status: ParcelStatus,
    journey: Journey,
    idle: timedelta | None,
    policy: WatchPolicy,
    now: datetime,
) -> list[Finding]:
    found: list[Finding] = []
    if status is ParcelStatus.UNKNOWN:
        found.append(Finding.UNKNOWN_CODE)
    if status in ENDED:
        return found
    if parcel.seen_at is None:
        found.append(Finding.SOURCE_FAILING if parcel.failures else Finding.NEVER_ANSWERED)
        return found
    if parcel.failures and now - parcel.seen_at >= policy.trust_after:
        found.append(Finding.SOURCE_FAILING)
    if status is ParcelStatus.LOST:
        found.append(Finding.COURIER_SAYS_LOST)
    if status in TROUBLES:
        found.append(TROUBLES[status])
    found.extend(_clocks(parcel, journey, parcel.seen_at, policy))
    if idle is not None and journey.moved_at is not None and journey.stage not in AT_STATION:
        if journey.scans_without_progress > 0 and idle > policy.stuck_after:
            found.append(Finding.STUCK_IN_PLACE)
        elif idle > policy.slow_after:
            found.append(Finding.IDLE)
    return found


def _clocks(parcel: Parcel, journey: Journey, seen_at: datetime, policy: WatchPolicy) -> list[Finding]:
    """The three clocks of T15: pickup, transit, waiting for signature."""
    dispatched = parcel.shipped_at or parcel.added_at
    if journey.picked_up_at is None:
        return [Finding.PICKUP_OVERDUE] if seen_at - dispatched > policy.pickup_after else []
    if journey.with_customer_since is not None:
        waited = seen_at - journey.with_customer_since
        return [Finding.SIGNATURE_OVERDUE] if waited > policy.signature_after else []
    return [Finding.TRANSIT_OVERDUE] if seen_at - journey.picked_up_at > policy.transit_after else []


def _verdict(
    status: ParcelStatus, journey: Journey, idle: timedelta | None, findings: tuple[Finding, ...], policy: WatchPolicy
) -> Verdict:
    if status is ParcelStatus.LOST:
        return Verdict.LOST
    if status in ENDED:
        return Verdict.DONE
    if idle is None:
        return Verdict.UNKNOWN
    if status in WAITS_FOR_A_DECISION:
        return Verdict.TROUBLE
    resting = journey.stage in AT_STATION
    if not resting and idle > policy.lost_after:
        return Verdict.LOST
    if not resting and (idle > policy.stalled_after or Finding.STUCK_IN_PLACE in findings):
        return Verdict.STALLED
    if status in TROUBLES:
        return Verdict.TROUBLE
    if OVERDUE & set(findings):
        return Verdict.OVERDUE
    if Finding.SOURCE_FAILING in findings:
        return Verdict.UNKNOWN
    return Verdict.SLOW if idle > policy.slow_after and not resting else Verdict.NORMAL


def _wanted(
    parcel: Parcel, status: ParcelStatus, verdict: Verdict, findings: tuple[Finding, ...], journey: Journey
) -> list[TaskWanted]:
    """Which task the verdict asks for. Its cause is when the thing itself began, not when we noticed or asked again."""
    stood_still_since = _clock_start(parcel, journey.moved_at)
    if (
        status in TURNED_BACK
        and parcel.direction is not Direction.RETURN
        and verdict in (Verdict.TROUBLE, Verdict.DONE)
    ):
        return [_task("solve_trouble", Finding.RETURNING, journey.trouble_since or stood_still_since)]
    main = findings[-1] if findings else Finding.IDLE
    if verdict is Verdict.LOST:
        return [_task("treat_as_lost", main, stood_still_since)]
    if verdict is Verdict.STALLED:
        return [_task("contact_courier", main, stood_still_since)]
    if verdict is Verdict.TROUBLE:
        return [_task("solve_trouble", TROUBLES[status], journey.trouble_since or stood_still_since)]
    if verdict is not Verdict.OVERDUE:
        return []
    if Finding.SIGNATURE_OVERDUE in findings:
        return [_task("remind_customer", Finding.SIGNATURE_OVERDUE, journey.with_customer_since or stood_still_since)]
    if Finding.TRANSIT_OVERDUE in findings:
        return [_task("contact_courier", Finding.TRANSIT_OVERDUE, journey.picked_up_at or stood_still_since)]
    return [_task("contact_courier", Finding.PICKUP_OVERDUE, stood_still_since)]


def _task(kind: str, finding: Finding, since: datetime) -> TaskWanted:
    return TaskWanted(kind, f"since {iso(since)}", finding)


def _next_poll(parcel: Parcel, status: ParcelStatus, verdict: Verdict, policy: WatchPolicy, now: datetime) -> datetime:
    """The next question depends on the state; failing sources are asked at doubling intervals up to ``poll_every``."""
    if parcel.failures:
        return now + min(policy.poll_after_failure * (1 << min(parcel.failures - 1, 8)), policy.poll_every)
    if status in ENDED or verdict is Verdict.LOST:
        return now + policy.poll_signed
    if status in WITH_CUSTOMER:
        return now + policy.poll_delivering
    if verdict in (Verdict.SLOW, Verdict.STALLED, Verdict.OVERDUE, Verdict.TROUBLE):
        return now + policy.poll_worrying
    return now + policy.poll_every
