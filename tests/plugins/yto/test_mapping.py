"""Scan codes and scans, theirs to ours and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Event, ParcelStatus, in_time_order
from asctl.domain.parcels import status_of
from asctl_yto.mapping import STATES, code_for, read_events

S = ParcelStatus
WAYBILL = "YT1234567890123"
SECTION_3 = [
    ("ACCEPT", S.CREATED, ()),
    ("UNACCEPT", S.PICKUP_FAILED, ()),
    ("NOT_SEND", S.PICKUP_FAILED, ()),
    ("GOT", S.PICKED_UP, ()),
    ("ARRIVAL", S.IN_TRANSIT, ()),
    ("DEPARTURE", S.IN_TRANSIT, ()),
    ("PACKAGE", S.IN_TRANSIT, ()),
    ("UNPACK", S.IN_TRANSIT, ()),
    ("AIRSEND", S.IN_TRANSIT, ()),
    ("AIRPICK", S.IN_TRANSIT, ()),
    ("SENT_SCAN", S.OUT_FOR_DELIVERY, ()),
    ("SIGNED", S.DELIVERED, ()),
    ("FAILED", S.DELIVERY_FAILED, ()),
    ("FORWARDING", S.IN_TRANSIT, ("redirected",)),
    ("TMS_RETURN", S.RETURNING, ()),
    ("INBOUND", S.READY_FOR_PICKUP, ()),
]
SAMPLE = [
    {
        "waybill_No": WAYBILL,
        "upload_Time": "2024-05-01 19:02:11",
        "infoContent": "GOT",
        "processInfo": "【余杭测试网点】已收件 取件人: 测试甲 (13800000001)",
        "city": "杭州市",
        "district": "余杭区",
        "weight": "0.52",
    },
    {
        "waybill_No": WAYBILL,
        "upload_Time": "2024-05-02 07:30:00",
        "infoContent": "SENT_SCAN",
        "processInfo": "【浦东测试网点】派件中 派件人: 测试乙 电话 13800000002",
        "city": "上海市",
        "district": "浦东新区",
    },
]


def scan(**members: Any) -> dict[str, Any]:
    """A scan of theirs; a member given as ``...`` is left out."""
    return {name: value for name, value in (SAMPLE[0] | members).items() if value is not ...}


def read(*scans: object) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    return read_events(scans, WAYBILL, "yto-main")


def only(**members: Any) -> Event:
    (event,), problems = read(scan(**members))
    assert problems == ()
    return event


@pytest.mark.parametrize(("code", "status", "flags"), SECTION_3)
def test_every_row_of_the_code_table(code: str, status: ParcelStatus, flags: tuple[str, ...]):
    """A scan's infoContent gives status and flags, and is kept."""
    event = only(infoContent=code)
    assert (event.status, event.flags, event.raw_code) == (status, flags, code)


def test_the_table_has_no_other_rows():
    """No code is mapped that the reference does not name."""
    assert set(STATES) == {code for code, _status, _flags in SECTION_3}


@pytest.mark.parametrize("code", ["OTHER", "got", "7", ...])
def test_other_codes_are_unknown(code: object):
    """A code outside the table is UNKNOWN with its raw code; none at all as well."""
    event = only(infoContent=code)
    assert (event.status, event.raw_code) == (S.UNKNOWN, "" if code is ... else code)


def test_the_published_sample_is_read():
    """Time in China, words, city and source are told for each scan of section 3."""
    events, problems = read(*SAMPLE)
    assert problems == ()
    assert events[0] == Event(
        at=datetime(2024, 5, 1, 19, 2, 11, tzinfo=CHINA),
        status=S.PICKED_UP,
        text="【余杭测试网点】已收件 取件人: 测试甲 (13800000001)",
        raw_code="GOT",
        location="杭州市",
        source="yto-main",
    )
    assert events[1].status is S.OUT_FOR_DELIVERY


