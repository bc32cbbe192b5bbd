"""AfterSaleSource against the sandbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from asctl.api import AfterSale, AfterSaleStatus, HttpRequest, NotFound, Refused, Unreadable
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import NOW, DirectHttp, World, an_after_sale, an_exchange, an_order, provider_of, put

DAY = (NOW - timedelta(days=1), NOW)


def applications(shop: Taobao, since: datetime = DAY[0], until: datetime = DAY[1]) -> list[AfterSale]:
    """Those of the window; the sandbox tells none that cannot be read."""
    items = [item for page in shop.changed_after_sales(since, until) for item in page]
    assert not any(isinstance(item, Unreadable) for item in items)
    return [item for item in items if isinstance(item, AfterSale)]


def numbers(shop: Taobao) -> list[str]:
    return [sale.after_sale_id for sale in applications(shop)]


def test_one_exchange(world: World, shop: Taobao, http: DirectHttp) -> None:
    """A number that is no refund's is tried as an exchange's."""
    sale = an_exchange()
    put(world, an_order(), sale)
    assert shop.after_sale(sale.after_sale_id) == sale
    assert http.operations() == ["taobao.refund.get", "tmall.exchange.get"]


def test_lists(world: World, shop: Taobao, http: DirectHttp) -> None:
    """Refunds and exchanges of the window, whole where they are still open."""
    over = an_after_sale(2, status=AfterSaleStatus.DONE, raw_status="SUCCESS", deadline=None)
    old = an_after_sale(3, NOW - timedelta(days=2))
    put(world, an_order(), an_after_sale(1), over, old, an_exchange(901))
    got = applications(shop)
    assert got == [an_after_sale(1), over, an_exchange(901)]
    assert http.operations().count("taobao.refund.get") == 1


def test_many_pages(world: World, http: DirectHttp) -> None:
    """Lists of applications are paged from the last page back, too."""
    closed = {"status": AfterSaleStatus.CLOSED, "raw_status": "CLOSED"}
    put(world, *(an_after_sale(n, NOW - timedelta(minutes=n), **closed) for n in range(1, 26)))
    got = numbers(provider_of(http, page_size=10))
    assert len(got) == len(set(got)) == 25
    pages = [
        (request.form or {})["page_no"] for request in http.sent if request.operation == "taobao.refunds.receive.get"
    ]
    assert pages == ["1", "3", "2", "1"]


def test_an_exchange_turned_page_is_not_lost(world: World, http: DirectHttp) -> None:
    """An application that changes while the list is read is in the next window; the others stay in this one."""
    closed = {"status": AfterSaleStatus.CLOSED, "raw_status": "换货关闭"}
    sales = [an_exchange(n, modified_at=NOW - timedelta(minutes=n), **closed) for n in range(1, 31)]
    put(world, *sales)

    def one_changes(request: HttpRequest) -> None:
        world.sleep(1)
        put(world, an_exchange(5, modified_at=world.now(), **closed))

    http.before = one_changes
    shop = provider_of(http, page_size=10)
    first = numbers(shop)
    http.before = lambda _request: None
    second = [sale.after_sale_id for sale in applications(shop, NOW, world.now())]
    assert {sale.after_sale_id for sale in sales} == set(first) | set(second)
    assert second == [sales[4].after_sale_id]


def test_without_tmall(world: World, http: DirectHttp) -> None:
    """A Taobao shop has no exchange methods: none is called."""
    put(world, an_order(), an_after_sale(), an_exchange())
    shop = provider_of(http, tmall=False)
    assert len(numbers(shop)) == 1
    with pytest.raises(NotFound):
        shop.after_sale(an_exchange().after_sale_id)
    assert not any(operation.startswith("tmall.") for operation in http.operations())


def test_a_call_they_cannot_read_is_not_an_absence(shop: Taobao) -> None:
    """A number that is none is refused as a bad call and not reported as unknown."""
    with pytest.raises(Refused) as caught:
        shop.after_sale("ABC-1")
    assert caught.value.code == "bad_call"


def test_an_odd_row_holds_up_no_other(http: DirectHttp, shop: Taobao) -> None:
    """A row without a time, one that is no record, and an application whose whole form is odd are each told apart."""
    http.scripted = [
        b'{"refunds_receive_get_response":{"total_results":4,"refunds":{"refund":['
        b'{"refund_id":1},"text",'
        b'{"refund_id":3,"tid":9,"status":"CLOSED","created":"2026-01-08 08:00:00","modified":"2026-01-08 08:00:00"},'
        b'{"refund_id":4,"tid":9,"status":"WAIT_SELLER_AGREE","created":"2026-01-08 08:00:00",'
        b'"modified":"2026-01-08 08:00:00"}]}}}',
        b'{"refund_get_response":{"refund":{"refund_id":4}}}',
    ]
    (page,) = shop.changed_after_sales(*DAY)
    odd = [item.number for item in page if isinstance(item, Unreadable)]
    assert odd == ["1", "", "4"]
    assert [item.after_sale_id for item in page if isinstance(item, AfterSale)] == ["3"]


def test_failure_at_the_root_of_an_exchange_list(http: DirectHttp, shop: Taobao) -> None:
    """A list that carries an error code of its own is no empty list."""
    http.scripted = [
        b'{"refunds_receive_get_response":{}}',
        b'{"tmall_exchange_receive_get_response":{"error_codes":"isv.no-right","error_msg":"x"}}',
    ]
    with pytest.raises(Refused) as caught:
        numbers(shop)
    assert caught.value.upstream_code == "isv.no-right"
