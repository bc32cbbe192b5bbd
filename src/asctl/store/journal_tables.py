"""The tables of outgoing writes: batches, their rows, and the actions that came of them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from asctl.domain.actions import ActionKind, ActionState
from asctl.store.columns import Choice, Moment, Money
from asctl.store.schema import metadata
from asctl.store.schema import text as _text
from asctl.store.schema import texts as _texts

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("verb"),
    Column("created_at", Moment, nullable=False),
    _text("by"),
    Column("total", Integer, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", Integer, ForeignKey("batches.id")),
    Column("kind", Choice(ActionKind), nullable=False),
    *_texts("account target scope purpose"),
    Column("occasion", Integer, nullable=False),
    _text("key"),
    Column("payload", JSON, nullable=False),
    _text("payload_hash"),
    Column("state", Choice(ActionState), nullable=False),
    Column("planned_at", Moment, nullable=False),
    _text("by"),
    Column("attempt", Integer, nullable=False),
    _text("effect"),
    *[Column(name, Moment) for name in ["effect_at", "first_sent_at", "sent_at", "deadline"]],
    _text("before"),
    Column("looks", Integer, nullable=False),
    *[Column(name, Moment) for name in ["next_look_at", "settled_at"]],
    _text("reference"),
    Column("fee", Money),
    *_texts("message error_family error_code error_message refusal upstream_code"),
    *_texts("shop order_id courier waybill after_sale_id rma"),
    Column("afterwards", JSON, nullable=False),
    UniqueConstraint("account", "kind", "target", "scope", "purpose", "occasion", name="uq_actions_intent"),
    Index("ix_actions_target", "target"),
    Index("ix_actions_state", "state", "next_look_at"),
    Index("ix_actions_batch", "batch_id"),
    Index("ix_actions_waybill", "waybill"),
    Index("ix_actions_order", "order_id"),
)

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", Integer, ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("input"),
    Column("action_id", Integer, ForeignKey("actions.id")),
    *_texts("status error_family error_code error_message"),
    Index("ix_batch_items_action", "action_id"),
    sqlite_with_rowid=False,
)
