from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.domain.aftersales import AfterSaleStatus
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
    """Each filter keeps what it names, newest first."""
    items = [
        an_after_sale("1", created_at=NOW - timedelta(days=3), status=AfterSaleStatus.DONE),
        an_after_sale("2", created_at=NOW - timedelta(days=2), shop="b", order_id="5"),
        an_after_sale("3", created_at=NOW - timedelta(days=1), status=AfterSaleStatus.CLOSED),
    ]
    with store.write() as tx:
        put_after_sales(tx, items)

        def listed(**wanted: object) -> list[str]:
            return [item.after_sale_id for item in list_after_sales(tx, AfterSaleFilter(**wanted))]  # type: ignore[arg-type]

        assert listed() == ["3", "2", "1"]
        assert listed(shop="b") == ["2"]
        assert listed(status=AfterSaleStatus.CLOSED) == ["3"]
        assert listed(order_id="5") == ["2"]
        assert listed(open_only=True) == ["2"]
        assert listed(limit=1) == ["3"]
