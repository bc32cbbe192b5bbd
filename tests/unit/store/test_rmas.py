from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from asctl.domain.errors import StoreTrouble
from asctl.domain.rmas import RmaKind, RmaState
from asctl.store.opening import Store
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels
from asctl.store.rmas import (
    RmaFilter,
    add_rma,
    approve_rma,
    existing_numbers,
    get_rma,
    list_rmas,
    next_running,
    rmas_of_code,
    set_waybill,
)
from tests.store_support import NOW, a_parcel, an_order, an_rma


@pytest.fixture(autouse=True)
def ordered(store: Store) -> None:
    """The orders that the RMAs hang on."""
    with store.write() as tx:
        put_orders(tx, [an_order(), an_order("2", shop="b")])


def test_rma_survives_whole(store: Store) -> None:
    """Every field of an RMA and of its lines comes back as it was."""
    rma = an_rma(description="杯盖裂了", courier="sf", waybill="SF9")
    with store.write() as tx:
        add_rma(tx, rma)
    with store.read() as tx:
        assert get_rma(tx, rma.rma) == rma
        assert get_rma(tx, "RMA1") is None


def test_rma_needs_its_order(store: Store) -> None:
    """No RMA without an order (R4): the database itself refuses it."""
    with pytest.raises(StoreTrouble) as caught, store.write() as tx:
        add_rma(tx, an_rma(order_id="404"))
    assert caught.value.code == "store_failed"


def test_running_numbers_begin_anew_each_day(store: Store) -> None:
    """Each day counts its RMAs from 1."""
    with store.write() as tx:
        today, tomorrow = date(2026, 11, 21), date(2026, 11, 22)
        assert [next_running(tx, day) for day in (today, today, tomorrow, today)] == [1, 2, 1, 3]


def test_approval_happens_once(store: Store) -> None:
    """Only a requested RMA is approved, and the first approval stands (R9); its goods may be sent in until then."""
    until = NOW + timedelta(days=15)
    with store.write() as tx:
        add_rma(tx, an_rma())
        assert approve_rma(tx, an_rma().rma, "8012", NOW, until)
        assert not approve_rma(tx, an_rma().rma, "8013", NOW + timedelta(hours=1), until)
        assert not approve_rma(tx, "RMA404", "8012", NOW, until)
        assert get_rma(tx, an_rma().rma) == an_rma(
            state=RmaState.APPROVED, approved_by="8012", approved_at=NOW, due_at=until
        )


def test_approval_that_ran_out_is_given_anew(store: Store) -> None:
    """From its due time on an approved RMA may be approved again, once."""
    over, until = an_rma().due_at, an_rma().due_at + timedelta(days=15)
    with store.write() as tx:
        add_rma(tx, an_rma(state=RmaState.APPROVED))
        assert not approve_rma(tx, an_rma().rma, "8013", over - timedelta(seconds=1), until)
        assert approve_rma(tx, an_rma().rma, "8013", over, until)
        assert not approve_rma(tx, an_rma().rma, "8014", over, until)
        renewed = get_rma(tx, an_rma().rma)
        assert renewed is not None
        assert (renewed.approved_by, renewed.due_at) == ("8013", until)


def test_existing_numbers(store: Store) -> None:
    """Of many candidates those that exist are told."""
    with store.write() as tx:
        add_rma(tx, an_rma())
        assert existing_numbers(tx, [an_rma().rma, *(f"RMA{n}" for n in range(1500))]) == {an_rma().rma}


def test_filters(store: Store) -> None:
    """Each filter keeps what it names, the last opened first."""
    with store.write() as tx:
        add_rma(tx, an_rma("RMA1", opened_at=NOW - timedelta(days=2), kind=RmaKind.EXCHANGE))
        add_rma(tx, an_rma("RMA2", opened_at=NOW - timedelta(days=1), order_id="2", shop="b"))
        add_rma(tx, an_rma("RMA3", state=RmaState.APPROVED))

        def listed(**wanted: object) -> list[str]:
            return [rma.rma for rma in list_rmas(tx, RmaFilter(**wanted))]  # type: ignore[arg-type]

        assert listed() == ["RMA3", "RMA2", "RMA1"]
        assert listed(kind=RmaKind.EXCHANGE) == ["RMA1"]
        assert listed(order_id="2") == ["RMA2"]
        assert listed(shop="b") == ["RMA2"]
        assert listed(state=RmaState.APPROVED) == ["RMA3"]
        assert listed(limit=2) == ["RMA3", "RMA2"]


def test_any_code_finds_the_rma(store: Store) -> None:
    """The RMA is found by its number, its order, its waybill and a parcel that belongs to it; by nothing else."""
    first = an_rma("RMA1")
    second = an_rma("RMA2", order_id="2", shop="b", opened_at=NOW + timedelta(hours=1))
    with store.write() as tx:
        add_rma(tx, first)
        add_rma(tx, second)
        set_waybill(tx, "RMA1", "sf", "SF1")
        first = replace(first, courier="sf", waybill="SF1")
        add_parcels(tx, [a_parcel("SF2", rma="RMA2"), a_parcel("SF3")])
        found = {code: rmas_of_code(tx, code) for code in ("RMA1", "2", "SF1", "SF2", "SF3", "404")}
    assert found == {"RMA1": (first,), "2": (second,), "SF1": (first,), "SF2": (second,), "SF3": (), "404": ()}


def test_an_order_carries_many(store: Store) -> None:
    """Several RMAs of one order are all found by its number, the last opened first (R5)."""
    with store.write() as tx:
        for number in range(3):
            add_rma(tx, an_rma(f"RMA{number}", opened_at=NOW + timedelta(hours=number)))
        assert [rma.rma for rma in rmas_of_code(tx, an_order().order_id)] == ["RMA2", "RMA1", "RMA0"]
