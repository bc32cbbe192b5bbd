"""Which step an action may take, and what it is recognised by."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.actions import (
    FAMILY,
    NEXT,
    OPEN_STATES,
    SLOW_KINDS,
    UNSETTLED_STATES,
    ActionKind,
    ActionState,
    Family,
    Intent,
    action_number,
    batch_number,
    payload_hash,
)
from asctl.domain.errors import BadInput

INTENT = Intent("sf", ActionKind.INTERCEPT, "sf SF1234567890123", "RMA1", "return to sender")
PLAIN = st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), max_size=12)
INTENTS = st.builds(Intent, PLAIN, st.sampled_from(ActionKind), PLAIN, PLAIN, PLAIN)
JSON = st.dictionaries(PLAIN, PLAIN | st.integers() | st.none() | st.booleans(), max_size=4)


def test_every_kind_has_its_family() -> None:
    """No kind is without a lock, and every family has a kind."""
    assert set(FAMILY) == set(ActionKind)
    assert set(FAMILY.values()) == set(Family)
    assert set(ActionKind) > SLOW_KINDS


def test_only_the_journal_begins_a_send() -> None:
    """A planned action is sent, or an unclear one once more under its key; no settled one, and none that waits for a
    person."""
    before = {state for state in ActionState if ActionState.SENDING in NEXT[state]}
    assert before == {ActionState.PLANNED, ActionState.UNCLEAR}


def test_every_doubt_can_be_ended_and_every_end_is_final() -> None:
    """From each state that is not an end one can get to an end; from an end nothing leads away."""
    assert set(NEXT) == set(ActionState)
    ends = {state for state in ActionState if not NEXT[state]}
    assert ends == set(ActionState) - OPEN_STATES == {ActionState.DONE, ActionState.REFUSED, ActionState.CANCELLED}
    assert OPEN_STATES - {ActionState.PLANNED} == UNSETTLED_STATES
    assert all(ActionState.DONE in NEXT[state] for state in UNSETTLED_STATES)


def test_what_may_have_arrived_cannot_be_cancelled() -> None:
    """Only what surely had no effect is taken back on our side alone."""
    assert [state for state in ActionState if ActionState.CANCELLED in NEXT[state]] == [ActionState.PLANNED]


@given(INTENTS, INTENTS, st.integers(1, 99), st.integers(1, 99))
def test_a_key_stands_for_one_intent_and_occasion(one: Intent, other: Intent, first: int, second: int) -> None:
    """The same intent and occasion give the same 32 hex digits wherever they are made, any other gives others."""
    assert re.fullmatch("[0-9a-f]{32}", one.key(first))
    assert one.key(first) == replace(one).key(first)
    assert (one.key(first) == other.key(second)) == ((one, first) == (other, second))


def test_every_part_of_an_intent_is_in_its_key() -> None:
    """Account, kind, target, scope and purpose each make another key."""
    words = [each.name for each in fields(INTENT) if each.name != "kind"]
    others = [replace(INTENT, kind=ActionKind.REDIRECT), *(replace(INTENT, **{word: "other"}) for word in words)]  # type: ignore[arg-type]
    assert len({INTENT.key(1), INTENT.key(2), *(other.key(1) for other in others)}) == 2 + len(others)


@given(JSON)
def test_a_payload_is_recognised_whatever_its_order(payload: dict[str, object]) -> None:
    """The hash of a payload does not depend on the order of its fields, and any change changes it."""
    backwards = dict(reversed(payload.items()))
    assert payload_hash(backwards) == payload_hash(payload)
    assert payload_hash({**payload, "one more": 1}) != payload_hash(payload)


@pytest.mark.parametrize("text", ["A17", "a17", " 17 ", "A017"])
def test_an_action_number_is_read_with_and_without_its_letter(text: str) -> None:
    """People leave the letter out, or write it small."""
    assert action_number(text) == 17


@pytest.mark.parametrize("text", ["", "A", "B17", "A-1", "A1.5", "AA1", "A" + "9" * 16, "١٧", "A1 7", "²"])
def test_what_is_no_action_number_is_refused(text: str) -> None:
    """Anything else is bad input, with the code of what was asked for."""
    with pytest.raises(BadInput) as caught:
        action_number(text)
    assert caught.value.code == "bad_action"
    with pytest.raises(BadInput) as caught:
        batch_number("A3")
    assert caught.value.code == "bad_batch"
