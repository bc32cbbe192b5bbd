"""Decisions about invoices, and the goods' tax categories, on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from asctl.domain.billing import GoodsTax
from asctl.domain.settlements import Resolution, Standing, Step
from asctl.store import settlements as stored
from asctl.store.opening import Store
from asctl.store.settlements import Settlement
from tests.store_support import NOW

RETURN = Settlement(
    subject="RMA1", rma="RMA1", shop="flagship", order_id="8801", resolution=Resolution.RETURN_PART,
    standing=Standing.ORDINARY, steps=("reverse_all", "reissue_rest"), facts={"refund": "12.00", "名": "值"}, held=False,
    invoice="I1", why="退货", decided_at=NOW, decided_by="8012",
)  # fmt: skip
KETTLE = GoodsTax("SKU-1", "1090511030000000000", Decimal("0.13"), "演示水壶", "件", "1.5L")


def test_a_decision_survives_whole(store: Store) -> None:
    """Every field comes back as it was, and the steps as the table names them."""
    with store.write() as tx:
        stored.save_settlement(tx, RETURN)
    with store.read() as tx:
        kept = stored.get_settlement(tx, "RMA1")
        assert stored.get_settlement(tx, "RMA2") is None
    assert kept == RETURN
    assert kept.cell == (Step.REVERSE_ALL, Step.REISSUE_REST)


def test_a_case_has_one_decision(store: Store) -> None:
    """What was held and is decided now stands in the place of the earlier decision."""
    held = replace(RETURN, standing=Standing.ISSUING, steps=("hold",), held=True)
    with store.write() as tx:
        stored.save_settlement(tx, held)
        assert stored.held_settlements(tx) == (held,)
        stored.save_settlement(tx, RETURN)
        assert stored.held_settlements(tx) == ()
        assert stored.get_settlement(tx, "RMA1") == RETURN


def test_what_is_held_and_what_is_of_an_order(store: Store) -> None:
    """Each list with the oldest decision first; another shop's order of the same number is another order."""
    later = replace(RETURN, subject="RMA0", rma="RMA0", decided_at=NOW + timedelta(hours=1), held=True)
    title = replace(RETURN, subject="title flagship 8801 ab", rma="", decided_at=NOW - timedelta(hours=1), held=True)
    with store.write() as tx:
        for each in (later, RETURN, title, replace(RETURN, subject="RMA9", shop="outlet")):
            stored.save_settlement(tx, each)
        assert stored.settlements_of_order(tx, "flagship", "8801") == (title, RETURN, later)
        assert stored.held_settlements(tx) == (title, later)


def test_goods_are_put_replaced_and_dropped(store: Store) -> None:
    """A SKU has one tax category, that which was noted last."""
    reduced = replace(KETTLE, rate=Decimal("0.09"), name="粮油")
    other = GoodsTax("SKU-0", "3010502020200000000", Decimal("0"))
    with store.write() as tx:
        for goods in (KETTLE, other, reduced):
            stored.put_goods(tx, goods)
        assert stored.get_goods(tx, ["SKU-1", "SKU-1", "SKU-9"]) == {"SKU-1": reduced}
        assert list(stored.list_goods(tx)) == [other, reduced]
        assert stored.drop_goods(tx, "SKU-1")
        assert not stored.drop_goods(tx, "SKU-1")
        assert list(stored.list_goods(tx)) == [other]


def test_a_thousand_skus_are_asked_about_at_once(store: Store) -> None:
    """More than one question holds."""
    skus = [f"SKU-{number}" for number in range(1200)]
    with store.write() as tx:
        for sku in (skus[0], skus[-1]):
            stored.put_goods(tx, replace(KETTLE, sku=sku))
        assert set(stored.get_goods(tx, skus)) == {skus[0], skus[-1]}
