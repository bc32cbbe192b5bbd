from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from asctl.domain.errors import StoreTrouble
from asctl.domain.parcels import ParcelKey
from asctl.store.lookups import claim_lookups, next_allowed, open_lookup_store, take_back_lookups
from asctl.store.opening import Store
from asctl.store.parking import park, parked
from asctl.store.tables import lookups
from tests.store_support import NOW

KEY, OTHER = ParcelKey("sf", "SF1"), ParcelKey("zto", "SF1")
HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)


def claim(store: Store, hours: float, account: str = "kd100", every: timedelta = HALF_HOUR, per_day: int = 0) -> object:
    """Claim a question about ``KEY`` so many hours after NOW: ``True``, or the hours after NOW when it may be asked."""
    with store.write() as tx:
        granted, refused = claim_lookups(tx, account, [KEY], NOW + timedelta(hours=hours), every, per_day)
    return True if granted == {KEY} else (refused[KEY] - NOW) / timedelta(hours=1)


def test_least_distance(store: Store) -> None:
    """A second question waits for the least distance; the moment itself is free."""
    assert claim(store, 0) is True
    assert claim(store, 0.25) == 0.5
    assert claim(store, 0.5) is True


def test_most_in_a_rolling_day(store: Store) -> None:
    """The day rolls: a question leaves the count 24 hours after it was asked, not at midnight."""
    assert [claim(store, hours, per_day=3) for hours in (0, 5, 10)] == [True, True, True]
    assert claim(store, 23.5, per_day=3) == 24
    assert claim(store, 24, per_day=3) is True
    assert claim(store, 25, per_day=3) == 29


def test_limits_are_per_account_and_parcel(store: Store) -> None:
    """Another account, or the same waybill at another courier, has limits of its own."""
    assert claim(store, 0) is True
    assert claim(store, 0, account="other") is True
    with store.write() as tx:
        granted, refused = claim_lookups(tx, "kd100", [KEY, OTHER, OTHER], NOW, HALF_HOUR, 48)
    assert granted == {OTHER}
    assert refused == {KEY: NOW + HALF_HOUR}


def test_a_question_that_was_not_asked_is_taken_back(store: Store) -> None:
    """Struck out again it costs nothing; questions entered before it still count."""
    assert [claim(store, hours, per_day=48) for hours in (0, 1)] == [True, True]
    with store.write() as tx:
        take_back_lookups(tx, "kd100", [KEY, OTHER], NOW + timedelta(hours=1))
    assert claim(store, 0.25) == 0.5
    with store.write() as tx:
        take_back_lookups(tx, "kd100", [KEY], NOW)
    assert claim(store, 0.25) is True


def test_no_limits(store: Store) -> None:
    """An account without limits is granted everything."""
    assert [claim(store, 0, every=timedelta(), per_day=0) for _time in range(3)] == [True] * 3


def test_clock_set_back_grants_nothing_early(store: Store) -> None:
    """A clock that went back does not open the limit again: half an hour from now at the earliest, whenever it was."""
    assert claim(store, 10) is True
    assert claim(store, 0) == 0.5


def test_old_questions_are_forgotten(store: Store) -> None:
    """What no limit can need any more does not stay in the store."""
    with store.write() as tx:
        claim_lookups(tx, "kd100", [OTHER], NOW - 2 * DAY, HALF_HOUR, 48)
        claim_lookups(tx, "other", [OTHER], NOW - 2 * DAY, HALF_HOUR, 48)
    claim(store, 0)
    with store.read() as tx:
        kept = tx.execute(select(lookups.c.account, lookups.c.courier)).all()
    assert sorted(map(tuple, kept)) == [("kd100", "sf"), ("other", "zto")]


def test_long_distance_outlives_the_day(store: Store) -> None:
    """A least distance of more than a day is remembered for as long as it lasts."""
    week = timedelta(days=7)
    assert claim(store, 0, every=week) is True
    assert claim(store, 6 * 24, every=week) == 7 * 24


