from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from asctl.api import AfterSaleKind, AfterSaleStatus, Flag, OrderStatus, ParcelStatus
from asctl_taobao import mapping
from asctl_taobao.words import COMPANIES, EXCHANGE_NUMBERS, EXCHANGE_STATUS, courier_of

TIMES = {"created": "2026-01-02 10:00:01", "modified": "2026-01-05 18:20:11"}


def trade(**members: Any) -> dict[str, Any]:
    return {"tid": 4000000000000000101, **TIMES, **members}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("TRADE_NO_CREATE_PAY", OrderStatus.UNPAID),
        ("WAIT_BUYER_PAY", OrderStatus.UNPAID),
        ("PAY_PENDING", OrderStatus.UNPAID),
        ("WAIT_PRE_AUTH_CONFIRM", OrderStatus.UNPAID),
        ("PAID_FORBID_CONSIGN", OrderStatus.TO_SHIP),
        ("WAIT_SELLER_SEND_GOODS", OrderStatus.TO_SHIP),
        ("SELLER_CONSIGNED_PART", OrderStatus.PART_SHIPPED),
        ("WAIT_BUYER_CONFIRM_GOODS", OrderStatus.SHIPPED),
        ("TRADE_BUYER_SIGNED", OrderStatus.SIGNED),
        ("TRADE_FINISHED", OrderStatus.FINISHED),
        ("TRADE_CLOSED", OrderStatus.CLOSED),
        ("TRADE_CLOSED_BY_TAOBAO", OrderStatus.CLOSED),
        ("SOMETHING_NEW", OrderStatus.UNKNOWN),
    ],
)
def test_order_status(raw: str, status: OrderStatus) -> None:
    """Every status of section 3.3; a new one is unknown and keeps its word."""
    order = mapping.order(trade(status=raw), "flagship")
    assert (order.status, order.raw_status) == (status, raw)


def test_bare_order() -> None:
    """Members without a value are absent: an order of number and times alone can be read."""
    order = mapping.order(trade(), "flagship")
    assert (order.amount, order.flag, order.lines, order.paid_at) == (Decimal("0.00"), Flag.GRAY, (), None)


def test_single_line_without_a_share() -> None:
    """A single line's payment includes the freight, which is taken off; of several lines it does not."""
    item = {"oid": 1, "payment": "105.00"}
    single = mapping.order(trade(post_fee="5.00", orders={"order": item}), "flagship")
    double = mapping.order(trade(post_fee="5.00", orders={"order": [item, item]}), "flagship")
    assert [line.paid for line in single.lines] == [Decimal("100.00")]
    assert [line.paid for line in double.lines] == [Decimal("105.00")] * 2


def test_plain_nick_is_preferred() -> None:
    """A nick that is not masked names the buyer; without an open id even a masked one must do."""
    assert mapping.order(trade(buyer_nick="tb1", buyer_open_uid="AAH1"), "s").buyer == "tb1"
    assert mapping.order(trade(buyer_nick="t**1", buyer_open_uid="AAH1"), "s").buyer == "AAH1"
    assert mapping.order(trade(buyer_nick="t**1"), "s").buyer == "t**1"


def test_county_level_city() -> None:
    """A county-level city has no city above it, and that is fine."""
    receiver = mapping.order(trade(receiver_state="浙江省", receiver_district="义乌市"), "s").receiver
    assert (receiver.province, receiver.city, receiver.district) == ("浙江省", "", "义乌市")


def test_odd_optional_times_do_not_lose_the_order() -> None:
    """A promise that is not a time is dropped; the order stays."""
    order = mapping.order(trade(delivery_time="48小时内", pay_time="0000-00-00 00:00:00"), "s")
    assert (order.ship_by, order.paid_at) == (None, None)


@pytest.mark.parametrize(
    ("number", "flag"), [(0, Flag.GRAY), ("5", Flag.PURPLE), (None, Flag.GRAY), (6, None), (99, None)]
)
def test_flags(number: Any, flag: Flag | None) -> None:
    """Six flags can be written; higher numbers are known to exist and are told apart."""
    assert mapping.flag_of({"seller_flag": number}) is flag


@pytest.mark.parametrize(
    ("dispute_type", "goods_back", "kind"),
    [
        ("REFUND", False, AfterSaleKind.REFUND_ONLY),
        ("REFUND_AND_RETURN", True, AfterSaleKind.RETURN),
        ("TMALL_EXCHANGE", True, AfterSaleKind.EXCHANGE),
        ("TAOBAO_EXCHANGE", True, AfterSaleKind.EXCHANGE),
        ("REPAIR", True, AfterSaleKind.REPAIR),
        ("RESHIPPING", False, AfterSaleKind.RESHIP),
        ("OTHERS", False, AfterSaleKind.OTHER),
        ("BRAND_NEW", False, AfterSaleKind.OTHER),
        (None, True, AfterSaleKind.RETURN),
        (None, False, AfterSaleKind.REFUND_ONLY),
    ],
)
def test_kinds(dispute_type: str | None, goods_back: bool, kind: AfterSaleKind) -> None:
    """Every dispute type of section 4.2; without one the goods decide."""
    row = {"refund_id": 7, "tid": 4, "dispute_type": dispute_type, "has_good_return": goods_back, **TIMES}
    assert mapping.refund(row, "s").kind is kind


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("WAIT_SELLER_AGREE", AfterSaleStatus.APPLIED),
        ("WAIT_BUYER_RETURN_GOODS", AfterSaleStatus.AWAITING_RETURN),
        ("WAIT_SELLER_CONFIRM_GOODS", AfterSaleStatus.RETURNING),
        ("SELLER_REFUSE_BUYER", AfterSaleStatus.REFUSED),
        ("CLOSED", AfterSaleStatus.CLOSED),
        ("SUCCESS", AfterSaleStatus.DONE),
        ("WAIT_SELLER_CONSIGN_GOOGDS", AfterSaleStatus.TO_SEND),
        ("EXCHANGE_WAIT_BUYER_CONFIRM_GOODS", AfterSaleStatus.SENT),
        ("SOMETHING_NEW", AfterSaleStatus.UNKNOWN),
    ],
)
def test_refund_status(raw: str, status: AfterSaleStatus) -> None:
    """The states of section 4.2, the misspelt one too."""
    assert mapping.refund({"refund_id": 7, "tid": 4, "status": raw, **TIMES}, "s").status is status


