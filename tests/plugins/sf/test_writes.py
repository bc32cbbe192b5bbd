"""Redirection, return and its cancellation over the plugin's own sandbox app."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import (
    AddressChange,
    BadConfiguration,
    BadInput,
    Effect,
    Interception,
    ParcelStatus,
    Receiver,
    RefusalReason,
    Refused,
    TrackQuery,
    Unclear,
    in_time_order,
)
from asctl.api.sandbox import SandboxReply
from asctl.domain.parcels import status_of
from asctl_sf.provider import SF
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import RECEIVER, TAIL, WAYBILL, said_yes

P = ParcelStatus
CHANGE = AddressChange("key", "sf", WAYBILL, RECEIVER)
RETURN = Interception("key", "sf", WAYBILL)


@pytest.fixture
def moving(loop: Loopback) -> Loopback:
    """A world with the parcel under way, to be delivered tomorrow."""
    loop.parcel("sf", WAYBILL, (20, P.PICKED_UP), (5, P.IN_TRANSIT), (-24, P.DELIVERED), phone_tail=TAIL)
    return loop


def content(loop: Loopback) -> dict[str, Any]:
    """The ``msgData`` of the last call."""
    told: dict[str, Any] = json.loads((loop.sent[-1].form or {})["msgData"])
    return told


def statuses(provider: SF) -> list[tuple[ParcelStatus, tuple[str, ...]]]:
    (answer,) = provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    return [(event.status, event.flags) for event in answer.events]


def test_redirection_says_all_that_sf_wants(provider: SF, moving: Loopback) -> None:
    """The call is a write with service 1, who asks, who pays and the whole new receiver."""
    provider.change_address(AddressChange("key", "sf", WAYBILL, replace(RECEIVER, town="测试镇")))
    assert moving.sent[-1].write
    assert content(moving) == {
        "waybillNo": WAYBILL,
        "serviceCode": "1",
        "role": "1",
        "payMode": "4",
        "monthlyCardNo": "7551234567",
        "newDestAddress": {
            "province": "上海市",
            "city": "上海市",
            "county": "徐汇区",
            "address": "测试镇测试路2号3室",
            "contact": "张小明",
            "phone": "13800000002",
        },
    }


def test_return_goes_to_the_accounts_address(provider: SF, moving: Loopback) -> None:
    """The call is a write with service 2 and the address in the settings."""
    provider.intercept(RETURN)
    told = content(moving)
    assert moving.sent[-1].write
    assert (told["serviceCode"], told["newDestAddress"]["city"], told["newDestAddress"]["contact"]) == (
        "2",
        "杭州市",
        "退货组",
    )


@pytest.mark.parametrize(
    ("pay_mode", "number", "card"),
    [
        ("sender_cash", "1", False),
        ("receiver_cash", "2", False),
        ("third_party_card", "3", True),
        ("sender_card", "4", True),
    ],
)
def test_pay_modes(make_provider: Callable[..., SF], moving: Loopback, pay_mode: str, number: str, card: bool) -> None:
    """Each way to pay has its number; the monthly card goes along only where it pays."""
    make_provider(pay_mode=pay_mode).intercept(RETURN)
    assert content(moving)["payMode"] == number
    assert ("monthlyCardNo" in content(moving)) is card


def test_number_and_fee_are_kept(provider: SF, moving: Loopback) -> None:
    """SF's number is the reference, its amount the fee."""
    submission = provider.intercept(RETURN)
    (made,) = moving.world.interceptions
    assert (submission.reference, submission.fee) == (made.number, Decimal("12.00"))


def test_a_bare_yes_is_a_yes(provider: SF, moving: Loopback) -> None:
    """SF may accept without a word: the submission then has no number."""
    moving.answer = lambda _request: said_yes(None)
    assert provider.intercept(RETURN).reference == ""


def test_a_return_shows_in_the_routes(provider: SF, moving: Loopback) -> None:
    """Hours after it was accepted the parcel turns round, and at the end the sender signs for it (rule c)."""
    provider.intercept(RETURN)
    moving.pass_time(3)
    assert statuses(provider)[-1] == (P.RETURNING, ("intercepted",))
    moving.pass_time(48)
    (answer,) = provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    assert status_of(in_time_order(answer.events)) == (P.RETURNED, "80")


