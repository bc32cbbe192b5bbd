"""How the sandbox keeps its lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from asctl.api import Order
from asctl_taobao.sandbox_shapes import Newest
from tests.plugins.taobao.support import NOW, an_order


def test_sorted_once() -> None:
    """A list that did not change is not sorted again; one changed record is noticed."""
    looked: list[str] = []

    def time_of(order: Order) -> Any:
        looked.append(order.order_id)
        return order.modified_at

    newest: Newest[Order] = Newest(time_of)
    orders = {n: an_order(n, NOW - timedelta(minutes=n)) for n in range(200)}
    newest.between(orders.values(), None, None)
    looked.clear()
    newest.between(orders.values(), NOW - timedelta(minutes=20), NOW - timedelta(minutes=10))
    assert len(looked) < 40
    orders[150] = replace(orders[150], modified_at=NOW + timedelta(minutes=1))
    assert newest.between(orders.values(), None, None)[0] is orders[150]


def test_window_is_inclusive_at_both_ends() -> None:
    """Times are compared in whole seconds, and both ends belong to the window."""
    newest: Newest[Order] = Newest(lambda order: order.modified_at)
    orders = [an_order(n, NOW + timedelta(seconds=n, milliseconds=700)) for n in range(5)]
    found = newest.between(orders, NOW + timedelta(seconds=1), NOW + timedelta(seconds=3))
    assert [order.order_id[-1] for order in found] == ["3", "2", "1"]
