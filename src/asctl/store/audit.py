"""Who did what, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from asctl.store.opening import Transaction
from asctl.store.rows import columns_of
from asctl.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``what`` is the command, ``subject`` the object it was about; ``detail`` holds no secrets and no personal data."""

    at: datetime
    who: str
    what: str
    subject: str
    detail: Mapping[str, str]


def write_audit(tx: Transaction, at: datetime, who: str, what: str, subject: str, detail: Mapping[str, str]) -> None:
    """Add an entry, in the transaction of the deed itself."""
    tx.execute(insert(audit).values(at=at, who=who, what=what, subject=subject, detail=dict(detail)))


def audit_about(tx: Transaction, subject: str) -> Iterator[AuditEntry]:
    """The entries about one object, newest first."""
    query = select(*columns_of(audit, AuditEntry)).where(audit.c.subject == subject).order_by(audit.c.id.desc())
    return (AuditEntry(*row) for row in tx.execute(query))


def list_audit(tx: Transaction, limit: int) -> tuple[AuditEntry, ...]:
    """The last ``limit`` entries, newest first."""
    query = select(*columns_of(audit, AuditEntry)).order_by(audit.c.id.desc()).limit(limit)
    return tuple(AuditEntry(*row) for row in tx.execute(query))
