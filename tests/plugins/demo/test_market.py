"""Demo Market: orders, remarks, receivers, applications and decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.api import (
    AfterSaleRefusal,
    AfterSaleStatus,
    BadInput,
    Effect,
    Evidence,
    Flag,
    NotFound,
    Order,
    ParcelStatus,
    Receiver,
    ReceiverChange,
    Stale,
    Unavailable,
    Unclear,
    Unreadable,
)
from asctl.api.sandbox import SandboxReply
from asctl_demo.provider import DemoMarket
from tests.plugins.demo.conftest import CASE, KEY, ORDER, SENT, WAYBILL, Scene
from tests.plugins.loopback import START, refused

SINCE, UNTIL = START - timedelta(days=1), START
CHANGE = ReceiverChange(KEY, ORDER.order_id, Receiver(phone="13900001111"))


def changed(market: DemoMarket) -> list[object]:
    return [one for page in market.changed_orders(SINCE, UNTIL) for one in page]


def test_an_order_comes_whole_and_as_it_is(market: DemoMarket) -> None:
    """Every field of the world's order is read back; the shop is our own name of the account, the raw word Demo's."""
    assert market.order(ORDER.order_id) == replace(ORDER, shop="demo-shop", raw_status="paid")


def test_only_the_own_shops_orders_are_served(market: DemoMarket, scene: Scene) -> None:
    """An order of another shop of the same world is neither listed nor found."""
    assert len(scene.world.orders) == 3
    assert {one.order_id for one in changed(market) if isinstance(one, Order)} == {ORDER.order_id, SENT.order_id}
    with pytest.raises(NotFound):
        market.order("4000000010000000009")


def test_changes_come_page_by_page_and_none_is_lost(market: DemoMarket, scene: Scene) -> None:
    """An order that changes while the pages are read is told again or not at all, and pushes no other one off a page."""
    for number in range(120):
        at = UNTIL - timedelta(minutes=200 - number)
        scene.world.add_order(replace(ORDER, order_id=f"5{number:018d}", modified_at=at))
    pages = market.changed_orders(SINCE, UNTIL)
    first = next(pages)
    moved = next(one for one in first if isinstance(one, Order) and one.order_id.startswith("5"))
    scene.world.add_order(replace(scene.world.orders[moved.order_id], modified_at=START + timedelta(minutes=1)))
    seen = {one.order_id for page in (first, *pages) for one in page if isinstance(one, Order)}
    assert len(first) == 50
    assert len(seen) == 122


def test_an_order_out_of_shape_holds_up_no_other(market: DemoMarket, scene: Scene) -> None:
    """It is told by its number, where that can be read, and the page goes on."""
    odd = {"items": [{"id": "77", "state": "paid"}, None], "next": ""}
    scene.answers(SandboxReply.of({"result": odd}))
    assert [one.number for one in changed(market) if isinstance(one, Unreadable)] == ["77", ""]


def test_a_list_that_does_not_end_ends_us(market: DemoMarket, scene: Scene) -> None:
    """A far side that answers with the cursor that it was given is not asked for ever."""
    scene.answers(SandboxReply.of({"result": {"items": [], "next": "x"}}))
    with pytest.raises(Unavailable, match="shape"):
        changed(market)
    assert len(scene.loop.sent) == 2


def test_a_remark_is_written_and_read_back(market: DemoMarket) -> None:
    """Text and flag are replaced, and the look shows both."""
    market.write_remark(ORDER.order_id, "客户要发票 #8012", Flag.BLUE)
    found = market.remark(ORDER.order_id)
    assert (found.text, found.flag) == ("客户要发票 #8012", Flag.BLUE)


def test_a_receiver_is_changed_once_however_often_it_is_sent(market: DemoMarket, scene: Scene) -> None:
    """What is not given stays; a repeat under the key is answered as before and changes nothing; the key finds it."""
    assert market.find_receiver_change(CHANGE).evidence is Evidence.ABSENT
    scene.loses_one()
    with pytest.raises(Unclear):
        market.change_receiver(CHANGE)
    scene.world.add_order(replace(ORDER, receiver=replace(ORDER.receiver, phone="13700002222")))
    market.change_receiver(CHANGE)
    assert scene.world.orders[ORDER.order_id].receiver.phone == "13700002222"
    assert market.find_receiver_change(CHANGE).effect is Effect.EFFECTIVE


def test_a_receiver_of_a_sent_order_is_refused(market: DemoMarket) -> None:
    """Too late is a reason of the one list."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        market.change_receiver(replace(CHANGE, order_id=SENT.order_id))
    assert refused(caught.value) == "TOO_LATE"  # type: ignore[arg-type]


def test_what_demo_would_refuse_is_not_sent(market: DemoMarket, scene: Scene) -> None:
    """A masked field is named, its content is not, and nothing goes out."""
    with pytest.raises(BadInput) as caught:
        market.change_receiver(replace(CHANGE, receiver=Receiver(name="苏**")))
    assert "name" in caught.value.message
    assert "苏" not in caught.value.message
    assert scene.loop.sent == []


def test_agreeing_moves_the_application_on(market: DemoMarket) -> None:
    """The decision on that version is found; the application has another version then."""
    assert market.find_agreement(CASE).evidence is Evidence.ABSENT
    (outcome,) = market.agree_after_sales((CASE,))
    now = market.after_sale(CASE.after_sale_id)
    assert outcome.error is None
    assert now.status is AfterSaleStatus.AWAITING_RETURN
    assert market.find_agreement(CASE).evidence is Evidence.PRESENT
    assert market.find_refusal(AfterSaleRefusal(CASE, "no")).evidence is Evidence.UNKNOWN
    assert market.find_agreement(now).evidence is Evidence.ABSENT


def test_a_decision_on_an_older_version_is_stale(market: DemoMarket) -> None:
    """Agreed to twice, the second is told that the application changed; an outcome hides no other one."""
    told = market.agree_after_sales((CASE, CASE))
    assert told[0].error is None
    assert isinstance(told[1].error, Stale)


def test_a_refusal_is_found(market: DemoMarket) -> None:
    """By the version that it was decided on."""
    market.refuse_after_sale(AfterSaleRefusal(CASE, "商品已使用"))
    assert market.find_refusal(AfterSaleRefusal(CASE, "商品已使用")).evidence is Evidence.PRESENT


def test_a_parcel_is_stopped_for_an_application(market: DemoMarket, scene: Scene) -> None:
    """Asked for, then done: the application tells how far it is."""
    scene.loop.parcel("demo", WAYBILL, (5, ParcelStatus.PICKED_UP), (2, ParcelStatus.IN_TRANSIT))
    assert market.order_interception(CASE).evidence is Evidence.ABSENT
    market.intercept_order(CASE)
    assert market.order_interception(CASE).effect is Effect.ACCEPTED
    scene.wait(hours=3)
    assert market.order_interception(CASE).effect is Effect.EFFECTIVE


def test_check_tells_whose_account_it_is(market: DemoMarket) -> None:
    """One signed call without effect, and how far the clocks are apart."""
    told = market.check()
    assert "Demo" in told.detail
    assert told.clock_skew_s == 0
