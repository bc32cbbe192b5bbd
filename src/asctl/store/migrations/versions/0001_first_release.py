"""Orders, after-sales, parcels, RMAs, tasks and what belongs to them.

A migration is never changed after its release, so it names plain types and imports nothing of ours.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MONEY = sa.Text().with_variant(sa.Numeric(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _columns(kind: Any, names: str, *, key: bool = False, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=key, nullable=nullable, autoincrement=False) for name in names.split()]


def _keys(names: str) -> list[sa.Column[Any]]:
    return _columns(sa.Text(), names, key=True)


def _texts(names: str) -> list[sa.Column[Any]]:
    return _columns(sa.Text(), names)


def _moments(names: str) -> list[sa.Column[Any]]:
    return _columns(_MOMENT, names)


def _maybe_moments(names: str) -> list[sa.Column[Any]]:
    return _columns(_MOMENT, names, nullable=True)


def _running() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def upgrade() -> None:
    """Make the first tables."""
    _orders()
    _after_sales()
    _parcels()
    _questions()
    _rmas()
    _tasks()
    _records()


def _orders() -> None:
    op.create_table(
        "orders",
        *_keys("shop order_id"),
        *_texts("status raw_status"),
        *_moments("created_at modified_at"),
        *_maybe_moments("paid_at ship_by shipped_at finished_at"),
        *_columns(_MONEY, "amount freight"),
        *_texts("currency buyer receiver_name receiver_phone receiver_province receiver_city receiver_district"),
        *_texts("receiver_town receiver_detail buyer_message remark"),
        *_columns(sa.Integer(), "flag"),
    )
    op.create_index("ix_orders_order_id", "orders", ["order_id"])
    op.create_index("ix_orders_created", "orders", ["created_at", "shop", "order_id"])
    op.create_table(
        "order_lines",
        *_keys("shop order_id"),
        *_columns(sa.Integer(), "position", key=True),
        *_texts("line_id title sku properties"),
        *_columns(sa.Integer(), "quantity"),
        *_columns(_MONEY, "price paid"),
        *_texts("raw_status courier waybill"),
        *_maybe_moments("shipped_at"),
        *_texts("after_sale_id"),
        sa.ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.order_id"]),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_order_lines_waybill", "order_lines", ["waybill"])


def _after_sales() -> None:
    op.create_table(
        "after_sales",
        *_keys("shop after_sale_id"),
        *_texts("order_id kind status raw_status"),
        *_moments("created_at modified_at"),
        *_texts("line_id reason description title"),
        *_columns(sa.Integer(), "quantity"),
        *_columns(_MONEY, "amount"),
        *_texts("currency"),
        *_columns(sa.Boolean(), "goods_back"),
        *_texts("phase version"),
        *_maybe_moments("deadline"),
        *_texts("return_courier return_waybill"),
    )
    op.create_index("ix_after_sales_id", "after_sales", ["after_sale_id"])
    op.create_index("ix_after_sales_order", "after_sales", ["order_id", "shop"])
    op.create_index("ix_after_sales_created", "after_sales", ["created_at", "shop", "after_sale_id"])
    op.create_table("cursors", *_keys("shop feed"), *_moments("at"))


def _parcels() -> None:
    op.create_table(
        "parcels",
        *_keys("courier waybill"),
        *_moments("added_at"),
        *_texts("direction account shop order_id rma phone_tail"),
        *_maybe_moments("shipped_at"),
        *_texts("status raw_code"),
        *_maybe_moments("last_event_at"),
        *_texts("last_event location"),
        *_maybe_moments("moved_at"),
        *_texts("verdict"),
        *_columns(sa.JSON(), "findings"),
        *_maybe_moments("seen_at failing_since"),
        *_columns(sa.Integer(), "failures"),
        *_texts("poll_error"),
        *_moments("next_poll_at"),
        *_columns(sa.Boolean(), "open"),
    )
    op.create_index("ix_parcels_waybill", "parcels", ["waybill"])
    op.create_index("ix_parcels_order", "parcels", ["order_id"])
    op.create_index("ix_parcels_rma", "parcels", ["rma"])
    op.create_index("ix_parcels_verdict", "parcels", ["verdict", "added_at"])
    op.create_index("ix_parcels_added", "parcels", ["added_at", "courier", "waybill"])
    due = sa.column("open", sa.Boolean()) == sa.true()
    place = ["next_poll_at", "courier", "waybill"]
    op.create_index("ix_parcels_due", "parcels", place, sqlite_where=due, postgresql_where=due)
    op.create_table(
        "events",
        *_keys("courier waybill"),
        *_columns(_MOMENT, "at", key=True),
        *_keys("digest"),
        *_texts("status text raw_code location"),
        *_columns(sa.JSON(), "flags"),
        *_columns(sa.Boolean(), "informational"),
        *_texts("source"),
        sa.ForeignKeyConstraint(["courier", "waybill"], ["parcels.courier", "parcels.waybill"]),
        sqlite_with_rowid=False,
    )


def _questions() -> None:
    op.create_table("lookups", *_keys("account courier waybill"), *_columns(sa.JSON(), "asked"), *_moments("last_at"))
    op.create_index("ix_lookups_last", "lookups", ["account", "last_at"])
    op.create_table("parked_accounts", *_keys("account"), *_moments("until"), *_texts("reason"))


def _rmas() -> None:
    op.create_table(
        "rmas",
        *_keys("rma"),
        *_texts("order_id shop kind reason state"),
        *_moments("opened_at"),
        *_texts("opened_by"),
        *_moments("due_at"),
        *_texts("description"),
        *_maybe_moments("approved_at"),
        *_texts("approved_by courier waybill"),
        sa.ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.order_id"]),
    )
    op.create_index("ix_rmas_order", "rmas", ["order_id", "shop"])
    op.create_index("ix_rmas_waybill", "rmas", ["waybill"])
    op.create_index("ix_rmas_opened", "rmas", ["opened_at", "rma"])
    op.create_table(
        "rma_lines",
        *_keys("rma"),
        *_columns(sa.Integer(), "position", key=True),
        *_texts("line_id sku title"),
        *_columns(sa.Integer(), "quantity"),
        sa.ForeignKeyConstraint(["rma"], ["rmas.rma"]),
    )


def _tasks() -> None:
    op.create_table(
        "tasks",
        *_keys("task"),
        *_texts("kind subject cause"),
        *_moments("due_at opened_at"),
        *_texts("state"),
        *_columns(sa.Boolean(), "automatic"),
        *_texts("shop order_id courier waybill rma owner why next"),
        *_maybe_moments("closed_at"),
        *_texts("closed_by outcome"),
        *_columns(sa.JSON(), "notes"),
        sa.UniqueConstraint("subject", "kind", "cause", name="uq_tasks_cause"),
    )
    op.create_index("ix_tasks_due", "tasks", ["state", "due_at", "task"])


def _records() -> None:
    op.create_table(
        "labels",
        _running(),
        *_texts("rma format size sha256 file"),
        *_moments("at"),
        *_texts("by"),
        sa.ForeignKeyConstraint(["rma"], ["rmas.rma"]),
    )
    op.create_index("ix_labels_rma", "labels", ["rma"])
    op.create_table("audit", _running(), *_moments("at"), *_texts("who what subject"), *_columns(sa.JSON(), "detail"))
    op.create_table("counters", *_keys("name"), *_columns(sa.Integer(), "value"))
