"""Their counter for reverse orders: what it wants, what it says, how it drops repeats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply
from asctl_sf.client import CANCEL_PICKUP, FIND_ORDER, ORDER_PICKUP
from asctl_sf.sandbox import SFSandbox
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import BASE
from tests.plugins.sf.test_sandbox import answer, envelope, request_of, service

SENDER = {"contactType": 1, "contact": "测试甲", "mobile": "13800000004", "city": "上海市", "address": "测试路2号"}
RECEIVER = {"contactType": 2, "contact": "退货组", "tel": "0571-88888888", "city": "杭州市", "address": "测试路1号"}
ORDER: dict[str, Any] = {
    "language": "zh_CN", "orderId": "K-1", "monthlyCard": "", "payMethod": 1, "expressTypeId": 1, "remark": "RMA-1 more",
    "sendStartTm": "2026-11-21 10:00:00", "cargoDetails": [{"name": "玻璃杯"}], "contactInfoList": [SENDER, RECEIVER],
}  # fmt: skip
LOOK = {"orderId": "K-1", "searchType": "2"}


def asked(loop: Loopback, name: str, content: object) -> SandboxReply:
    return answer(loop, request_of(name, content))


def code(reply: SandboxReply) -> str:
    return str(service(reply)["errorCode"])


def test_an_order_has_the_vendors_shape(loop: Loopback) -> None:
    """Number, verdict and the waybill in its list; the search tells the same."""
    reply = asked(loop, ORDER_PICKUP, ORDER)
    (made,) = loop.world.pickups
    assert reply.applied
    assert service(reply)["msgData"] == {
        "orderId": "K-1",
        "originCode": None,
        "destCode": None,
        "filterResult": 2,
        "remark": None,
        "waybillNoInfoList": [{"waybillType": 1, "waybillNo": made.waybill}],
    }
    assert service(asked(loop, FIND_ORDER, LOOK)) == service(reply)


def test_a_repeat_is_8016_and_orders_nothing(loop: Loopback) -> None:
    """The number is used up for good, after a cancellation as well."""
    assert [asked(loop, ORDER_PICKUP, ORDER).applied for _ in range(3)] == [True, False, False]
    assert code(asked(loop, ORDER_PICKUP, ORDER)) == "8016"
    assert asked(loop, CANCEL_PICKUP, {"orderId": "K-1"}).applied
    assert code(asked(loop, ORDER_PICKUP, ORDER)) == "8016"
    assert len(loop.world.pickups) == 1
    assert asked(loop, ORDER_PICKUP, ORDER | {"orderId": "K-2"}).applied


def test_a_cancellation_counts_once(loop: Loopback) -> None:
    """A repeat is 8037, a number that was never used 8018; neither is applied."""
    asked(loop, ORDER_PICKUP, ORDER)
    replies = [asked(loop, CANCEL_PICKUP, {"orderId": number}) for number in ("K-1", "K-1", "K-9")]
    assert [(code(reply), reply.applied) for reply in replies] == [("S0000", True), ("8037", False), ("8018", False)]
    assert code(asked(loop, FIND_ORDER, LOOK)) == "8037"


def test_a_search_of_the_wrong_kind_finds_nothing(loop: Loopback) -> None:
    """Return orders are found under kind 2 alone."""
    asked(loop, ORDER_PICKUP, ORDER)
    assert code(asked(loop, FIND_ORDER, LOOK | {"searchType": "1"})) == "6150"
    assert code(asked(loop, FIND_ORDER, {"orderId": "K-9", "searchType": "2"})) == "6150"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"orderId": ""}, "6118"),
        ({"orderId": "x" * 65}, "S0002"),
        ({"cargoDetails": []}, "1023"),
        ({"cargoDetails": [{"name": ""}]}, "1023"),
        ({"cargoDetails": "玻璃杯"}, "1023"),
        ({"expressTypeId": None}, "8057"),
        ({"payMethod": 4}, "8256"),
        ({"monthlyCard": "7550000000"}, "8119"),
        ({"sendStartTm": "2026-11-21 23:00:00"}, "8096"),
        ({"sendStartTm": "morning"}, "S0002"),
        ({"contactInfoList": None}, "1010"),
        ({"contactInfoList": [SENDER]}, "1014"),
        ({"contactInfoList": [SENDER | {"contact": ""}, RECEIVER]}, "1011"),
        ({"contactInfoList": [SENDER | {"mobile": ""}, RECEIVER]}, "1012"),
        ({"contactInfoList": [SENDER, RECEIVER | {"contact": ""}]}, "1015"),
        ({"contactInfoList": [SENDER, RECEIVER | {"tel": ""}]}, "1016"),
    ],
)
def test_orders_turned_down(loop: Loopback, changed: dict[str, object], expected: str) -> None:
    """What lacks a part is refused by the code for that part, and nobody is sent."""
    reply = asked(loop, ORDER_PICKUP, ORDER | changed)
    assert (code(reply), reply.applied, loop.world.pickups) == (expected, False, [])


def test_a_place_that_is_not_served_is_no_order(loop: Loopback) -> None:
    """A success by its code, with verdict 3 and the reason; nothing is applied."""
    reply = asked(loop, ORDER_PICKUP, ORDER | {"contactInfoList": [SENDER | {"city": "三沙市"}, RECEIVER]})
    assert (service(reply)["msgData"]["filterResult"], reply.applied, loop.world.pickups) == (3, False, [])


def test_calls_are_named_for_the_ledger(app: SFSandbox) -> None:
    """An order by its case, the others by our number, which is the key of all three."""
    names = [
        app.identify(request_of(name, content))
        for name, content in ((ORDER_PICKUP, ORDER), (CANCEL_PICKUP, {"orderId": "K-1"}), (FIND_ORDER, LOOK))
    ]
    assert names == [
        SandboxCall("order_pickup", True, "RMA-1", "K-1"),
        SandboxCall("cancel_pickup", True, "K-1", "K-1"),
        SandboxCall("pickup_status", False, "K-1", "K-1"),
    ]


def test_faults_in_the_vendors_words(app: SFSandbox) -> None:
    """Flow control, signature and refusals as everywhere; an order that is hidden is one that is not found."""
    order, look = SandboxCall("order_pickup", True, "RMA-1", "K-1"), SandboxCall("pickup_status", key="K-1")
    assert envelope(app.complain(order, Complaint("throttle", seconds=3)))["apiResultCode"] == "A1005"
    assert envelope(app.complain(order, Complaint("auth")))["apiResultCode"] == "A1006"
    assert code(app.complain(order, Complaint("refuse", reason="BAD_ADDRESS"))) == "20063"
    assert code(app.complain(look, Complaint("not_found"))) == "6150"


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers() | st.none(), max_size=2)


@given(
    content=st.dictionaries(st.sampled_from(list(ORDER)), junk),
    name=st.sampled_from([ORDER_PICKUP, CANCEL_PICKUP, FIND_ORDER]),
)
def test_answer_never_raises(content: dict[str, Any], name: str) -> None:
    """Signed nonsense gets an answer in their shape."""
    loop = Loopback(SFSandbox(), BASE)
    for body in (content, ORDER | content):
        assert "apiResultCode" in json.loads(asked(loop, name, compact_json(body)).body)
