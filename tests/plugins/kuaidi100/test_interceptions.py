"""Interceptions and changes of address, ordered over the plugin's own sandbox app."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from asctl.api import (
    AddressChange,
    BadConfiguration,
    BadInput,
    Effect,
    Interception,
    NotOffered,
    ParcelStatus,
    Receiver,
    RefusalReason,
    Refused,
    Submission,
    TrackQuery,
)
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import their_receiver
from asctl_kuaidi100.provider import Kuaidi100
from asctl_kuaidi100.sandbox_account import KEY, SECRET
from tests.plugins.kuaidi100.conftest import BASE, CALLBACK, Wire, answering, provider_on
from tests.plugins.loopback import START, refused

WAYBILL = "JT1234567890123"
VECTOR_D = (
    '{"kuaidicom":"jtexpress","kuaidinum":"JT1234567890123","interceptType":"RETURN_SEND_ADDR","partnerId":"TEST01",'
    '"reason":"买家退款","salt":"testsalt","callbackUrl":"http://127.0.0.1:8100/kd/intercept"}'
)
SOMEBODY = Receiver("测试甲", "13800000001", "浙江省", "杭州市", "余杭区", "良渚街道", "测试路 1 号")
CALL_BACK = Interception("key-1", "jt", WAYBILL)
REDIRECT = AddressChange("key-1", "jt", WAYBILL, SOMEBODY)
TAKEN = {"code": 200, "message": "提交成功", "time": 33, "data": {"taskId": "8B1F"}, "success": True}


@pytest.fixture
def moving(wire: Wire) -> Wire:
    wire.parcel("jt", WAYBILL, (20, ParcelStatus.PICKED_UP), (5, ParcelStatus.IN_TRANSIT))
    return wire


def param_of(wire: Wire) -> dict[str, Any]:
    param = json.loads((wire.sent[-1].form or {})["param"])
    assert isinstance(param, dict)
    return param


def test_order_is_sent_as_in_the_published_vector():
    """The param is vector D to the character, signed over param, t, key and secret, and the request is a write."""
    wire = answering(TAKEN)
    provider_on(wire, partner_id="TEST01").intercept(replace(CALL_BACK, reason="买家退款"))
    (request,) = wire.sent
    t = str(int(START.timestamp() * 1000))
    assert (request.method, request.url, request.write) == ("POST", f"{BASE}/label/order", True)
    assert request.form == {
        "method": "interceptOrder",
        "key": KEY,
        "t": t,
        "param": VECTOR_D,
        "sign": sign(VECTOR_D, t, KEY, SECRET),
    }


@pytest.mark.parametrize(("return_to", "told"), [("sender", "RETURN_SEND_ADDR"), ("outlet", "RETURN_SEND_STATION")])
def test_places_of_return(moving: Wire, return_to: str, told: str):
    """Sender and outlet are told in their words, and the world has it so."""
    provider_on(moving).intercept(replace(CALL_BACK, return_to=return_to))
    assert param_of(moving)["interceptType"] == told
    assert [(made.kind, made.waybill) for made in moving.world.interceptions] == [(return_to, WAYBILL)]


def test_account_and_order_travel_along():
    """The e-waybill account, our order, who pays and the callback are sent where they are set, and only there."""
    wire = answering(TAKEN)
    account = {
        "partner_id": "P1",
        "partner_key": "P2",
        "partner_secret": "P3",
        "partner_name": "P4",
        "partner_code": "P5",
        "partner_net": "P6",
        "intercept_pay_type": "MONTHLY",
    }
    provider_on(wire, **account).intercept(replace(CALL_BACK, order_id="4000000001"))
    assert param_of(wire) == {
        "kuaidicom": "jtexpress",
        "kuaidinum": WAYBILL,
        "interceptType": "RETURN_SEND_ADDR",
        "partnerId": "P1",
        "partnerKey": "P2",
        "partnerSecret": "P3",
        "partnerName": "P4",
        "code": "P5",
        "net": "P6",
        "orderId": "4000000001",
        "interceptPayType": "MONTHLY",
        "salt": "testsalt",
        "callbackUrl": CALLBACK,
    }
    provider_on(wire, callback_url=None).intercept(replace(CALL_BACK, courier="sf"))
    assert sorted(param_of(wire)) == ["interceptType", "kuaidicom", "kuaidinum"]


def test_redirection_tells_the_whole_receiver(moving: Wire):
    """Name, phone and the address as one text are sent, and the world takes it for that city."""
    provider_on(moving).change_address(REDIRECT)
    assert param_of(moving)["recManInfo"] == {
        "name": "测试甲",
        "mobile": "13800000001",
        "printAddr": "浙江省杭州市余杭区良渚街道测试路 1 号",
    }
    (made,) = moving.world.interceptions
    assert made.receiver == Receiver("测试甲", "13800000001", "浙江省", "杭州市", detail="余杭区良渚街道测试路 1 号")


@pytest.mark.parametrize(
    ("phone", "line"),
    [("13800000001", "mobile"), ("13800000001-1234", "mobile"), ("0571-88888888", "tel"), ("057188888888-12", "tel")],
)
def test_phone_is_mobile_or_landline(phone: str, line: str):
    """A mobile number, also a virtual one with its extension, and a landline stand in different members."""
    assert their_receiver(replace(SOMEBODY, phone=phone))[line] == phone


def test_submission_holds_their_task_and_words(moving: Wire):
    """Accepted is told with the task's number; the world, not the answer, says what comes of it."""
    submission = provider_on(moving).intercept(CALL_BACK)
    (made,) = moving.world.interceptions
    assert submission == Submission(made.number, "提交成功", None)
    assert moving.world.interception_effect(made) is Effect.ACCEPTED


