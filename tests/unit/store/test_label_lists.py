"""Which labels there are, which of them are right, and which may still turn up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from asctl.domain.labels import LabelState, PrintState
from asctl.domain.parcels import Direction, ParcelStatus
from asctl.domain.rmas import RmaState
from asctl.store.label_lists import LabelEntry, LabelFilter, list_labels
from asctl.store.labels import NewLabel, record_labels, record_prints, settle_prints, void_labels_of
from asctl.store.opening import Store
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels
from asctl.store.rmas import add_rma
from asctl.store.tables import rmas
from tests.store_support import NOW, a_parcel, an_order, an_rma

LATER = NOW + timedelta(hours=1)
DUE = an_rma().due_at


@pytest.fixture
def cases(store: Store) -> Store:
    """Two approved cases."""
    with store.write() as tx:
        put_orders(tx, [an_order("1")])
        for number in ("R1", "R2"):
            add_rma(tx, an_rma(number, order_id="1", state=RmaState.APPROVED))
    return store


def drawn(store: Store, rma: str, file: str = "l.pdf", waybill: str = "", minutes: int = 0) -> int:
    at = NOW + timedelta(minutes=minutes)
    with store.write() as tx:
        (number,) = record_labels(tx, [NewLabel(rma, waybill, "c" * 64, 2)], "pdf", "a6", "ab" * 32, file, at, "8012")
    return number


def void(store: Store, rma: str) -> None:
    with store.write() as tx:
        void_labels_of(tx, rma, LATER, "cancelled")


def printed(store: Store, label: int, state: PrintState, hours: int = 1) -> None:
    with store.write() as tx:
        noted = record_prints(tx, [label], "Zebra", 1, NOW + timedelta(hours=hours), "8012")
        settle_prints(tx, noted, state, "", "", NOW, "not taken")


def listed(store: Store, wanted: LabelFilter | None = None, hours: float = 2) -> list[LabelEntry]:
    with store.read() as tx:
        return list(list_labels(tx, wanted or LabelFilter(), NOW + timedelta(hours=hours)))


def astray(store: Store, hours: float = 2) -> list[str]:
    return [entry.rma for entry in listed(store, LabelFilter(astray=True), hours)]


def test_all_that_is_known_of_a_label(cases: Store) -> None:
    """Its words, its case, its file, its prints."""
    number = drawn(cases, "R1", waybill="SF1")
    printed(cases, number, PrintState.DONE, 1)
    printed(cases, number, PrintState.UNCLEAR, 2)
    assert listed(cases) == [
        LabelEntry(
            label=f"L{number}", rma="R1", order_id="1", shop="flagship", format="pdf", size="a6", waybill="SF1",
            rendered_at=NOW, by="8012", file="l.pdf", pages=2, printed=2, printed_at=NOW + timedelta(hours=2),
            state=LabelState.CURRENT, void_at=None, void_why="", content_sha256="c" * 64,
        )
    ]  # fmt: skip


def test_the_newest_that_is_right_is_current(cases: Store) -> None:
    """Older ones are superseded; where the newest is void, the one before it is current again."""
    first, second = drawn(cases, "R1", "1.pdf"), drawn(cases, "R1", "2.pdf")
    only = drawn(cases, "R2", "3.pdf")
    states = {entry.label: entry.state for entry in listed(cases)}
    assert states == {
        f"L{only}": LabelState.CURRENT,
        f"L{second}": LabelState.CURRENT,
        f"L{first}": LabelState.SUPERSEDED,
    }
    third = drawn(cases, "R1", "")
    printed(cases, third, PrintState.REFUSED)
    states = {entry.label: entry.state for entry in listed(cases, LabelFilter(rmas=("R1",)))}
    assert list(states.values()) == [LabelState.VOID, LabelState.CURRENT, LabelState.SUPERSEDED]
    assert listed(cases)[0].printed == 0


def test_newest_first_of_some_cases_since_a_moment(cases: Store) -> None:
    """The filters narrow, and the limit counts what is left."""
    for minutes, rma in enumerate(["R1", "R2", "R1", "R2"]):
        drawn(cases, rma, f"{minutes}.pdf", minutes=minutes)
    assert [entry.file for entry in listed(cases)] == ["3.pdf", "2.pdf", "1.pdf", "0.pdf"]
    assert [entry.file for entry in listed(cases, LabelFilter(rmas=("R1",)))] == ["2.pdf", "0.pdf"]
    assert [entry.file for entry in listed(cases, LabelFilter(since=NOW + timedelta(minutes=1)))][-1] == "1.pdf"
    assert [entry.file for entry in listed(cases, LabelFilter(rmas=("R1", "R2"), limit=1))] == ["3.pdf"]


def test_void_ones_may_turn_up_where_somebody_has_them(cases: Store) -> None:
    """In a file or on paper, also where it is not known whether the printer took it; one that is right is not astray."""
    drawn(cases, "R1")
    drawn(cases, "R2")
    void(cases, "R1")
    assert astray(cases) == ["R1"]
    for state, found in ((PrintState.REFUSED, 1), (PrintState.UNCLEAR, 2), (PrintState.DONE, 3)):
        printed(cases, drawn(cases, "R1", file=""), state)
        void(cases, "R1")
        assert len(astray(cases)) == found


@pytest.mark.parametrize(("minute", "state"), [(-1, LabelState.CURRENT), (0, LabelState.VOID)])
def test_out_of_time_is_as_good_as_void(cases: Store, minute: int, state: LabelState) -> None:
    """From the moment that the goods were due, not before it; the moment and the reason are told."""
    drawn(cases, "R1")
    hours = (DUE - NOW + timedelta(minutes=minute)) / timedelta(hours=1)
    (entry,) = listed(cases, hours=hours)
    assert entry.state is state
    assert (entry.void_at, bool(entry.void_why)) == ((DUE, True) if state is LabelState.VOID else (None, False))
    assert astray(cases, hours) == (["R1"] if state is LabelState.VOID else [])


RETURN = replace(a_parcel("SF1"), direction=Direction.RETURN)


@pytest.mark.parametrize(
    ("parcel", "back"),
    [
        (replace(RETURN, rma="R1", status=ParcelStatus.DELIVERED), True),
        (replace(RETURN, rma="R1", status=ParcelStatus.IN_TRANSIT), False),
        (replace(RETURN, rma="R1", status=ParcelStatus.DELIVERED, direction=Direction.REPLACEMENT), False),
        (replace(RETURN, rma="R2", waybill="SF9", status=ParcelStatus.DELIVERED), False),
        (replace(RETURN, status=ParcelStatus.DELIVERED), True),
        (replace(RETURN, waybill="SF2", status=ParcelStatus.DELIVERED), True),
        (replace(RETURN, waybill="SF3", status=ParcelStatus.DELIVERED), False),
    ],
    ids=["its own", "under way", "the new goods", "another's", "on the label", "of the case", "a stranger's"],
)
def test_once_the_goods_came_back_no_label_is_waited_for(cases: Store, parcel: object, back: bool) -> None:
    """In whatever parcel: tied to the case, named by it, or printed on the label."""
    with cases.write() as tx:
        tx.execute(update(rmas).where(rmas.c.rma == "R1").values(courier="sf", waybill="SF2"))
        add_parcels(tx, [parcel])  # type: ignore[list-item]
    drawn(cases, "R1", waybill="SF1")
    void(cases, "R1")
    assert astray(cases) == ([] if back else ["R1"])


def test_a_receipt_ends_it_too(cases: Store) -> None:
    """The warehouse has the goods: no label of the case is waited for, and none ran out of time any more."""
    drawn(cases, "R1")
    drawn(cases, "R2")
    with cases.write() as tx:
        tx.execute(update(rmas).where(rmas.c.rma == "R1").values(received_at=LATER, received_by="8012"))
    late = (DUE - NOW) / timedelta(hours=1)
    assert astray(cases, late) == ["R2"]
    assert {entry.rma: entry.state for entry in listed(cases, hours=late)} == {
        "R1": LabelState.CURRENT,
        "R2": LabelState.VOID,
    }
