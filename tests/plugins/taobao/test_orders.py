"""OrderSource and RemarkWriter against the sandbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.api import CredentialsRefused, Flag, NotFound, OrderRef, Refused, Unreadable
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import NOW, DirectHttp, World, an_order, provider_of, put

DAY = (NOW - timedelta(days=1), NOW)


def seen(shop: Taobao) -> list[str]:
    return [item.order_id for page in shop.changed_orders(*DAY) for item in page if isinstance(item, OrderRef)]


def test_whole_order(world: World, shop: Taobao) -> None:
    """An order comes back as it stands in the world, except for what the platform masks."""
    order = an_order()
    put(world, order)
    got = shop.order(order.order_id)
    masked = replace(got.receiver, name="虚**", phone="1380000****", detail="示**1号示例园**室")
    assert got.receiver == masked
    assert got.buyer.startswith("AAH")
    assert replace(got, receiver=order.receiver, buyer=order.buyer) == order


def test_unknown_order(world: World, shop: Taobao) -> None:
    """Another shop's order is as unknown as none."""
    put(world, an_order(7, shop="another"))
    for order_id in ("4000000000000000007", "4999999999999999999"):
        with pytest.raises(NotFound, match=order_id):
            shop.order(order_id)


def test_changed_orders(world: World, shop: Taobao, http: DirectHttp) -> None:
    """All orders of the window come, in pages from the last to the first, and none from outside of it."""
    inside = [an_order(n, NOW - timedelta(minutes=n)) for n in range(1, 96)]
    put(world, *inside, an_order(500, NOW - timedelta(days=2)), an_order(501, shop="another"))
    pages = list(shop.changed_orders(*DAY))
    assert [len(page) for page in pages] == [15, 40, 40]
    told = [item.order_id for page in pages for item in page if isinstance(item, OrderRef)]
    assert sorted(told) == sorted(order.order_id for order in inside)
    assert [(request.form or {})["page_no"] for request in http.sent] == ["1", "3", "2", "1"]


def test_long_stretches_are_cut(world: World, http: DirectHttp) -> None:
    """More than the platform lists at once is asked for piece by piece."""
    put(world, *(an_order(n, NOW - timedelta(days=n, minutes=1)) for n in range(3)))
    shop = provider_of(http, list_window=timedelta(hours=12))
    pages = list(shop.changed_orders(NOW - timedelta(days=3), NOW))
    assert sum(len(page) for page in pages) == 3
    assert len(http.sent) == 6


def test_nothing_secret_in_the_address(world: World, shop: Taobao, http: DirectHttp) -> None:
    """All parameters travel in the body; empty ones do not travel at all."""
    put(world, an_order())
    seen(shop)
    (request,) = http.sent
    assert request.url == "http://127.0.0.1:1/router/rest"
    assert request.method == "POST"
    assert all((request.form or {}).values())
    assert (request.form or {})["timestamp"] == "2026-01-08 09:00:00"


@pytest.mark.parametrize("method", ["md5", "hmac", "hmac-sha256"])
def test_every_signature(world: World, http: DirectHttp, method: str) -> None:
    """The gateway accepts each of the three ways to sign."""
    assert provider_of(http, sign_method=method).check().clock_skew_s == 0


def test_wrong_secret(http: DirectHttp) -> None:
    """A wrong secret, session or key is told as what it is, without showing it."""
    for name, code in (
        ("app_secret", "signature_refused"),
        ("session", "session_refused"),
        ("app_key", "app_key_refused"),
    ):
        with pytest.raises(CredentialsRefused) as caught:
            provider_of(http, **{name: "wrong-value"}).order("4000000000000000101")
        assert caught.value.code == code
        assert "wrong-value" not in f"{caught.value.message} {caught.value.hint} {caught.value.upstream_text}"


def test_wrong_clock(http: DirectHttp, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is 11 minutes off is named as the cause."""
    monkeypatch.setattr(world, "clock_agrees", lambda _moment, seconds: seconds > 660)
    with pytest.raises(CredentialsRefused) as caught:
        provider_of(http).check()
    assert caught.value.code == "clock_off"


def test_check(shop: Taobao, http: DirectHttp) -> None:
    """The check names the shop; the time is asked without the session."""
    assert "示例旗舰店" in shop.check().detail
    assert ["session" in (request.form or {}) for request in http.sent] == [False, True]


def test_remark_too_long(world: World, shop: Taobao) -> None:
    """The platform refuses more than 1,000 bytes and the old text stays."""
    put(world, an_order())
    with pytest.raises(Refused):
        shop.write_remark("4000000000000000101", "长" * 334, Flag.GRAY)
    assert shop.remark("4000000000000000101").text == "VIP 先联系"


def test_unknown_flag_is_not_lost(http: DirectHttp, shop: Taobao) -> None:
    """An order with a flag that cannot be written back is refused before anything is written."""
    http.scripted = [b'{"trade_get_response":{"trade":{"tid":4,"seller_flag":7,"modified":"2026-01-05 18:20:11"}}}']
    with pytest.raises(Refused) as caught:
        shop.remark("4000000000000000101")
    assert caught.value.code == "unknown_flag"


def test_an_odd_row_holds_up_no_other(http: DirectHttp, shop: Taobao) -> None:
    """A row without a time and one that is no record are each told apart, and the list goes on."""
    http.scripted = [
        b'{"trades_sold_increment_get_response":{"total_results":3,"trades":{"trade":['
        b'{"tid":1},"text",{"tid":3,"modified":"2026-01-08 08:00:00"}]}}}'
    ]
    (page,) = shop.changed_orders(*DAY)
    assert [item.number for item in page if isinstance(item, Unreadable)] == ["1", ""]
    assert [item.order_id for item in page if isinstance(item, OrderRef)] == ["3"]
