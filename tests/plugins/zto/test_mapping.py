"""Scan types and push actions, theirs to ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Event, ParcelStatus
from asctl_zto.mapping import ACTIONS, SCANS, OddScan, event_of_push, read_scans
from asctl_zto.sandbox_track import scan_type_of

S = ParcelStatus
SECTION_4 = [
    ("收件", S.PICKED_UP, ()),
    ("1", S.PICKED_UP, ()),
    ("发件", S.IN_TRANSIT, ()),
    ("2", S.IN_TRANSIT, ()),
    ("到件", S.IN_TRANSIT, ()),
    ("3", S.IN_TRANSIT, ()),
    ("派件", S.OUT_FOR_DELIVERY, ()),
    ("4", S.OUT_FOR_DELIVERY, ()),
    ("DELIVERY", S.OUT_FOR_DELIVERY, ()),
    ("ARRIVAL", S.READY_FOR_PICKUP, ()),
    ("44", S.READY_FOR_PICKUP, ()),
    ("DEPARTURE", S.DELIVERY_FAILED, ()),
    ("45", S.DELIVERY_FAILED, ()),
    ("签收", S.DELIVERED, ()),
    ("5", S.DELIVERED, ()),
    ("SIGNED", S.DELIVERED, ()),
    ("7", S.DELIVERED, ()),
    ("退件", S.RETURNING, ()),
    ("8", S.RETURNING, ()),
    ("问题件", S.EXCEPTION, ()),
    ("转单", S.IN_TRANSIT, ("transferred",)),
    ("9", S.IN_TRANSIT, ("transferred",)),
    ("安检", S.IN_TRANSIT, ()),
    ("事件", S.UNKNOWN, ()),
]
SECTION_5 = {
    "GOT": S.PICKED_UP,
    "DEPARTURE": S.IN_TRANSIT,
    "ARRIVAL": S.IN_TRANSIT,
    "DISPATCH": S.OUT_FOR_DELIVERY,
    "INBOUND": S.READY_FOR_PICKUP,
    "HANDOVERSCAN_SIGNED": S.DELIVERED,
    "DEPARTURE_SIGNED": S.DELIVERED,
    "SIGNED": S.DELIVERED,
    "RETURN": S.RETURNING,
    "PROBLEM": S.EXCEPTION,
}


def scan(**members: Any) -> dict[str, Any]:
    usual = {
        "scanType": "到件",
        "scanDate": 1714561331000,
        "desc": "快件到达【杭州中转部】",
        "scanSite": {"name": "杭州中转部", "city": "杭州市"},
    }
    return {name: value for name, value in (usual | members).items() if value is not ...}


def only(**members: Any) -> Event:
    events, problems = read_scans([scan(**members)], "zto")
    assert problems == ()
    (event,) = events
    return event


@pytest.mark.parametrize(("scan_type", "status", "flags"), SECTION_4)
def test_every_scan_type(scan_type: str, status: ParcelStatus, flags: tuple[str, ...]):
    """Each word of the three vocabularies gives status and flags, and is kept."""
    event = only(scanType=scan_type)
    assert (event.status, event.flags, event.raw_code) == (status, flags, scan_type)
    assert event.informational is (scan_type == "事件")


def test_digits_may_come_as_numbers():
    """A scan type that is a number reads as its digits."""
    assert (only(scanType=44).status, only(scanType=44).raw_code) == (S.READY_FOR_PICKUP, "44")


@pytest.mark.parametrize(("action", "status"), SECTION_5.items())
def test_every_push_action(action: str, status: ParcelStatus):
    """Each action gives its status; ARRIVAL and DEPARTURE are a hub's there, not a locker's."""
    told = {"action": action, "actionTime": "2024-05-01 19:02:11", "desc": "已揽收", "city": "杭州市"}
    event = event_of_push(told, "zto")
    assert (event.status, event.raw_code, event.location) == (status, action, "杭州市")


def test_the_tables_have_no_other_rows():
    """No word is mapped that the reference does not name."""
    assert set(SCANS) == {scan_type for scan_type, _status, _flags in SECTION_4}
    assert set(ACTIONS) == set(SECTION_5)


@pytest.mark.parametrize("scan_type", ["", "新类型", "GOT", "99", None, ["收件"]])
def test_unknown_scan_type_stays_unknown(scan_type: object):
    """A word that nobody mapped is UNKNOWN and loses nothing else of the scan."""
    event = only(scanType=scan_type)
    assert (event.status, event.informational, event.location) == (S.UNKNOWN, False, "杭州市")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("收件人电话无法接通", S.EXCEPTION),
        ("收件人拒收", S.REFUSED),
        ("外包装破损", S.DAMAGED),
        ("快件登记遗失", S.LOST),
        ("快件已确认丢失", S.LOST),
        ("快件疑似丢失，核实中", S.EXCEPTION),
        ("因天气原因滞留", S.DELAYED),
    ],
)
def test_the_words_of_trouble_decide(text: str, status: ParcelStatus):
    """问题件 is one type for all trouble; a loss that is merely suspected is none."""
    assert only(scanType="问题件", desc=text).status is status


@pytest.mark.parametrize(
    ("scan_type", "text", "flags"),
    [
        ("退件", "快件已按要求拦截，退回寄件人", ("intercepted",)),
        ("退件", "快件退回中", ()),
        ("退件", "拦截失败后收件人退回", ()),
        ("到件", "快件已按要求改寄【上海市】", ("redirected",)),
        ("派件", "已更改地址，正在派件", ("redirected",)),
        ("到件", "改地址未成功", ()),
        ("事件", "客户申请改地址", ()),
        ("事件", "客户申请拦截", ()),
        ("签收", "改寄后已签收", ()),
        ("转单", "改寄转单", ("transferred", "redirected")),
    ],
)
def test_flags_that_only_words_tell(scan_type: str, text: str, flags: tuple[str, ...]):
    """A scan that shows the parcel turned back or on its new way may say why; a request or a failure is no such scan."""
    assert only(scanType=scan_type, desc=text).flags == flags


def test_time_is_the_epochs_milliseconds():
    """The moment is told to the second and in China's offset, as number or text."""
    expected = datetime(2024, 5, 1, 11, 2, 11, tzinfo=UTC)
    for told in (1714561331000, 1714561331999, "1714561331000"):
        assert only(scanDate=told).at == expected
    assert only().at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("site", "location"),
    [
        ({"name": "杭州中转部", "city": "杭州市"}, "杭州市"),
        ({"name": "杭州中转部", "city": ""}, "杭州中转部"),
        ({"name": None}, ""),
        (None, ""),
        ("杭州", ""),
    ],
)
def test_location_is_the_city(site: object, location: str):
    """The site's city, else its name; a site of another type is no harm."""
    assert only(scanSite=site).location == location


