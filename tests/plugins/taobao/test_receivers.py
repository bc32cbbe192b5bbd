"""OrderAddressChanger against the sandbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.api import BadInput, Evidence, NotFound, OrderStatus, Receiver, ReceiverChange, Refused
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import DirectHttp, World, an_order, put

TID = "4000000000000000101"
NEW = Receiver("虚构乙", "13900005678", "江苏省", "南京市", "玄武区", "", "示例大道2号示例里1幢101室")
CHANGE = ReceiverChange("key-1", TID, NEW)
UPDATE = "taobao.trade.shippingaddress.update"


@pytest.fixture
def unshipped(world: World) -> World:
    put(world, an_order(status=OrderStatus.TO_SHIP, raw_status="WAIT_SELLER_SEND_GOODS"))
    return world


def test_change(unshipped: World, shop: Taobao, http: DirectHttp) -> None:
    """Given fields are replaced, others stay; the order's time of change moves."""
    unshipped.sleep(5)
    shop.change_receiver(CHANGE)
    order = unshipped.orders[TID]
    assert order.receiver == replace(NEW, town="示例街道")
    assert order.modified_at == unshipped.now()
    (request,) = http.sent
    assert (request.operation, request.write) == (UPDATE, True)
    assert shop.find_receiver(CHANGE).evidence is Evidence.PRESENT


def test_landline(unshipped: World, shop: Taobao) -> None:
    """A landline number is written and found as one."""
    change = ReceiverChange("key-1", TID, Receiver(phone="0571-80000000"))
    assert shop.find_receiver(change).evidence is Evidence.UNKNOWN
    shop.change_receiver(change)
    assert unshipped.orders[TID].receiver.phone == "0571-80000000"
    assert shop.find_receiver(change).evidence is Evidence.PRESENT


def test_another_hand_wrote(unshipped: World, shop: Taobao) -> None:
    """Absence is proof while what stood before still stands; once somebody else has written, nobody knows."""
    change = replace(CHANGE, standing=shop.order(TID).receiver)
    assert shop.find_receiver(change).evidence is Evidence.ABSENT
    shop.change_receiver(ReceiverChange("key-2", TID, replace(NEW, city="苏州市", district="虎丘区")))
    assert shop.find_receiver(change).evidence is Evidence.UNKNOWN


def test_repeats_are_applied(unshipped: World, shop: Taobao) -> None:
    """The far side has no protection: the sandbox is the witness of a second write."""
    shop.change_receiver(CHANGE)
    first = unshipped.orders[TID].modified_at
    unshipped.sleep(1)
    shop.change_receiver(CHANGE)
    assert unshipped.orders[TID].modified_at > first


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (OrderStatus.SHIPPED, "WAIT_BUYER_CONFIRM_GOODS"),
        (OrderStatus.PART_SHIPPED, "SELLER_CONSIGNED_PART"),
        (OrderStatus.FINISHED, "TRADE_FINISHED"),
    ],
)
def test_shipped_meanwhile(world: World, shop: Taobao, status: OrderStatus, word: str) -> None:
    """After a refusal the order's status says why; the platform's own words are kept."""
    put(world, an_order(status=status, raw_status=word))
    with pytest.raises(Refused) as caught:
        shop.change_receiver(CHANGE)
    assert (caught.value.code, caught.value.reason) == ("already_shipped", "TOO_LATE")
    assert caught.value.upstream_code == "isv.sandbox-status-not-allowed"
    assert world.orders[TID].receiver == an_order().receiver


def test_other_refusals_stay(world: World, shop: Taobao, http: DirectHttp) -> None:
    """An order that is closed is refused in the platform's words; so it is where the second look fails."""
    put(world, an_order(status=OrderStatus.CLOSED, raw_status="TRADE_CLOSED"))
    refusal = b'{"error_response":{"code":15,"msg":"x","sub_code":"isv.invalid-parameterrb26","sub_msg":"no"}}'
    for scripted in ([], [refusal], [refusal, b'{"error_response":{"code":27,"msg":"x"}}']):
        http.scripted = list(scripted)
        with pytest.raises(Refused) as caught:
            shop.change_receiver(CHANGE)
        assert caught.value.code == "refused"


def test_nothing_is_sent_that_would_be_refused(unshipped: World, shop: Taobao, http: DirectHttp) -> None:
    """A field over its limit stops the change on this side."""
    with pytest.raises(BadInput):
        shop.change_receiver(replace(CHANGE, receiver=replace(NEW, detail="长" * 115)))
    assert http.sent == []


def test_unknown_order(shop: Taobao) -> None:
    """An order that is not the shop's is not found, neither by the change nor by the look."""
    with pytest.raises(NotFound):
        shop.change_receiver(CHANGE)
    with pytest.raises(NotFound):
        shop.find_receiver(CHANGE)
