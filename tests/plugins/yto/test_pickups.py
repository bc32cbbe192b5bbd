"""Goods fetched at the customer's, ordered over the plugin's own sandbox app."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from asctl.api import (
    CHINA,
    BadInput,
    CredentialsRefused,
    Effect,
    ParcelStatus,
    Pickup,
    PickupGoods,
    Receiver,
    RefusalReason,
    Refused,
    Submission,
    TrackQuery,
    Unclear,
)
from asctl.api.sandbox import Complaint, SandboxReply, SandboxRequest
from asctl.domain.actions import ActionKind, Intent
from asctl_yto.client import sign
from asctl_yto.provider import Yto
from asctl_yto.sandbox import PICKUPS, TRACKING, YtoSandbox
from asctl_yto.wire import key_of, order_number
from tests.plugins.loopback import START, Loopback, refused
from tests.plugins.yto.conftest import BASE, sent_body, settings

KEY = "0123456789abcdef0123456789abcdef"
RMA = "RMA-20261121-0007"
CUSTOMER = Receiver("王静怡", "13800001234", "江苏省", "苏州市", "吴中区", "木渎镇", "松月路8号3幢2单元1203室")
WAREHOUSE = Receiver("退货组", "0571-88888888", "浙江省", "杭州市", "余杭区", "", "青禾路8号")
GOODS = (PickupGoods("纯棉卫衣", "HD-M-GREY", 2), PickupGoods("", "SOCK-3", 1))
ORDER = Pickup(KEY, "yto", CUSTOMER, WAREHOUSE, GOODS, RMA, order_id="4000000010000004400", remark=RMA)


def param_of(loopback: Loopback) -> dict[str, Any]:
    """The param of the last call sent."""
    param = json.loads(sent_body(loopback.sent[-1])["param"])
    assert isinstance(param, dict)
    return param


def test_an_order_says_who_what_and_for_which_case(provider: Yto, loopback: Loopback):
    """Customer and warehouse go out part by part under their names, the case stands in the remark and as the customer's
    order number, and what is empty is left out."""
    provider.order_pickup(ORDER)
    assert param_of(loopback) == {
        "logisticsNo": f"RET{KEY}",
        "senderName": "王静怡",
        "senderProvinceName": "江苏省",
        "senderCityName": "苏州市",
        "senderCountyName": "吴中区",
        "senderTownName": "木渎镇",
        "senderAddress": "松月路8号3幢2单元1203室",
        "senderMobile": "13800001234",
        "recipientName": "退货组",
        "recipientProvinceName": "浙江省",
        "recipientCityName": "杭州市",
        "recipientCountyName": "余杭区",
        "recipientAddress": "青禾路8号",
        "recipientMobile": "0571-88888888",
        "goods": [{"name": "纯棉卫衣", "quantity": 2}, {"name": "SOCK-3", "quantity": 1}],
        "cstOrderNo": RMA,
        "productCode": "PK",
        "remark": RMA,
    }


def test_the_call_is_a_signed_write_to_its_own_interface(provider: Yto, loopback: Loopback):
    """URL, method, version and secret are those issued for pickups, and the transport is told that it is a write."""
    provider.order_pickup(ORDER)
    (request,) = loopback.sent
    body = sent_body(request)
    assert request.write
    assert request.url == f"{BASE}/open/privacy_create_adapter/v1/ytoPickup/TEST02"
    assert sorted(body) == ["format", "param", "sign", "timestamp"]
    assert body["sign"] == sign(body["param"], "privacy_create_adapter", "v1", PICKUPS.secret)


def test_the_order_number_is_as_long_as_it_may_be():
    """A key of the core gives a number of 7 to 64 characters, from which the key can be told again."""
    key = Intent("yto-main", ActionKind.PICKUP, f"rma {RMA}", scope=RMA).key(1)
    number = order_number(key)
    assert 7 <= len(number) <= 64
    assert key_of(number) == key
    assert key_of("4000000010000004400") == ""


def test_the_remark_goes_out_as_it_is(provider: Yto, loopback: Loopback):
    """It names the cases when it comes, and is printed on the courier's label."""
    provider.order_pickup(replace(ORDER, remark=f"{RMA} R2"))
    assert param_of(loopback)["remark"] == f"{RMA} R2"


def test_a_window_is_told_in_china_time(provider: Yto, loopback: Loopback):
    """From when until when goes out to the second, whatever zone it was given in."""
    start = datetime.fromisoformat("2026-11-22T01:00:00+00:00")
    provider.order_pickup(replace(ORDER, fetch_from=start, fetch_until=start + timedelta(hours=3)))
    param = param_of(loopback)
    assert (param["startTime"], param["endTime"]) == ("2026-11-22 09:00:00", "2026-11-22 12:00:00")


