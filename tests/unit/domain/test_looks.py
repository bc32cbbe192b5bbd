"""When to look after a write, and what looks and scans prove."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.actions import ActionKind
from asctl.domain.looks import (
    CLOCKS_APART,
    EFFECT_FOR,
    LOOK_FOR,
    effect_of_scans,
    first_look,
    next_effect_look,
    next_look,
    proves_absence,
)
from asctl.domain.parcels import ParcelStatus, in_time_order
from tests.store_support import NOW, an_event

LAG = timedelta(seconds=30)
FIRST = NOW + LAG
MINUTE = timedelta(minutes=1)
CATCHING = [ActionKind.INTERCEPT, ActionKind.INTERCEPT_ORDER]
KINDS = [*CATCHING, ActionKind.REDIRECT]


def offsets() -> list[int]:
    """The minutes after the first look at which every look is made that comes exactly when it is due."""
    made, minutes = FIRST, [0]
    while (again := next_look(FIRST, made, len(minutes))) is not None:
        made = again
        minutes.append(int((made - FIRST) / MINUTE))
    return minutes


def test_the_first_look_is_counted_from_the_deadline() -> None:
    """A call may leave until its deadline, and shows only after the visibility lag."""
    assert first_look(NOW, LAG) == NOW + LAG


def test_the_schedule_of_looks() -> None:
    """At once, each minute five times, then after 5, 10, 20, 30, 60 minutes, and so on up to 24 hours (design section 4)."""
    assert offsets()[:11] == [0, 1, 2, 3, 4, 5, 10, 20, 40, 70, 130]
    hourly = offsets()[10:]
    assert {later - earlier for earlier, later in pairwise(hourly)} == {60}
    assert 24 * 60 - 60 < offsets()[-1] <= 24 * 60


@given(st.integers(1, 200), st.integers(0, 48 * 60))
def test_a_late_look_delays_the_next(looks: int, minutes: int) -> None:
    """The next look follows from when the last was made, not from when it was due, and none is after 24 hours."""
    made = FIRST + minutes * MINUTE
    again = next_look(FIRST, made, looks)
    if again is None:
        assert made + timedelta(hours=1) > FIRST + LOOK_FOR
    else:
        assert MINUTE <= again - made <= timedelta(hours=1)
        assert again <= FIRST + LOOK_FOR


@pytest.mark.parametrize(("late_window", "lag"), [(0, 0), (0, 30), (300, 0), (300, 30)])
def test_absence_is_proved_only_after_late_window_and_lag(late_window: int, lag: int) -> None:
    """A write that takes effect late and shows later still must have shown by then: not a second earlier."""
    late, hidden = timedelta(seconds=late_window), timedelta(seconds=lag)
    assert proves_absence(NOW + late + hidden, NOW, hidden, late)
    assert not proves_absence(NOW + late + hidden - timedelta(microseconds=1), NOW, hidden, late)


def test_the_effect_of_an_accepted_request_is_asked_for_ten_days() -> None:
    """Soon first, then every three hours, and never after ten days."""
    made, looks, gaps = NOW, 0, []
    while (again := next_effect_look(ActionKind.INTERCEPT, NOW, made, looks)) is not None:
        gaps.append(again - made)
        made, looks = again, looks + 1
    assert gaps[0] == timedelta(minutes=10)
    assert gaps == sorted(gaps)
    assert gaps[-1] == timedelta(hours=3)
    assert EFFECT_FOR - timedelta(hours=3) < made - NOW <= EFFECT_FOR


@pytest.mark.parametrize("kind", CATCHING)
@pytest.mark.parametrize(
    "scan",
    [
        an_event(-1, "退回", ParcelStatus.RETURNING),
        an_event(-1, "退回签收", ParcelStatus.RETURNED),
        an_event(-1, "拦截成功", flags=("intercepted",)),
    ],
)
def test_a_parcel_that_turns_back_was_intercepted(kind: ActionKind, scan: object) -> None:
    """A way back, or a scan that says so, shows the interception; a signature after it changes nothing."""
    signed = an_event(-5, "签收", ParcelStatus.DELIVERED)
    assert effect_of_scans(kind, [scan], NOW) == "effective"  # type: ignore[list-item]
    assert effect_of_scans(kind, [scan, signed], NOW) == "effective"  # type: ignore[list-item]


@pytest.mark.parametrize("kind", KINDS)
def test_a_parcel_that_is_delivered_was_not_caught(kind: ActionKind) -> None:
    """A signature without a way back ends the hope; scans on the way tell nothing."""
    moving = an_event(-1, "运输中")
    assert effect_of_scans(kind, [], NOW) == ""
    assert effect_of_scans(kind, [moving, an_event(-2, "派送", ParcelStatus.OUT_FOR_DELIVERY)], NOW) == ""
    assert effect_of_scans(kind, [moving, an_event(-2, "签收", ParcelStatus.DELIVERED)], NOW) == "ineffective"


def test_a_redirection_shows_as_a_scan_that_says_so() -> None:
    """A delivery after it is the delivery to the new address; a parcel that goes back reached nobody."""
    redirected = an_event(-1, "已改派", flags=("redirected",))
    signed = an_event(-9, "签收", ParcelStatus.DELIVERED)
    back = an_event(-9, "退回", ParcelStatus.RETURNING)
    assert effect_of_scans(ActionKind.REDIRECT, [redirected, signed], NOW) == "effective"
    assert effect_of_scans(ActionKind.REDIRECT, [back], NOW) == "ineffective"
    assert effect_of_scans(ActionKind.INTERCEPT, [redirected], NOW) == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [ParcelStatus.RETURNING, ParcelStatus.DELIVERED, ParcelStatus.RETURNED])
def test_what_happened_before_the_request_tells_nothing_of_it(kind: ActionKind, status: ParcelStatus) -> None:
    """An old scan is no consequence; one that is older by no more than clocks differ may be."""
    just, before = CLOCKS_APART / timedelta(hours=1), CLOCKS_APART / timedelta(hours=1) + 0.01
    flags = ("redirected",) if status is ParcelStatus.RETURNING else ()
    assert effect_of_scans(kind, [an_event(before, "早", status, flags=flags)], NOW) == ""
    assert effect_of_scans(kind, [an_event(just, "刚", status, flags=flags)], NOW) != ""


def test_notes_and_words_after_the_end_tell_nothing() -> None:
    """An informational note never tells of an effect, nor does what comes after the parcel's end."""
    note = an_event(-1, "退回（提示）", ParcelStatus.RETURNING, informational=True)
    assert effect_of_scans(ActionKind.INTERCEPT, [note], NOW) == ""
    signed, thanks = an_event(1, "签收", ParcelStatus.DELIVERED), an_event(-1, "请评价", flags=("redirected",))
    assert effect_of_scans(ActionKind.REDIRECT, [signed, thanks], NOW) == ""


@given(st.permutations([an_event(h, t, s) for h, t, s in [
    (30, "退回", ParcelStatus.RETURNING), (20, "运输中", ParcelStatus.IN_TRANSIT), (-1, "签收", ParcelStatus.DELIVERED)
]]))  # fmt: skip
def test_scans_in_any_order_tell_the_same_once_sorted(events: list[object]) -> None:
    """Couriers send scans in any order; put in time order, an old way back is no consequence of a later request."""
    assert effect_of_scans(ActionKind.INTERCEPT, in_time_order(events), NOW) == "ineffective"  # type: ignore[arg-type]
