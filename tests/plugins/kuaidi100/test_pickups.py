"""Goods fetched at the customer's, ordered over the plugin's own sandbox app."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from asctl.api import (
    CHINA,
    BadConfiguration,
    BadInput,
    Effect,
    Evidence,
    Finding,
    NotOffered,
    ParcelKey,
    ParcelStatus,
    Pickup,
    PickupGoods,
    Receiver,
    RefusalReason,
    Refused,
    Submission,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_kuaidi100 import COURIERS
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import PICKUP_EFFECTS
from asctl_kuaidi100.pickups import FETCHING
from asctl_kuaidi100.provider import Kuaidi100
from asctl_kuaidi100.sandbox_account import KEY, SECRET
from asctl_kuaidi100.sandbox_pickups import order_id
from tests.plugins.kuaidi100.conftest import BASE, CALLBACK, Wire, answering, provider_on
from tests.plugins.loopback import START, refused

RMA = "RMA2611210007X"
OUR_KEY = "0123456789abcdef0123456789abcdef"
CUSTOMER = Receiver("测试甲", "13800000001", "广东省", "深圳市", "南山区", "粤海街道", "测试路 1 号")
WAREHOUSE = Receiver("退货组", "13900000002", "浙江省", "杭州市", "余杭区", "", "青禾路 8 号")
WINDOW = {"fetch_from": START + timedelta(days=1), "fetch_until": START + timedelta(days=1, hours=2)}
ORDER = Pickup(
    OUR_KEY, "yto", CUSTOMER, WAREHOUSE, (PickupGoods("卫衣", "S1", 2), PickupGoods("", "S2", 1)), RMA, remark=RMA, **WINDOW
)  # fmt: skip
TASK = "5A0C1D2E3F4051627384950A1B2C3D4E"
ANSWER = {
    "data": {"kuaidinum": "YT1234567890999", "orderId": "30012345", "eOrder": None, "taskId": TASK},
    "message": "提交成功",
    "result": True,
    "returnCode": "200",
}


def sent(wire: Wire) -> dict[str, str]:
    """The form of the last call."""
    return dict(wire.sent[-1].form or {})


def param_of(wire: Wire) -> dict[str, Any]:
    param = json.loads(sent(wire)["param"])
    assert isinstance(param, dict)
    return param


def test_an_order_says_who_what_when_and_under_which_key(provider: Kuaidi100, wire: Wire):
    """Each person with one text for the address, the day in their word, our key as the order's number; the case is in the
    remark."""
    provider.order_pickup(ORDER)
    assert param_of(wire) == {
        "kuaidicom": "yuantong",
        "recManName": "退货组",
        "recManMobile": "13900000002",
        "recManPrintAddr": "浙江省杭州市余杭区青禾路 8 号",
        "sendManName": "测试甲",
        "sendManMobile": "13800000001",
        "sendManPrintAddr": "广东省深圳市南山区粤海街道测试路 1 号",
        "cargo": "卫衣×2、S2×1",
        "remark": RMA,
        "salt": "testsalt",
        "callBackUrl": CALLBACK,
        "dayType": "明天",
        "pickupStartTime": "09:30",
        "pickupEndTime": "11:30",
        "thirdOrderId": OUR_KEY,
    }


@pytest.mark.parametrize(("verb", "write"), [("bOrder", True), ("cancel", True), ("detail", False)])
def test_calls_are_signed_as_orders_are(provider: Kuaidi100, wire: Wire, verb: str, write: bool):
    """Param, t, key and secret are signed; taking back and ordering are writes, the question is none."""
    reference = provider.order_pickup(ORDER).reference
    if verb == "cancel":
        provider.cancel_pickup(replace(ORDER, reference=reference))
    elif verb == "detail":
        provider.pickup_status(replace(ORDER, reference=reference))
    form, t = sent(wire), str(int(START.timestamp() * 1000))
    assert (wire.sent[-1].url, wire.sent[-1].write) == (f"{BASE}/order/borderapi.do", write)
    assert (form["method"], form["key"], form["t"]) == (verb, KEY, t)
    assert form["sign"] == sign(form["param"], t, KEY, SECRET)


def test_the_sample_answer_is_read():
    """The published answer gives both numbers in one reference, and the waybill."""
    submission = provider_on(answering(ANSWER)).order_pickup(ORDER)
    assert submission == Submission(f"{TASK}/30012345", waybill="YT1234567890999")


@pytest.mark.parametrize(("days", "word"), [(0, "今天"), (1, "明天"), (2, "后天")])
def test_days_have_words(provider: Kuaidi100, wire: Wire, days: int, word: str):
    """Which day it is, is decided in China."""
    wire.clock.moment = datetime.fromisoformat("2026-11-21T17:00:00+00:00")
    start = datetime(2026, 11, 22 + days, 14, tzinfo=CHINA)
    provider.order_pickup(replace(ORDER, fetch_from=start, fetch_until=start + timedelta(hours=4)))
    assert (param_of(wire)["dayType"], param_of(wire)["pickupStartTime"]) == (word, "14:00")


@pytest.mark.parametrize("days", [-1, 3])
def test_days_without_a_word_are_not_sent(provider: Kuaidi100, wire: Wire, days: int):
    """Yesterday and the fourth day cannot be said."""
    start = START + timedelta(days=days)
    with pytest.raises(BadInput) as caught:
        provider.order_pickup(replace(ORDER, fetch_from=start, fetch_until=start + timedelta(hours=1)))
    assert (caught.value.code, wire.sent) == ("bad_window", [])
    assert "dayType" in caught.value.message


@pytest.mark.parametrize(("who", "member"), [("sender", "sendManPrintAddr"), ("receiver", "recManPrintAddr")])
def test_an_address_that_is_too_long_is_not_sent(provider: Kuaidi100, wire: Wire, who: str, member: str):
    """300 bytes are taken; one more is told by the member's name, and what it holds is not repeated."""
    party = Receiver("测试甲", "13800000001", "广东省", "深圳市", detail="路" * 94)
    assert provider.order_pickup(replace(ORDER, **{who: party})).reference
    wire.sent.clear()
    with pytest.raises(BadInput) as caught:
        provider.order_pickup(replace(ORDER, **{who: replace(party, detail="路" * 94 + "1")}))
    assert (caught.value.code, wire.sent) == ("address_too_long", [])
    assert member in caught.value.message
    assert "路路" not in caught.value.message


