"""The sample answers of the protocol reference, section 11, as our records."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from asctl.api import (
    CHINA,
    AfterSaleKind,
    AfterSaleStatus,
    CredentialsRefused,
    Flag,
    NotFound,
    OrderRef,
    OrderStatus,
    ParcelStatus,
    Throttled,
    TrackQuery,
)
from asctl_taobao.provider import Taobao
from tests.plugins.taobao import samples
from tests.plugins.taobao.support import NOW, DirectHttp

DAY = (NOW - timedelta(days=1), NOW)
TID = "4000000000000000101"


def script(http: DirectHttp, *bodies: str) -> None:
    http.scripted = [body.encode() for body in bodies]


def test_fullinfo(http: DirectHttp, shop: Taobao) -> None:
    """S1: numbers as text, money as Decimal, times in China, remark and flag, both lines with their share."""
    script(http, samples.FULLINFO)
    order = shop.order(TID)
    assert (order.order_id, order.shop, order.status) == (TID, "flagship", OrderStatus.SHIPPED)
    assert order.created_at == datetime(2026, 1, 2, 10, 0, 1, tzinfo=CHINA)
    assert order.created_at.utcoffset() == timedelta(hours=8)
    assert (order.amount, order.freight) == (Decimal("218.00"), Decimal("0.00"))
    assert (order.remark, order.flag, order.buyer_message) == ("VIP 先联系", Flag.RED, "请在工作日配送")
    assert order.buyer == "AAHdemoOpenUid000000000001"
    assert (order.receiver.name, order.receiver.district, order.receiver.phone) == ("虚**", "余杭区", "1380000****")
    assert [(line.line_id, line.sku, line.quantity, line.paid) for line in order.lines] == [
        ("4000000000000000102", "CUP500-BL", 1, Decimal("123.34")),
        ("4000000000000000103", "BRUSH", 2, Decimal("94.66")),
    ]
    assert order.lines[0].after_sale_id == "70000000000000101"
    assert order.waybills == (("yto", "YT0000000000001"),)


def test_increment(http: DirectHttp, shop: Taobao) -> None:
    """S2: a page of references; the empty page, which has no list at all, yields nothing."""
    script(http, samples.INCREMENT)
    (page,) = shop.changed_orders(*DAY)
    assert page == (
        OrderRef(TID, datetime(2026, 1, 5, 18, 20, 11, tzinfo=CHINA)),
        OrderRef("4000000000000000201", datetime(2026, 1, 5, 18, 19, 40, tzinfo=CHINA)),
    )
    script(http, samples.INCREMENT_EMPTY)
    assert list(shop.changed_orders(*DAY)) == []


def test_refunds(http: DirectHttp, shop: Taobao) -> None:
    """S3: an open refund of the list is read whole, which adds deadline and return waybill."""
    script(http, samples.REFUNDS, samples.REFUND, samples.EXCHANGES_EMPTY)
    ((sale,),) = shop.changed_after_sales(*DAY)
    assert (sale.after_sale_id, sale.order_id, sale.line_id) == ("70000000000000101", TID, "4000000000000000102")
    assert (sale.kind, sale.status) == (AfterSaleKind.RETURN, AfterSaleStatus.RETURNING)
    assert (sale.amount, sale.version, sale.phase) == (Decimal("123.34"), "1767781800000", "onsale")
    assert sale.deadline == datetime(2026, 1, 17, 18, 30, tzinfo=CHINA)
    assert (sale.return_courier, sale.return_waybill, sale.goods_back) == ("zto", "ZT0000000000009", True)


def test_exchanges(http: DirectHttp, shop: Taobao) -> None:
    """S5: an exchange's order stands in alipay_no; one that cannot be read alone is taken from the list."""
    script(http, '{"refunds_receive_get_response":{}}', samples.EXCHANGES, samples.EXCHANGE_UNKNOWN)
    ((sale,),) = shop.changed_after_sales(*DAY)
    assert (sale.after_sale_id, sale.order_id, sale.line_id) == (
        "80000000000000101",
        "4000000000000000301",
        "4000000000000000302",
    )
    assert (sale.kind, sale.status, sale.raw_status) == (
        AfterSaleKind.EXCHANGE,
        AfterSaleStatus.APPLIED,
        "换货待处理",
    )
    assert (sale.amount, sale.deadline) == (Decimal("0.00"), datetime(2026, 1, 9, 11, 0, tzinfo=CHINA))


def test_unknown_exchange(http: DirectHttp, shop: Taobao) -> None:
    """S5: a failure inside the result is an error, too."""
    script(http, '{"error_response":{"code":15,"msg":"x","sub_code":"isv.x"}}', samples.EXCHANGE_UNKNOWN)
    with pytest.raises(NotFound) as caught:
        shop.after_sale("80000000000000199")
    assert caught.value.upstream_code == "DISPUTE_NOT_EXIST"


def test_trace(http: DirectHttp, shop: Taobao) -> None:
    """S6: the dated steps become events with the platform's own word beside ours."""
    script(http, samples.TRACE)
    (answer,) = shop.track((TrackQuery("yto", "YT0000000000001", order_id=TID),))
    assert [(event.status, event.raw_code) for event in answer.events] == [
        (ParcelStatus.PICKED_UP, "GOT"),
        (ParcelStatus.IN_TRANSIT, "DEPARTURE"),
        (ParcelStatus.OUT_FOR_DELIVERY, "SENT_SCAN"),
        (ParcelStatus.DELIVERED, "SIGNED"),
    ]
    assert answer.events[0].at == datetime(2026, 1, 3, 20, 10, tzinfo=CHINA)
    assert answer.events[3].text == "已签收，签收人：门卫"
    assert {event.source for event in answer.events} == {"flagship"}


def test_ban_and_session(http: DirectHttp, shop: Taobao) -> None:
    """S7: the ban of one second rests two; a dead session calls a person."""
    script(http, samples.BAN)
    with pytest.raises(Throttled) as ban:
        shop.order(TID)
    assert ban.value.retry_after == timedelta(seconds=2)
    script(http, samples.BAD_SESSION)
    with pytest.raises(CredentialsRefused) as refused:
        shop.order(TID)
    assert (refused.value.code, refused.value.request_id) == ("session_refused", "demo00000015")


def test_memo_written(http: DirectHttp, shop: Taobao) -> None:
    """S8: the answer to a memo is read without complaint."""
    script(http, samples.MEMO_WRITTEN)
    shop.write_remark(TID, "先补发", Flag.GREEN)
    form = http.sent[0].form or {}
    assert (form["memo"], form["flag"], form["tid"]) == ("先补发", "3", TID)
