"""The watch rules against their texts in the requirements."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.parcels import Direction, Event, Parcel, ParcelStatus
from asctl.domain.policy import WatchPolicy
from asctl.domain.times import CHINA
from asctl.domain.watch import Finding, Judgement, Verdict, judge

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=CHINA)
POLICY = WatchPolicy()
S = ParcelStatus


def at(hours_ago: float, status: ParcelStatus, place: str = "", text: str = "", **more: object) -> Event:
    return Event(NOW - timedelta(hours=hours_ago), status, text or f"{status} {place} {hours_ago}", "c", place, **more)  # type: ignore[arg-type]


def parcel(**facts: object) -> Parcel:
    base = Parcel("yto", "YT1234567890123", NOW - timedelta(days=30), shipped_at=NOW - timedelta(days=5), seen_at=NOW)
    return replace(base, **facts)  # type: ignore[arg-type]


def judged(*events: Event, **facts: object) -> Judgement:
    return judge(parcel(**facts), events, POLICY, NOW)


def moving(hours_ago: float) -> tuple[Event, Event]:
    return at(hours_ago + 20, S.PICKED_UP, "杭州市"), at(hours_ago, S.IN_TRANSIT, "上海市")


@pytest.mark.parametrize(
    ("hours", "verdict", "kinds"),
    [
        (0.5, Verdict.NORMAL, []),
        (24, Verdict.NORMAL, []),
        (24.1, Verdict.SLOW, []),
        (48, Verdict.SLOW, []),
        (48.1, Verdict.STALLED, ["contact_courier"]),
        (72, Verdict.STALLED, ["contact_courier"]),
        (72.1, Verdict.LOST, ["treat_as_lost"]),
    ],
)
def test_grades_of_standstill(hours: float, verdict: Verdict, kinds: list[str]) -> None:
    """T1, T2, T3 and the grade between 24 h and 48 h, with their edges."""
    judgement = judged(*moving(hours))
    assert judgement.verdict is verdict
    assert [want.kind for want in judgement.wanted] == kinds


def test_clock_runs_from_movement_not_from_our_last_question() -> None:
    """Asking again does not make a parcel younger."""
    early = judge(parcel(seen_at=NOW - timedelta(hours=1)), moving(50), POLICY, NOW)
    late = judged(*moving(50))
    assert early.wanted == late.wanted
    assert late.idle == timedelta(hours=50)


def test_notes_are_no_movement() -> None:
    """A courier's note "delayed" or an informational text does not restart the clock."""
    judgement = judged(*moving(50), at(3, S.DELAYED, "上海市"), at(1, S.IN_TRANSIT, "北京市", informational=True))
    assert judgement.verdict is Verdict.STALLED
    assert judgement.idle == timedelta(hours=50)


def test_a_scanwithout_leaving_the_city_are_being_stuck() -> None:
    """T2 "stuck in one region": scans go on, but the city has been the same for more than 48 h."""
    scans = [at(hours, S.IN_TRANSIT, "武汉市", f"scan {hours}") for hours in (60, 40, 20, 2)]
    judgement = judged(at(80, S.PICKED_UP, "杭州市"), *scans)
    assert judgement.verdict is Verdict.STALLED
    assert Finding.STUCK_IN_PLACE in judgement.findings


def test_no_event_after_dispatch_is_told_before_48_hours() -> None:
    """Reading of 002 against 004: nothing at all after dispatch is the courier's matter as soon as pickup is overdue."""
    fresh = judged(shipped_at=NOW - timedelta(hours=20))
    late = judged(shipped_at=NOW - timedelta(hours=25))
    assert fresh.verdict is Verdict.NORMAL
    assert late.verdict is Verdict.OVERDUE
    assert late.findings == (Finding.PICKUP_OVERDUE,)
    assert [want.kind for want in late.wanted] == ["contact_courier"]