@pytest.mark.parametrize("setting", ["secret", "callback_url", "salt"])
def test_settings_that_a_pickup_needs(wire: Wire, setting: str):
    """Without what signs it, or where its news go, nothing is sent."""
    with pytest.raises(BadConfiguration) as caught:
        provider_on(wire, **{setting: None}).order_pickup(ORDER)
    assert (caught.value.code, wire.sent) == (f"{setting}_missing", [])


@pytest.mark.parametrize("courier", COURIERS)
def test_couriers_that_can_be_ordered(provider: Kuaidi100, wire: Wire, courier: str):
    """All that their desk serves can be ordered; for the others nothing is sent."""
    order = replace(ORDER, courier=courier)
    if courier in FETCHING:
        assert provider.order_pickup(order).reference
        assert wire.world.pickups[0].courier == courier
        return
    with pytest.raises(NotOffered) as caught:
        provider.order_pickup(order)
    assert (caught.value.code, wire.sent) == ("courier_not_served", [])


def test_the_courier_comes(provider: Kuaidi100, wire: Wire):
    """The world has the order with both ends; time makes it effective, and their detail says so."""
    submission = provider.order_pickup(ORDER)
    (made,) = wire.world.pickups
    assert (made.plugin, made.key, made.remark, made.waybill) == ("kuaidi100", OUR_KEY, RMA, submission.waybill)
    assert (made.sender.phone, made.sender.city, made.receiver.city) == ("13800000001", "深圳市", "杭州市")
    asked = replace(ORDER, reference=submission.reference)
    waiting = Finding(Evidence.PRESENT, Effect.ACCEPTED, submission.reference, waybill=made.waybill)
    assert provider.pickup_status(asked) == waiting
    wire.pass_time(24)
    assert provider.pickup_status(asked) == replace(waiting, effect=Effect.EFFECTIVE)


def test_the_waybill_may_come_with_the_goods_only(provider: Kuaidi100, wire: Wire):
    """Yunda numbers a parcel at the door: until then neither the order nor its detail knows the number."""
    order = replace(ORDER, courier="yunda")
    submission = provider.order_pickup(order)
    asked = replace(order, reference=submission.reference)
    assert (submission.waybill, provider.pickup_status(asked).waybill) == ("", "")
    wire.pass_time(24)
    assert provider.pickup_status(asked).waybill == wire.world.pickups[0].waybill


def test_a_repeat_under_the_key_is_the_same_order_for_two_days(provider: Kuaidi100, wire: Wire):
    """The declared contract is true: within 48 hours nothing new is made; after that the same key makes another order."""
    first = provider.order_pickup(ORDER)
    wire.pass_time(47)
    late = {"fetch_from": START + timedelta(days=2), "fetch_until": START + timedelta(days=2, hours=2)}
    assert provider.order_pickup(replace(ORDER, **late)) == first
    wire.pass_time(2)
    assert provider.order_pickup(replace(ORDER, fetch_from=None, fetch_until=None)).reference != first.reference
    assert len(wire.world.pickups) == 2


