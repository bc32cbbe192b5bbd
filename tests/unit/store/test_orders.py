from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import timedelta

from asctl.domain.orders import Flag, Order, OrderStatus
from asctl.store.aftersales import put_after_sales
from asctl.store.opening import Store
from asctl.store.orders import OrderFilter, get_orders, known_changes, list_orders, put_orders, put_remark
from tests.store_support import NOW, an_after_sale, an_order


def listed(store: Store, **wanted: object) -> list[str]:
    with store.read() as tx:
        return [order.order_id for order, _count in list_orders(tx, OrderFilter(**wanted))]  # type: ignore[arg-type]


def test_order_survives_whole(store: Store) -> None:
    """Every field of an order and of its lines comes back as it was."""
    order = an_order(finished_at=NOW)
    with store.write() as tx:
        assert put_orders(tx, [order]) == 1
    with store.read() as tx:
        assert get_orders(tx, order.order_id) == (order,)


def test_newer_change_replaces_order_and_lines(store: Store) -> None:
    """A later change replaces the order and the whole of its lines."""
    order = an_order()
    later = replace(order, modified_at=NOW, status=OrderStatus.SIGNED, lines=order.lines[1:])
    with store.write() as tx:
        put_orders(tx, [order])
        assert put_orders(tx, [later]) == 1
        assert get_orders(tx, order.order_id) == (later,)


def test_older_change_never_overwrites(store: Store) -> None:
    """An answer that was overtaken by a later one changes neither the order nor its lines, and is not counted."""
    order = an_order()
    older = replace(order, modified_at=order.modified_at - timedelta(seconds=1), remark="", lines=())
    with store.write() as tx:
        put_orders(tx, [order])
        assert put_orders(tx, [older]) == 0
        assert get_orders(tx, order.order_id) == (order,)


def test_repeats_in_one_call_keep_the_newest(store: Store) -> None:
    """An order told twice in one page is stored as it changed last, whatever their order."""
    order = an_order()
    older = replace(order, modified_at=order.modified_at - timedelta(seconds=1), lines=())
    with store.write() as tx:
        assert put_orders(tx, [order, older]) == 1
        assert get_orders(tx, order.order_id) == (order,)


def test_two_shops_may_share_a_number(store: Store) -> None:
    """The same number in two shops is two orders, each with its own lines."""
    first, second = an_order(shop="a"), an_order(shop="b", lines=())
    with store.write() as tx:
        assert put_orders(tx, [first, second]) == 2
        assert get_orders(tx, first.order_id) == (first, second)
        assert get_orders(tx, first.order_id, "b") == (second,)
        assert get_orders(tx, first.order_id, "c") == ()


def test_known_changes(store: Store) -> None:
    """Only the shop's own orders that are held are told, however many are asked about."""
    order = an_order()
    with store.write() as tx:
        put_orders(tx, [order, an_order("5", shop="other")])
        asked = [order.order_id, "5", *(str(number) for number in range(2000))]
        assert known_changes(tx, order.shop, asked) == {order.order_id: order.modified_at}


def test_filters(store: Store) -> None:
    """Each filter keeps what it names, newest first."""
    old = an_order("1001", created_at=NOW - timedelta(days=30), status=OrderStatus.FINISHED, lines=())
    other = an_order("1002", shop="b", created_at=NOW - timedelta(days=5), lines=())
    new = an_order("1003")
    with store.write() as tx:
        put_orders(tx, [old, other, new])
    assert listed(store) == ["1003", "1002", "1001"]
    assert listed(store, shop="b") == ["1002"]
    assert listed(store, status=OrderStatus.FINISHED) == ["1001"]
    assert listed(store, since=NOW - timedelta(days=5)) == ["1003", "1002"]
    assert listed(store, waybill="SF1234567890123") == ["1003"]
    assert listed(store, limit=2) == ["1003", "1002"]


def test_list_counts_after_sales(store: Store) -> None:
    """An order is listed with the number of its own shop's after-sales."""
    with store.write() as tx:
        put_orders(tx, [an_order(), an_order("2", lines=())])
        put_after_sales(tx, [an_after_sale("1"), an_after_sale("2"), an_after_sale("3", shop="other")])
        counts = {order.order_id: count for order, count in list_orders(tx, OrderFilter())}
    assert counts == {an_order().order_id: 2, "2": 0}


def test_remark_is_noted_unless_overtaken(store: Store) -> None:
    """A remark that was written is noted, and the order's time of change is left alone, so that the next sync still fetches
    what else has changed; an order that changed later keeps its own."""
    order = an_order()
    with store.write() as tx:
        put_orders(tx, [order, an_order(shop="other")])
        put_remark(tx, order.shop, order.order_id, "新备注", Flag.GREEN, NOW)
        put_remark(tx, order.shop, order.order_id, "旧", Flag.GRAY, order.modified_at - timedelta(seconds=1))
        noted = replace(order, remark="新备注", flag=Flag.GREEN)
        assert get_orders(tx, order.order_id) == (noted, an_order(shop="other"))


def test_thousands_of_orders_at_once(store: Store) -> None:
    """A bulk far above one statement's limit is stored and listed whole."""
    items = [an_order(f"{number:016}") for number in range(1234)]
    with store.write() as tx:
        assert put_orders(tx, iter(items)) == 1234
    with store.read() as tx:
        assert {order.order_id: order for order, _count in list_orders(tx, OrderFilter())} == {
            order.order_id: order for order in items
        }


def test_listing_streams(store: Store) -> None:
    """Listing holds a page, not the whole table: memory stays far below what all the orders take."""
    with store.write() as tx:
        put_orders(tx, (an_order(f"{number:016}", buyer_message="长" * 500) for number in range(6000)))
    with store.read() as tx:
        next(iter(list_orders(tx, OrderFilter(limit=1))))
        tracemalloc.start()
        count = sum(1 for _order in list_orders(tx, OrderFilter()))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 6000
    assert peak < 6_000_000


def test_no_orders_is_no_work(store: Store) -> None:
    """Storing nothing is allowed and stores nothing."""
    nothing: list[Order] = []
    with store.write() as tx:
        assert put_orders(tx, nothing) == 0
        assert list(list_orders(tx, OrderFilter())) == []
