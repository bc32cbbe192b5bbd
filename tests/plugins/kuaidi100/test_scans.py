"""Whole tracks, theirs to ours: times, places, words, and whatever else stands in a list of scans."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Event, ParcelStatus
from asctl_kuaidi100.mapping import city_of, read_events
from tests.plugins.kuaidi100.scans import only, scan

S = ParcelStatus


def test_time_is_china_time_and_ftime_is_preferred():
    """Bare times are +08:00; ``time`` serves only where ``ftime`` is missing or unreadable."""
    expected = datetime(2024, 5, 2, 0, 15, tzinfo=UTC)
    assert only(time="2020-01-01 00:00:00").at == expected
    assert only().at.utcoffset() == timedelta(hours=8)
    assert only(ftime=..., time="2024-05-02 08:15:00").at == expected
    assert only(ftime="soon", time="2024-05-02 08:15:00").at == expected
    assert only(ftime="0001-01-01 00:00:00", time="2024-05-02 08:15:00").at == expected


@pytest.mark.parametrize(
    ("area", "location", "city"),
    [
        ("浙江,杭州市,余杭区", "杭州市", "杭州市"),
        ("浙江,杭州市", "", "杭州市"),
        ("上海,浦东新区", "上海市", "上海市"),
        ("上海,上海市", "", "上海市"),
        ("北京,朝阳区", "", "北京市"),
        ("", "重庆", "重庆市"),
        ("浙江", "杭州市", "杭州市"),
        ("浙江,", "", "浙江,"),
        ("浙江", "", "浙江"),
        ("", "杭州市", "杭州市"),
        ("", "", ""),
    ],
)
def test_location_is_the_city(area: str, location: str, city: str):
    """Scans of one city show one text: the second part of the area, the city itself where it is a province."""
    assert city_of(area, location) == city
    assert only(areaName=area, location=location).location == city


@pytest.mark.parametrize("areas", [{"areaName": None, "location": 7}, {"areaName": ["浙江"], "location": {}}])
def test_location_of_another_type_is_no_harm(areas: dict[str, Any]):
    """An area that is no text never loses its scan."""
    assert only(**areas).text == "【杭州转运中心】已发出"


def test_text_is_kept_as_told_and_source_named():
    """Words stay as they are, phone numbers included: masking is done where people read."""
    event = only(context=" 派件人：测试乙(13800000002) ")
    assert (event.text, event.source) == ("派件人：测试乙(13800000002)", "kd100")


ODD = [
    (scan(ftime=...), "no readable time"),
    (scan(ftime="yesterday"), "no readable time"),
    (scan(ftime=20240502), "no readable time"),
    (scan(ftime="9999-12-31 23:59:59"), "no readable time"),
    (scan(context=...), "no words"),
    (scan(context="  "), "no words"),
    (scan(context=["a"]), "no words"),
    ("text", "no record"),
    (None, "no record"),
    ([], "no record"),
]


@pytest.mark.parametrize(("odd", "why"), ODD)
def test_one_odd_scan_never_loses_the_others(odd: object, why: str):
    """An odd scan is set aside with its number and reason, and the scans around it are there."""
    events, problems = read_events({"data": [scan(context="first"), odd, scan(context="last")]}, "kd100")
    assert [event.text for event in events] == ["first", "last"]
    assert len(problems) == 1
    assert why in problems[0]
    assert "2 of 3" in problems[0]


@pytest.mark.parametrize("data", ["scans", 7, {"0": {}}, True])
def test_scans_that_are_no_list_are_a_problem(data: object):
    """A list of scans of another type is told and raises nothing."""
    events, problems = read_events({"data": data}, "kd100")
    assert events == ()
    assert len(problems) == 1


@pytest.mark.parametrize("track", [{}, {"data": None}, {"data": []}])
def test_no_scans_is_no_problem(track: dict[str, Any]):
    """A track without scans is an answer: nothing yet."""
    assert read_events(track, "kd100") == ((), ())


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
members = ("time", "ftime", "context", "status", "statusCode", "areaName", "location")
junk_scan = junk | st.dictionaries(st.sampled_from(members), junk)


@given(before=st.lists(junk_scan, max_size=4), after=st.lists(junk_scan, max_size=4), state=junk)
def test_any_junk_beside_good_scans(before: list[Any], after: list[Any], state: Any):
    """Whatever stands in the list or the state, nothing is raised, good scans are all there and the text can be stored."""
    good = [scan(context=f"good {number}", statusCode="103") for number in range(2)]
    events, problems = read_events({"state": state, "data": [*before, good[0], *after, good[1]]}, "kd100")
    told = [event for event in events if event.text.startswith("good ")]
    assert [(event.text, event.status) for event in told] == [("good 0", S.PICKED_UP), ("good 1", S.PICKED_UP)]
    assert len(events) + len(problems) == len(before) + len(after) + 2
    for event in events:
        (event.text + event.raw_code + event.location).encode("utf-8")
        event.at.astimezone(UTC)


@given(track=st.dictionaries(st.sampled_from(("data", "state", "nu", "com")), junk))
def test_any_junk_as_a_track(track: dict[str, Any]):
    """A track of any shape is read without an exception."""
    events, problems = read_events(track, "kd100")
    assert isinstance(events, tuple)
    assert isinstance(problems, tuple)


def test_sample_of_section_3():
    """The published success sample gives both scans, newest first, with cities."""
    reply = json.loads(
        '{"message":"ok","nu":"YT1234567890123","ischeck":"0","com":"yuantong","status":"200","state":"1002",'
        '"condition":"00","data":['
        '{"time":"2024-05-02 08:15:00","ftime":"2024-05-02 08:15:00","context":"【杭州转运中心】已发出，下一站【上海转运中心】",'
        '"areaCode":"CN330100000000","areaName":"浙江,杭州市","status":"干线","statusCode":"1002","location":"杭州市",'
        '"areaCenter":"120.15,30.28","areaPinYin":"hang zhou shi"},'
        '{"time":"2024-05-01 19:02:11","ftime":"2024-05-01 19:02:11",'
        '"context":"【杭州余杭测试网点】已收件，取件人：测试甲(13800000001)","areaCode":"CN330110000000",'
        '"areaName":"浙江,杭州市,余杭区","status":"已揽收","statusCode":"103","location":"杭州市"}],'
        '"routeInfo":{"from":{"number":"CN330110000000","name":"浙江,杭州市,余杭区"}},"isLoop":false}'
    )
    events, problems = read_events(reply, "kd100")
    assert problems == ()
    assert events == (
        Event(
            at=datetime(2024, 5, 2, 8, 15, tzinfo=CHINA),
            status=S.IN_TRANSIT,
            text="【杭州转运中心】已发出，下一站【上海转运中心】",
            raw_code="1002",
            location="杭州市",
            source="kd100",
        ),
        Event(
            at=datetime(2024, 5, 1, 19, 2, 11, tzinfo=CHINA),
            status=S.PICKED_UP,
            text="【杭州余杭测试网点】已收件，取件人：测试甲(13800000001)",
            raw_code="103",
            location="杭州市",
            source="kd100",
        ),
    )


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (
            '[{"time":"2024-05-03 12:01:09","ftime":"2024-05-03 12:01:09","context":"【上海市】已签收，签收人凭取货码签收",'
            '"status":"投柜或站签收","statusCode":"304"}]',
            [S.DELIVERED],
        ),
        (
            '[{"time":"2024-05-07 09:30:00","ftime":"2024-05-07 09:30:00","context":"【杭州市】退回件已签收，签收人：发件人",'
            '"status":"退签","statusCode":"4"},{"time":"2024-05-05 18:00:00","ftime":"2024-05-05 18:00:00",'
            '"context":"应客户要求，快件退回","status":"退回","statusCode":"6"}]',
            [S.RETURNED, S.RETURNING],
        ),
        (
            '[{"time":"2024-05-05 18:00:00","context":"快件外包装破损，已联系发件人","status":"破损","statusCode":"209"}]',
            [S.DAMAGED],
        ),
    ],
    ids=["delivered", "returned", "damaged"],
)
def test_samples_of_section_11(data: str, statuses: list[ParcelStatus]):
    """The published samples of a delivered, a returned and a damaged parcel read as such."""
    events, problems = read_events({"data": json.loads(data)}, "kd100")
    assert [event.status for event in events] == statuses
    assert problems == ()
