"""The journal of outgoing writes (design section 4). Every change of state names the state it starts from, so that two
processes never both take the same step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Update, and_, bindparam, exists, or_, select, true, update

from asctl.domain.actions import (
    FAMILY,
    NEXT,
    OPEN_STATES,
    SLOW_KINDS,
    UNSETTLED_STATES,
    Action,
    ActionKind,
    ActionState,
    Family,
    Intent,
    Wanted,
    action_number,
    batch_number,
    payload_hash,
)
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, columns_of, insert_into, stream, values_of
from asctl.store.tables import actions, batch_items

_KEPT = columns_of(actions, Action)
_NAMES = tuple(column.name for column in _KEPT)


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions to list; empty fields ask for nothing."""

    states: frozenset[ActionState] = frozenset()
    kinds: frozenset[ActionKind] = frozenset()
    effect: str = ""
    batch: str = ""
    waybill: str = ""
    order_id: str = ""
    account: str = ""
    limit: int | None = None


def kinds_of(family: Family) -> frozenset[ActionKind]:
    """The kinds of one family."""
    return frozenset(kind for kind, each in FAMILY.items() if each is family)


def plan_action(tx: Transaction, wanted: Wanted, occasion: int, now: datetime, by: str, batch: str) -> Action | None:
    """Put a new action on record; ``None`` where another process has just planned the same."""
    intent = wanted.intent
    values = {
        **values_of(actions, intent),
        **values_of(actions, wanted.about),
        "batch_id": batch_number(batch) if batch else None,
        "occasion": occasion,
        "key": intent.key(occasion),
        "payload": dict(wanted.payload),
        "payload_hash": payload_hash(wanted.payload),
        "state": ActionState.PLANNED,
        "planned_at": now,
        "by": by,
        "afterwards": dict(wanted.afterwards),
        **_BLANK,
    }
    return _first(tx, insert_into(tx, actions).on_conflict_do_nothing().returning(*_COLUMNS), values)


_BLANK = {
    "attempt": 0,
    "looks": 0,
    **dict.fromkeys(
        [
            "effect",
            "before",
            "reference",
            "message",
            "error_family",
            "error_code",
            "error_message",
            "refusal",
            "upstream_code",
        ],
        "",
    ),
}


def last_of_intent(tx: Transaction, intent: Intent) -> Action | None:
    """The latest occasion of an intent."""
    return _first(tx, _last_of_intent(), values_of(actions, intent))


@cache
def _last_of_intent() -> Select[Any]:
    same = [actions.c[each.name] == _given(each.name) for each in fields(Intent)]
    return _ALL.where(*same).order_by(actions.c.occasion.desc()).limit(1)


def last_done(tx: Transaction, account: str, kind: ActionKind, target: str) -> Action | None:
    """The write of that kind that was last done to a target: what stands there, as far as we know. Without an account,
    through whichever."""
    return _first(tx, _last_done(bool(account)), {"account": account, "target": target, "kind": kind})


@cache
def _last_done(of_account: bool) -> Select[Any]:
    done = _ALL.where(*_about(of_account), actions.c.kind == _given("kind"), actions.c.state == ActionState.DONE)
    return done.order_by(actions.c.settled_at.desc(), actions.c.id.desc()).limit(1)


def open_about(tx: Transaction, account: str, family: Family, target: str) -> tuple[Action, ...]:
    """The actions of a family about a target that have not come to an end, the oldest first."""
    found = tx.execute(_open_about(bool(account), family), {"account": account, "target": target})
    return tuple(map(_action, found))


@cache
def _open_about(of_account: bool, family: Family) -> Select[Any]:
    open_ones = _ALL.where(*_about(of_account), actions.c.kind.in_(kinds_of(family)), actions.c.state.in_(OPEN_STATES))
    return open_ones.order_by(actions.c.id)


def begin_sending(tx: Transaction, action: Action, now: datetime, deadline: datetime, before: str) -> Action | None:
    """Take a planned action for sending, unless an earlier one about the same target is unsettled or another process was
    first: then ``None``."""
    if action.state is not ActionState.PLANNED:
        return None
    news = {
        "attempt": action.attempt + 1,
        "first_sent_at": action.first_sent_at or now,
        "sent_at": now,
        "deadline": deadline,
        "before": before,
        "looks": 0,
        "next_look_at": None,
        **_NO_ERROR,
    }
    return _move(tx, action, ActionState.SENDING, news, unless_unsettled=True)


_NO_ERROR = dict.fromkeys(("message", "error_family", "error_code", "error_message", "refusal", "upstream_code"), "")


def change(tx: Transaction, action: Action, state: ActionState, news: Mapping[str, object]) -> Action | None:
    """Move an action on from the state and attempt in which ``action`` shows it; ``None`` where it stands elsewhere by now.

    ``ValueError`` for a step that :data:`~asctl.domain.actions.NEXT` does not allow; the same state may be kept.
    """
    return _move(tx, action, state, news, unless_unsettled=False)


def _move(
    tx: Transaction, action: Action, state: ActionState, news: Mapping[str, object], unless_unsettled: bool
) -> Action | None:
    if state is not action.state and state not in NEXT[action.state]:
        raise ValueError(f"no way from {action.state} to {state}")
    known = {"id": action_number(action.action), "state": action.state, "attempt": action.attempt}
    if unless_unsettled:
        known |= {"target": action.target, "account": action.account}
    values = {f"was_{name}": value for name, value in known.items()}
    values |= {f"new_{name}": value for name, value in {**news, "state": state}.items()}
    moving = _moving(frozenset({*news, "state"}), action.family if unless_unsettled else None)
    return _first(tx, moving, values)


