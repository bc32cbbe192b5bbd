from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.domain.aftersales import AfterSale, AfterSaleStatus
from asctl.domain.errors import BadInput
from asctl.store.aftersales import AfterSaleFilter, get_after_sale, list_after_sales, put_after_sales
from asctl.store.opening import Store
from tests.store_support import NOW, an_after_sale


def test_after_sale_survives_whole(store: Store) -> None:
    """Every field of an application comes back as it was."""
    item = an_after_sale(description="杯盖裂了", phase="onsale", return_courier="sf", return_waybill="SF1")
    with store.write() as tx:
        assert put_after_sales(tx, [item]) == 1
    with store.read() as tx:
        assert get_after_sale(tx, item.after_sale_id) == item
        assert get_after_sale(tx, "1") is None


def test_older_change_never_overwrites(store: Store) -> None:
    """An answer that was overtaken changes nothing and is not counted; the same or a later one does."""
    item = an_after_sale()
    older = replace(item, modified_at=item.modified_at - timedelta(seconds=1), version="16")
    later = replace(item, modified_at=NOW, status=AfterSaleStatus.REFUSED, version="18")
    with store.write() as tx:
        put_after_sales(tx, [item])
        assert put_after_sales(tx, [older]) == 0
        assert put_after_sales(tx, [item]) == 1
        assert put_after_sales(tx, [later, older]) == 1
        assert get_after_sale(tx, item.after_sale_id) == later


def test_shared_number_needs_the_shop(store: Store) -> None:
    """A number that two shops have is never guessed between them."""
    with store.write() as tx:
        put_after_sales(tx, [an_after_sale(shop="a"), an_after_sale(shop="b")])
        assert get_after_sale(tx, "90000001", "b") == an_after_sale(shop="b")
        with pytest.raises(BadInput) as caught:
            get_after_sale(tx, "90000001")
    assert caught.value.code == "several_shops"
    assert "a, b" in caught.value.message


def test_filters(store: Store) -> None:
    """Each filter keeps what it names: the open ones, then the newest first."""
    items = [
        an_after_sale("1", created_at=NOW - timedelta(days=3), status=AfterSaleStatus.DONE),
        an_after_sale("2", created_at=NOW - timedelta(days=2), shop="b", order_id="5"),
        an_after_sale("3", created_at=NOW - timedelta(days=1), status=AfterSaleStatus.CLOSED),
    ]
    with store.write() as tx:
        put_after_sales(tx, items)

        def listed(**wanted: object) -> list[str]:
            return [item.after_sale_id for item in list_after_sales(tx, AfterSaleFilter(**wanted))]  # type: ignore[arg-type]

        assert listed() == ["2", "3", "1"]
        assert listed(shop="b") == ["2"]
        assert listed(status=AfterSaleStatus.CLOSED) == ["3"]
        assert listed(order_id="5") == ["2"]
        assert listed(open_only=True) == ["2"]
        assert listed(limit=1) == ["2"]


def test_the_most_urgent_come_first(store: Store) -> None:
    """Open ones by deadline, the newest of those without one after them, and then those that are over by age alone."""

    def item(
        number: str, days: int, deadline: int | None, status: AfterSaleStatus = AfterSaleStatus.APPLIED
    ) -> AfterSale:
        due = None if deadline is None else NOW + timedelta(days=deadline)
        return an_after_sale(number, created_at=NOW - timedelta(days=days), deadline=due, status=status)

    over = AfterSaleStatus.CLOSED
    items = [item("later", 1, 9), item("soon", 5, 1), item("old", 8, None), item("new", 2, None)]
    with store.write() as tx:
        put_after_sales(tx, [*items, item("over long ago", 9, 1, over), item("just over", 1, 2, over)])
        found = [sale.after_sale_id for sale in list_after_sales(tx, AfterSaleFilter())]
    assert found == ["soon", "later", "new", "old", "just over", "over long ago"]