def test_a_redirection_shows_in_the_routes(provider: SF, moving: Loopback) -> None:
    """Hours after it was accepted the parcel is flagged, and is delivered at the new address."""
    provider.change_address(CHANGE)
    moving.pass_time(3)
    assert statuses(provider)[-1] == (P.IN_TRANSIT, ("redirected",))
    moving.pass_time(96)
    assert statuses(provider)[-1] == (P.DELIVERED, ())


@pytest.mark.parametrize("write", [lambda p: p.intercept(RETURN), lambda p: p.change_address(CHANGE)])
def test_a_repeat_is_carried_out_again(provider: SF, moving: Loopback, write: Callable[[SF], object]) -> None:
    """SF drops no repeats: the sandbox applies both, under two numbers, as the contract says."""
    for _ in range(2):
        write(provider)
    first, second = moving.world.interceptions
    assert first.number != second.number


def test_a_return_is_taken_back(provider: SF, moving: Loopback) -> None:
    """By its number, before the courier acted: the parcel goes on as before. A repeat is carried out again."""
    reference = provider.intercept(RETURN).reference
    for _ in range(2):
        assert provider.cancel_interception(replace(RETURN, reference=reference)).reference == reference
    assert (content(moving)["cancel"], content(moving)["cusId"], content(moving)["serviceCode"]) == (
        True,
        reference,
        "2",
    )
    assert moving.world.interception_effect(moving.world.interceptions[0]) is Effect.CANCELLED
    moving.pass_time(30)
    assert statuses(provider)[-1] == (P.DELIVERED, ())


def test_too_late_to_take_back(provider: SF, moving: Loopback) -> None:
    """Once the courier has acted, SF refuses; so it does for a number that it never gave."""
    reference = provider.intercept(RETURN).reference
    moving.pass_time(3)
    for number in (reference, "CUS0"):
        with pytest.raises(Refused) as caught:
            provider.cancel_interception(replace(RETURN, reference=number))
        assert caught.value.reason == RefusalReason.CANNOT_CANCEL


def test_nothing_to_take_back_by(provider: SF, moving: Loopback) -> None:
    """Without SF's number there is no way, and nothing is sent."""
    with pytest.raises(Refused) as caught:
        provider.cancel_interception(RETURN)
    assert (caught.value.reason, moving.sent) == (RefusalReason.CANNOT_CANCEL, [])


@pytest.mark.parametrize(
    ("scans", "reason"),
    [
        ([(30, P.PICKED_UP), (2, P.DELIVERED)], RefusalReason.ALREADY_DELIVERED),
        ([(30, P.PICKED_UP), (2, P.OUT_FOR_DELIVERY)], RefusalReason.TOO_LATE),
        ([(30, P.CREATED)], RefusalReason.NOT_PICKED_UP_YET),
        ([(30, P.PICKED_UP), (2, P.RETURNING)], RefusalReason.ALREADY_INTERCEPTED),
        ([(30, P.PICKED_UP), (2, P.LOST)], RefusalReason.LOST),
        ([(30, P.CREATED), (2, P.CANCELLED)], RefusalReason.REFUSED_BY_RULE),
    ],
)
def test_refused_by_where_the_parcel_stands(
    provider: SF, loop: Loopback, scans: list[tuple[float, ParcelStatus]], reason: RefusalReason
) -> None:
    """Each obstacle comes back as its reason, and nothing is changed."""
    loop.parcel("sf", WAYBILL, *scans)
    with pytest.raises(Refused) as caught:
        provider.intercept(RETURN)
    assert (caught.value.reason, loop.world.interceptions) == (reason, [])


