"""What plugins answer is checked: they are strangers'."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import ActionState
from asctl.domain.errors import Refused
from asctl.domain.refusals import RefusalReason
from asctl.services.budget import Budget
from asctl.services.journal import Journal
from asctl.services.reconciling import Reconciler
from asctl.services.sending import Sender
from asctl.store.opening import Store
from tests.unit.services.far_side import FarSide, HandClock, a_desk, planned, saying, settled

ODD: Any = object()


@pytest.mark.parametrize(
    "answer", [None, "R1", Submission(ODD), Submission("R1", message=ODD), Submission("R1", fee=Decimal("NaN"))]
)
def test_an_answer_that_is_no_submission_leaves_it_unclear(store: Store, answer: Any) -> None:
    """The call was made: what became of it is not known."""
    desk = a_desk(store, FarSide(say=lambda _request: answer), HandClock())
    (sent,) = Sender(desk, Journal(desk), 1, Budget()).send([planned(desk)])
    assert (sent.action.state, sent.error and sent.error.family) == (ActionState.UNCLEAR, "unclear")


@pytest.mark.parametrize(
    "answer", [None, Finding(ODD), Finding(Evidence.PRESENT, ODD), Finding(Evidence.PRESENT, reference=ODD)]
)
def test_an_answer_that_is_no_finding_proves_nothing(store: Store, answer: Any) -> None:
    """The action stays unclear, and is told as not looked at."""
    desk = a_desk(store, FarSide(tell=lambda _request: answer), HandClock())
    looked = Reconciler(desk, 1, Budget()).look(settled(desk, ActionState.UNCLEAR))
    assert (looked.action.state, looked.error and looked.error.code) == (ActionState.UNCLEAR, "look_failed")


def test_who_may_not_look_may_still_send(store: Store) -> None:
    """An account without leave for status queries can still have a parcel called back."""
    denied = Refused("no leave for this query", code="not_permitted", reason=RefusalReason.NOT_AUTHORISED.value)
    far_side = FarSide(tell=saying(denied))
    desk = a_desk(store, far_side, HandClock())
    (sent,) = Sender(desk, Journal(desk), 1, Budget()).send([planned(desk)])
    assert (sent.action.state, sent.action.before, len(far_side.received)) == (ActionState.DONE, "", 1)


def test_a_second_attempt_wants_to_see_first(store: Store) -> None:
    """What was sent before is not sent again while nobody can see whether it arrived late: it stays planned."""
    far_side = FarSide(tell=saying(Refused("no leave for this query", code="not_permitted")))
    desk = a_desk(store, far_side, HandClock())
    turned_away = settled(desk, ActionState.PLANNED)
    (sent,) = Sender(desk, Journal(desk), 1, Budget()).send([turned_away])
    assert (sent.action.state, sent.error and sent.error.code) == (ActionState.PLANNED, "look_failed")
    assert far_side.received == []