def test_label_printed_is_not_picked_up() -> None:
    """T15: an order note of the courier does not stop the pickup clock."""
    judgement = judged(at(20, S.CREATED, "杭州市"), shipped_at=NOW - timedelta(hours=30))
    assert Finding.PICKUP_OVERDUE in judgement.findings


def test_transit_clock() -> None:
    """T15: moving every day, but under way for more than the policy allows."""
    cities = [at(24 * days, S.IN_TRANSIT, f"city {days}") for days in (7, 6, 5, 4, 3, 2, 1, 0.5)]
    judgement = judged(at(24 * 8, S.PICKED_UP, "杭州市"), *cities)
    assert judgement.verdict is Verdict.OVERDUE
    assert Finding.TRANSIT_OVERDUE in judgement.findings


def test_locker_waits_for_the_customer() -> None:
    """T15 signature clock: in a locker nothing moves, yet it is the customer who is reminded, not the courier."""
    short = judged(*moving(90), at(60, S.READY_FOR_PICKUP, "上海市"))
    long = judged(*moving(100), at(80, S.READY_FOR_PICKUP, "上海市"))
    assert short.verdict is Verdict.NORMAL
    assert long.verdict is Verdict.OVERDUE
    assert [want.kind for want in long.wanted] == ["remind_customer"]


def test_out_for_delivery_can_stall() -> None:
    """A parcel on the van for two days is stalled like any other."""
    assert judged(*moving(70), at(50, S.OUT_FOR_DELIVERY, "上海市")).verdict is Verdict.STALLED


def test_never_answered_is_unknown() -> None:
    """Nobody has answered yet: nothing is claimed, neither normal nor idle."""
    judgement = judged(seen_at=None)
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.idle is None
    assert judgement.findings == (Finding.NEVER_ANSWERED,)
    assert not judgement.wanted


def test_failing_source_is_not_an_idle_parcel() -> None:
    """The last answer was good and 20 h ago; since then the source fails: unknown, and no task against the courier."""
    judgement = judged(*moving(70), seen_at=NOW - timedelta(hours=65), failures=9)
    assert judgement.verdict is Verdict.UNKNOWN
    assert Finding.SOURCE_FAILING in judgement.findings
    assert not judgement.wanted


def test_what_was_seen_idle_stays_so_while_the_source_fails() -> None:
    """A stand-still that a source had confirmed is not forgotten, nor made worse, by a failing source."""
    judgement = judged(*moving(100), seen_at=NOW - timedelta(hours=50), failures=9)
    assert judgement.idle == timedelta(hours=50)
    assert judgement.verdict is Verdict.STALLED
    assert Finding.SOURCE_FAILING in judgement.findings


def test_brief_failure_is_no_finding() -> None:
    """One failed question after a recent answer does not make the parcel unknown."""
    judgement = judged(*moving(3), seen_at=NOW - timedelta(hours=1), failures=1)
    assert judgement.verdict is Verdict.NORMAL


def test_signed_parcel_may_turn_back() -> None:
    """A signature is not the end: a later return re-opens the parcel, and a signature after that is a return."""
    signed = (*moving(30), at(10, S.DELIVERED, "上海市"))
    back = (*signed, at(5, S.RETURNING, "上海市"))
    home = (*back, at(1, S.DELIVERED, "杭州市"))
    assert judged(*signed).verdict is Verdict.DONE
    assert judged(*signed).open
    assert judged(*back).status is S.RETURNING
    assert Finding.RETURNING in judged(*back).findings
    assert judged(*home).status is S.RETURNED


def test_signed_parcel_is_watched_for_some_days_only() -> None:
    """Three days after the signature nobody asks any more."""
    judgement = judged(*moving(120), at(80, S.DELIVERED, "上海市"))
    assert not judgement.open
    assert judgement.next_poll_at is None


def test_a_parcel_nobody_saw_move_for_long_is_left_alone() -> None:
    """After two months without movement it is still lost, but its source is not asked any more."""
    judgement = judged(*moving(61 * 24), shipped_at=NOW - timedelta(days=70))
    assert judgement.verdict is Verdict.LOST
    assert not judgement.open


