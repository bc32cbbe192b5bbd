"""Invoices: the books, what was decided for each case, the goods' tax categories, and access tokens.

A migration is never changed after its release, so it names plain types and imports nothing of ours.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MONEY = sa.Text().with_variant(sa.Numeric(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_SALE = (
    "colour = 'blue' AND purpose = 'sale' AND state IN"
    " ('queued', 'sending', 'issuing', 'issued', 'seal_failed', 'partly_reversed', 'voiding')"
)
_REVERSAL = "colour = 'red' AND state IN ('queued', 'sending', 'issuing')"


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def _moments(names: str, nullable: bool) -> list[sa.Column[Any]]:
    return [sa.Column(name, _MOMENT, nullable=nullable) for name in names.split()]


def _keys(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), primary_key=True, nullable=False) for name in names.split()]


def upgrade() -> None:
    """Create the tables."""
    _invoices()
    op.create_table(
        "settlements",
        *_keys("subject"),
        *_texts("rma shop order_id resolution standing"),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        *_texts("invoice why"),
        *_moments("decided_at", False),
        *_texts("decided_by"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_settlements_order", "settlements", ["order_id", "shop"])
    op.create_table(
        "invoice_notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("invoice rma kind said"),
        *_moments("at", False),
        *_texts("by"),
    )
    op.create_index("ix_invoice_notes_invoice", "invoice_notes", ["invoice"])
    op.create_table(
        "goods_tax",
        *_keys("sku"),
        *_texts("code"),
        sa.Column("rate", _MONEY, nullable=False),
        *_texts("name unit spec"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        *_keys("account stands_for"),
        *_texts("value refresh"),
        *_moments("given_at ends_at", False),
        sqlite_with_rowid=False,
    )


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("serial account shop order_id colour kind state"),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        *[sa.Column(name, _MONEY, nullable=False) for name in ("net", "tax", "gross")],
        *_moments("requested_at created_at changed_at", False),
        *_texts("purpose rma"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        *_texts("raw_state error_code message reference number code"),
        *_moments("issued_at", True),
        *_texts("remark blue replaces after application trigger agreed_by"),
        *_moments("urgent_at", True),
        *_texts("urgent_by urgent_reason"),
        *_moments("promoted_at", True),
        *_texts("promoted_by"),
        sa.Column("scope", sa.Text()),
        sa.Column("reason", sa.Text()),
        *_texts("form_state form_raw form_number"),
        *_moments("form_deadline", True),
        *_texts("buyer_use"),
        sa.Column("files", sa.JSON(), nullable=False),
        *_texts("action"),
        *_moments("delivered_at", True),
        *_texts("currency"),
    )
    op.create_index("uq_invoices_serial", "invoices", ["serial"], unique=True)
    op.create_index("ix_invoices_order", "invoices", ["order_id", "shop"])
    op.create_index("ix_invoices_state", "invoices", ["state", "requested_at"])
    op.create_index("ix_invoices_rma", "invoices", ["rma"])
    op.create_index("ix_invoices_blue", "invoices", ["blue"])
    for name, columns, where in (
        ("uq_invoices_sale", ["shop", "order_id"], _SALE),
        ("uq_invoices_reversal", ["blue"], _REVERSAL),
    ):
        op.create_index(
            name, "invoices", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
