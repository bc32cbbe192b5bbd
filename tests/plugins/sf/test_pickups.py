"""The course of return pickups over the plugin's own sandbox app: ordered once, looked for, followed, taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    Effect,
    Evidence,
    RefusalReason,
    Refused,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_sf.client import CANCEL_PICKUP, FIND_ORDER, ORDER_PICKUP
from asctl_sf.provider import SF
from asctl_sf.sandbox import SFSandbox
from tests.plugins.loopback import START, Loopback
from tests.plugins.sf.conftest import BASE, CASE, CUSTOMER, KEY, PICKUP, SETTINGS, WAYBILL, said_no, said_yes, told

STANDING = replace(PICKUP, reference=KEY)


def services(loop: Loopback) -> list[str]:
    return [(request.form or {})["serviceCode"] for request in loop.sent]


def losing_answers(loop: Loopback) -> Callable[[SandboxRequest], SandboxReply]:
    """From now on calls are carried out and their answers lost; returns what answered before."""
    served = loop.answer

    def cut_off(request: SandboxRequest) -> SandboxReply:
        served(request)
        return SandboxReply(b"")

    loop.answer = cut_off
    return served


def test_ordered_with_its_waybill(provider: SF, loop: Loopback) -> None:
    """Our key is the number, and the parcel is one of the world: tracked with the customer's phone."""
    submission = provider.order_pickup(PICKUP)
    (made,) = loop.world.pickups
    assert (submission.reference, submission.waybill, made.key) == (KEY, made.waybill, KEY)
    assert (made.sender.name, made.receiver.name, made.remark) == ("测试甲", "退货组", CASE)
    (answer,) = provider.track((TrackQuery("sf", submission.waybill, "0004"),))
    assert answer.events


def test_a_lost_answer_is_found_and_not_repeated(provider: SF, loop: Loopback) -> None:
    """The look finds the order with its waybill; ordering again under the key makes no second one, and is no refusal."""
    assert provider.find_pickup(PICKUP).evidence is Evidence.ABSENT
    served = losing_answers(loop)
    with pytest.raises(Unclear):
        provider.order_pickup(PICKUP)
    loop.answer = served
    (made,) = loop.world.pickups
    found = provider.find_pickup(PICKUP)
    assert (found.evidence, found.effect) == (Evidence.PRESENT, Effect.ACCEPTED)
    assert (found.reference, found.waybill) == (KEY, made.waybill)
    again = provider.order_pickup(PICKUP)
    assert (again.reference, again.waybill, len(loop.world.pickups)) == (KEY, made.waybill, 1)


def test_a_duplicate_whose_look_fails_is_still_ours(provider: SF, loop: Loopback) -> None:
    """8016 about our own key says that it arrived; trouble of the look after it does not take that back."""
    answers = iter([said_no("8016", "重复下单"), told(None, "A1099")])
    loop.answer = lambda _request: next(answers)
    submission = provider.order_pickup(PICKUP)
    assert (submission.reference, submission.waybill, submission.message) == (KEY, "", "重复下单")
    assert services(loop) == [ORDER_PICKUP, FIND_ORDER]


def test_a_duplicate_that_was_not_served_is_refused(provider: SF, loop: Loopback) -> None:
    """What SF would not fetch at the earlier attempt, it does not fetch now."""
    answers = iter([said_no("8016"), said_yes({"orderId": KEY, "filterResult": 3, "remark": "超范围"})])
    loop.answer = lambda _request: next(answers)
    with pytest.raises(Refused) as caught:
        provider.order_pickup(PICKUP)
    assert caught.value.reason == RefusalReason.DESTINATION_CLOSED


def test_a_place_that_is_not_served_is_refused(provider: SF, loop: Loopback) -> None:
    """SF says so in an answer that is a success by its code; the case is named, SF's words are kept."""
    with pytest.raises(Refused) as caught:
        provider.order_pickup(replace(PICKUP, sender=replace(CUSTOMER, city="三沙市")))
    assert caught.value.reason == RefusalReason.DESTINATION_CLOSED
    assert (caught.value.upstream_code, caught.value.upstream_text) == ("filterResult 3", "收方超范围")
    assert CASE in caught.value.message
    assert loop.world.pickups == []


