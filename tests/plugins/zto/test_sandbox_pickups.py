"""Their side of pickup orders: what they want, what they tell, and that they drop no repeats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api.sandbox import Complaint, SandboxCall, SandboxRequest
from asctl_zto.sandbox import ZtoSandbox
from asctl_zto.sandbox_pickups import CUSTOMER_ID
from asctl_zto.wire import CANCEL_ORDER, ORDER, ORDER_INFO
from tests.plugins.loopback import Loopback
from tests.plugins.zto.conftest import BASE, WAYBILL, signed

SENDER = {
    "senderName": "测试甲", "senderMobile": "13800000004", "senderProvince": "上海市", "senderCity": "上海市",
    "senderDistrict": "浦东新区", "senderAddress": "示例路1号",
}  # fmt: skip
RECEIVER = {
    "receiverName": "退货组", "receiverPhone": "0571-88888888", "receiverProvince": "浙江省", "receiverCity": "杭州市",
    "receiverDistrict": "余杭区", "receiverAddress": "测试路1号",
}  # fmt: skip
BODY: dict[str, Any] = {
    "partnerType": "2", "orderType": "2", "partnerOrderCode": "K-1", "senderInfo": SENDER, "receiveInfo": RECEIVER,
    "accountInfo": {"accountId": "test", "accountPassword": "ZTO123"}, "remark": "RMA-1 more",
}  # fmt: skip


def answered(loop: Loopback, request: SandboxRequest) -> tuple[dict[str, Any], bool]:
    reply = loop.app.answer(request, loop.app.identify(request), loop.world)
    told: dict[str, Any] = json.loads(reply.body)
    return told, reply.applied


def code(loop: Loopback, api: str, body: dict[str, Any]) -> str:
    told, applied = answered(loop, signed(api, body))
    assert not applied or told["status"]
    return str(told["statusCode"])


def test_an_order_is_answered_in_their_shape(loop: Loopback):
    """Under ``result``: their number, ours, the waybill, and what a label would need."""
    told, applied = answered(loop, signed(ORDER, BODY))
    (made,) = loop.world.pickups
    assert (told["status"], applied) == (True, True)
    assert {name: told["result"][name] for name in ("orderCode", "billCode", "partnerOrderCode")} == {
        "orderCode": made.number,
        "billCode": made.waybill,
        "partnerOrderCode": "K-1",
    }


def test_every_repeat_is_another_order(loop: Loopback):
    """The very same bytes three times are three pickups: the witness drops nothing."""
    assert [answered(loop, signed(ORDER, BODY))[1] for _ in range(3)] == [True, True, True]
    assert len({made.waybill for made in loop.world.pickups}) == 3


def test_every_cancellation_is_applied(loop: Loopback):
    """As often as it comes, by number or by waybill, until the goods are fetched."""
    answered(loop, signed(ORDER, BODY))
    (made,) = loop.world.pickups
    for number in ({"orderCode": made.number}, {"billCode": made.waybill}):
        assert answered(loop, signed(CANCEL_ORDER, {"cancelType": "1", **number}))[1]
    answered(loop, signed(ORDER, BODY))
    loop.pass_time(4)
    assert code(loop, CANCEL_ORDER, {"cancelType": "1", "orderCode": loop.world.pickups[1].number}) == "E23130"


@pytest.mark.parametrize(("hours", "state"), [(0, 1), (4, 99)])
def test_an_order_is_told(loop: Loopback, hours: float, state: int):
    """One record with its state, by either number; none for another kind, or a number that nobody has."""
    answered(loop, signed(ORDER, BODY))
    loop.pass_time(hours)
    (made,) = loop.world.pickups
    for number in ({"orderCode": made.number}, {"billCode": made.waybill}):
        (row,) = answered(loop, signed(ORDER_INFO, {"type": 0, **number}))[0]["result"]
        assert (row["orderCode"], row["billCode"], row["orderStatus"]) == (made.number, made.waybill, state)
    assert answered(loop, signed(ORDER_INFO, {"type": 1, "orderCode": made.number}))[0]["result"] == []
    assert answered(loop, signed(ORDER_INFO, {"type": 0, "orderCode": "O-9"}))[0]["result"] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"partnerOrderCode": ""}, "S208"),
        ({"partnerType": "3"}, "S208"),
        ({"orderType": "1"}, "S208"),
        ({"partnerType": "1", "orderType": "3"}, "S208"),
        ({"partnerType": "1"}, "E418"),
        ({"accountInfo": None}, "E404"),
        ({"accountInfo": {"accountId": "test", "accountPassword": "wrong"}}, "E404"),
        ({"senderInfo": SENDER | {"senderDistrict": ""}}, "S208"),
        ({"receiveInfo": RECEIVER | {"receiverPhone": ""}}, "S208"),
        ({"receiveInfo": []}, "S208"),
    ],
)
def test_orders_turned_down(loop: Loopback, changed: dict[str, Any], expected: str):
    """What lacks a part, or comes under another account, is refused, and nobody is sent."""
    assert code(loop, ORDER, BODY | changed) == expected
    assert loop.world.pickups == []


def test_group_customers_and_orders_without_a_waybill(loop: Loopback):
    """The one goes by the customer's number, the other by none; its waybill comes at the door."""
    group = BODY | {"partnerType": "1", "accountInfo": {"customerId": CUSTOMER_ID}}
    assert answered(loop, signed(ORDER, group))[0]["result"]["billCode"]
    told = answered(loop, signed(ORDER, BODY | {"orderType": "3", "accountInfo": None}))[0]
    assert (told["status"], told["result"]["billCode"]) == (True, None)