ODD = [
    (scan(scanDate=...), "no readable time"),
    (scan(scanDate="yesterday"), "no readable time"),
    (scan(scanDate=-1), "no readable time"),
    (scan(scanDate=True), "no readable time"),
    (scan(scanDate=1714561331), "no readable time"),
    (scan(scanDate=10**30), "no readable time"),
    (scan(scanDate="１７１４５６１３３１０００"), "no readable time"),
    (scan(desc=...), "no words"),
    (scan(desc="  "), "no words"),
    (scan(desc=["a"]), "no words"),
    ("text", "no record"),
    (None, "no record"),
]


@pytest.mark.parametrize(("odd", "why"), ODD)
def test_one_odd_scan_never_loses_the_others(odd: object, why: str):
    """An odd scan is set aside with its number and reason, and the scans around it are there."""
    events, problems = read_scans([scan(desc="first"), odd, scan(desc="last")], "zto")
    assert [event.text for event in events] == ["first", "last"]
    assert len(problems) == 1
    assert why in problems[0]
    assert "scan 2" in problems[0]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
junk_scan = junk | st.dictionaries(st.sampled_from(("scanType", "scanDate", "desc", "scanSite")), junk)


@given(before=st.lists(junk_scan, max_size=4), after=st.lists(junk_scan, max_size=4))
def test_any_junk_beside_good_scans(before: list[Any], after: list[Any]):
    """Whatever stands in the list, nothing is raised and no good scan is lost."""
    events, problems = read_scans([*before, scan(desc="good 0"), *after, scan(desc="good 1")], "zto")
    assert [event.text for event in events if event.text.startswith("good ")] == ["good 0", "good 1"]
    assert len(events) + len(problems) == len(before) + len(after) + 2


@given(told=st.dictionaries(st.sampled_from(("action", "actionTime", "desc", "city", "facilityName")), junk))
def test_any_junk_as_a_push(told: dict[str, Any]):
    """A push of any shape is an event or an odd scan."""
    try:
        assert event_of_push(told, "zto").text
    except OddScan as odd:
        assert str(odd)


def test_samples_of_section_4_and_9():
    """The published scans read as they are meant, oldest first as told."""
    scans = [
        {
            "billCode": "73100012345678",
            "scanType": "收件",
            "scanDate": 1714561331000,
            "desc": "【杭州市】【余杭测试网点】(0571-00000001) 的测试甲(13800000001) 已揽收",
            "scanSite": {
                "name": "余杭测试网点",
                "code": "57100",
                "city": "杭州市",
                "prov": "浙江省",
                "phone": "0571-00000001",
            },
            "preOrNextSite": None,
            "operateUser": "测试甲",
            "operateUserPhone": "13800000001",
            "signMan": None,
        },
        {
            "billCode": "73100012345678",
            "scanType": "发件",
            "scanDate": 1714575600000,
            "desc": "【杭州市】快件离开【杭州中转部】已发往【上海中转部】",
            "scanSite": {"name": "杭州中转部", "city": "杭州市", "prov": "浙江省"},
            "preOrNextSite": {"name": "上海中转部", "city": "上海市", "prov": "上海市"},
        },
        {"scanType": "签收", "scanDate": 1714712469000, "desc": "【上海市】已签收, 签收人: 本人", "signMan": "本人"},
        {"scanType": "退件", "scanDate": 1714880000000, "desc": "快件退回中"},
    ]
    events, problems = read_scans(scans, "zto")
    assert problems == ()
    assert [event.status for event in events] == [S.PICKED_UP, S.IN_TRANSIT, S.DELIVERED, S.RETURNING]
    assert events[0] == Event(
        at=datetime(2024, 5, 1, 19, 2, 11, tzinfo=CHINA),
        status=S.PICKED_UP,
        text="【杭州市】【余杭测试网点】(0571-00000001) 的测试甲(13800000001) 已揽收",
        raw_code="收件",
        location="杭州市",
        source="zto",
    )


TOLD = {S.PICKED_UP, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.DELIVERY_FAILED, S.DELIVERED, S.RETURNING}


@pytest.mark.parametrize("status", sorted(TOLD))
def test_every_status_with_a_word_of_its_own_comes_back(status: ParcelStatus):
    """Our status, turned into their scan type and read again, is the same."""
    assert SCANS[scan_type_of(Event(datetime(2024, 5, 2, tzinfo=CHINA), status, "text"))].status is status
