"""Which actions there are: listed for people, due for a look, left to be sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from asctl.domain.actions import (
    INTERCEPTIONS,
    SLOW_KINDS,
    UNSETTLED_STATES,
    Action,
    ActionKind,
    ActionState,
    Family,
    batch_number,
)
from asctl.domain.parcels import ParcelKey
from asctl.store.actions import ALL, kinds_of, read_actions
from asctl.store.opening import Transaction
from asctl.store.rows import by_courier, chunks
from asctl.store.tables import actions, batch_items


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions to list; empty fields ask for nothing. ``asked_since`` counts from the first sending, or the planning
    where nothing was sent."""

    states: frozenset[ActionState] = frozenset()
    kinds: frozenset[ActionKind] = frozenset()
    effect: str = ""
    batch: str = ""
    waybill: str = ""
    order_id: str = ""
    account: str = ""
    asked_since: datetime | None = None
    limit: int | None = None


def list_actions(tx: Transaction, wanted: ActionFilter) -> Iterator[Action]:
    """Actions, the newest first, as they come."""
    query = ALL.order_by(actions.c.id.desc()).limit(wanted.limit)
    if wanted.states:
        query = query.where(actions.c.state.in_(wanted.states))
    if wanted.kinds:
        query = query.where(actions.c.kind.in_(wanted.kinds))
    for name in ("effect", "waybill", "order_id", "account"):
        if value := getattr(wanted, name):
            query = query.where(actions.c[name] == value)
    if wanted.batch:
        query = query.where(_of_batch(wanted.batch))
    if wanted.asked_since:
        query = query.where(func.coalesce(actions.c.first_sent_at, actions.c.planned_at) >= wanted.asked_since)
    yield from read_actions(tx, query)


def planned_in(tx: Transaction, batch: str) -> tuple[Action, ...]:
    """What of a batch is still to be sent, the oldest first: its rows and what followed from them."""
    query = ALL.where(_of_batch(batch), actions.c.state == ActionState.PLANNED).order_by(actions.c.id)
    return tuple(read_actions(tx, query))


def followed_from(tx: Transaction, batches: Collection[str]) -> tuple[Action, ...]:
    """What followed from rows of these batches and is still to be sent, the oldest first: it is no row itself."""
    row = exists().where(batch_items.c.action_id == actions.c.id)
    found: list[Action] = []
    for chunk in chunks(sorted(batch_number(batch) for batch in batches if batch)):
        query = ALL.where(actions.c.batch_id.in_(chunk), actions.c.state == ActionState.PLANNED, ~row)
        found.extend(read_actions(tx, query.order_by(actions.c.id)))
    return tuple(found)


def swept(tx: Transaction, account: str, family: Family) -> tuple[Action, ...]:
    """The rows of an account and family that stand in ``sending``: whoever holds their lock knows that the run which left
    them there is dead."""
    kinds = kinds_of(family)
    query = ALL.where(actions.c.state == ActionState.SENDING, actions.c.account == account, actions.c.kind.in_(kinds))
    return tuple(read_actions(tx, query))


def in_sending(tx: Transaction) -> tuple[Action, ...]:
    """All rows in ``sending``, of runs at work or dead."""
    return tuple(read_actions(tx, ALL.where(actions.c.state == ActionState.SENDING)))


def due_looks(tx: Transaction, now: datetime, limit: int) -> tuple[Action, ...]:
    """Unclear actions whose next look is due, the longest due first."""
    due = and_(actions.c.state == ActionState.UNCLEAR, actions.c.next_look_at <= now)
    return tuple(read_actions(tx, ALL.where(due).order_by(actions.c.next_look_at, actions.c.id).limit(limit)))


def due_effects(tx: Transaction, now: datetime, limit: int) -> tuple[Action, ...]:
    """Accepted requests about whose effect it is time to ask, the longest due first."""
    due = and_(actions.c.state == ActionState.DONE, actions.c.next_look_at <= now)
    return tuple(read_actions(tx, ALL.where(due).order_by(actions.c.next_look_at, actions.c.id).limit(limit)))


def counted(tx: Transaction, states: Collection[ActionState]) -> dict[ActionState, int]:
    """How many actions stand in each of these states; those without any are left out."""
    query = select(actions.c.state, func.count()).where(actions.c.state.in_(states)).group_by(actions.c.state)
    return {row[0]: row[1] for row in tx.execute(query)}


def next_look_after(tx: Transaction) -> datetime | None:
    """When the next look at an unclear action is due, if there is any."""
    query = select(actions.c.next_look_at).where(
        actions.c.state == ActionState.UNCLEAR, actions.c.next_look_at.is_not(None)
    )
    found: datetime | None = tx.execute(query.order_by(actions.c.next_look_at).limit(1)).scalar()
    return found


def without_effect(tx: Transaction, courier: str, waybills: Collection[str]) -> tuple[Action, ...]:
    """The slow requests about these parcels of which nobody knows yet what came: accepted ones and unsettled ones."""
    accepted = and_(actions.c.state == ActionState.DONE, actions.c.effect == "accepted")
    waits = and_(actions.c.kind.in_(SLOW_KINDS), or_(accepted, actions.c.state.in_(UNSETTLED_STATES)))
    found: list[Action] = []
    for chunk in chunks(dict.fromkeys(waybills)):
        query = ALL.where(actions.c.waybill.in_(chunk), actions.c.courier == courier, waits)
        found.extend(read_actions(tx, query.order_by(actions.c.id)))
    return tuple(found)


def called_back(tx: Transaction, keys: Collection[ParcelKey]) -> dict[ParcelKey, datetime]:
    """Those of these parcels of which an interception is accepted or effective, with when it was first sent."""
    took_it = and_(actions.c.state == ActionState.DONE, actions.c.effect.in_(("accepted", "effective")))
    which = and_(actions.c.kind.in_(INTERCEPTIONS), took_it)
    found: dict[ParcelKey, datetime] = {}
    for courier, waybills in by_courier(keys):
        query = select(actions.c.waybill, func.min(actions.c.first_sent_at)).where(
            actions.c.waybill.in_(waybills), which
        )
        rows = tx.execute(query.where(actions.c.courier == courier).group_by(actions.c.waybill))
        found |= {ParcelKey(courier, waybill): sent_at for waybill, sent_at in rows if sent_at is not None}
    return found


def _of_batch(batch: str) -> ColumnElement[bool]:
    number = batch_number(batch)
    rows = select(batch_items.c.action_id).where(batch_items.c.batch_id == number)
    return or_(actions.c.batch_id == number, actions.c.id.in_(rows))
