"""Which labels were rendered, so that a second one can be marked as a reprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from asctl.store.opening import Transaction
from asctl.store.tables import labels, rmas


def record_label(
    tx: Transaction, rma: str, format: str, size: str, sha256: str, file: str, at: datetime, by: str
) -> None:
    """Note that a label of ``rma`` was rendered into ``file``, whose content has the checksum ``sha256``."""
    tx.execute(insert(labels).values(rma=rma, format=format, size=size, sha256=sha256, file=file, at=at, by=by))


def renders_of(tx: Transaction, rma: str) -> int:
    """How many times a label of ``rma`` was rendered."""
    return int(tx.execute(select(func.count()).where(labels.c.rma == rma)).scalar_one())


def void_labels(tx: Transaction, shop: str, order_id: str, at: datetime, why: str) -> int:
    """Mark the labels of an order's RMAs as no longer right; returns how many were."""
    cases = select(rmas.c.rma).where(rmas.c.order_id == order_id, rmas.c.shop == shop)
    standing = labels.c.rma.in_(cases) & labels.c.void_at.is_(None)
    return tx.execute(update(labels).where(standing).values(void_at=at, void_why=why)).rowcount


def void_of(tx: Transaction, shop: str, order_id: str) -> int:
    """How many labels of an order's RMAs are no longer right."""
    cases = select(rmas.c.rma).where(rmas.c.order_id == order_id, rmas.c.shop == shop)
    query = select(func.count()).where(labels.c.rma.in_(cases) & labels.c.void_at.is_not(None))
    return int(tx.execute(query).scalar_one())
