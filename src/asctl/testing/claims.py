"""Work orders at the courier: ``ClaimDesk``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from asctl.capabilities.shipping import Claim
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.redirections import under_way
from asctl.testing.rules import Rule, Tier, expect
from asctl.testing.site import Site
from asctl.testing.submissions import KEY, accepted, key_of, request_rules, rule, turned_down, with_another_key
from asctl.testing.troubles import trouble_rules

KINDS = ("urge", "no_movement", "damage", "loss", "missing", "weight")
STATES = frozenset({"open", "waiting_for_us", "closed"})


def _arrange(site: Site) -> Arguments:
    made = under_way(site)
    return (Claim(KEY, made.courier, made.waybill, "no_movement", "三天没有物流更新，请核实", Decimal("129.90")),)


def _filed(site: Site, _arguments: Arguments) -> Arguments:
    return (accepted(FILE.done(site, _arrange(site))).reference,)


FILE = Exercise("ClaimDesk", "file_claim", _arrange, write=True, stranger=with_another_key)
STATE = Exercise("ClaimDesk", "claim_state", lambda _site: ("4711",), before=_filed)
EXERCISES = (FILE, STATE)


def claim_desk_rules() -> Iterator[Rule]:
    """All rules for ``ClaimDesk``."""
    yield rule(FILE, "numbered", Tier.BRONZE, "the answer has the number by which the claim is followed", _numbered)
    yield rule(FILE, "kinds", Tier.BRONZE, "each kind of claim is filed, or gets a clear no", _kinds)
    yield from request_rules(FILE)
    yield rule(STATE, "told", Tier.BRONZE, "what was filed just now is open, or waits for us", _told)
    yield rule(STATE, "unknown", Tier.BRONZE, "a claim that nobody filed gets a clear no", _unknown)
    yield rule(STATE, "reads_only", Tier.BRONZE, "asking changes nothing", _reads_only)
    yield from trouble_rules(STATE)


def _numbered(site: Site, exercise: Exercise) -> None:
    expect(bool(accepted(exercise.done(site, exercise.prepared(site))).reference), "the Submission has no reference")


def _kinds(site: Site, exercise: Exercise) -> None:
    (claim,) = exercise.prepared(site)
    for index, kind in enumerate(KINDS):
        outcome = exercise.outcome(site, (replace(claim, key=key_of(index), kind=kind, goods_value=None),))
        if outcome.error is None:
            accepted(outcome.result)
        else:
            turned_down(site, outcome, kind)


def _told(site: Site, exercise: Exercise) -> None:
    state = exercise.done(site, exercise.prepared(site))
    expect(state in STATES - {"closed"}, f"its state is {state!r}, and may be open or waiting_for_us")


def _unknown(site: Site, exercise: Exercise) -> None:
    turned_down(site, exercise.outcome(site, ("4711",)), "a claim that nobody filed")


def _reads_only(site: Site, exercise: Exercise) -> None:
    exercise.done(site, exercise.prepared(site))
    expect(not site.far_side.writes(), "a write reached the far side")