@pytest.mark.parametrize("told", [{"code": 200}, {"code": "200", "data": None}, {"code": 200, "data": ["8B1F"]}])
def test_success_without_a_task_is_success(told: dict[str, object]):
    """Only the code decides, as number or text; a task that is not told leaves the reference empty."""
    assert provider_on(answering(told)).intercept(CALL_BACK) == Submission()


def test_interception_shows_in_the_scans(moving: Wire):
    """Some hours later the track tells the way back, which is the only look there is."""
    provider = provider_on(moving)
    provider.intercept(CALL_BACK)
    moving.pass_time(3)
    (answer,) = provider.track((TrackQuery("jt", WAYBILL),))
    assert answer.events[0].status is ParcelStatus.RETURNING


def test_redirection_shows_in_the_scans(moving: Wire):
    """The forwarded scan carries the flag."""
    provider = provider_on(moving)
    provider.change_address(REDIRECT)
    moving.pass_time(3)
    (answer,) = provider.track((TrackQuery("jt", WAYBILL),))
    assert (answer.events[0].flags, answer.events[0].raw_code) == (("redirected",), "1003")


def test_repeat_is_carried_out_twice(moving: Wire):
    """The route is unkeyed: the same request again makes another task, as the contract declares."""
    provider = provider_on(moving)
    first, second = provider.intercept(CALL_BACK), provider.intercept(CALL_BACK)
    assert first.reference != second.reference
    assert len(moving.world.interceptions) == 2


@pytest.mark.parametrize("courier", ["sf", "zto", "yto", "sto", "yunda", "jd", "jt", "ems", "post", "deppon", "best"])
def test_every_courier_is_served(wire: Wire, courier: str):
    """A parcel of any courier of the plugin can be called back, also one that has an app of its own."""
    wire.parcel(courier, "W1234567890", (5, ParcelStatus.IN_TRANSIT))
    assert provider_on(wire).intercept(Interception("key-1", courier, "W1234567890")).reference


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (ParcelStatus.CREATED, RefusalReason.NOT_PICKED_UP_YET),
        (ParcelStatus.OUT_FOR_DELIVERY, RefusalReason.TOO_LATE),
        (ParcelStatus.READY_FOR_PICKUP, RefusalReason.TOO_LATE),
        (ParcelStatus.DELIVERED, RefusalReason.ALREADY_DELIVERED),
        (ParcelStatus.RETURNING, RefusalReason.ALREADY_INTERCEPTED),
        (ParcelStatus.LOST, RefusalReason.LOST),
        (ParcelStatus.CANCELLED, RefusalReason.REFUSED_BY_RULE),
    ],
)
def test_refusals_by_where_the_parcel_stands(wire: Wire, status: ParcelStatus, reason: RefusalReason):
    """What the courier says no to comes back as the one reason, with its own text beside it."""
    wire.parcel("jt", WAYBILL, (5, status))
    with pytest.raises(Refused) as caught:
        provider_on(wire).intercept(CALL_BACK)
    assert refused(caught.value) == reason
    assert caught.value.upstream_text
    assert wire.world.interceptions == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"province": "香港特别行政区", "city": "九龙"}, RefusalReason.NOT_SUPPORTED),
        ({"province": "海南省", "city": "三沙市"}, RefusalReason.DESTINATION_CLOSED),
    ],
)
def test_refusals_by_where_it_should_go(moving: Wire, changed: dict[str, str], reason: RefusalReason):
    """A place out of reach and a closed destination are refused by the far side in words that are understood."""
    with pytest.raises(Refused) as caught:
        provider_on(moving).change_address(replace(REDIRECT, receiver=replace(SOMEBODY, **changed)))
    assert refused(caught.value) == reason


