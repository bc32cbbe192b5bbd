"""Parcels back in the warehouse: when an RMA's goods arrived, and parcels that belong to no RMA yet.

A migration is never changed after its release, so it names plain types and imports nothing of ours.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def upgrade() -> None:
    """Note arrivals, park strays, and find an application by the waybill that its goods come back under."""
    op.add_column("rmas", sa.Column("received_at", _MOMENT))
    op.add_column("rmas", sa.Column("received_by", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_after_sales_return_waybill", "after_sales", ["return_waybill"])
    op.create_table(
        "strays",
        sa.Column("code", sa.Text(), primary_key=True, nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        *_texts("by note state rma"),
        sa.Column("closed_at", _MOMENT),
        *_texts("closed_by why"),
    )
    op.create_index("ix_strays_state", "strays", ["state", "first_seen_at", "code"])
