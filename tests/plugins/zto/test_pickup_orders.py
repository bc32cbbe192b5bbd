"""What is sent to have a return fetched: ZTO's members, signed, under the right account."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import BadConfiguration, Receiver
from asctl_zto.client import sign
from asctl_zto.provider import Zto
from asctl_zto.sandbox_gate import APP_SECRET
from asctl_zto.sandbox_pickups import CUSTOMER_ID
from tests.plugins.loopback import START, Loopback
from tests.plugins.zto.conftest import BASE, CASE, CUSTOMER, KEY, PICKUP


def body(loop: Loopback) -> dict[str, Any]:
    """What was sent last."""
    told: dict[str, Any] = json.loads(loop.sent[-1].body or b"")
    return told


def test_order_has_the_members_of_the_reference(provider: Zto, loop: Loopback):
    """A pickup order of an ordinary customer, with both parties in full, the goods, the window and the case as remark."""
    begins, ends = START + timedelta(hours=1), START + timedelta(hours=3)
    provider.order_pickup(replace(PICKUP, remark=f"{CASE} RMA2611210002Y", fetch_from=begins, fetch_until=ends))
    assert body(loop) == {
        "partnerType": "2",
        "orderType": "2",
        "partnerOrderCode": KEY,
        "accountInfo": {"accountId": "test", "accountPassword": "ZTO123"},
        "senderInfo": {
            "senderName": "测试甲", "senderMobile": "13800000004", "senderProvince": "上海市", "senderCity": "上海市",
            "senderDistrict": "浦东新区", "senderAddress": "花木街道示例路1号",
        },
        "receiveInfo": {
            "receiverName": "退货组", "receiverPhone": "0571-88888888", "receiverProvince": "浙江省",
            "receiverCity": "杭州市", "receiverDistrict": "余杭区", "receiverAddress": "测试路1号退货仓",
        },
        "summaryInfo": {"quantity": 2, "startTime": "2026-11-21 10:30:00", "endTime": "2026-11-21 12:30:00"},
        "orderItems": [{"name": "玻璃杯", "quantity": 2, "remark": "CUP-1"}],
        "remark": f"{CASE} RMA2611210002Y",
    }  # fmt: skip


def test_calls_are_signed_and_marked(provider: Zto, loop: Loopback):
    """Each call is signed over the very text sent; orders and cancellations are writes, the looks are not."""
    made = provider.order_pickup(PICKUP)
    known = replace(PICKUP, reference=made.reference, waybill=made.waybill)
    provider.pickup_status(known)
    provider.cancel_pickup(known)
    provider.pickup_cancellation(known)
    apis = [request.url.removeprefix(f"{BASE}/") for request in loop.sent]
    assert [(api, request.write) for api, request in zip(apis, loop.sent, strict=True) if "open" in api] == [
        ("zto.open.createOrder", True),
        ("zto.open.getOrderInfo", False),
        ("zto.open.cancelPreOrder", True),
        ("zto.open.getOrderInfo", False),
    ]
    for request in loop.sent:
        assert (request.headers or {})["x-datadigest"] == sign((request.body or b"").decode(), APP_SECRET)


def test_group_customers_order_under_their_number(make_provider: Callable[..., Zto], loop: Loopback):
    """They are partner type 1, whose pickups are of one type, with the customer's number instead of an account's."""
    provider = make_provider(
        pickup_partner="group", customer_id=CUSTOMER_ID, account_id=None, account_password=None, pickup_waybill=False
    )
    assert provider.order_pickup(PICKUP).waybill
    assert (body(loop)["partnerType"], body(loop)["orderType"]) == ("1", "2")
    assert body(loop)["accountInfo"] == {"customerId": CUSTOMER_ID}


@pytest.mark.parametrize(
    ("changed", "setting"),
    [({"account_id": None}, "account_id"), ({"pickup_partner": "group"}, "customer_id")],
)
def test_a_waybill_needs_an_account(
    make_provider: Callable[..., Zto], loop: Loopback, changed: dict[str, object], setting: str
):
    """Without the one that ZTO wants nothing is sent, and the setting is named."""
    with pytest.raises(BadConfiguration) as caught:
        make_provider(**changed).order_pickup(PICKUP)
    assert (caught.value.code, loop.sent) == ("pickup_account_missing", [])
    assert setting in caught.value.message


@pytest.mark.parametrize(
    ("party", "place"),
    [
        (replace(CUSTOMER, city="", district="昆山市"), ("昆山市", "昆山市", "花木街道示例路1号")),
        (replace(CUSTOMER, city="东莞市", district="", town="虎门镇"), ("东莞市", "虎门镇", "示例路1号")),
    ],
)
def test_levels_that_china_lacks_are_filled(
    provider: Zto, loop: Loopback, party: Receiver, place: tuple[str, str, str]
):
    """City and district are told in any case, as with redirections."""
    provider.order_pickup(replace(PICKUP, sender=party))
    told = body(loop)["senderInfo"]
    assert (told["senderCity"], told["senderDistrict"], told["senderAddress"]) == place
