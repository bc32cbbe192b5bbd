"""How far each shop's feeds of changes were read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from asctl.store.opening import Transaction
from asctl.store.rows import insert_into
from asctl.store.tables import cursors


def cursor_of(tx: Transaction, shop: str, feed: str) -> datetime | None:
    """Up to when everything of ``feed`` is stored; ``None`` where it was never read."""
    moment: datetime | None = tx.execute(
        select(cursors.c.at).where(cursors.c.shop == shop, cursors.c.feed == feed)
    ).scalar()
    return moment


def move_cursor(tx: Transaction, shop: str, feed: str, to: datetime) -> None:
    """Note that everything up to ``to`` is stored: for after the last page was committed.

    A run that is killed between the two reads that window again, which changes nothing.
    """
    insert = insert_into(tx, cursors).values(shop=shop, feed=feed, at=to)
    tx.execute(insert.on_conflict_do_update(index_elements=["shop", "feed"], set_={"at": insert.excluded.at}))