def test_parcels_of_others_are_refused(wire: Wire):
    """Nobody's waybill and another shop's parcel are not ours to call back."""
    wire.parcel("jt", "JT9999999999999", (5, ParcelStatus.IN_TRANSIT), foreign=True)
    for waybill in ("JT9999999999999", "JT0000000000000"):
        with pytest.raises(Refused) as caught:
            provider_on(wire).intercept(replace(CALL_BACK, waybill=waybill))
        assert refused(caught.value) == RefusalReason.NOT_AUTHORISED


@pytest.mark.parametrize("part", ["name", "phone", "province", "detail"])
@pytest.mark.parametrize("text", ["", "138****0001"])
def test_incomplete_receiver_is_told_at_home(moving: Wire, part: str, text: str):
    """A missing or masked part is named, and nothing is sent."""
    with pytest.raises(BadInput) as caught:
        provider_on(moving).change_address(replace(REDIRECT, receiver=replace(SOMEBODY, **{part: text})))
    assert caught.value.code == "incomplete_address"
    assert caught.value.message.endswith(part)
    assert moving.sent == []


def test_number_that_is_no_phone_is_told_at_home(moving: Wire):
    """No courier takes it, so nothing is sent."""
    with pytest.raises(BadInput) as caught:
        provider_on(moving).change_address(replace(REDIRECT, receiver=replace(SOMEBODY, phone="12345")))
    assert (caught.value.code, moving.sent) == ("bad_phone", [])


@pytest.mark.parametrize("courier", ["zto", "jt", "yto"])
def test_callback_address_is_wanted_by_some_couriers(wire: Wire, courier: str):
    """Without callback_url nothing is sent for ZTO, J&T and YTO."""
    with pytest.raises(BadConfiguration) as caught:
        provider_on(wire, callback_url=None).intercept(replace(CALL_BACK, courier=courier))
    assert caught.value.code == "callback_url_missing"
    assert "[couriers.kd100]" in caught.value.hint
    assert wire.sent == []


@pytest.mark.parametrize("setting", ["secret", "salt"])
def test_settings_that_a_write_needs(moving: Wire, setting: str):
    """A write wants the secret, and with a callback address the salt that proves the callback; a query needs neither."""
    provider = provider_on(moving, **{setting: None})
    with pytest.raises(BadConfiguration) as caught:
        provider.intercept(CALL_BACK)
    assert caught.value.code == f"{setting}_missing"
    assert moving.sent == []
    assert provider.track((TrackQuery("jt", WAYBILL),))[0].events


def test_courier_that_is_not_served(wire: Wire):
    """A courier without a code at Kuaidi100 is not offered."""
    with pytest.raises(NotOffered) as caught:
        provider_on(wire).intercept(replace(CALL_BACK, courier="nobody"))
    assert caught.value.code == "courier_not_served"
    assert wire.sent == []


def test_nothing_is_taken_back(provider: Kuaidi100, wire: Wire):
    """There is no such call, and the error says whom to ask."""
    with pytest.raises(NotOffered) as caught:
        provider.cancel_interception(CALL_BACK)
    assert caught.value.code == "cancel_not_offered"
    assert WAYBILL in caught.value.hint
    assert wire.sent == []


def test_wrong_secret_is_a_refusal(moving: Wire):
    """The signature is found wrong, and nothing is carried out: which code says so is inferred, so it proves no more than
    any other no."""
    with pytest.raises(Refused) as caught:
        provider_on(moving, secret="other").intercept(CALL_BACK)
    assert refused(caught.value) == RefusalReason.SIGN_ERROR
    assert moving.world.interceptions == []
