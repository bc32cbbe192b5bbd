from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.arrivals import Arrival, Caution, cautions_of
from asctl.domain.rmas import GOODS_COME_BACK, RmaKind, RmaState
from tests.store_support import NOW, an_order, an_rma


def cautions(others: tuple[str, ...] = (), void: bool = False, own: bool = False, **changes: Any) -> list[Caution]:
    """What is minded about an approved case with time left, changed so."""
    rma = an_rma(**{"state": RmaState.APPROVED, **changes})
    return list(cautions_of(rma, others, void, own, NOW))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"state": RmaState.CANCELLED}, [Caution.CANCELLED]),
        ({"state": RmaState.REQUESTED}, [Caution.NOT_APPROVED]),
        ({"due_at": NOW}, [Caution.RMA_EXPIRED]),
        ({"kind": RmaKind.REFUND_ONLY}, [Caution.NO_GOODS_EXPECTED]),
        ({"received_at": NOW}, [Caution.ALREADY_RECEIVED]),
        ({"due_at": NOW, "received_at": NOW - timedelta(days=1)}, [Caution.ALREADY_RECEIVED]),
        ({"due_at": NOW, "received_at": NOW}, [Caution.RMA_EXPIRED, Caution.ALREADY_RECEIVED]),
        ({"others": ("RMA2",)}, [Caution.OTHER_RMA_IN_PARCEL]),
        ({"void": True}, [Caution.LABEL_VOID]),
        ({"own": True}, [Caution.OWN_PARCEL]),
    ],
)
def test_each_thing_to_mind_has_a_word(changes: dict[str, Any], expected: list[Caution]) -> None:
    """A case as it should be has none; goods that arrived in time have not run out."""
    assert cautions(**changes) == expected


@given(st.sampled_from(RmaState), st.sampled_from(RmaKind), st.booleans(), st.booleans(), st.booleans())
def test_words_stand_once_and_in_one_order(
    state: RmaState, kind: RmaKind, late: bool, received: bool, void: bool
) -> None:
    """Whatever comes together, each word stands once, the gravest first."""
    due_at = NOW - timedelta(days=1) if late else NOW + timedelta(days=1)
    told = cautions(("RMA2",), void, True, state=state, kind=kind, due_at=due_at, received_at=NOW if received else None)
    assert told == [caution for caution in Caution if caution in told]


@pytest.mark.parametrize("kind", RmaKind)
def test_what_should_be_in_the_parcel(kind: RmaKind) -> None:
    """The goods of the case where goods come back; nothing where none do; of an order without a case all that was sent."""
    arrival = Arrival(an_order(), an_rma(kind=kind), None, None, (), (), "")
    assert arrival.goods == (an_rma().lines if kind in GOODS_COME_BACK else ())
    unexpected = Arrival(an_order(), None, None, None, (), (), "")
    assert [(line.sku, line.quantity) for line in unexpected.goods] == [("CUP-1", 2), ("BRUSH-1", 1)]
