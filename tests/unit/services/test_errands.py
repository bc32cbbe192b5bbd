"""What is looked at before a write is sent."""

from __future__ import annotations

from asctl.domain.actions import ActionState
from asctl.domain.errors import Refused
from asctl.domain.refusals import RefusalReason
from asctl.services.budget import Budget
from asctl.services.journal import Journal
from asctl.services.sending import Sender
from asctl.store.opening import Store
from tests.unit.services.far_side import FarSide, HandClock, a_desk, planned, saying, settled


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