@pytest.mark.parametrize(
    ("status", "finding"),
    [(S.REFUSED, Finding.REFUSED_BY_RECEIVER), (S.DAMAGED, Finding.DAMAGED), (S.EXCEPTION, Finding.EXCEPTION)],
)
def test_trouble_is_somebodys_task(status: ParcelStatus, finding: Finding) -> None:
    """What the courier itself reports as trouble opens a task at once."""
    judgement = judged(*moving(10), at(2, status, "上海市"))
    assert judgement.verdict is Verdict.TROUBLE
    assert [(want.kind, want.finding) for want in judgement.wanted] == [("solve_trouble", finding)]


def test_loss_told_by_the_courier_counts_at_once() -> None:
    """R106: a loss that the courier confirms needs no 72 h."""
    judgement = judged(*moving(5), at(1, S.LOST, "上海市"))
    assert [want.kind for want in judgement.wanted] == ["treat_as_lost"]


def test_unknown_code_is_kept_and_named() -> None:
    """A code nobody mapped is UNKNOWN with the raw code beside it, and in a new place it still is movement."""
    judgement = judged(*moving(60), at(2, S.UNKNOWN, "南京市"))
    assert (judgement.status, judgement.raw_code) == (S.UNKNOWN, "c")
    assert Finding.UNKNOWN_CODE in judgement.findings
    assert judgement.idle == timedelta(hours=2)


def test_one_standstill_is_one_cause() -> None:
    """The cause does not change while the parcel stands still, and changes when it has moved."""
    first = judged(*moving(50)).wanted[0]
    later = judge(parcel(seen_at=NOW + timedelta(hours=5)), moving(50), POLICY, NOW + timedelta(hours=5)).wanted[0]
    moved = judged(*moving(80), at(49, S.IN_TRANSIT, "南京市")).wanted[0]
    assert first.cause == later.cause
    assert moved.cause != first.cause


def test_failing_sources_are_asked_less_and_less() -> None:
    """The distance doubles from failure to failure up to the ordinary one."""
    waits = [judged(*moving(3), failures=n).next_poll_at for n in (1, 2, 3, 4, 30)]
    assert [wait - NOW for wait in waits if wait] == [timedelta(hours=h) for h in (0.5, 1, 2, 4, 4)]


statuses = st.sampled_from(list(ParcelStatus))
a_scan = st.builds(
    at, st.floats(0, 300), statuses, st.sampled_from(["", "杭州市", "上海市", "武汉市"]), st.text(max_size=3)
)


@given(st.lists(a_scan, max_size=12, unique_by=lambda scan: scan.key), st.booleans(), st.integers(0, 5))
def test_any_history_gets_an_honest_judgement(history: list[Event], answered: bool, failures: int) -> None:
    """No history breaks the rules; nothing is claimed without an answer; order and repeats of telling do not matter."""
    facts = {"seen_at": NOW if answered else None, "failures": failures}
    judgement = judged(*history, **facts)
    assert judgement == judged(*reversed(history), *history, **facts)
    if not answered and judgement.status not in (S.LOST, S.DELIVERED, S.RETURNED, S.CANCELLED):
        assert judgement.verdict is Verdict.UNKNOWN
        assert not judgement.wanted
    assert (judgement.next_poll_at is not None) == judgement.open


def test_what_follows_a_signature_changes_nothing_but_a_return() -> None:
    """After DELIVERED a note, a delay or an unknown code leaves it delivered, however long ago that was."""
    signed = (*moving(200), at(150, S.DELIVERED, "上海市"))
    for later in (S.DELAYED, S.UNKNOWN, S.IN_TRANSIT, S.EXCEPTION):
        judgement = judged(*signed, at(100, later, "上海市", "请对本次服务评价"))
        assert (judgement.status, judgement.verdict) == (S.DELIVERED, Verdict.DONE)
    assert judged(*signed, at(100, S.REFUSED, "上海市")).verdict is Verdict.TROUBLE