@pytest.mark.parametrize(("days", "goes_out"), [(-1, False), (0, True), (6, True), (7, False)])
def test_a_window_that_they_would_refuse_is_not_sent(provider: Yto, loopback: Loopback, days: int, goes_out: bool):
    """Today and six days more can be named; for any other day nothing is sent."""
    start = START + timedelta(days=days)
    order = replace(ORDER, fetch_from=start, fetch_until=start + timedelta(hours=2))
    if goes_out:
        assert provider.order_pickup(order).waybill
        return
    with pytest.raises(BadInput) as caught:
        provider.order_pickup(order)
    assert (caught.value.code, loopback.sent) == ("bad_window", [])
    assert "startTime" in caught.value.message


@pytest.mark.parametrize(("count", "goes_out"), [(20, True), (21, False)])
def test_more_goods_than_they_list_are_not_sent(provider: Yto, loopback: Loopback, count: int, goes_out: bool):
    """Twenty kinds fit; one more is told by the member's name, and what the goods are is not repeated."""
    order = replace(ORDER, goods=tuple(PickupGoods(f"秘密{number}", "S", 1) for number in range(count)))
    if goes_out:
        assert provider.order_pickup(order).waybill
        return
    with pytest.raises(BadInput) as caught:
        provider.order_pickup(order)
    assert (caught.value.code, loopback.sent) == ("too_many_goods", [])
    assert "(goods)" in caught.value.message
    assert "秘密" not in caught.value.message


def test_the_courier_comes_and_brings_the_goods(provider: Yto, loopback: Loopback):
    """The waybill is there at once, its scans tell the fetching and then the arrival, and the world knows both ends."""
    submission = provider.order_pickup(ORDER)
    (made,) = loopback.world.pickups
    assert submission == Submission(f"RET{KEY}", waybill=made.waybill)
    assert (made.plugin, made.courier, made.key, made.remark) == ("yto", "yto", KEY, RMA)
    assert (made.sender, made.receiver) == (CUSTOMER, WAREHOUSE)
    assert loopback.world.pickup_effect(made) is Effect.ACCEPTED
    loopback.pass_time(24 * 7)
    (answer,) = provider.track((TrackQuery("yto", submission.waybill),))
    assert {ParcelStatus.PICKED_UP, ParcelStatus.DELIVERED} <= {event.status for event in answer.events}


def test_a_repeat_under_the_number_is_the_same_order(provider: Yto, loopback: Loopback):
    """As users report, though the contract does not rely on it: the second answer is the first, and nothing new is in the
    world; another number makes another order."""
    assert provider.order_pickup(ORDER) == provider.order_pickup(ORDER)
    assert len(loopback.world.pickups) == 1
    assert provider.order_pickup(replace(ORDER, key="f" * 32)).waybill != provider.order_pickup(ORDER).waybill
    assert len(loopback.world.pickups) == 2


def test_the_waybill_may_come_with_the_goods_only():
    """Without a waybill the order is accepted all the same; a repeat after the fetching tells it."""
    loopback = Loopback(YtoSandbox(waybill_at_pickup=True), BASE)
    provider = Yto(loopback.context("yto-main", settings()))
    assert provider.order_pickup(ORDER) == Submission(f"RET{KEY}")
    loopback.pass_time(24)
    assert provider.order_pickup(ORDER).waybill == loopback.world.pickups[0].waybill


def test_an_order_is_taken_back(provider: Yto, loopback: Loopback):
    """Before the goods are fetched: by the number that we gave it, with a reason."""
    submission = provider.order_pickup(ORDER)
    assert provider.cancel_pickup(replace(ORDER, reference=submission.reference)).reference == submission.reference
    assert param_of(loopback) == {"logisticsNo": f"RET{KEY}", "cancelDesc": "商家取消退货取件"}
    assert loopback.sent[-1].write
    assert loopback.world.pickup_effect(loopback.world.pickups[0]) is Effect.CANCELLED


def test_too_late_to_take_back(provider: Yto, loopback: Loopback):
    """Goods that are fetched cannot be left where they were."""
    provider.order_pickup(ORDER)
    loopback.pass_time(24)
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(ORDER)
    assert refused(caught.value) == RefusalReason.CANNOT_CANCEL
    assert "asctl pickup list" in caught.value.hint
    assert caught.value.upstream_text == "快件已揽收,无法取消"
    assert loopback.world.pickup_effect(loopback.world.pickups[0]) is Effect.EFFECTIVE


