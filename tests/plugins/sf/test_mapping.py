"""Scans and submissions as they come, the reference's samples and odd ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Event, ParcelStatus, Submission
from asctl_sf.mapping import read_routes, read_submission
from tests.plugins.sf.test_operations import scan

SAMPLE = [
    {"acceptTime":"2024-05-01 19:02:11","acceptAddress":"杭州市","remark":"顺丰速运 已收取快件","opCode":"50",
     "firstStatusCode":"1","firstStatusName":"已揽收","secondaryStatusCode":"101","secondaryStatusName":"已揽收"},
    {"acceptTime":"2024-05-01 21:40:00","acceptAddress":"杭州市","remark":"快件在【杭州测试营业部】完成分拣,准备发往下一站",
     "opCode":"30","firstStatusCode":"2","firstStatusName":"运送中"},
    {"acceptTime":"2024-05-02 07:12:40","acceptAddress":"上海市","remark":"正在派送途中,请您准备签收","opCode":"44",
     "firstStatusCode":"3","firstStatusName":"派送中"},
]  # fmt: skip


def test_published_sample() -> None:
    """The sample answer is read in its order, with China time, place, text, code and source."""
    events, problems = read_routes(SAMPLE, "sf-main")
    assert problems == ()
    assert [event.status for event in events] == [
        ParcelStatus.PICKED_UP,
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.OUT_FOR_DELIVERY,
    ]
    assert events[0] == Event(
        at=datetime(2024, 5, 1, 19, 2, 11, tzinfo=CHINA),
        status=ParcelStatus.PICKED_UP,
        text="顺丰速运 已收取快件",
        raw_code="50",
        location="杭州市",
        source="sf-main",
    )


@pytest.mark.parametrize("routes", [None, []])
def test_no_routes(routes: object) -> None:
    """No data is an answer and no problem (section 4)."""
    assert read_routes(routes, "sf-main") == ((), ())


def test_unreadable_routes() -> None:
    """What is no list of scans is told as a problem."""
    events, problems = read_routes({"0": SAMPLE[0]}, "sf-main")
    assert (events, len(problems)) == ((), 1)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "scan",
        scan("44", remark=""),
        scan("44", acceptTime=""),
        scan("44", acceptTime=None),
        scan("44", acceptTime="yesterday"),
        scan("44", acceptTime="0001-01-01 00:00:00"),
        scan("44", acceptTime="2150-01-01 00:00:00"),
    ],
)
def test_an_odd_scan_loses_only_itself(odd: object) -> None:
    """A scan without record, words or time is set aside with its number; its neighbours stay."""
    events, problems = read_routes([SAMPLE[0], odd, SAMPLE[1]], "sf-main")
    assert len(events) == 2
    assert len(problems) == 1
    assert "scan 2 of 3" in problems[0]


def test_words_may_stand_elsewhere() -> None:
    """A scan without a remark takes the name of its operation or of its status."""
    named = scan("44", remark="", opName="派件", firstStatusName="派送中")
    by_status = scan("44", remark="", firstStatusName="派送中")
    assert [event.text for event in read_routes([named, by_status], "")[0]] == ["派件", "派送中"]


def test_published_submission() -> None:
    """The sample reply gives SF's number and the amount."""
    told = {"cusId": "CUS20240503000001", "amount": "12.0", "freightAdditionInfoResp": {"transferFlg": "1"}}
    assert read_submission(told) == Submission(reference="CUS20240503000001", fee=Decimal("12.00"))


@pytest.mark.parametrize("told", [None, {}, [], "ok", {"cusId": None, "amount": None}])
def test_a_submission_may_be_bare(told: object) -> None:
    """SF may accept and say nothing with it."""
    assert read_submission(told) == Submission()


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0", "0.00"),
        (12, "12.00"),
        (Decimal("9.5"), "9.50"),
        ("免费", None),
        (True, None),
        ("NaN", None),
        ("1e99", None),
    ],
)
def test_amounts(amount: object, fee: str | None) -> None:
    """An amount is money to the cent; what is none is left out."""
    assert read_submission({"amount": amount}).fee == (None if fee is None else Decimal(fee))


values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=4), max_size=2)
members = st.sampled_from(
    ["acceptTime", "remark", "opCode", "firstStatusCode", "firstStatusName", "reasonCode", "amount"]
)


@given(st.lists(st.dictionaries(members, values) | values, max_size=4))
def test_any_routes_are_read(routes: list[Any]) -> None:
    """Every scan is an event or a problem."""
    events, problems = read_routes(routes, "sf-main")
    assert len(events) + len(problems) == len(routes)


@given(st.dictionaries(st.sampled_from(["cusId", "amount"]), values) | values)
def test_any_submission_is_read(told: object) -> None:
    """No success is lost to an odd member."""
    assert isinstance(read_submission(told), Submission)
