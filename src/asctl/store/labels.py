"""Which labels were rendered, so that a second one can be marked as a reprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select

from asctl.store.opening import Transaction
from asctl.store.tables import labels


def record_label(
    tx: Transaction, rma: str, format: str, size: str, sha256: str, file: str, at: datetime, by: str
) -> None:
    """Note that a label of ``rma`` was rendered into ``file``, whose content has the checksum ``sha256``."""
    tx.execute(insert(labels).values(rma=rma, format=format, size=size, sha256=sha256, file=file, at=at, by=by))


def renders_of(tx: Transaction, rma: str) -> int:
    """How many times a label of ``rma`` was rendered."""
    return int(tx.execute(select(func.count()).where(labels.c.rma == rma)).scalar_one())
