"""Their order desk: members, answers in their shape, one order a number."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asctl.api import compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_yto.client import sign
from asctl_yto.sandbox import PICKUPS, YtoSandbox
from asctl_yto.wire import CANCEL_ORDER, ORDER
from tests.plugins.loopback import Loopback

KEY = "0123456789abcdef0123456789abcdef"
RMA = "RMA-20261121-0007"
PARAM = {
    "logisticsNo": f"RET{KEY}",
    "senderName": "王静怡",
    "senderProvinceName": "江苏省",
    "senderCityName": "苏州市",
    "senderAddress": "松月路8号",
    "senderMobile": "13800001234",
    "recipientName": "退货组",
    "recipientProvinceName": "浙江省",
    "recipientCityName": "杭州市",
    "recipientAddress": "青禾路8号",
    "recipientMobile": "13900000000",
    "goods": [{"name": "卫衣", "quantity": 1}],
    "cstOrderNo": RMA,
    "remark": RMA,
}
TAKE_BACK = {"logisticsNo": f"RET{KEY}", "cancelDesc": "取消"}


def request_of(method: str, param: Any, **changed: str) -> SandboxRequest:
    """A call as it should be; members of the body may be replaced."""
    text = compact_json(param)
    body = {"timestamp": "1714561331000", "param": text, "sign": sign(text, method, "v1", PICKUPS.secret)}
    path = f"/open/{method}/v1/{PICKUPS.url_key}/{PICKUPS.customer_code}"
    return SandboxRequest("POST", path, {}, {}, compact_json(body | {"format": "JSON"} | changed).encode())


def answer(loopback: Loopback, request: SandboxRequest) -> SandboxReply:
    return loopback.app.answer(request, loopback.app.identify(request), loopback.world)


def told(loopback: Loopback, method: str, param: Any, **changed: str) -> Any:
    return json.loads(answer(loopback, request_of(method, param, **changed)).body)


def test_an_order_is_answered_in_their_shape(loopback: Loopback):
    """Section 7: customer code, the number again, the waybill, the sorting code; no success and no code."""
    assert told(loopback, ORDER, PARAM) == {
        "customerCode": "TEST02",
        "logisticsNo": f"RET{KEY}",
        "mailNo": loopback.world.pickups[0].waybill,
        "shortAddress": "800-061-00-005",
        "secretWaybills": [],
    }


def test_a_repeat_is_answered_alike_and_not_applied(loopback: Loopback):
    """The number is idempotent, also where the rest of the order changed meanwhile; the ledger sees one effect."""
    replies = [
        answer(loopback, request_of(ORDER, param)) for param in (PARAM, PARAM, PARAM | {"senderName": "另一个人"})
    ]
    assert [reply.applied for reply in replies] == [True, False, False]
    assert len({reply.body for reply in replies}) == 1
    assert len(loopback.world.pickups) == 1


def test_an_order_of_somebody_else_is_known_by_its_number(loopback: Loopback):
    """A number that is not of our making works as well, and is another order."""
    told(loopback, ORDER, PARAM)
    told(loopback, ORDER, PARAM | {"logisticsNo": "SHOP0001"})
    assert [made.key for made in loopback.world.pickups] == [KEY, "SHOP0001"]


@pytest.mark.parametrize(
    "missing",
    [
        "logisticsNo", "senderName", "senderProvinceName", "senderAddress", "senderMobile", "recipientName",
        "recipientProvinceName", "recipientAddress", "recipientMobile",
    ],
)  # fmt: skip
def test_missing_members(loopback: Loopback, missing: str):
    """Each part of the two people must be there; the words are those of the published sample."""
    failed = told(loopback, ORDER, {name: value for name, value in PARAM.items() if name != missing})
    assert failed == {"success": False, "code": 200010003, "reason": f"{missing}不能为空; "}
    assert loopback.world.pickups == []


@pytest.mark.parametrize(
    "changed",
    [
        {"logisticsNo": "RET123"},
        {"logisticsNo": "R" * 65},
        {"goods": [{"name": "卫衣", "quantity": 1}] * 21},
        {"goods": "卫衣"},
        {"startTime": "2026-11-20 09:00:00"},
        {"startTime": "2026-11-28 09:00:00"},
        {"endTime": "tomorrow"},
    ],
)
def test_members_out_of_bounds(loopback: Loopback, changed: dict[str, object]):
    """The number's length, twenty goods, and a window from today until six days ahead."""
    assert told(loopback, ORDER, PARAM | changed)["code"] == 200010003
    assert loopback.world.pickups == []


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-27"])
def test_days_that_can_be_named(loopback: Loopback, day: str):
    """The first and the last day of the window."""
    window = {"startTime": f"{day} 09:00:00", "endTime": f"{day} 11:00:00"}
    assert told(loopback, ORDER, PARAM | window)["mailNo"]


def test_the_signature_is_verified(loopback: Loopback):
    """A call signed for another method is refused unread."""
    wrong = sign(compact_json(PARAM), CANCEL_ORDER, "v1", PICKUPS.secret)
    assert told(loopback, ORDER, PARAM, sign=wrong)["code"] == 401
    assert loopback.world.pickups == []


def test_taking_back_is_answered_with_the_number(loopback: Loopback):
    """It is applied again however often it comes, until the goods are fetched."""
    told(loopback, ORDER, PARAM)
    for _attempt in range(2):
        reply = answer(loopback, request_of(CANCEL_ORDER, TAKE_BACK))
        assert (json.loads(reply.body), reply.applied) == ({"logisticsNo": f"RET{KEY}"}, True)


@pytest.mark.parametrize(
    ("param", "reason"), [(TAKE_BACK, "订单不存在"), ({"logisticsNo": "RET1"}, "cancelDesc不能为空; ")]
)
def test_taking_back_what_cannot_be(loopback: Loopback, param: dict[str, str], reason: str):
    """An unknown order and a missing reason are told apart."""
    assert told(loopback, CANCEL_ORDER, param)["reason"] == reason


def test_calls_are_identified(loopback: Loopback):
    """The ledger and the faults see the case, our key and that it is a write."""
    app = loopback.app
    assert app.identify(request_of(ORDER, PARAM)) == SandboxCall("order_pickup", True, RMA, KEY)
    assert app.identify(request_of(CANCEL_ORDER, TAKE_BACK)) == SandboxCall("cancel_pickup", True, f"RET{KEY}", KEY)


@pytest.mark.parametrize(
    ("complaint", "words"),
    [
        (Complaint("throttle", seconds=5), {"success": False, "code": 429, "reason": "请求过于频繁"}),
        (Complaint("auth"), {"success": False, "code": 401, "reason": "请求加密校验失败"}),
        (Complaint("not_found"), {"success": False, "code": 200017004, "reason": "订单不存在"}),
        (
            Complaint("refuse", reason="NOT_SUPPORTED"),
            {"success": False, "code": 200017004, "reason": "该区域不支持上门取件"},
        ),
        (Complaint("refuse", reason="今日不办理"), {"success": False, "code": 200017004, "reason": "今日不办理"}),
    ],
)
@pytest.mark.parametrize("operation", ["order_pickup", "cancel_pickup"])
def test_complaints_are_in_their_words(operation: str, complaint: Complaint, words: dict[str, object]):
    """A fault is told in the gateway's envelope, and applies nothing."""
    reply = YtoSandbox().complain(SandboxCall(operation, write=True, target=RMA), complaint)
    assert (json.loads(reply.body), reply.applied) == (words, False)
