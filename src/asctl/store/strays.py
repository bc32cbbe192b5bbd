"""Parcels that belong to no RMA yet, by the code on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import case, select, update

from asctl.domain.strays import Stray, StrayState
from asctl.store.opening import Transaction
from asctl.store.rows import columns_of, insert_into, stream, values_of
from asctl.store.tables import strays

_COLUMNS = columns_of(strays, Stray)
_ANEW = {"state": StrayState.OPEN, "rma": "", "closed_at": None, "closed_by": "", "why": ""}


def park(tx: Transaction, code: str, now: datetime, by: str, note: str) -> Stray:
    """Set a parcel aside, or count another scan of it: what was closed is open again. An empty ``note`` keeps the one before."""
    insert = insert_into(tx, strays)
    news = {
        "last_seen_at": insert.excluded.last_seen_at,
        "by": insert.excluded.by,
        "times": strays.c.times + 1,
        "note": case((insert.excluded.note != "", insert.excluded.note), else_=strays.c.note),
    }
    parked = insert.on_conflict_do_update(index_elements=[strays.c.code], set_=news | _ANEW).returning(*_COLUMNS)
    return Stray(*tx.execute(parked, values_of(strays, Stray(code, now, now, 1, by, note))).one())


def get_stray(tx: Transaction, code: str) -> Stray | None:
    """What is parked under a code, open or closed."""
    found = tx.execute(select(*_COLUMNS).where(strays.c.code == code)).first()
    return Stray(*found) if found else None


def list_strays(tx: Transaction, open_only: bool) -> Iterator[Stray]:
    """Parked parcels, the longest waiting first, as they come."""
    query = select(*_COLUMNS).order_by(strays.c.first_seen_at, strays.c.code)
    for row in stream(tx, query.where(strays.c.state == StrayState.OPEN) if open_only else query):
        yield Stray(*row)


def close_stray(
    tx: Transaction, code: str, state: StrayState, by: str, now: datetime, rma: str = "", why: str = ""
) -> bool:
    """Note what became of a parked parcel; ``False`` if it is not open."""
    waiting = (strays.c.code == code) & (strays.c.state == StrayState.OPEN)
    news = {"state": state, "rma": rma, "why": why, "closed_at": now, "closed_by": by}
    return tx.execute(update(strays).where(waiting).values(news)).rowcount == 1
