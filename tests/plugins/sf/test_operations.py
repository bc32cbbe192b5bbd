"""Every row of the operation codes (section 4.2), and what decides where a code does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import ParcelStatus, in_time_order
from asctl.domain.parcels import status_of
from asctl_sf.mapping import read_routes
from asctl_sf.operations import OPERATIONS, meaning_of, operation_code

P = ParcelStatus
ROWS = {
    P.CREATED: "135 138 141 201 202 830 205 206 646 647 127 151 152 153 154",
    P.PICKED_UP: "50 54 51 41 43 46 407 129 188 214 651 655 656 700 701 843 850 851 950 607",
    P.IN_TRANSIT: "30 31 36 302 304 3036 10 11 105 106 88 89 96 136 137 147 186 187 189 190 405 406 570 571 64 65 84"
    " 86 87 98 208 649 664 831 847 921 930 931 932 626 627 99",
    P.CUSTOMS: "14 15 16 17 18 604 605 606 612 613 614 619 620 621 623",
    P.OUT_FOR_DELIVERY: "44 204 34 47 123 122 630 634 211 212 677 844 880 933",
    P.READY_FOR_PICKUP: "125 130 642 657 658 678 632",
    P.DELIVERED: "80 8000 97 128 679 935",
    P.DELIVERY_FAILED: "70 126 870 131",
    P.EXCEPTION: "33 611 66 77 833 72 934",
    P.RETURNING: "631 215 660",
    P.RETURNED: "648",
    P.UNKNOWN: "75 140 643 676 900 160 7788",
}
CODES = [(code, status) for status, codes in ROWS.items() for code in codes.split()]


def scan(code: str = "", remark: str = "快件扫描", **members: Any) -> dict[str, Any]:
    return {"acceptTime": "2026-11-20 10:00:00", "acceptAddress": "杭州市", "remark": remark, "opCode": code} | members


@pytest.mark.parametrize(("code", "status"), CODES)
def test_every_code(code: str, status: ParcelStatus) -> None:
    """Each operation code of the reference is its status, and the code is kept beside it."""
    ((event,), problems) = read_routes([scan(code)], "sf-main")
    assert (event.status, event.raw_code, problems) == (status, code, ())


def test_no_code_beyond_the_reference() -> None:
    """The table holds the codes of the reference and no other; no code stands in two rows."""
    assert len(CODES) == len(dict(CODES))
    assert set(OPERATIONS) == {code for code, status in CODES if status is not P.UNKNOWN}


def test_flags() -> None:
    """Forwarding and another courier are told by flags; nothing else has one."""
    assert {code: known.flags for code, known in OPERATIONS.items() if known.flags} == {
        "99": ("redirected",),
        "626": ("transferred",),
        "627": ("transferred",),
    }


@pytest.mark.parametrize("code", ["8000", "135"])
def test_notes_change_nothing(code: str) -> None:
    """A note that comes last leaves the parcel where the scan before it put it (rule b)."""
    events, _problems = read_routes([scan("44", "派送"), scan(code, "备注", acceptTime="2026-11-20 11:00:00")], "")
    assert events[1].informational
    assert status_of(in_time_order(events)) == (P.OUT_FOR_DELIVERY, "44")


@pytest.mark.parametrize("code", ["33", "70"])
def test_refusal_at_the_door_is_told_in_words(code: str) -> None:
    """An exception or failed delivery whose words, or whose status name, speak of a refusal is one."""
    assert meaning_of(code, scan(code, "收方客户拒收快件")).status is P.REFUSED
    assert meaning_of(code, scan(code, "派件不成功", firstStatusName="已拒收")).status is P.REFUSED
    assert meaning_of(code, scan(code, "由于收件人电话无人接听,派件不成功")).status is not P.REFUSED


@pytest.mark.parametrize("reason", ["46", 46, ["46"], [46]])
def test_sending_cancelled(reason: object) -> None:
    """Code 70 with the reason 46 is a cancelled shipment, alone or in a list; other reasons are a failed delivery."""
    assert meaning_of("70", scan("70", reasonCode=reason)).status is P.CANCELLED
    assert meaning_of("70", scan("70", reasonCode="1")).status is P.DELIVERY_FAILED
    assert meaning_of("70", scan("70", reasonCode=[])).status is P.DELIVERY_FAILED


def test_forwarding_goes_on_until_it_says_back() -> None:
    """99 is a redirection under way; only words that say 退回 make it a parcel called back."""
    on = meaning_of("99", scan("99", "应客户要求,快件正在转寄中"))
    back = meaning_of("99", scan("99", "应客户要求,快件正在退回中"))
    named = meaning_of("99", scan("99", "应客户要求,快件正在转寄中", firstStatusName="退回中"))
    assert (on.status, on.flags) == (P.IN_TRANSIT, ("redirected",))
    assert (back.status, back.flags) == (P.RETURNING, ("intercepted",))
    assert named == back


@pytest.mark.parametrize(
    ("remark", "flags"),
    [
        ("快件已退回/转寄,新单号为: SF1234567890999", ("superseded_by=SF1234567890999",)),
        ("快件已退回,新单号：123456789012", ("superseded_by=123456789012",)),
        ("快件已转寄，新运单号为SF1234567890999", ("redirected", "superseded_by=SF1234567890999")),
        ("快件已退回", ("superseded",)),
    ],
)
def test_a_number_that_is_closed(remark: str, flags: tuple[str, ...]) -> None:
    """648 closes the number, links the new one, and says so when it was a redirection alone."""
    meaning = meaning_of("648", scan("648", remark))
    assert (meaning.status, meaning.flags) == (P.RETURNED, flags)


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"firstStatusName": "待揽收", "firstStatusCode": "7"}, P.CREATED),
        ({"firstStatusName": "已拒收", "firstStatusCode": "5"}, P.REFUSED),
        ({"firstStatusName": "退回中", "firstStatusCode": "6"}, P.RETURNING),
        ({"firstStatusName": "已退回", "firstStatusCode": "6"}, P.RETURNED),
        ({"firstStatusName": "运输中"}, P.IN_TRANSIT),
        ({"firstStatusCode": "1"}, P.PICKED_UP),
        ({"firstStatusCode": 3}, P.OUT_FOR_DELIVERY),
        ({"firstStatusCode": "4", "firstStatusName": "全新状态"}, P.DELIVERED),
        ({"firstStatusCode": "7"}, P.UNKNOWN),
        ({"firstStatusCode": "5"}, P.UNKNOWN),
        ({}, P.UNKNOWN),
    ],
)
def test_status_name_and_class_stand_in(members: dict[str, Any], status: ParcelStatus) -> None:
    """Where no known operation code is told, the name of the status decides, then its class where that is plain."""
    assert meaning_of("", scan(**members)).status is status
    assert meaning_of("900", scan("900", **members)).status is status


def test_older_replies_spell_the_member_in_lower_case() -> None:
    """``opcode`` is read as ``opCode``, and a number as text."""
    assert operation_code({"opcode": "80"}) == "80"
    assert operation_code({"opCode": 80}) == "80"


@given(code=st.sampled_from(["33", "70", "99", "648", "80", ""]), remark=st.text(max_size=30))
def test_any_words_are_read(code: str, remark: str) -> None:
    """No remark makes a scan fail."""
    assert meaning_of(code, scan(code, remark)).status in ParcelStatus
