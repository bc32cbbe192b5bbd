from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from asctl.domain.errors import BadInput
from asctl.domain.orders import Order, OrderLine, OrderStatus
from asctl.domain.parcels import ParcelStatus
from asctl.domain.rmas import Phase, Rma, RmaKind, RmaState, choose_lines, phase_of, run_out
from asctl.domain.times import CHINA

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=CHINA)
ORDER = Order(
    "4000000000000000101",
    "flagship",
    OrderStatus.SHIPPED,
    "WAIT_BUYER_CONFIRM_GOODS",
    NOW,
    NOW,
    amount=Decimal("218.00"),
    lines=(
        OrderLine("102", "保温杯", "CUP500-BL", quantity=1),
        OrderLine("103", "杯刷", "BRUSH", quantity=2),
    ),
)


def rma(kind: RmaKind, state: RmaState) -> Rma:
    return Rma("RMA2611210001X", ORDER.order_id, "flagship", kind, "quality", state, (), NOW, "8012", NOW)


def test_all_lines_unless_some_are_named() -> None:
    """Without --line the case is about the whole order."""
    assert [(line.sku, line.quantity) for line in choose_lines(ORDER, {})] == [("CUP500-BL", 1), ("BRUSH", 2)]


def test_named_lines_by_sku_or_line_number() -> None:
    """A line may be named by what the warehouse or by what the marketplace calls it."""
    chosen = choose_lines(ORDER, {"BRUSH": 1, "102": 1})
    assert [(line.line_id, line.quantity) for line in chosen] == [("103", 1), ("102", 1)]


@pytest.mark.parametrize(
    ("wanted", "code"), [({"MUG": 1}, "unknown_line"), ({"BRUSH": 3}, "bad_quantity"), ({"BRUSH": 0}, "bad_quantity")]
)
def test_goods_that_were_not_bought_are_refused(wanted: dict[str, int], code: str) -> None:
    """Neither strange goods nor more than were bought can come back; the message names what the order has."""
    with pytest.raises(BadInput) as caught:
        choose_lines(ORDER, wanted)
    assert caught.value.code == code
    assert "BRUSH" in caught.value.hint or "2" in caught.value.hint


TWICE = replace(ORDER, lines=(*ORDER.lines, OrderLine("104", "杯刷，赠品", "BRUSH", quantity=1)))


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ({"BRUSH": 3}, [("103", 2), ("104", 1)]),
        ({"BRUSH": 2}, [("103", 2)]),
        ({"BRUSH": 1, "103": 2}, [("103", 2), ("104", 1)]),
    ],
)
def test_one_sku_on_several_lines(wanted: dict[str, int], chosen: list[tuple[str, int]]) -> None:
    """A quantity is spread over all lines of the SKU; what a line number asks for is kept for it."""
    assert [(line.line_id, line.quantity) for line in choose_lines(TWICE, wanted)] == chosen


def test_no_line_gives_more_than_it_has() -> None:
    """All the names of one line together cannot take more than was bought."""
    with pytest.raises(BadInput) as caught:
        choose_lines(TWICE, {"104": 1, "BRUSH": 3})
    assert caught.value.code == "bad_quantity"


@pytest.mark.parametrize(
    ("kind", "state", "over"),
    [
        (RmaKind.RETURN, RmaState.APPROVED, True),
        (RmaKind.RETURN, RmaState.REQUESTED, False),
        (RmaKind.REFUND_ONLY, RmaState.APPROVED, False),
    ],
)
def test_the_time_to_send_runs_out(kind: RmaKind, state: RmaState, over: bool) -> None:
    """At its due time the approval of goods that come back is over; nothing else runs out."""
    assert run_out(rma(kind, state), NOW) is over
    assert not run_out(rma(kind, state), NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("kind", "state", "parcel", "phase"),
    [
        (RmaKind.RETURN, RmaState.REQUESTED, None, Phase.COMMUNICATION),
        (RmaKind.RETURN, RmaState.APPROVED, None, Phase.RECEIVING),
        (RmaKind.RETURN, RmaState.APPROVED, ParcelStatus.IN_TRANSIT, Phase.RECEIVING),
        (RmaKind.REPAIR, RmaState.APPROVED, ParcelStatus.DELIVERED, Phase.CONFIRMING),
        (RmaKind.COMPENSATE, RmaState.APPROVED, None, Phase.SOLVING),
    ],
)
def test_a_case_stands_in_one_phase(kind: RmaKind, state: RmaState, parcel: ParcelStatus | None, phase: Phase) -> None:
    """R1: the phase follows from the state and from where the return parcel is."""
    assert phase_of(rma(kind, state), parcel) is phase


@pytest.mark.parametrize(
    ("kind", "state", "phase"),
    [
        (RmaKind.RETURN, RmaState.APPROVED, Phase.CONFIRMING),
        (RmaKind.RETURN, RmaState.REQUESTED, Phase.COMMUNICATION),
        (RmaKind.REFUND_ONLY, RmaState.APPROVED, Phase.SOLVING),
    ],
)
def test_what_lies_on_the_bench_is_to_be_confirmed(kind: RmaKind, state: RmaState, phase: Phase) -> None:
    """Goods that the warehouse received are there, whatever their courier says; an application still has to be approved."""
    here = replace(rma(kind, state), received_at=NOW)
    assert {phase_of(here, parcel) for parcel in (None, ParcelStatus.IN_TRANSIT, ParcelStatus.LOST)} == {phase}


def test_what_came_in_time_does_not_run_out() -> None:
    """The time to send ends when the goods arrive."""
    here = replace(rma(RmaKind.RETURN, RmaState.APPROVED), received_at=NOW - timedelta(seconds=1))
    assert not run_out(here, NOW + timedelta(days=99))
    assert run_out(replace(here, received_at=NOW), NOW)