def test_from_order_to_fetched(provider: SF, loop: Loopback) -> None:
    """The status is accepted until a scan shows the goods fetched."""
    waybill = provider.order_pickup(PICKUP).waybill
    known = replace(STANDING, waybill=waybill)
    assert provider.pickup_status(known).effect is Effect.ACCEPTED
    loop.pass_time(4)
    found = provider.pickup_status(known)
    assert (found.evidence, found.effect, found.waybill) == (Evidence.PRESENT, Effect.EFFECTIVE, waybill)


def test_waybill_that_comes_at_the_door() -> None:
    """Where SF tells the waybill only at the fetching, order and look are without, and the status brings it."""
    loop = Loopback(SFSandbox(waybill_at_pickup=True), BASE)
    provider = SF(loop.context("sf-main", SETTINGS))
    assert provider.order_pickup(PICKUP).waybill == ""
    assert provider.find_pickup(PICKUP).waybill == ""
    assert provider.pickup_status(STANDING).effect is Effect.ACCEPTED
    loop.pass_time(4)
    found = provider.pickup_status(STANDING)
    assert (found.effect, found.waybill) == (Effect.EFFECTIVE, loop.world.pickups[0].waybill)


def test_sending_cancelled_at_the_door(provider: SF, loop: Loopback) -> None:
    """A scan that says so ends the pickup, although the order is still there."""
    told_of = said_yes({"orderId": KEY, "filterResult": 2, "waybillNoInfoList": [{"waybillNo": WAYBILL}]})
    scan = {"acceptTime": "2026-11-21 11:00:00", "remark": "取消寄件", "opCode": "70", "reasonCode": "46"}
    routes = said_yes({"routeResps": [{"mailNo": WAYBILL, "routes": [scan]}]})
    answers = iter([told_of, routes])
    loop.answer = lambda _request: next(answers)
    assert provider.pickup_status(STANDING).effect is Effect.CANCELLED


def test_routes_decide_where_the_look_is_blind(make_provider: Callable[..., SF], loop: Loopback) -> None:
    """An order that the search does not know (it may be of another kind there) is judged by the scans of its waybill."""
    provider = make_provider(pickup_search_type="1")
    known = replace(STANDING, waybill=provider.order_pickup(PICKUP).waybill)
    assert provider.find_pickup(known).evidence is Evidence.ABSENT
    loop.pass_time(4)
    assert provider.pickup_status(known).effect is Effect.EFFECTIVE


def test_taken_back_before_the_courier_came(provider: SF, loop: Loopback) -> None:
    """Once and again: the number stays cancelled, and the look and the status say so."""
    provider.order_pickup(PICKUP)
    for _ in range(2):
        assert provider.cancel_pickup(STANDING).reference == KEY
    assert services(loop)[1:] == [CANCEL_PICKUP] * 2
    sent = loop.sent[-1]
    assert (json.loads((sent.form or {})["msgData"]), sent.write) == ({"orderId": KEY}, True)
    assert loop.world.pickup_effect(loop.world.pickups[0]) is Effect.CANCELLED
    assert provider.find_pickup(STANDING).effect is Effect.CANCELLED
    assert provider.pickup_status(STANDING).effect is Effect.CANCELLED


def test_a_lost_cancellation_may_be_repeated(provider: SF, loop: Loopback) -> None:
    """What is cancelled already counts as done, as the contract without a look wants it."""
    provider.order_pickup(PICKUP)
    served = losing_answers(loop)
    with pytest.raises(Unclear):
        provider.cancel_pickup(STANDING)
    loop.answer = served
    assert provider.cancel_pickup(STANDING).message == "订单已取消"


def test_too_late_to_take_back(provider: SF, loop: Loopback) -> None:
    """After the fetching SF refuses, with its own code beside our reason."""
    provider.order_pickup(PICKUP)
    loop.pass_time(4)
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(STANDING)
    assert (caught.value.reason, caught.value.upstream_code) == (RefusalReason.CANNOT_CANCEL, "8252")
    assert CASE in caught.value.message
    assert "asctl pickup list" in caught.value.hint


def test_a_mismatch_is_no_cancellation(provider: SF, loop: Loopback) -> None:
    """``resStatus`` 1 stands for a no in an answer that is a success; 2, or nothing, for a yes."""
    loop.answer = lambda _request: said_yes({"orderId": KEY, "resStatus": 1})
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(STANDING)
    assert caught.value.reason == RefusalReason.CANNOT_CANCEL
    answers = iter([said_yes({"orderId": KEY, "resStatus": 2}), said_yes(None)])
    loop.answer = lambda _request: next(answers)
    assert [provider.cancel_pickup(STANDING).reference for _ in range(2)] == [KEY, KEY]


