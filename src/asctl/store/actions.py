"""The journal of outgoing writes (design section 4). Every change of state names the state it starts from, so that two
processes never both take the same step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Update, bindparam, exists, select, text, true, update

from asctl.domain.actions import (
    FAMILY,
    NEXT,
    OPEN_STATES,
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
from asctl.store.tables import actions

_KEPT = columns_of(actions, Action)
_NAMES = tuple(column.name for column in _KEPT)


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
    return ALL.where(*same).order_by(actions.c.occasion.desc()).limit(1)


def last_done(tx: Transaction, account: str, kind: ActionKind, target: str) -> Action | None:
    """The write of that kind that was last done to a target: what stands there, as far as we know. Without an account,
    through whichever."""
    return _first(tx, _last_done(bool(account)), {"account": account, "target": target, "kind": kind})


@cache
def _last_done(of_account: bool) -> Select[Any]:
    done = ALL.where(*_about(of_account), actions.c.kind == _given("kind"), actions.c.state == ActionState.DONE)
    return done.order_by(actions.c.settled_at.desc(), actions.c.id.desc()).limit(1)


def open_about(tx: Transaction, account: str, family: Family, target: str) -> tuple[Action, ...]:
    """The actions of a family about a target that have not come to an end, the oldest first."""
    found = tx.execute(_open_about(bool(account), family), {"account": account, "target": target})
    return tuple(map(_action, found))


@cache
def _open_about(of_account: bool, family: Family) -> Select[Any]:
    open_ones = ALL.where(*_about(of_account), actions.c.kind.in_(kinds_of(family)), actions.c.state.in_(OPEN_STATES))
    return open_ones.order_by(actions.c.id)


def begin_sending(tx: Transaction, action: Action, now: datetime, deadline: datetime, before: str) -> Action | None:
    """Take a planned action for sending, or an unclear one for a repeat under its key, unless an earlier one about the same
    target is unsettled or another process was first: then ``None``."""
    if action.state not in (ActionState.PLANNED, ActionState.UNCLEAR):
        return None
    take_turn(tx, action.target)
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


def take_turn(tx: Transaction, target: str) -> None:
    """Let no other transaction plan or begin anything about the same target until this one ends. On SQLite there is only
    one that writes."""
    if tx.dialect.name == "postgresql":
        tx.execute(_TURN, {"target": target})


_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('asctl target ' || current_schema() || ' ' || :target, 0))")
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
    return _first(tx, ALL.where(actions.c.id == action_number(action)))


def get_actions(tx: Transaction, numbers: Collection[str]) -> dict[str, Action]:
    """Actions by their numbers."""
    found: dict[str, Action] = {}
    for chunk in chunks(dict.fromkeys(map(action_number, numbers))):
        for action in read_actions(tx, ALL.where(actions.c.id.in_(chunk))):
            found[action.action] = action
    return found


def _about(of_account: bool) -> list[ColumnElement[bool]]:
    """Of one account, or of whichever."""
    names = ("target", "account") if of_account else ("target",)
    return [actions.c[name] == _given(name) for name in names]


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=actions.c[name].type)


_COLUMNS = (actions.c.id, actions.c.batch_id, *_KEPT)


ALL = select(*_COLUMNS)


def read_actions(tx: Transaction, query: Select[Any]) -> Iterator[Action]:
    return (_action(row) for row in stream(tx, query))


def _first(tx: Transaction, query: Any, values: Mapping[str, object] | None = None) -> Action | None:
    row = tx.execute(query, values).first()
    return None if row is None else _action(row)


def _action(row: Any) -> Action:
    number, batch, *values = row
    named = dict(zip(_NAMES, values, strict=True))
    return Action(action=f"A{number}", batch=f"B{batch}" if batch else "", **named)
