"""States of scans and parcels, theirs to ours and back."""

from __future__ import annotations

from datetime import datetime

import pytest

from asctl.api import CHINA, Event, ParcelStatus
from asctl_kuaidi100.mapping import STATES, code_for, read_events, state_of_parcel
from tests.plugins.kuaidi100.scans import only, scan

S = ParcelStatus
SECTION_6 = [
    ("1", S.PICKED_UP, ()),
    ("101", S.CREATED, ()),
    ("102", S.CREATED, ()),
    ("103", S.PICKED_UP, ()),
    ("0", S.IN_TRANSIT, ()),
    ("1001", S.IN_TRANSIT, ()),
    ("1002", S.IN_TRANSIT, ()),
    ("1003", S.IN_TRANSIT, ("redirected",)),
    ("5", S.OUT_FOR_DELIVERY, ()),
    ("501", S.READY_FOR_PICKUP, ()),
    ("3", S.DELIVERED, ()),
    ("301", S.DELIVERED, ()),
    ("302", S.DELIVERED, ()),
    ("303", S.DELIVERED, ()),
    ("304", S.DELIVERED, ()),
    ("2", S.EXCEPTION, ()),
    ("201", S.DELAYED, ()),
    ("202", S.DELAYED, ()),
    ("203", S.REFUSED, ()),
    ("204", S.DELIVERY_FAILED, ()),
    ("205", S.READY_FOR_PICKUP, ("overdue_pickup",)),
    ("206", S.DELIVERY_FAILED, ()),
    ("207", S.EXCEPTION, ()),
    ("208", S.DELAYED, ()),
    ("209", S.DAMAGED, ()),
    ("210", S.CANCELLED, ()),
    ("4", S.RETURNED, ()),
    ("401", S.CANCELLED, ()),
    ("6", S.RETURNING, ()),
    ("7", S.IN_TRANSIT, ("transferred",)),
    ("8", S.CUSTOMS, ()),
    ("10", S.CUSTOMS, ()),
    ("11", S.CUSTOMS, ()),
    ("12", S.CUSTOMS, ()),
    ("13", S.EXCEPTION, ()),
    ("14", S.RETURNED, ()),
]
NOT_TOLD = {S.NO_DATA, S.PICKUP_FAILED, S.LOST, S.UNKNOWN}


@pytest.mark.parametrize(("code", "status", "flags"), SECTION_6)
@pytest.mark.parametrize("written", [str, int])
def test_every_row_of_the_state_table(code: str, status: ParcelStatus, flags: tuple[str, ...], written: type):
    """A scan's status code gives status and flags, as text or number, and is kept."""
    event = only(statusCode=written(code))
    assert (event.status, event.flags, event.raw_code) == (status, flags, code)


def test_the_table_has_no_other_rows():
    """No code is mapped that the reference does not name."""
    assert set(STATES) == {code for code, _status, _flags in SECTION_6}


@pytest.mark.parametrize(("code", "status", "flags"), SECTION_6)
def test_names_stand_in_for_missing_codes(code: str, status: ParcelStatus, flags: tuple[str, ...]):
    """A scan without a code is judged by its state's name, which is then the raw code."""
    event = only(statusCode=..., status=STATES[code].name)
    assert (event.status, event.flags, event.raw_code) == (status, flags, STATES[code].name)


@pytest.mark.parametrize("status", [status for status in S if status not in NOT_TOLD])
def test_every_status_they_can_tell_comes_back(status: ParcelStatus):
    """Our status, turned into their code and read again, is the same."""
    event = Event(datetime(2024, 5, 2, tzinfo=CHINA), status, "text")
    assert only(statusCode=code_for(event)).status is status


@pytest.mark.parametrize(
    ("status", "flag"),
    [(S.IN_TRANSIT, "redirected"), (S.IN_TRANSIT, "transferred"), (S.READY_FOR_PICKUP, "overdue_pickup")],
)
def test_flags_come_back(status: ParcelStatus, flag: str):
    """A flag that they can tell survives the way there and back."""
    event = Event(datetime(2024, 5, 2, tzinfo=CHINA), status, "text", flags=(flag,))
    read = only(statusCode=code_for(event))
    assert (read.status, read.flags) == (status, (flag,))


def test_what_they_cannot_tell_is_trouble_or_unknown():
    """A loss has no code of its own and is told as trouble; an unknown scan keeps a code that is not in the table."""
    lost = Event(datetime(2024, 5, 2, tzinfo=CHINA), S.LOST, "text")
    odd = Event(datetime(2024, 5, 2, tzinfo=CHINA), S.UNKNOWN, "text", raw_code="1077")
    clash = Event(datetime(2024, 5, 2, tzinfo=CHINA), S.UNKNOWN, "text", raw_code="8")
    assert code_for(lost) == "2"
    assert code_for(odd) == "1077"
    assert only(statusCode=code_for(clash)).status is S.UNKNOWN


def test_intercepted_falls_back_to_the_plain_status():
    """A flag that they have no word for does not change the status told."""
    assert code_for(Event(datetime(2024, 5, 2, tzinfo=CHINA), S.RETURNING, "text", flags=("intercepted",))) == "6"


@pytest.mark.parametrize("code", ["999", "305", "1099", "-", "3a", "1002x"])
def test_unknown_code_stays_unknown(code: str):
    """A code that nobody mapped is UNKNOWN with the code kept, even where name and parcel state would say more."""
    events, problems = read_events({"state": "3", "data": [scan(statusCode=code, status="签收")]}, "kd100")
    assert [(event.status, event.raw_code) for event in events] == [(S.UNKNOWN, code)]
    assert problems == ()


@pytest.mark.parametrize(
    ("code", "status"),
    [("0", S.IN_TRANSIT), ("1002", S.IN_TRANSIT), ("1009", S.IN_TRANSIT), ("3", S.DELIVERED), ("309", S.DELIVERED)],
)
def test_parcel_state_may_be_a_digit_or_a_sub_code(code: str, status: ParcelStatus):
    """The state of the whole parcel is known, or judged by its leading digit."""
    state = state_of_parcel(code)
    assert state is not None
    assert state.status is status


@pytest.mark.parametrize("code", ["", "9", "15", "999", "abc", "10021"])
def test_strange_parcel_state_says_nothing(code: str):
    """A state outside the table and its families is no state."""
    assert state_of_parcel(code) is None


def test_newest_scan_takes_the_parcels_state():
    """Without code and name the newest scan, and only it, is judged by the parcel's state, in whatever order they come."""
    older = scan(ftime="2024-05-01 08:00:00", statusCode=..., context="older")
    newer = scan(ftime="2024-05-02 08:00:00", statusCode=..., context="newer", status="某个新词")
    for data in ([newer, older], [older, newer]):
        events, _problems = read_events({"state": 1003, "data": data}, "kd100")
        told = {event.text: (event.status, event.flags, event.raw_code) for event in events}
        assert told == {"newer": (S.IN_TRANSIT, ("redirected",), "1003"), "older": (S.UNKNOWN, (), "")}


def test_parcel_state_does_not_overrule_the_newest_scan():
    """A newest scan with a code keeps it; the parcel's state is not moved to an older scan."""
    data = [scan(statusCode="5"), scan(ftime="2024-05-01 08:00:00", statusCode=..., context="older")]
    events, _problems = read_events({"state": "3", "data": data}, "kd100")
    assert [event.status for event in events] == [S.OUT_FOR_DELIVERY, S.UNKNOWN]