def test_signed_after_return_is_a_return():
    """The sample of section 9: the parcel came back, and the raw code stays SIGNED."""
    events, _problems = read(
        scan(infoContent="TMS_RETURN", processInfo="客户要求退回", upload_Time="2024-05-02 10:00:00"),
        scan(infoContent="SIGNED", processInfo="退回件已签收 签收人: 发件人", upload_Time="2024-05-04 10:00:00"),
    )
    assert status_of(in_time_order(events)) == (S.RETURNED, "SIGNED")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("派件失败: 收件人电话无人接听", S.DELIVERY_FAILED),
        ("派件失败: 收件人拒收", S.REFUSED),
        ("客户拒签", S.REFUSED),
    ],
)
def test_a_receiver_who_refuses_is_told_in_words(words: str, status: ParcelStatus):
    """FAILED is REFUSED where its words say so; its raw code is kept."""
    assert only(infoContent="FAILED", processInfo=words).status is status


def test_refusing_words_count_for_failed_deliveries_only():
    """Another scan that speaks of a refusal keeps its own status."""
    assert only(infoContent="TMS_RETURN", processInfo="收件人拒收，退回").status is S.RETURNING


def test_code_stands_for_missing_words():
    """A scan without words is told by its code."""
    assert only(processInfo=...).text == "GOT"


def test_district_stands_for_missing_city():
    """The city is the place; the district where there is none."""
    assert only(city="").location == "余杭区"
    assert only(city=..., district=...).location == ""


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        None,
        [],
        scan(upload_Time=...),
        scan(upload_Time="yesterday"),
        scan(upload_Time="0001-01-01 00:00:00"),
        scan(upload_Time=1714561331000),
        scan(infoContent="", processInfo=None),
        scan(waybill_No="YT9999999999999"),
    ],
)
def test_an_odd_scan_loses_only_itself(odd: object):
    """It is set aside with its number and reason; the others stay."""
    events, (problem,) = read(SAMPLE[0], odd, SAMPLE[1])
    assert [event.raw_code for event in events] == ["GOT", "SENT_SCAN"]
    assert problem.startswith("scan 2 of 3 was set aside: ")


@pytest.mark.parametrize("number", [WAYBILL.lower(), "", None])
def test_waybill_of_a_scan_may_be_spelt_otherwise(number: object):
    """Lower case, or no waybill at all, is no other parcel."""
    assert only(waybill_No=number).raw_code == "GOT"


@given(
    scans=st.lists(
        st.none()
        | st.dictionaries(
            st.sampled_from(["waybill_No", "upload_Time", "infoContent", "processInfo", "city"]),
            st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.sampled_from(["GOT", "2024-05-01"]),
        ),
        max_size=4,
    )
)
def test_every_scan_is_either_read_or_told(scans: list[object]):
    """Nothing raises, nothing vanishes, and every moment is aware."""
    events, problems = read(*scans)
    assert len(events) + len(problems) == len(scans)
    assert all(event.at.tzinfo is not None and event.text for event in events)


@pytest.mark.parametrize("code", sorted(STATES))
def test_told_and_read_again_is_the_same(code: str):
    """The sandbox's code for what a code means gives the same status and flags again."""
    event = only(infoContent=code)
    again = only(infoContent=code_for(event))
    assert (again.status, again.flags) == (event.status, event.flags)


@pytest.mark.parametrize("status", [status for status in S if status is not S.NO_DATA])
def test_every_status_has_a_code(status: ParcelStatus):
    """The sandbox can tell each of our statuses, those without a word at YTO by the nearest."""
    event = Event(datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=1), status, "x", flags=("intercepted",))
    assert code_for(event)


def test_unknown_codes_stay_their_own():
    """An UNKNOWN event is told under its own code, never under one of theirs that means something."""
    at = datetime(2026, 11, 21, tzinfo=CHINA)
    assert code_for(Event(at, S.UNKNOWN, "x", raw_code="NEW")) == "NEW"
    assert code_for(Event(at, S.UNKNOWN, "x", raw_code="GOT")) == "OTHER"