def test_a_lost_answer_is_unclear_and_a_repeat_clears_it(provider: Kuaidi100, wire: Wire):
    """The order stands although its answer was lost; under the same key its numbers are told."""
    truth = wire.answer

    def cut(request: SandboxRequest) -> SandboxReply:
        truth(request)
        return SandboxReply(b"<html>502</html>", content_type="text/html")

    wire.answer = cut
    with pytest.raises(Unclear):
        provider.order_pickup(ORDER)
    wire.answer = truth
    assert provider.order_pickup(ORDER).waybill == wire.world.pickups[0].waybill
    assert len(wire.world.pickups) == 1


def test_an_order_is_taken_back(provider: Kuaidi100, wire: Wire):
    """By both of their numbers; the look sees it before and after, and which order it is comes from the reference."""
    asked = replace(ORDER, reference=provider.order_pickup(ORDER).reference)
    (made,) = wire.world.pickups
    assert provider.pickup_cancellation_status(asked).evidence is Evidence.ABSENT
    assert provider.cancel_pickup(asked) == Submission(asked.reference)
    assert param_of(wire) == {"taskId": made.number, "orderId": order_id(made), "cancelMsg": "商家取消退货取件"}
    assert wire.world.pickup_effect(made) is Effect.CANCELLED
    assert provider.pickup_cancellation_status(asked).evidence is Evidence.PRESENT
    assert provider.pickup_status(asked).effect is Effect.CANCELLED


def test_too_late_to_take_back(provider: Kuaidi100, wire: Wire):
    """Goods that are fetched cannot be left where they were, and the look says that nothing was taken back."""
    asked = replace(ORDER, reference=provider.order_pickup(ORDER).reference)
    wire.pass_time(24)
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(asked)
    assert refused(caught.value) == RefusalReason.CANNOT_CANCEL
    assert "asctl pickup list" in caught.value.hint
    assert caught.value.upstream_text == "快递员已取件，无法取消"
    assert provider.pickup_cancellation_status(asked).evidence is Evidence.ABSENT


def test_what_the_courier_gave_up_was_not_taken_back_by_us(provider: Kuaidi100, wire: Wire):
    """The order came to nothing, and that is no evidence of our cancellation."""
    asked = replace(ORDER, reference=provider.order_pickup(ORDER).reference)
    parcel = wire.world.parcels[ParcelKey("yto", wire.world.pickups[0].waybill)]
    parcel.script = [wire.event(ParcelStatus.CANCELLED)]
    assert provider.pickup_status(asked).effect is Effect.INEFFECTIVE
    assert provider.pickup_cancellation_status(asked).evidence is Evidence.UNKNOWN


@pytest.mark.parametrize("reference", ["", TASK])
def test_without_their_numbers_nothing_is_asked(provider: Kuaidi100, wire: Wire, reference: str):
    """Taking back says where it can be done instead; a look finds nothing out."""
    asked = replace(ORDER, reference=reference)
    with pytest.raises(BadInput) as caught:
        provider.cancel_pickup(asked)
    assert caught.value.code == "no_reference"
    assert provider.pickup_status(asked) == Finding(Evidence.UNKNOWN)
    assert provider.pickup_cancellation_status(asked) == Finding(Evidence.UNKNOWN)
    assert wire.sent == []


@pytest.mark.parametrize(
    ("status", "effect"),
    [(status, PICKUP_EFFECTS[str(status)]) for status in (0, 1, 2, 9, 10, 11, 12, 13, 14, 15, 99, 101, 155, 610)]
    + [(200, None), ("", None)],
)
def test_details_are_read(status: object, effect: Effect | None):
    """Every row of the table of states, a state that nobody knows, and none; the waybill in either spelling."""
    for name in ("kuaidiNum", "kuaidinum"):
        told = {"data": {"status": status, name: "YT1"}, "result": True, "returnCode": "200", "message": "ok"}
        found = provider_on(answering(told)).pickup_status(replace(ORDER, reference=f"{TASK}/3"))
        assert (found.evidence, found.effect, found.waybill) == (Evidence.PRESENT, effect, "YT1")


def test_details_that_say_nothing_find_nothing():
    """An answer in another shape than the reported one is no evidence."""
    for data in (None, [], {"state": 10}):
        told = {"data": data, "result": True, "returnCode": "200"}
        found = provider_on(answering(told)).pickup_status(replace(ORDER, reference=f"{TASK}/3"))
        assert found == Finding(Evidence.UNKNOWN)


def test_the_table_of_states_is_the_references():
    """Fourteen states; what the courier or the platform gave up is ineffective, what we took back cancelled; after a failed
    attempt the order stands."""
    assert len(PICKUP_EFFECTS) == 14
    by_effect = {effect: {code for code in PICKUP_EFFECTS if PICKUP_EFFECTS[code] is effect} for effect in Effect}
    assert by_effect == {
        Effect.ACCEPTED: {"0", "1", "2", "11"},
        Effect.EFFECTIVE: {"10", "12", "13", "14", "15", "101", "155"},
        Effect.INEFFECTIVE: {"99", "610"},
        Effect.CANCELLED: {"9"},
    }