def test_thousands_at_once(store: Store) -> None:
    """A bulk far above one statement's limit is granted, then refused, whole."""
    keys = [ParcelKey("sf", f"SF{n}") for n in range(1500)]
    with store.write() as tx:
        assert claim_lookups(tx, "kd100", keys, NOW, HALF_HOUR, 48) == (set(keys), {})
    with store.write() as tx:
        assert claim_lookups(tx, "kd100", keys, NOW, HALF_HOUR, 48) == (set(), dict.fromkeys(keys, NOW + HALF_HOUR))


@given(
    minutes=st.lists(st.integers(0, 4000), min_size=1, max_size=60),
    every=st.integers(0, 400),
    per_day=st.integers(0, 5),
)
def test_no_history_breaks_a_limit(minutes: list[int], every: int, per_day: int) -> None:
    """Whatever is asked whenever, granted questions keep both limits over every window, and no refusal is needless."""
    asked: list[int] = []
    for now in sorted(minutes):
        moments = tuple(NOW + timedelta(minutes=minute) for minute in asked)
        free_at = next_allowed(moments, timedelta(minutes=every), per_day)
        lately = [minute for minute in asked if minute > now - 1440]
        breaks = (bool(asked) and now - asked[-1] < every) or (bool(per_day) and len(lately) >= per_day)
        granted = free_at is None or free_at <= NOW + timedelta(minutes=now)
        assert granted is not breaks
        if granted:
            asked.append(now)


CLAIMER = """
import sys
from datetime import timedelta
from asctl.domain.parcels import ParcelKey
from asctl.store.lookups import claim_lookups
from asctl.store.opening import open_store
from tests.store_support import NOW
store, granted = open_store(sys.argv[1]), 0
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    with store.write() as tx:
        keys = [ParcelKey("sf", f"SF{n}") for n in range(number, number + 5)]
        granted += len(claim_lookups(tx, "kd100", keys, NOW, timedelta(), 3)[0])
print(granted)
"""


def test_two_processes_share_the_limits(store_url: str) -> None:
    """Processes that claim the same waybills at once are together granted exactly what the limit allows."""
    command = [sys.executable, "-c", CLAIMER, store_url]
    root = Path(__file__).parents[3]
    claimers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) for _n in range(2)
    ]
    for claimer in claimers:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == "ready\n"
    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    granted = [int(claimer.communicate()[0]) for claimer in claimers]
    asked = [min(number + 1, 5, 24 - number) * 2 for number in range(24)]
    assert sum(granted) == sum(min(3, times) for times in asked)


def test_private_store_is_made_on_the_fly(tmp_path: Path) -> None:
    """Without a shop's store the limits and bans are kept in a private file that outlives the process."""
    path = tmp_path / "cache" / "lookups.db"
    for expected in (True, 0.5):
        store = open_lookup_store(path)
        assert claim(store, 0) == expected
        store.close()
    store = open_lookup_store(path)
    with store.write() as tx:
        park(tx, "kd100", NOW, "banned")
        assert parked(tx) == {"kd100": (NOW, "banned")}
    store.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_private_store_in_an_impossible_place() -> None:
    """Where the private file cannot be made, one sentence says so."""
    with pytest.raises(StoreTrouble) as caught:
        open_lookup_store(Path("/dev/null/lookups.db"))
    assert "/dev/null/lookups.db" in caught.value.message


def test_questions_from_the_future_count_as_just_asked(store: Store) -> None:
    """After a run under a clock a month ahead, a waybill may be asked about again half an hour later."""
    key, every = ParcelKey("yto", "YT1234567890123"), timedelta(minutes=30)
    with store.write() as tx:
        claim_lookups(tx, "kd100", [key], NOW + timedelta(days=30), every, 48)
        assert claim_lookups(tx, "kd100", [key], NOW, every, 48) == (set(), {key: NOW + every})
        assert claim_lookups(tx, "kd100", [key], NOW + every, every, 48) == ({key}, {})