@pytest.mark.parametrize("known", [True, False])
def test_not_our_parcel(provider: SF, loop: Loopback, known: bool) -> None:
    """A parcel of another shop, or of nobody, is not ours to touch."""
    if known:
        loop.parcel("sf", WAYBILL, (3, P.IN_TRANSIT), foreign=True)
    with pytest.raises(Refused) as caught:
        provider.intercept(RETURN)
    assert caught.value.reason == RefusalReason.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("receiver", "reason"),
    [
        (replace(RECEIVER, province="海南省", city="三沙市"), RefusalReason.DESTINATION_CLOSED),
        (replace(RECEIVER, province="香港特别行政区", city="香港"), RefusalReason.NOT_SUPPORTED),
        (replace(RECEIVER, detail="2号"), RefusalReason.BAD_ADDRESS),
    ],
)
def test_refused_by_the_new_address(provider: SF, moving: Loopback, receiver: Receiver, reason: RefusalReason) -> None:
    """What only SF can judge of an address is its refusal."""
    with pytest.raises(Refused) as caught:
        provider.change_address(replace(CHANGE, receiver=receiver))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("receiver", "code", "part"),
    [
        (replace(RECEIVER, name=""), "incomplete_address", "name"),
        (replace(RECEIVER, phone=" "), "incomplete_address", "phone"),
        (replace(RECEIVER, province=""), "incomplete_address", "province"),
        (replace(RECEIVER, city="", district=""), "incomplete_address", "city"),
        (replace(RECEIVER, detail=""), "incomplete_address", "detail"),
        (replace(RECEIVER, name="张**"), "incomplete_address", "name"),
        (replace(RECEIVER, phone="138****0002"), "incomplete_address", "phone"),
        (replace(RECEIVER, phone="call me"), "bad_phone", "phone"),
        (replace(RECEIVER, phone="123"), "bad_phone", "phone"),
    ],
)
def test_what_sf_would_surely_refuse_is_not_sent(
    provider: SF, moving: Loopback, receiver: Receiver, code: str, part: str
) -> None:
    """A receiver that is not whole is found at home; the error names the part and repeats nothing of it."""
    with pytest.raises(BadInput) as caught:
        provider.change_address(replace(CHANGE, receiver=receiver))
    assert caught.value.code == code
    assert part in caught.value.message
    assert all(told not in caught.value.message for told in ("张", "138", "测试路"))
    assert moving.sent == []


def test_county_level_city(provider: SF, moving: Loopback) -> None:
    """A city that the marketplace keeps in the district is the city."""
    provider.change_address(replace(CHANGE, receiver=replace(RECEIVER, province="湖北省", city="", district="仙桃市")))
    assert content(moving)["newDestAddress"]["city"] == "仙桃市"


@pytest.mark.parametrize(
    "setting", ["return_contact", "return_phone", "return_province", "return_city", "return_address"]
)
def test_return_address_must_be_whole(make_provider: Callable[..., SF], moving: Loopback, setting: str) -> None:
    """Without a place to return to nothing is sent, and the error names the setting; a redirection needs none."""
    provider = make_provider(**{setting: ""})
    with pytest.raises(BadConfiguration) as caught:
        provider.intercept(RETURN)
    assert (caught.value.code, moving.sent) == ("return_address_missing", [])
    assert setting in caught.value.message
    assert provider.change_address(CHANGE).reference


def test_card_must_be_there_to_pay(make_provider: Callable[..., SF], moving: Loopback) -> None:
    """A card mode without a card sends nothing; an unknown card is told as a matter of the configuration."""
    with pytest.raises(BadConfiguration) as caught:
        make_provider(monthly_card="").intercept(RETURN)
    assert (caught.value.code, moving.sent) == ("monthly_card_missing", [])
    with pytest.raises(BadConfiguration) as caught:
        make_provider(monthly_card="7550000000").intercept(RETURN)
    assert caught.value.code == "payment_refused"


def test_an_answer_with_nothing_inside_leaves_a_write_open(provider: SF, moving: Loopback) -> None:
    """Outside all is well, and inside neither yes nor no is said: the write may have been carried out, and was sent once."""
    through = moving.answer

    def applied_but_lost(request: Any) -> SandboxReply:
        through(request)
        return SandboxReply(b'{"apiResultCode":"A1000","apiResultData":"{}"}')

    moving.answer = applied_but_lost
    with pytest.raises(Unclear):
        provider.intercept(RETURN)
    assert (len(moving.sent), len(moving.world.interceptions)) == (1, 1)
