"""OrderInterceptor against the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import (
    AfterSale,
    AfterSaleStatus,
    BadInput,
    Effect,
    Event,
    Evidence,
    Finding,
    NotOffered,
    ParcelStatus,
    Refused,
    Unclear,
)
from asctl.api.sandbox import SandboxParcel
from asctl_taobao.attributes import write_attributes
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import DirectHttp, World, an_after_sale, an_exchange, an_order, put

WORDS = {
    "INTERCEPT_APPLY": Effect.ACCEPTED,
    "INTERCEPT_SUCCESS": Effect.EFFECTIVE,
    "INTERCEPT_FAILED": Effect.INEFFECTIVE,
    "INTERCEPT_SELLER_CONFIRM_SIGN": Effect.INEFFECTIVE,
}


def parcel(world: World, waybill: str = "YT0000000000001", *coming: tuple[int, ParcelStatus]) -> None:
    """A parcel under way, with what will happen so many hours from now."""
    past = [Event(world.now() - timedelta(hours=20), ParcelStatus.PICKED_UP, "已揽收")]
    ahead = [Event(world.now() + timedelta(hours=hours), status, f"扫描 {hours}") for hours, status in coming]
    world.add_parcel(SandboxParcel("yto", waybill, script=past + ahead))


@pytest.fixture
def sale(world: World) -> AfterSale:
    applied = an_after_sale(status=AfterSaleStatus.APPLIED, raw_status="WAIT_SELLER_AGREE")
    put(world, an_order(), applied)
    return applied


def told(shop: Taobao, sale: AfterSale) -> tuple[Evidence, Effect | None]:
    found = shop.order_interception(sale)
    return found.evidence, found.effect


def test_accepted_then_delivered(world: World, sale: AfterSale, shop: Taobao) -> None:
    """Accepted is not done: the courier delivered before he could act."""
    parcel(world, "YT0000000000001", (1, ParcelStatus.DELIVERED))
    shop.intercept_order(sale)
    world.advance(timedelta(hours=3))
    assert told(shop, sale) == (Evidence.PRESENT, Effect.INEFFECTIVE)


def test_all_parcels_of_the_order(world: World, sale: AfterSale, shop: Taobao) -> None:
    """Several parcels are asked for together; while they disagree the interception is on its way."""
    order = an_order()
    second = replace(order.lines[0], line_id="4000000000000500102", waybill="YT0000000000002")
    put(world, replace(order, lines=(*order.lines, second)))
    parcel(world, "YT0000000000001", (48, ParcelStatus.DELIVERED))
    parcel(world, "YT0000000000002", (1, ParcelStatus.DELIVERED))
    shop.intercept_order(sale)
    assert told(shop, sale) == (Evidence.PRESENT, Effect.ACCEPTED)
    world.advance(timedelta(hours=3))
    found = shop.order_interception(sale)
    assert (found.effect, found.message) == (Effect.ACCEPTED, "INTERCEPT_FAILED, INTERCEPT_SUCCESS")


@pytest.mark.parametrize("scan", [ParcelStatus.DELIVERED, ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.RETURNING])
def test_too_late(world: World, sale: AfterSale, shop: Taobao, scan: ParcelStatus) -> None:
    """The platform refuses a parcel that cannot be stopped any more; nothing is changed."""
    parcel(world, "YT0000000000001", (-1, scan))
    with pytest.raises(Refused) as caught:
        shop.intercept_order(sale)
    assert caught.value.upstream_code.startswith("isv.sandbox-intercept-")
    assert world.interceptions == []
    assert told(shop, sale) == (Evidence.ABSENT, None)


def test_not_shipped(world: World, sale: AfterSale, shop: Taobao) -> None:
    """An order without a parcel has nothing to stop."""
    put(world, an_order(lines=()))
    with pytest.raises(Refused):
        shop.intercept_order(sale)


def test_repeat_stands(world: World, sale: AfterSale, shop: Taobao) -> None:
    """The request changed the version, so the same one is not taken again; it stands, and the message says so."""
    parcel(world)
    assert shop.intercept_order(sale).message == ""
    assert "INTERCEPT_APPLY" in shop.intercept_order(sale).message
    assert len(world.interceptions) == 1


@pytest.mark.parametrize("attribute", [";interceptItemListResult:7;", "INTERCEPT_SOMETHING"])
def test_no_that_cannot_be_looked_after(http: DirectHttp, shop: Taobao, attribute: str) -> None:
    """A "no" beside an attribute that nobody can read leaves it open whether a parcel was stopped."""
    told = attribute if attribute.startswith(";") else items(attribute)
    body = {"refund_get_response": {"refund": {"refund_id": "7", "attribute": told}}}
    no = {"error_response": {"code": 15, "msg": "x", "sub_code": "isv.x", "sub_msg": "操作失败"}}
    http.scripted = [json.dumps(no).encode(), json.dumps(body).encode()]
    with pytest.raises(Unclear) as caught:
        shop.intercept_order(an_after_sale())
    assert (caught.value.code, caught.value.upstream_code) == ("refusal_unseen", "isv.x")


def test_what_cannot_be_asked_for(shop: Taobao, http: DirectHttp) -> None:
    """An exchange has no interception; a refund without its version is not sent."""
    with pytest.raises(NotOffered):
        shop.intercept_order(an_exchange())
    with pytest.raises(BadInput):
        shop.intercept_order(an_after_sale(version=""))
    assert http.sent == []


def answered(http: DirectHttp, shop: Taobao, attribute: str) -> Finding:
    body = {"refund_get_response": {"refund": {"refund_id": "7", "attribute": attribute}}}
    http.scripted = [json.dumps(body).encode()]
    return shop.order_interception(an_after_sale())


def items(*words: str) -> str:
    rows = [{"subBizOrderId": "1", "logisticInterceptEnum": word, "autoInterceptAgree": 0} for word in words]
    return write_attributes({"disputeRequest": "1", "interceptItemListResult": json.dumps(rows)})


@pytest.mark.parametrize(("word", "effect"), WORDS.items())
def test_words(http: DirectHttp, shop: Taobao, word: str, effect: Effect) -> None:
    """Each word of section 4.2, for one item and for several that agree."""
    for attribute in (items(word), items(word, word)):
        found = answered(http, shop, attribute)
        assert (found.evidence, found.effect, found.message) == (Evidence.PRESENT, effect, word)


@pytest.mark.parametrize(
    ("attribute", "evidence", "effect"),
    [
        ("", Evidence.ABSENT, None),
        (";disputeRequest:1;", Evidence.ABSENT, None),
        (items("INTERCEPT_NOT_APPLY"), Evidence.ABSENT, None),
        (items("INTERCEPT_NOT_APPLY", "INTERCEPT_SUCCESS"), Evidence.PRESENT, Effect.ACCEPTED),
        (items("INTERCEPT_SUCCESS", "INTERCEPT_FAILED"), Evidence.PRESENT, Effect.ACCEPTED),
        (items("INTERCEPT_SOMETHING"), Evidence.UNKNOWN, None),
        (";interceptItemListResult:[{;", Evidence.UNKNOWN, None),
        (";interceptItemListResult:[1];", Evidence.UNKNOWN, None),
        (";interceptItemListResult:7;", Evidence.UNKNOWN, None),
    ],
)
def test_other_attributes(
    http: DirectHttp, shop: Taobao, attribute: Any, evidence: Evidence, effect: Effect | None
) -> None:
    """No entry proves that none was asked for; what cannot be read proves nothing."""
    found = answered(http, shop, attribute)
    assert (found.evidence, found.effect) == (evidence, effect)
