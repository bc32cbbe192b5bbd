"""The journal, when anybody does anything at any time."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.actions import NEXT, UNSETTLED_STATES, Action, ActionKind, ActionState, Family, payload_hash
from asctl.domain.errors import AsctlError, Unavailable
from asctl.services.budget import Budget
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome
from asctl.services.planning import plan
from asctl.services.reconciling import Reconciler
from asctl.services.resolving import cancel_action, resolve_action
from asctl.store import action_lists as stored_lists
from asctl.store.action_lists import ActionFilter
from asctl.store.audit import audit_about
from asctl.store.opening import Store, open_store
from tests.store_support import fresh_store_url
from tests.unit.services.far_side import (
    LOOKABLE,
    SURE,
    FarSide,
    HandClock,
    a_desk,
    saying,
    wanted,
)


@dataclass
class _Seen:
    """What the model knows of one action. ``clean``: it has surely had no effect so far."""

    payload_hash: str
    key: str
    attempt: int = 0
    clean: bool = True
    steps: int = 0


WAYBILLS = ("SF1", "SF2", "SF3", "SF4")
FINDINGS = (
    Finding(Evidence.PRESENT),
    Finding(Evidence.PRESENT, Effect.INEFFECTIVE),
    Finding(Evidence.ABSENT),
    Finding(Evidence.ABSENT),
    Finding(Evidence.UNKNOWN),
    None,
)


class Anybody:
    """Does anything at any time to some parcels, and knows what must never come of it."""

    def __init__(self, store: Store, seed: int) -> None:
        self.dice, self.clock = Random(seed), HandClock()
        self.contract = replace(LOOKABLE, authoritative=seed != 1)
        self.far_side = FarSide(self.contract)
        self.desk = a_desk(store, self.far_side, self.clock)
        self.journal = Journal(self.desk)
        self.seen: dict[str, _Seen] = {}
        self.old: list[Action] = []
        self.sent_again = 0

    def actions(self, *states: ActionState) -> list[Action]:
        with self.desk.store.read() as tx:
            return list(stored_lists.list_actions(tx, ActionFilter(states=frozenset(states))))

    def one(self, *states: ActionState) -> Action | None:
        found = self.actions(*states)
        return self.dice.choice(found) if found else None

    def moved(self, before: Action, after: Action) -> None:
        """Count a step that must have left its audit record."""
        if (after.state, after.effect) != (before.state, before.effect):
            assert after.state is before.state or after.state in NEXT[before.state]
            self.seen[after.action].steps += 1

    def ask(self) -> None:
        kind = self.dice.choice([ActionKind.INTERCEPT, ActionKind.REDIRECT])
        each = wanted(self.dice.choice(WAYBILLS), kind, self.dice.choice("ab"))
        with self.desk.store.write() as tx:
            action = plan(tx, self.desk, each, "", again=self.dice.random() < 0.3).action
        if action is not None and action.action not in self.seen:
            assert (action.state, action.attempt) == (ActionState.PLANNED, 0)
            self.seen[action.action] = _Seen(action.payload_hash, action.key)

    def begin(self) -> None:
        """From a record of any age, but for those read as unclear: only ``goes_by_key`` lets these go."""
        known = self.actions(ActionState.PLANNED) + [each for each in self.old if each.state is not ActionState.UNCLEAR]
        for begun in self.journal.begin([self.dice.choice(known)], {}, timedelta(seconds=60)) if known else []:
            model = self.seen[begun.action]
            assert model.clean, "sent again without evidence of absence"
            assert begun.attempt == model.attempt + 1
            model.clean = False
            self.sent_again += begun.attempt > 1

    def answer(self) -> None:
        if action := self.one(ActionState.SENDING):
            state = self.dice.choice([ActionState.UNCLEAR, ActionState.UNCLEAR, *sorted(NEXT[ActionState.SENDING])])
            after = self.journal.settle(action, Outcome(state, "accepted" if state is ActionState.DONE else ""))
            self.seen[action.action].clean = state is ActionState.PLANNED
            self.moved(action, after)

    def die(self) -> None:
        left = {action.action: action for action in self.actions(ActionState.SENDING)}
        for after in self.journal.sweep("sf", Family.PARCEL):
            self.moved(left[after.action], after)

    def look(self) -> None:
        action, finding = self.one(ActionState.UNCLEAR, ActionState.NEEDS_PERSON), self.dice.choice(FINDINGS)
        if action is None or action.sent_at is None:
            return
        self.far_side.tell = (lambda _asked: finding) if finding else saying(Unavailable("m", code="lost_answer"))
        after = Reconciler(self.desk, 1, Budget()).look(action).action
        if after.state is ActionState.PLANNED:
            assert finding == Finding(Evidence.ABSENT)
            assert self.contract.authoritative
            assert self.clock.now() >= action.sent_at + SURE
            self.seen[action.action].clean = True
        self.moved(action, after)

    def decide(self) -> None:
        if (action := self.one()) is None:
            return
        try:
            if self.dice.random() < 0.3:
                after = cancel_action(self.desk, action.action, "no more")
            else:
                after = resolve_action(self.desk, action.action, self.dice.choice(["done", "absent"]), "asked")
        except AsctlError as no:
            assert no.code in ("not_unclear", "not_planned")
            return
        self.seen[action.action].clean |= after.state is ActionState.PLANNED
        self.seen[action.action].steps += 2

    def wait(self) -> None:
        self.old = self.actions()
        self.clock.pass_by(timedelta(minutes=self.dice.choice([0.5, 2, 7, 60])))

    def check(self) -> None:
        actions = self.actions()
        assert len({(action.intent, action.occasion) for action in actions}) == len(actions)
        assert {action.action for action in actions} == set(self.seen)
        unsettled = Counter((each.account, each.family, each.target) for each in self.actions(*UNSETTLED_STATES))
        assert max(unsettled.values(), default=0) <= 1
        for action in actions:
            model = self.seen[action.action]
            assert action.key == model.key == action.intent.key(action.occasion)
            assert action.payload_hash == model.payload_hash == payload_hash(action.payload)
            assert action.attempt >= model.attempt
            model.attempt = action.attempt

    def check_audit(self) -> None:
        with self.desk.store.read() as tx:
            for number, model in self.seen.items():
                assert len(list(audit_about(tx, number))) == model.steps


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order(tmp_path: Path, seed: int) -> None:
    """Nothing is sent again without evidence of absence; one row per intent and occasion, whose key and payload never
    change; one unsettled action about a parcel at a time; attempts only grow; every step has its audit record."""
    with fresh_store_url("sqlite", tmp_path) as url, closing(open_store(url)) as store:
        anybody = Anybody(store, seed)
        deeds = [anybody.ask, anybody.begin, anybody.answer, anybody.die, anybody.look, anybody.decide, anybody.wait]
        for _round in range(70):
            for deed in anybody.dice.choices(deeds, [3, 4, 3, 1, 4, 1, 2], k=3):
                deed()
            anybody.check()
        anybody.check_audit()
    assert anybody.sent_again or not anybody.contract.authoritative
