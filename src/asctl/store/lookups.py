"""Questions about a waybill, counted before they are asked, so that a courier's limits hold across processes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select

from asctl.domain.parcels import ParcelKey
from asctl.store import sqlite
from asctl.store.opening import Store, Transaction
from asctl.store.places import place_of_file
from asctl.store.rows import by_courier, insert_into
from asctl.store.tables import lookups, metadata, parked_accounts
from asctl.store.troubles import trouble_of

_DAY = timedelta(days=1)

Asked = tuple[datetime, ...]


def claim_lookups(
    tx: Transaction, account: str, keys: Collection[ParcelKey], now: datetime, every: timedelta, per_day: int
) -> tuple[set[ParcelKey], dict[ParcelKey, datetime]]:
    """Enter a question of ``account`` about each waybill that may be asked about now; commit before asking.

    ``every`` is the least distance between two questions, ``per_day`` the most in any 24 hours (0: no limit). Returns
    the waybills granted and, for the others, when they may be asked about. Processes that claim at once wait for each other.

    Questions from the future, entered under a clock that ran ahead, count as asked just now: the limits hold, and end.
    """
    _take_turns(tx, account)
    told = _asked(tx, account, keys)
    asked = {key: tuple(min(moment, now) for moment in moments) for key, moments in told.items()}
    refused: dict[ParcelKey, datetime] = {}
    granted: dict[ParcelKey, Asked] = {}
    for key, moments in asked.items():
        free_at = next_allowed(moments, every, per_day)
        if free_at is not None and free_at > now:
            refused[key] = free_at
        else:
            granted[key] = (*moments, now)[-max(per_day, 1) :]
    _forget(tx, account, now - max(every, _DAY))
    mended = {key: moments for key, moments in asked.items() if moments != told[key]}
    _enter(tx, account, mended | granted)
    return set(granted), refused


def take_back_lookups(tx: Transaction, account: str, keys: Collection[ParcelKey], entered_at: datetime) -> None:
    """Strike out questions that were entered at ``entered_at`` and then not asked."""
    _take_turns(tx, account)
    left = {key: _without(moments, entered_at) for key, moments in _asked(tx, account, keys).items()}
    for courier, waybills in by_courier([key for key, moments in left.items() if not moments]):
        unasked = (lookups.c.account == account, lookups.c.courier == courier, lookups.c.waybill.in_(waybills))
        tx.execute(delete(lookups).where(*unasked))
    _enter(tx, account, {key: moments for key, moments in left.items() if moments})


def _without(moments: Asked, entered_at: datetime) -> Asked:
    return tuple(moment for moment in moments if moment != entered_at)


def next_allowed(asked: Asked, every: timedelta, per_day: int) -> datetime | None:
    """The first moment at which both limits allow another question after those at ``asked`` (oldest first); ``None``: any."""
    bounds = [asked[-1] + every] if asked else []
    if per_day and len(asked) >= per_day:
        bounds.append(asked[-per_day] + _DAY)
    return max(bounds, default=None)


def open_lookup_store(path: Path) -> Store:
    """A private store with questions and parked accounts only, made on the fly, for tracking without a shop's store.

    Raises :class:`StoreTrouble` where ``path`` cannot be written.
    """
    place = place_of_file(path)
    try:
        sqlite.create_file(path)
    except OSError as error:
        raise trouble_of(error, place.shown) from error
    store = Store(place)
    with store.write() as tx:
        metadata.create_all(tx, tables=[lookups, parked_accounts])
    return store


def _take_turns(tx: Transaction, account: str) -> None:
    """On PostgreSQL one claim per account at a time; a write transaction of SQLite is alone anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"asctl lookups {account}", 0))))


def _asked(tx: Transaction, account: str, keys: Collection[ParcelKey]) -> dict[ParcelKey, Asked]:
    asked: dict[ParcelKey, Asked] = dict.fromkeys(keys, ())
    query = select(lookups.c.waybill, lookups.c.asked).where(lookups.c.account == account)
    for courier, waybills in by_courier(keys):
        rows = tx.execute(query.where(lookups.c.courier == courier, lookups.c.waybill.in_(waybills)))
        asked.update((ParcelKey(courier, row.waybill), row.asked) for row in rows)
    return asked


def _forget(tx: Transaction, account: str, before: datetime) -> None:
    tx.execute(delete(lookups).where(lookups.c.account == account, lookups.c.last_at < before))


def _enter(tx: Transaction, account: str, asked: dict[ParcelKey, Asked]) -> None:
    if not asked:
        return
    insert = insert_into(tx, lookups)
    news = {"asked": insert.excluded.asked, "last_at": insert.excluded.last_at}
    rows = [
        {"account": account, "courier": key.courier, "waybill": key.waybill, "asked": moments, "last_at": moments[-1]}
        for key, moments in asked.items()
    ]
    tx.execute(insert.on_conflict_do_update(index_elements=list(lookups.primary_key), set_=news), rows)