def test_what_was_never_ordered_cannot_be_taken_back(provider: Yto):
    """Their words for an order that does not exist are understood."""
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(ORDER)
    assert (refused(caught.value), caught.value.upstream_text) == (RefusalReason.NOT_AUTHORISED, "订单不存在")
    assert RMA in caught.value.message


@pytest.mark.parametrize(
    "reason",
    [
        "NOT_AUTHORISED", "NOT_SUPPORTED", "DESTINATION_CLOSED", "BAD_ADDRESS", "BAD_PHONE", "REFUSED_BY_RULE",
        "CANNOT_CANCEL", "RATE_LIMITED", "SIGN_ERROR", "OTHER",
    ],
)  # fmt: skip
def test_refusals_asked_for_as_a_fault_come_back(provider: Yto, loopback: Loopback, reason: str):
    """Each reason that concerns a pickup is told in their words and read as the same reason; the world stays as it is."""
    app = YtoSandbox()
    loopback.answer = lambda request: app.complain(app.identify(request), Complaint("refuse", reason=reason))
    with pytest.raises(Refused) as caught:
        provider.order_pickup(ORDER)
    assert refused(caught.value) == reason
    assert loopback.world.pickups == []


@pytest.mark.parametrize("code", [200010003, 200017004])
def test_invalid_parameters_are_a_refusal(answering: Callable[..., Yto], code: int):
    """The published sample of a failure: a clear no with its words kept."""
    with pytest.raises(Refused) as caught:
        answering({"success": False, "code": code, "reason": "logisticsNo不能为空; "}).order_pickup(ORDER)
    assert (caught.value.upstream_code, caught.value.upstream_text) == (str(code), "logisticsNo不能为空;")


@pytest.mark.parametrize("code", [200010002, 200010005, 200010013, 200017005])
def test_codes_that_leave_it_open(answering: Callable[..., Yto], code: int):
    """Trouble of theirs, "duplicate, being processed" and a label that could not be fetched say neither yes nor no."""
    provider = answering({"success": False, "code": code, "reason": "处理中"})
    for verb in (provider.order_pickup, provider.cancel_pickup):
        with pytest.raises(Unclear) as caught:
            verb(ORDER)
        assert (caught.value.code, caught.value.upstream_code) == ("server_error", str(code))


@pytest.mark.parametrize(
    "told",
    [
        b"<html>502</html>",
        b"[]",
        {},
        {"logisticsNo": "RETsomebody"},
        {"mailNo": "YT1234567890123"},
        {"success": True},
        {"logisticsNo": f"RET{KEY}", "success": False},
        {"success": False, "code": 999999, "reason": "?"},
    ],
)
def test_answers_that_cannot_be_made_out_are_unclear(answering: Callable[..., Yto], told: object):
    """Only the order's own number says yes, and only a known no is a no."""
    with pytest.raises(Unclear):
        answering(told).order_pickup(ORDER)


def test_a_lost_answer_is_unclear_and_a_repeat_clears_it(provider: Yto, loopback: Loopback):
    """The order stands although its answer was lost; under the same key it is told, not made again."""
    truth = loopback.answer

    def cut(request: SandboxRequest) -> SandboxReply:
        truth(request)
        return SandboxReply(b"<html>502</html>", content_type="text/html")

    loopback.answer = cut
    with pytest.raises(Unclear):
        provider.order_pickup(ORDER)
    loopback.answer = truth
    assert provider.order_pickup(ORDER).waybill == loopback.world.pickups[0].waybill
    assert len(loopback.world.pickups) == 1


def test_pickups_have_credentials_of_their_own(loopback: Loopback):
    """Under those of another interface they are not let in, and nothing is ordered."""
    mixed = settings(
        pickup_customer_code=TRACKING.customer_code, pickup_secret=TRACKING.secret, pickup_url_key=TRACKING.url_key
    )
    with pytest.raises(CredentialsRefused):
        Yto(loopback.context("yto-main", mixed)).order_pickup(ORDER)
    assert loopback.world.pickups == []


def test_a_moment_in_china_decides_which_day_it_is(provider: Yto, loopback: Loopback):
    """Late in the evening in Europe it is tomorrow already where the courier comes."""
    loopback.clock.moment = datetime.fromisoformat("2026-11-21T17:00:00+00:00")
    start = datetime(2026, 11, 28, 9, tzinfo=CHINA)
    assert provider.order_pickup(replace(ORDER, fetch_from=start, fetch_until=start + timedelta(hours=1))).waybill
