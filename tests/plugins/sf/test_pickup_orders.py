"""What is sent to have a return fetched: SF's members, signed, within its limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import BadConfiguration, BadInput, Effect, Event, ParcelStatus, Receiver
from asctl_sf.client import FIND_ORDER, ORDER_PICKUP, sign
from asctl_sf.pickup_orders import MOST_REMARK, PAYERS, PickupTerms, effect_of_routes, read_order
from asctl_sf.provider import SF
from asctl_sf.sandbox import SFSandbox
from asctl_sf.sandbox_gate import CHECK_WORD
from tests.plugins.loopback import START, Loopback
from tests.plugins.sf.conftest import BASE, CASE, CUSTOMER, KEY, PICKUP, SETTINGS, SPEC


def form(loop: Loopback, number: int = -1) -> dict[str, str]:
    return dict(loop.sent[number].form or {})


def content(loop: Loopback) -> dict[str, Any]:
    """The ``msgData`` of the last call."""
    found: dict[str, Any] = json.loads(form(loop)["msgData"])
    return found


def test_order_has_the_shape_of_the_sample(provider: SF, loop: Loopback) -> None:
    """The members of the published sample, with the customer as sender, the shop as receiver, and the case on the paper."""
    begins, ends = START + timedelta(hours=1), START + timedelta(hours=3)
    provider.order_pickup(replace(PICKUP, fetch_from=begins, fetch_until=ends))
    assert content(loop) == {
        "language": "zh_CN",
        "orderId": KEY,
        "cargoDetails": [{"name": "玻璃杯", "count": 2, "unit": "件", "cargoSku": "CUP-1"}],
        "contactInfoList": [
            {
                "contactType": 1, "contact": "测试甲", "mobile": "13800000004", "country": "CN", "province": "上海市",
                "city": "上海市", "county": "徐汇区", "address": "漕河泾街道测试路2号3室",
            },
            {
                "contactType": 2, "contact": "退货组", "tel": "0571-88888888", "country": "CN", "province": "浙江省",
                "city": "杭州市", "county": "余杭区", "address": "测试路1号退货仓",
            },
        ],
        "monthlyCard": "7551234567",
        "payMethod": 2,
        "expressTypeId": 1,
        "isDocall": 1,
        "remark": CASE,
        "sendStartTm": "2026-11-21 10:30:00",
        "extraInfoList": [{"attrName": "pickupAppointEndTime", "attrVal": "2026-11-21 12:30:00"}],
    }  # fmt: skip


def test_order_is_a_signed_write(provider: SF, loop: Loopback) -> None:
    """The very text that is posted is signed, and the transport learns not to repeat it; the look is a read."""
    provider.order_pickup(PICKUP)
    provider.find_pickup(PICKUP)
    sent = form(loop, 0)
    assert sent["msgDigest"] == sign(sent["msgData"], sent["timestamp"], CHECK_WORD)
    assert [form(loop, number)["serviceCode"] for number in (0, 1)] == [ORDER_PICKUP, FIND_ORDER]
    assert [request.write for request in loop.sent] == [True, False]


@pytest.mark.parametrize(
    ("payer", "method", "card"),
    [
        ("receiver_card", 2, "7551234567"),
        ("receiver_cash", 2, ""),
        ("sender_card", 1, "7551234567"),
        ("sender_cash", 1, ""),
        ("third_party_card", 3, "7551234567"),
    ],
)
def test_payers(make_provider: Callable[..., SF], loop: Loopback, payer: str, method: int, card: str) -> None:
    """Each payer has its method, and the card goes along only where it pays."""
    make_provider(pickup_payer=payer).order_pickup(PICKUP)
    assert (content(loop)["payMethod"], content(loop)["monthlyCard"]) == (method, card)


def test_agreements_are_settings(make_provider: Callable[..., SF], loop: Loopback) -> None:
    """Product, template and the kind of search are what the account says."""
    provider = make_provider(pickup_product=2, pickup_template="T-1", pickup_search_type="1")
    provider.order_pickup(PICKUP)
    assert (content(loop)["expressTypeId"], content(loop)["bizTemplateCode"]) == (2, "T-1")
    provider.find_pickup(PICKUP)
    assert content(loop) == {"orderId": KEY, "searchType": "1", "language": "zh-CN"}


def test_a_card_that_pays_must_be_there(make_provider: Callable[..., SF], loop: Loopback) -> None:
    """Without it nothing is sent."""
    with pytest.raises(BadConfiguration) as caught:
        make_provider(monthly_card="").order_pickup(PICKUP)
    assert (caught.value.code, loop.sent) == ("monthly_card_missing", [])


@pytest.mark.parametrize(
    ("party", "part"),
    [
        (replace(CUSTOMER, name="甲" * 101), "name"),
        (replace(CUSTOMER, phone="1" * 21), "phone"),
        (replace(CUSTOMER, town="镇" * 100, detail="路" * 101), "detail"),
        (replace(CUSTOMER, district="区" * 31), "district"),
    ],
)
@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_what_is_too_long_is_named_and_not_sent(
    provider: SF, loop: Loopback, party: Receiver, part: str, side: str
) -> None:
    """The part and whose it is, never what it holds."""
    with pytest.raises(BadInput) as caught:
        provider.order_pickup(replace(PICKUP, sender=party) if side == "sender" else replace(PICKUP, receiver=party))
    assert caught.value.code == "too_long"
    assert part in caught.value.message
    assert side in caught.value.message
    assert party.detail not in caught.value.message
    assert loop.sent == []


def test_county_level_cities_are_cities(provider: SF, loop: Loopback) -> None:
    """What stands in the district alone is told as the city, too."""
    provider.order_pickup(replace(PICKUP, sender=replace(CUSTOMER, city="", district="昆山市")))
    assert content(loop)["contactInfoList"][0]["city"] == "昆山市"


@given(words=st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40), max_size=12))
def test_the_remark_is_cut_to_whole_words(words: list[str]) -> None:
    """However much is remarked, the case that stands first stays there, what is left out is the end, and SF's limit is
    kept."""
    loop = Loopback(SFSandbox(), BASE)
    terms = PickupTerms.of(loop.context("sf-main", SETTINGS))
    whole = [CASE, *words]
    kept = terms.order(replace(PICKUP, remark=" ".join(whole)))["remark"].split(" ")
    assert kept[0] == CASE
    assert kept == whole[: len(kept)]
    assert len(" ".join(kept)) <= MOST_REMARK
    assert kept == whole or len(" ".join(whole[: len(kept) + 1])) > MOST_REMARK


@pytest.mark.parametrize(
    ("told", "effect"),
    [
        ((ParcelStatus.EXCEPTION,), None),
        ((ParcelStatus.LOST,), Effect.EFFECTIVE),
        ((ParcelStatus.CUSTOMS,), Effect.EFFECTIVE),
        ((ParcelStatus.CANCELLED,), Effect.CANCELLED),
        ((ParcelStatus.CANCELLED, ParcelStatus.PICKED_UP), Effect.EFFECTIVE),
    ],
)
def test_what_scans_tell_of_an_order(told: tuple[ParcelStatus, ...], effect: Effect | None) -> None:
    """Goods in SF's hands are fetched, lost ones too; trouble (33), which SF also tells of a failed pickup, says nothing."""
    assert effect_of_routes([Event(START, status, "扫描") for status in told]) is effect


def test_payers_are_those_that_are_mapped() -> None:
    """Every choice of the setting has a method."""
    (payer,) = (setting for setting in SPEC.settings if setting.name == "pickup_payer")
    assert set(payer.choices) == set(PAYERS)


def test_the_mother_parcel_is_the_one() -> None:
    """Of several numbers the mother's counts, wherever it stands."""
    rows = [{"waybillType": 2, "waybillNo": "SF2"}, {"waybillType": 1, "waybillNo": "sf1"}, "odd"]
    assert read_order({"waybillNoInfoList": rows}).waybill == "SF1"