def test_nothing_to_take_back(provider: SF) -> None:
    """A number that SF never had is refused."""
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(STANDING)
    assert caught.value.upstream_code == "8018"


@pytest.mark.parametrize(
    ("code", "family", "word"),
    [
        ("8096", Refused, "outside_pickup_hours"),
        ("20011", Refused, "outside_pickup_hours"),
        ("8177", Refused, "peak_control"),
        ("20035", Refused, "refused_by_rule"),
        ("20012", Refused, "not_supported"),
        ("8051", Refused, "not_supported"),
        ("1010", Refused, "bad_address"),
        ("1012", Refused, "bad_phone"),
        ("1023", BadInput, "order_incomplete"),
        ("6118", BadInput, "order_incomplete"),
        ("S0002", BadInput, "question_malformed"),
        ("8027", BadConfiguration, "pickup_setting_refused"),
        ("8057", BadConfiguration, "pickup_setting_refused"),
        ("8114", BadConfiguration, "payment_refused"),
        ("8119", BadConfiguration, "payment_refused"),
        ("S0003", Unclear, "server_error"),
    ],
)
def test_what_sf_says_no_to(provider: SF, loop: Loopback, code: str, family: type[AsctlError], word: str) -> None:
    """Each code in its family, with a next step and SF's words; only SF's own trouble leaves the order open."""
    loop.answer = lambda _request: said_no(code, "原文")
    with pytest.raises(family) as caught:
        provider.order_pickup(PICKUP)
    assert (caught.value.code, caught.value.upstream_code, caught.value.upstream_text) == (word, code, "原文")
    assert caught.value.hint
    assert len(loop.sent) == 1


def test_out_of_hours_by_the_real_way(provider: SF, loop: Loopback) -> None:
    """A window in the night is refused, and nobody comes."""
    with pytest.raises(Refused) as caught:
        provider.order_pickup(replace(PICKUP, fetch_from=START.replace(hour=23), fetch_until=START.replace(hour=23)))
    assert (caught.value.code, loop.world.pickups) == ("outside_pickup_hours", [])


@pytest.mark.parametrize("code", ["6150", "8018", "8024"])
def test_words_for_no_such_order(provider: SF, loop: Loopback, code: str) -> None:
    """A look takes each of them for an answer: the order is not there."""
    loop.answer = lambda _request: said_no(code)
    assert provider.find_pickup(PICKUP).evidence is Evidence.ABSENT


@pytest.mark.parametrize(
    ("reply", "family"),
    [
        (said_no("S0003"), Unavailable),
        (told(None, "A1009"), Unavailable),
        (said_no("8306"), Refused),
        (said_yes({"orderId": "another", "filterResult": 2}), Unavailable),
    ],
)
def test_a_look_that_fails_is_no_evidence(
    provider: SF, loop: Loopback, reply: SandboxReply, family: type[AsctlError]
) -> None:
    """Trouble, another refusal, or the order of somebody else: raised, never told as absent."""
    loop.answer = lambda _request: reply
    with pytest.raises(family):
        provider.find_pickup(PICKUP)


def test_an_empty_yes_is_unknown(provider: SF, loop: Loopback) -> None:
    """A success without content proves neither that the order is there nor that it is not; of an order it is a yes."""
    loop.answer = lambda _request: said_yes(None)
    assert provider.find_pickup(PICKUP).evidence is Evidence.UNKNOWN
    assert provider.order_pickup(PICKUP).reference == KEY


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["orderId", "filterResult", "remark", "waybillNoInfoList", "resStatus", "routeResps"])


@given(data=junk | st.dictionaries(MEMBERS, junk))
def test_junk_raises_only_our_families(data: Any) -> None:
    """Whatever comes back, a caller meets an answer or one of our errors."""
    loop = Loopback(SFSandbox(), BASE)
    loop.answer = lambda _request: said_yes(data)
    provider = SF(loop.context("sf-main", SETTINGS))
    for call in (provider.order_pickup, provider.find_pickup, provider.pickup_status, provider.cancel_pickup):
        try:
            call(replace(PICKUP, waybill=WAYBILL))
        except AsctlError as error:
            assert error.code