@pytest.mark.parametrize(
    ("api", "body", "expected"),
    [
        (CANCEL_ORDER, {"orderCode": "O-1"}, "S208"),
        (CANCEL_ORDER, {"cancelType": "8", "orderCode": "O-1"}, "S208"),
        (CANCEL_ORDER, {"cancelType": "1"}, "S208"),
        (CANCEL_ORDER, {"cancelType": "1", "orderCode": "O-1"}, "E23999"),
        (CANCEL_ORDER, {"cancelType": "1", "billCode": "odd"}, "E416"),
        (ORDER_INFO, {"orderCode": "O-1"}, "S208"),
        (ORDER_INFO, {"type": 0}, "S208"),
    ],
)
def test_other_calls_turned_down(loop: Loopback, api: str, body: dict[str, Any], expected: str):
    """Each wants its reason or kind, and a number that is there."""
    assert code(loop, api, body) == expected


def test_a_wrong_digest_opens_no_door(loop: Loopback):
    """Before anything of an order is looked at."""
    told, applied = answered(loop, signed(ORDER, BODY, x_datadigest="wrong"))
    assert (told["statusCode"], applied, loop.world.pickups) == ("S211", False, [])


def test_calls_are_named_for_the_ledger(app: ZtoSandbox):
    """An order by its case with our number as key, the others by their number or the waybill."""
    assert app.identify(signed(ORDER, BODY)) == SandboxCall("order_pickup", True, "RMA-1", "K-1")
    assert app.identify(signed(CANCEL_ORDER, {"orderCode": "O-1"})) == SandboxCall("cancel_pickup", True, "O-1")
    assert app.identify(signed(ORDER_INFO, {"billCode": WAYBILL})) == SandboxCall("pickup_status", False, WAYBILL)


def test_faults_in_their_words(app: ZtoSandbox):
    """Flow control, signature and refusals under ``result``; an order that is hidden is told by an empty list."""
    order = SandboxCall("order_pickup", True, "RMA-1", "K-1")
    told = [
        json.loads(app.complain(order, complaint).body)
        for complaint in (Complaint("throttle", seconds=5), Complaint("auth"), Complaint("refuse", reason="某个原因"))
    ]
    assert [each["statusCode"] for each in told] == ["S221", "S211", "E23999"]
    assert all(each["result"] is None for each in told)
    hidden = json.loads(app.complain(SandboxCall("pickup_status"), Complaint("not_found")).body)
    assert (hidden["status"], hidden["result"]) == (True, [])


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.integers(), max_size=2)


@given(
    body=st.dictionaries(st.sampled_from((*BODY, "orderCode", "billCode", "cancelType", "type")), junk),
    api=st.sampled_from([ORDER, ORDER_INFO, CANCEL_ORDER]),
)
def test_answer_never_raises(body: dict[str, Any], api: str):
    """Signed nonsense gets an answer in their shape."""
    loop = Loopback(ZtoSandbox(), BASE)
    for sent in (body, BODY | body):
        assert "statusCode" in answered(loop, signed(api, sent))[0]
