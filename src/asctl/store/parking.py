"""Accounts that must rest: a ban that one process was told of holds for the next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from asctl.store.opening import Transaction
from asctl.store.rows import insert_into
from asctl.store.tables import parked_accounts


def park(tx: Transaction, account: str, until: datetime, reason: str) -> None:
    """Let ``account`` rest until ``until``; of two rests the longer counts. ``reason`` is for people."""
    insert = insert_into(tx, parked_accounts).values(account=account, until=until, reason=reason)
    news = {"until": insert.excluded.until, "reason": insert.excluded.reason}
    longer = parked_accounts.c.until < insert.excluded.until
    tx.execute(insert.on_conflict_do_update(index_elements=["account"], set_=news, where=longer))


def parked(tx: Transaction) -> dict[str, tuple[datetime, str]]:
    """Until when, and why, by account; the moment may have passed."""
    return {row.account: (row.until, row.reason) for row in tx.execute(select(parked_accounts))}
