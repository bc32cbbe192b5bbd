"""The paper trail of labels: what they say, and what was printed.

A migration is never changed after its release, so it names plain types and imports nothing of ours.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def upgrade() -> None:
    """Add what a label says to its record, keep prints, and void the labels of RMAs that were cancelled before."""
    op.add_column("labels", sa.Column("content_sha256", sa.Text(), nullable=False, server_default=""))
    op.add_column("labels", sa.Column("waybill", sa.Text(), nullable=False, server_default=""))
    op.add_column("labels", sa.Column("pages", sa.Integer()))
    op.create_table(
        "prints",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("label_id", sa.Integer(), sa.ForeignKey("labels.id"), nullable=False),
        *_texts("printer job"),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        *_texts("by state said"),
    )
    op.create_index("ix_prints_label", "prints", ["label_id"])
    op.execute(
        """
        UPDATE labels SET void_why = 'its RMA was cancelled', void_at = COALESCE(
            (SELECT MAX(audit.at) FROM audit WHERE audit.what = 'rma cancel' AND audit.subject = labels.rma), labels.at)
        WHERE void_at IS NULL AND rma IN (SELECT rma FROM rmas WHERE state = 'cancelled')
        """
    )
