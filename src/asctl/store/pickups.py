"""Pickups among the actions: which of them have to do with a case, and which a callback may be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from asctl.domain.actions import OPEN_STATES, UNSETTLED_STATES, Action, ActionKind, ActionState, Family
from asctl.store.actions import ALL, read_actions, take_turn
from asctl.store.opening import Transaction
from asctl.store.rows import chunks
from asctl.store.tables import actions, rmas

_ACCEPTED = and_(actions.c.state == ActionState.DONE, actions.c.effect == "accepted")
_PICKUP = actions.c.kind == ActionKind.PICKUP


def cases_in(payload: Mapping[str, Any]) -> list[str]:
    """The numbers of the cases whose goods a pickup fetches, the one that names it first."""
    return [str(number) for number in payload["rmas"]]


def take_turns(tx: Transaction, numbers: Collection[str]) -> None:
    """Let no other transaction plan a pickup of any of these cases until this one ends."""
    for number in sorted(numbers):
        take_turn(tx, f"{Family.PICKUP.value} {number}")


def latest_pickup(tx: Transaction, rma: str) -> Action | None:
    """The pickup that a case went along with last, as its first case or as another of the parcel."""
    return next(iter(pickups_of_cases(tx, [rma])), None)


def pickups_of_cases(tx: Transaction, numbers: Collection[str]) -> list[Action]:
    """The pickups of these cases that may still bring their goods: on the way to the courier, or taken on; the latest first."""
    alive = or_(actions.c.state.in_(OPEN_STATES), actions.c.state == ActionState.DONE)
    found: list[Action] = []
    for chunk in chunks(dict.fromkeys(numbers)):
        orders = select(rmas.c.order_id).where(rmas.c.rma.in_(chunk))
        query = ALL.where(_PICKUP, alive, actions.c.order_id.in_(orders)).order_by(actions.c.id.desc())
        wanted = set(chunk)
        found += [action for action in read_actions(tx, query) if wanted & set(cases_in(action.payload))]
    return found


def pickups_told_of(tx: Transaction, account: str, number: str, courier: str, waybill: str) -> tuple[Action, ...]:
    """The pickups of an account that wait for news and may be meant by a callback with this number (the courier's, the last
    part of it, or our key), else by one with this waybill."""
    waits = or_(_ACCEPTED, actions.c.state.in_(UNSETTLED_STATES))
    own = ALL.where(_PICKUP, actions.c.account == account, waits).order_by(actions.c.id)
    last_part = actions.c.reference.endswith(f"/{number}", autoescape=True)
    numbered = or_(actions.c.reference == number, actions.c.key == number, last_part)
    found = tuple(read_actions(tx, own.where(numbered))) if number else ()
    if found or not waybill:
        return found
    return tuple(read_actions(tx, own.where(actions.c.waybill == waybill, actions.c.courier == courier)))
