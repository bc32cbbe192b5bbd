"""Outgoing writes on record, in batches; labels that are no longer right.

A migration is never changed after its release, so it names plain types and imports nothing of ours.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MONEY = sa.Text().with_variant(sa.Numeric(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def _moments(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _MOMENT) for name in names.split()]


def _integers(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names.split()]


def _reference(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"))


def upgrade() -> None:
    """Make the tables of actions and batches, and mark labels."""
    _batches()
    _actions()
    _items()
    op.add_column("labels", sa.Column("void_at", _MOMENT))
    op.add_column("labels", sa.Column("void_why", sa.Text(), nullable=False, server_default=""))


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("verb"),
        sa.Column("created_at", _MOMENT, nullable=False),
        *_texts("by"),
        *_integers("total"),
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), primary_key=True),
        _reference("batch_id", "batches"),
        *_texts("kind account target scope purpose"),
        *_integers("occasion"),
        *_texts("key"),
        sa.Column("payload", sa.JSON(), nullable=False),
        *_texts("payload_hash state"),
        sa.Column("planned_at", _MOMENT, nullable=False),
        *_texts("by"),
        *_integers("attempt"),
        *_texts("effect"),
        *_moments("effect_at first_sent_at sent_at deadline"),
        *_texts("before"),
        *_integers("looks"),
        *_moments("next_look_at settled_at"),
        *_texts("reference"),
        sa.Column("fee", _MONEY),
        *_texts("message error_family error_code error_message refusal upstream_code"),
        *_texts("shop order_id courier waybill after_sale_id rma"),
        sa.Column("afterwards", sa.JSON(), nullable=False),
        sa.UniqueConstraint("account", "kind", "target", "scope", "purpose", "occasion", name="uq_actions_intent"),
    )
    op.create_index("ix_actions_target", "actions", ["target"])
    op.create_index("ix_actions_state", "actions", ["state", "next_look_at"])
    op.create_index("ix_actions_batch", "actions", ["batch_id"])
    op.create_index("ix_actions_waybill", "actions", ["waybill"])
    op.create_index("ix_actions_order", "actions", ["order_id"])


def _items() -> None:
    op.create_table(
        "batch_items",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id"), primary_key=True, nullable=False),
        sa.Column("position", sa.Integer(), primary_key=True, nullable=False, autoincrement=False),
        *_texts("input"),
        _reference("action_id", "actions"),
        *_texts("status error_family error_code error_message"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_batch_items_action", "batch_items", ["action_id"])