def test_refund_number_as_text_or_number() -> None:
    """A refund's number comes as text here and as a number there."""
    rows = [{"refund_id": number, "tid": 4, **TIMES} for number in (70000000000000101, "70000000000000101")]
    assert {mapping.refund(row, "s").after_sale_id for row in rows} == {"70000000000000101"}


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("1", AfterSaleStatus.APPLIED),
        ("2", AfterSaleStatus.AWAITING_RETURN),
        ("3", AfterSaleStatus.RETURNING),
        ("12", AfterSaleStatus.TO_SEND),
        ("13", AfterSaleStatus.SENT),
        ("5", AfterSaleStatus.DONE),
        ("4", AfterSaleStatus.CLOSED),
        ("6", AfterSaleStatus.REFUSED),
        ("14", AfterSaleStatus.APPLIED),
    ],
)
def test_exchange_status(number: str, status: AfterSaleStatus) -> None:
    """The table of section 5.2: the number and its Chinese label mean the same."""
    label = EXCHANGE_NUMBERS[number]
    assert EXCHANGE_STATUS[number] is EXCHANGE_STATUS[label] is status
    assert mapping.exchange({"dispute_id": 8, "status": label, **TIMES}, "s").status is status


@pytest.mark.parametrize(
    ("name", "courier"),
    [
        ("顺丰速运", "sf"),
        ("中通快递", "zto"),
        ("圆通速递", "yto"),
        ("申通快递", "sto"),
        ("韵达快递", "yunda"),
        ("京东物流", "jd"),
        ("极兔速递", "jt"),
        ("EMS", "ems"),
        ("ems", "ems"),
        ("中国邮政", "post"),
        ("德邦快递", "deppon"),
        ("百世快递", "best"),
        ("中通快运", "other"),
        ("丹鸟", "other"),
        ("", ""),
    ],
)
def test_couriers(name: str, courier: str) -> None:
    """Names become our codes; a house's freight arm is another courier."""
    assert courier_of(name) == courier


def test_own_names_come_back() -> None:
    """The name we show for a courier is read as that courier."""
    assert all(courier_of(name) == ours for _, ours, name, _ in COMPANIES)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("CREATE", ParcelStatus.CREATED),
        ("CONSIGN", ParcelStatus.CREATED),
        ("GOT", ParcelStatus.PICKED_UP),
        ("ARRIVAL", ParcelStatus.IN_TRANSIT),
        ("DEPARTURE", ParcelStatus.IN_TRANSIT),
        ("SENT_SCAN", ParcelStatus.OUT_FOR_DELIVERY),
        ("SENT_CITY", ParcelStatus.IN_TRANSIT),
        ("SIGNED", ParcelStatus.DELIVERED),
        ("FAILED", ParcelStatus.DELIVERY_FAILED),
        ("LOST", ParcelStatus.LOST),
        ("STA_INBOUND", ParcelStatus.READY_FOR_PICKUP),
        ("TMS_ERROR", ParcelStatus.EXCEPTION),
        ("SOMETHING_NEW", ParcelStatus.UNKNOWN),
        (None, ParcelStatus.UNKNOWN),
    ],
)
def test_actions(action: str | None, status: ParcelStatus) -> None:
    """Every action of section 6.1; a new or missing one is unknown and keeps its code."""
    step = {"status_time": "2026-01-03 20:10:00", "status_desc": "x", "action": action}
    (found,), _ = mapping.events([{"out_sid": "YT1", "trace_list": [step]}], "YT1", "flagship")
    assert (found.status, found.raw_code, found.informational) == (status, action or "", False)


def test_notes_and_hand_over() -> None:
    """OTHER is a note that changes no status; TO_EMS marks the hand-over to another courier."""
    steps = [{"status_time": "2026-01-03 20:10:00", "action": action} for action in ("OTHER", "TO_EMS")]
    (note, handed_on), _ = mapping.events([{"out_sid": "YT1", "trace_list": steps}], "YT1", "flagship")
    assert note.informational
    assert handed_on.flags == ("transferred",)


def test_odd_steps_are_set_aside() -> None:
    """Steps without a time are told, and the good one beside them stays."""
    good = {"status_time": "2026-01-03 20:10:00", "status_desc": "已揽收", "action": "GOT"}
    parcel = {
        "out_sid": " yt1 ",
        "status": "对方已签收",
        "trace_list": {"transit_step_info": [{"action": "SIGNED"}, "x", good]},
    }
    found, problems = mapping.events([parcel], "YT1", "flagship")
    assert [event.status for event in found] == [ParcelStatus.PICKED_UP]
    assert len(problems) == 2