@pytest.mark.parametrize("status", [S.REFUSED, S.DAMAGED, S.PICKUP_FAILED])
def test_a_parcel_that_waits_for_a_decision_is_not_lost(status: ParcelStatus) -> None:
    """A refused or damaged parcel lies at the courier's: the trouble stays the task, also after 72 h."""
    judgement = judged(*moving(120), at(100, status, "上海市"))
    assert judgement.verdict is Verdict.TROUBLE
    assert [want.kind for want in judgement.wanted] == ["solve_trouble"]


def test_a_locker_stays_a_locker_after_a_note() -> None:
    """READY_FOR_PICKUP and then "kept back" still waits for the customer."""
    judgement = judged(*moving(110), at(100, S.READY_FOR_PICKUP, "上海市"), at(10, S.DELAYED, "上海市"))
    assert judgement.verdict is Verdict.OVERDUE
    assert [want.kind for want in judgement.wanted] == ["remind_customer"]


def test_long_transit_is_one_cause_though_the_parcel_moves() -> None:
    """Eight days under way and moving daily: the same task day after day, not a new one each day."""
    cities = [at(24 * days, S.IN_TRANSIT, f"city {days}") for days in range(8, 0, -1)]
    causes = {
        judged(at(24 * 9, S.PICKED_UP, "杭州市"), *cities, *more).wanted[0].cause
        for more in ([], [at(5, S.IN_TRANSIT, "南京市")], [at(1, S.IN_TRANSIT, "苏州市")])
    }
    assert len(causes) == 1


def test_each_delivery_attempt_is_not_a_new_reminder() -> None:
    """Tried again and again at the door: one cause, from the first attempt."""
    first = (*moving(110), at(100, S.OUT_FOR_DELIVERY, "上海市"), at(95, S.DELIVERY_FAILED, "上海市"))
    again = (*first, at(20, S.OUT_FOR_DELIVERY, "上海市"), at(10, S.DELIVERY_FAILED, "上海市"))
    assert judged(*first).wanted == judged(*again).wanted != ()


def test_another_trouble_is_another_cause() -> None:
    """EXCEPTION told twice is one cause; DAMAGED after it is a second one."""
    once = (*moving(10), at(8, S.EXCEPTION, "上海市"))
    twice = (*once, at(6, S.EXCEPTION, "上海市"))
    worse = (*twice, at(2, S.DAMAGED, "上海市"))
    assert judged(*once).wanted == judged(*twice).wanted
    assert judged(*worse).wanted[0].cause != judged(*twice).wanted[0].cause


def test_being_stuck_does_not_wait_for_slow() -> None:
    """``stuck_after`` counts by itself, also where it is shorter than ``slow_after``."""
    policy = replace(POLICY, stuck_after=timedelta(hours=6))
    scans = (*moving(10), at(3, S.IN_TRANSIT, "上海市", "again"))
    assert judge(parcel(), scans, policy, NOW).verdict is Verdict.STALLED


def test_a_parcel_that_turns_back_is_somebodys_task() -> None:
    """A customer's parcel on its way back: one task from the turn until a person closes it, also once it is home."""
    back = (*moving(40), at(30, S.REFUSED, "上海市"), at(20, S.RETURNING, "上海市"))
    home = (*back, at(10, S.IN_TRANSIT, "南京市"), at(5, S.RETURNING, "南京市"), at(1, S.DELIVERED, "杭州市"))
    assert judged(*back).verdict is Verdict.TROUBLE
    assert judged(*home).status is S.RETURNED
    assert [(want.kind, want.finding) for want in judged(*back).wanted] == [("solve_trouble", Finding.RETURNING)]
    assert judged(*home).wanted == judged(*back).wanted


def test_a_return_parcel_coming_home_is_no_trouble() -> None:
    """What the customer sends back is expected to arrive at our door."""
    assert judged(*moving(20), at(1, S.DELIVERED, "杭州市"), direction=Direction.RETURN).wanted == ()
