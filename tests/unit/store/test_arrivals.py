from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.domain.parcels import Direction, ParcelKey
from asctl.store.aftersales import put_after_sales
from asctl.store.arrivals import Meant, cases_meant, orders_of_code, sent_in, sharing, with_void_label
from asctl.store.labels import NewLabel, record_labels, void_labels_of
from asctl.store.opening import Store, Transaction
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels
from asctl.store.rmas import add_rma, get_rma, receive_rma
from tests.store_support import NOW, a_parcel, an_after_sale, an_order, an_rma

ORDER = an_order().order_id
SENT = "SF1234567890123"


@pytest.fixture(autouse=True)
def known(store: Store) -> None:
    """One number in two shops, an application with its way back, a parcel that somebody entered."""
    with store.write() as tx:
        put_orders(tx, [an_order(), an_order(shop="outlet", lines=())])
        put_after_sales(tx, [an_after_sale(return_waybill="YT1", return_courier="nobody")])
        add_parcels(
            tx,
            [
                a_parcel("YT2", "yto", shop="outlet", order_id=ORDER, direction=Direction.RETURN),
                a_parcel("YT3", "yto", shop="outlet", order_id=ORDER, direction=Direction.REPLACEMENT),
                a_parcel("YT4", "yto"),
            ],
        )


def test_every_code_of_an_order_leads_to_it(store: Store) -> None:
    """Its number in each shop, what it was sent in, what comes back for it; a parcel without an order leads nowhere."""
    with store.read() as tx:
        found = {code: orders_of_code(tx, code) for code in (ORDER, SENT, "YT1", "YT2", "YT3", "YT4", "404")}
    assert found == {
        ORDER: [("flagship", ORDER), ("outlet", ORDER)],
        SENT: [("flagship", ORDER)],
        "YT1": [("flagship", ORDER)],
        "YT2": [("outlet", ORDER)],
        "YT3": [("outlet", ORDER)],
        "YT4": [],
        "404": [],
    }


def test_what_we_sent_is_ours(store: Store) -> None:
    """Goods of an order, and those sent anew; what comes back, or belongs to no order, is not."""
    with store.read() as tx:
        assert {code: sent_in(tx, code) for code in (SENT, "YT1", "YT2", "YT3", "YT4")} == {
            SENT: {("flagship", ORDER)}, "YT1": set(), "YT2": set(), "YT3": {("outlet", ORDER)}, "YT4": set(),
        }  # fmt: skip


def test_cases_that_share_a_parcel(store: Store) -> None:
    """A waybill at another courier is another parcel."""
    with store.write() as tx:
        for number, courier in (("RMA2", "yto"), ("RMA1", "yto"), ("RMA3", "sto")):
            add_rma(tx, an_rma(number, courier=courier, waybill="YT9"))
        yto, nobody = ParcelKey("yto", "YT9"), ParcelKey("yto", "YT8")
        assert sharing(tx, [yto, nobody]) == {yto: ["RMA1", "RMA2"], nobody: []}
        assert sharing(tx, []) == {}


def draw(tx: Transaction, number: str, void: bool) -> None:
    record_labels(tx, [NewLabel(number, "", "hash", 1)], "pdf", "100x150", "sum", "a.pdf", NOW, "8012")
    if void:
        void_labels_of(tx, number, NOW, "x")


def test_only_the_last_label_counts(store: Store) -> None:
    """A void label that was drawn anew since is no cause for worry."""
    history = {"RMA1": (True,), "RMA2": (True, False), "RMA3": (False, True), "RMA4": (False,), "RMA5": ()}
    with store.write() as tx:
        for number, drawn in history.items():
            add_rma(tx, an_rma(number))
            for void in drawn:
                draw(tx, number, void)
        assert with_void_label(tx, list(history)) == {"RMA1", "RMA3"}


def test_a_receipt_is_noted_once(store: Store) -> None:
    """The first one stands; a case that does not exist receives nothing."""
    with store.write() as tx:
        add_rma(tx, an_rma("RMA1"))
        assert [receive_rma(tx, "RMA1", by, NOW) for by in ("8012", "8013")] == [True, False]
        assert not receive_rma(tx, "RMA9", "8012", NOW)
        received = get_rma(tx, "RMA1")
    assert received is not None
    assert (received.received_at, received.received_by) == (NOW, "8012")


def test_the_cases_that_codes_mean(store: Store) -> None:
    """Of many codes at once, each by its shortest way: its own number or waybill, its parcel or order number, its order's."""
    with store.write() as tx:
        add_rma(tx, an_rma("RMA1", waybill="YT9", courier="yto"))
        add_rma(tx, an_rma("RMA2", opened_at=NOW + timedelta(hours=1)))
        add_rma(tx, an_rma("RMA3", shop="outlet"))
        add_parcels(
            tx, [a_parcel("YT5", "yto", rma="RMA2", direction=Direction.RETURN), a_parcel("YT9", "yto", rma="RMA2")]
        )
        found = cases_meant(tx, ["RMA1", "YT9", "YT5", ORDER, SENT, "YT1", "YT2", "YT3", "YT4", "404", ""])
        assert cases_meant(tx, []) == {}
    assert found == {
        "RMA1": Meant(("RMA1",), True),
        "YT9": Meant(("RMA1",), True),
        "YT5": Meant(("RMA2",), False),
        ORDER: Meant(("RMA2", "RMA3", "RMA1"), False),
        SENT: Meant(("RMA2", "RMA1"), False),
        "YT1": Meant(("RMA2", "RMA1"), False),
        "YT2": Meant(("RMA3",), False),
        "YT3": Meant(("RMA3",), False),
    }