@cache
def _moving(names: frozenset[str], family: Family | None) -> Update:
    """The statement that moves an action on; with ``family`` unless another of it about the same target is unsettled.

    Kept once made: to build it takes several times as long as to run it.
    """

    def was(name: str) -> BindParameter[Any]:
        return bindparam(f"was_{name}", type_=actions.c[name].type)

    conditions = [actions.c[name] == was(name) for name in ("id", "state", "attempt")]
    if family is not None:
        other = actions.alias()
        unsettled = exists().where(
            other.c.target == was("target"),
            true() if family is Family.PARCEL else other.c.account == was("account"),
            other.c.kind.in_(kinds_of(family)),
            other.c.state.in_(UNSETTLED_STATES),
            other.c.id != was("id"),
        )
        conditions.append(~unsettled)
    news = {name: bindparam(f"new_{name}", type_=actions.c[name].type) for name in sorted(names)}
    return update(actions).where(*conditions).values(news).returning(*_COLUMNS)


def get_action(tx: Transaction, action: str) -> Action | None:
    """One action by its number."""
    return _first(tx, _ALL.where(actions.c.id == action_number(action)))


def get_actions(tx: Transaction, numbers: Collection[str]) -> dict[str, Action]:
    """Actions by their numbers."""
    found: dict[str, Action] = {}
    for chunk in chunks(dict.fromkeys(map(action_number, numbers))):
        for action in _actions(tx, _ALL.where(actions.c.id.in_(chunk))):
            found[action.action] = action
    return found


def list_actions(tx: Transaction, wanted: ActionFilter) -> Iterator[Action]:
    """Actions, the newest first, as they come."""
    query = _ALL.order_by(actions.c.id.desc()).limit(wanted.limit)
    if wanted.states:
        query = query.where(actions.c.state.in_(wanted.states))
    if wanted.kinds:
        query = query.where(actions.c.kind.in_(wanted.kinds))
    for name in ("effect", "waybill", "order_id", "account"):
        if value := getattr(wanted, name):
            query = query.where(actions.c[name] == value)
    if wanted.batch:
        query = query.where(_of_batch(wanted.batch))
    yield from _actions(tx, query)


def planned_in(tx: Transaction, batch: str) -> tuple[Action, ...]:
    """What of a batch is still to be sent, the oldest first: its rows and what followed from them."""
    query = _ALL.where(_of_batch(batch), actions.c.state == ActionState.PLANNED).order_by(actions.c.id)
    return tuple(_actions(tx, query))


def followed_from(tx: Transaction, batches: Collection[str]) -> tuple[Action, ...]:
    """What followed from rows of these batches and is still to be sent, the oldest first: it is no row itself."""
    row = exists().where(batch_items.c.action_id == actions.c.id)
    found: list[Action] = []
    for chunk in chunks(sorted(batch_number(batch) for batch in batches if batch)):
        query = _ALL.where(actions.c.batch_id.in_(chunk), actions.c.state == ActionState.PLANNED, ~row)
        found.extend(_actions(tx, query.order_by(actions.c.id)))
    return tuple(found)


def swept(tx: Transaction, account: str, family: Family) -> tuple[Action, ...]:
    """The rows of an account and family that stand in ``sending``: whoever holds their lock knows that the run which left
    them there is dead."""
    kinds = kinds_of(family)
    query = _ALL.where(actions.c.state == ActionState.SENDING, actions.c.account == account, actions.c.kind.in_(kinds))
    return tuple(_actions(tx, query))


def in_sending(tx: Transaction) -> tuple[Action, ...]:
    """All rows in ``sending``, of runs at work or dead."""
    return tuple(_actions(tx, _ALL.where(actions.c.state == ActionState.SENDING)))


def due_looks(tx: Transaction, now: datetime, limit: int) -> tuple[Action, ...]:
    """Unclear actions whose next look is due, the longest due first."""
    due = and_(actions.c.state == ActionState.UNCLEAR, actions.c.next_look_at <= now)
    return tuple(_actions(tx, _ALL.where(due).order_by(actions.c.next_look_at, actions.c.id).limit(limit)))


def due_effects(tx: Transaction, now: datetime, limit: int) -> tuple[Action, ...]:
    """Accepted requests about whose effect it is time to ask, the longest due first."""
    due = and_(actions.c.state == ActionState.DONE, actions.c.next_look_at <= now)
    return tuple(_actions(tx, _ALL.where(due).order_by(actions.c.next_look_at, actions.c.id).limit(limit)))


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
        query = _ALL.where(actions.c.waybill.in_(chunk), actions.c.courier == courier, waits)
        found.extend(_actions(tx, query.order_by(actions.c.id)))
    return tuple(found)


def _of_batch(batch: str) -> ColumnElement[bool]:
    number = batch_number(batch)
    rows = select(batch_items.c.action_id).where(batch_items.c.batch_id == number)
    return or_(actions.c.batch_id == number, actions.c.id.in_(rows))


def _about(of_account: bool) -> list[ColumnElement[bool]]:
    """Of one account, or of whichever."""
    names = ("target", "account") if of_account else ("target",)
    return [actions.c[name] == _given(name) for name in names]


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=actions.c[name].type)


_COLUMNS = (actions.c.id, actions.c.batch_id, *_KEPT)


_ALL = select(*_COLUMNS)


def _actions(tx: Transaction, query: Select[Any]) -> Iterator[Action]:
    return (_action(row) for row in stream(tx, query))


def _first(tx: Transaction, query: Any, values: Mapping[str, object] | None = None) -> Action | None:
    row = tx.execute(query, values).first()
    return None if row is None else _action(row)


def _action(row: Any) -> Action:
    number, batch, *values = row
    named = dict(zip(_NAMES, values, strict=True))
    return Action(action=f"A{number}", batch=f"B{batch}" if batch else "", **named)
