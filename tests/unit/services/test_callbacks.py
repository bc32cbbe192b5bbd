"""Which request a courier's callback is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.capabilities.tracking import Push
from asctl.capabilities.writes import Effect
from asctl.domain.actions import ActionState
from asctl.services.callbacks import SLACK, _meant
from asctl.store.opening import Store
from tests.store_support import NOW
from tests.unit.services.far_side import FarSide, HandClock, a_desk, settled

OLD = NOW - SLACK - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("push", "meant"),
    [
        (Push("interception"), True),
        (Push("interception", at=NOW - SLACK), True),
        (Push("interception", at=OLD), False),
        (Push("interception", reference="R2", at=NOW), False),
        (Push("interception", reference="R1", at=OLD), True),
    ],
)
def test_a_callback_is_about_a_request_of_its_number_and_no_older(store: Store, push: Push, meant: bool) -> None:
    """Another number, or a time before the request, is about another request; the number itself outweighs the time."""
    desk = a_desk(store, FarSide(), HandClock())
    action = replace(settled(desk, ActionState.DONE, effect="accepted"), reference="R1")
    assert _meant(action, replace(push, effect=Effect.EFFECTIVE)) is meant


def test_an_action_without_number_takes_a_numbered_callback(store: Store) -> None:
    """Nobody told its number: only the time can speak against it."""
    action = settled(a_desk(store, FarSide(), HandClock()), ActionState.DONE, effect="accepted")
    assert _meant(action, Push("interception", reference="R2", at=NOW))
    assert not _meant(action, Push("interception", reference="R2", at=OLD))
