"""Parcels under watch, and the scans that couriers told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Select, bindparam, case, func, insert, literal, select, true, tuple_, update

from asctl.domain.parcels import Direction, Event, Parcel, ParcelKey, ParcelStatus, in_time_order
from asctl.store.opening import Transaction
from asctl.store.rows import by_courier, chunks, columns_of, insert_into, stream, values_of
from asctl.store.tables import events, parcels

_Scan = tuple[ParcelKey, datetime, str]

_COLUMNS = columns_of(parcels, Parcel)
_EVENT_COLUMNS = columns_of(events, Event)
_OPEN = parcels.c.open == true()
_NEWEST_FIRST = (parcels.c.added_at.desc(), parcels.c.courier.desc(), parcels.c.waybill.desc())
_FILLED_IN = ("account", "shop", "order_id", "rma", "phone_tail")
_POLLED = (
    "status",
    "raw_code",
    "last_event_at",
    "last_event",
    "location",
    "moved_at",
    "verdict",
    "findings",
    "seen_at",
    "failing_since",
    "failures",
    "poll_error",
    "next_poll_at",
    "open",
)


@dataclass(frozen=True, slots=True)
class ParcelFilter:
    """Which parcels to list; empty fields ask for nothing."""

    verdict: str = ""
    status: ParcelStatus | None = None
    courier: str = ""
    direction: Direction | None = None
    order_id: str = ""
    rma: str = ""
    open_only: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ParcelEntry:
    """What a person entered about a parcel; empty fields say nothing."""

    courier: str
    waybill: str
    direction: Direction | None = None
    account: str = ""
    shop: str = ""
    order_id: str = ""
    rma: str = ""
    phone_tail: str = ""

    @property
    def key(self) -> ParcelKey:
        return ParcelKey(self.courier, self.waybill)


def add_parcels(tx: Transaction, items: Iterable[Parcel]) -> set[ParcelKey]:
    """Put parcels under watch; returns the keys of those that were not there before.

    What a known parcel still lacks (account, shop, order, RMA, phone tail, dispatch) is filled in; nothing is overwritten.
    """
    added: set[ParcelKey] = set()
    for chunk in chunks(items):
        added_only = insert_into(tx, parcels).on_conflict_do_nothing().returning(parcels.c.courier, parcels.c.waybill)
        new = {ParcelKey(*row) for row in tx.execute(added_only, [values_of(parcels, parcel) for parcel in chunk])}
        if len(new) < len(chunk):
            _fill_in(tx, chunk)
        added |= new
    return added


def _fill_in(tx: Transaction, items: Iterable[Parcel]) -> None:
    news: dict[str, Any] = {
        name: case((parcels.c[name] == "", bindparam(f"new_{name}")), else_=parcels.c[name]) for name in _FILLED_IN
    }
    news["shipped_at"] = func.coalesce(
        parcels.c.shipped_at, bindparam("new_shipped_at", type_=parcels.c.shipped_at.type)
    )
    rows = [{f"new_{name}": getattr(parcel, name) for name in news} | _key(parcel.key) for parcel in items]
    tx.execute(update(parcels).where(*_same_key()).values(news), rows)


def correct_parcels(tx: Transaction, entries: Iterable[ParcelEntry]) -> None:
    """Overwrite what a person entered before with what is entered now; the parcels are open again and due at once."""
    news: dict[str, Any] = {
        name: case((bindparam(f"new_{name}") != "", bindparam(f"new_{name}")), else_=parcels.c[name])
        for name in _FILLED_IN
    }
    news["direction"] = func.coalesce(bindparam("new_direction", type_=parcels.c.direction.type), parcels.c.direction)
    rows = [{f"new_{name}": getattr(entry, name) for name in news} | _key(entry.key) for entry in entries]
    if rows:
        tx.execute(update(parcels).where(*_same_key()).values({**news, "next_poll_at": None, "open": True}), rows)


def get_parcels(tx: Transaction, keys: Collection[ParcelKey]) -> dict[ParcelKey, Parcel]:
    """Those of these parcels that are under watch."""
    found: dict[ParcelKey, Parcel] = {}
    for courier, waybills in by_courier(keys):
        query = select(*_COLUMNS).where(parcels.c.courier == courier, parcels.c.waybill.in_(waybills))
        found |= {parcel.key: parcel for parcel in (Parcel(*row) for row in tx.execute(query))}
    return found


def find_parcels(tx: Transaction, waybill: str) -> tuple[Parcel, ...]:
    """The parcels with this waybill, by courier; mostly one."""
    query = select(*_COLUMNS).where(parcels.c.waybill == waybill).order_by(parcels.c.courier)
    return tuple(Parcel(*row) for row in tx.execute(query))


def returns_of(tx: Transaction, order_ids: Collection[str]) -> tuple[Parcel, ...]:
    """The parcels that come back for these orders, the last added of an order first."""
    coming = select(*_COLUMNS).where(parcels.c.direction == Direction.RETURN).order_by(*_NEWEST_FIRST)
    pages = (coming.where(parcels.c.order_id.in_(chunk)) for chunk in chunks(set(order_ids)))
    return tuple(Parcel(*row) for query in pages for row in tx.execute(query))


def list_parcels(tx: Transaction, wanted: ParcelFilter) -> Iterator[Parcel]:
    """Parcels, the last added first, as they come."""
    query = _matching(wanted).order_by(*_NEWEST_FIRST).limit(wanted.limit)
    for row in stream(tx, query):
        yield Parcel(*row)


def _matching(wanted: ParcelFilter) -> Select[Any]:
    query = select(*_COLUMNS)
    for name in ("verdict", "status", "courier", "direction", "order_id", "rma"):
        if value := getattr(wanted, name):
            query = query.where(parcels.c[name] == value)
    return query.where(_OPEN) if wanted.open_only else query


def due_parcels(tx: Transaction, now: datetime, limit: int, after: Parcel | None = None) -> tuple[Parcel, ...]:
    """At most ``limit`` open parcels whose next question is due, the longest overdue first; those without a time come first.

    ``after`` is the last parcel of the page before, as it was read then. Answered from a partial index on open parcels.
    """
    place = (parcels.c.next_poll_at, parcels.c.courier, parcels.c.waybill)
    query = select(*_COLUMNS).where(_OPEN, parcels.c.next_poll_at <= now)
    if after is not None:
        last = (after.next_poll_at, after.courier, after.waybill)
        query = query.where(
            tuple_(*place) > tuple_(*(literal(value, column.type) for value, column in zip(last, place, strict=True)))
        )
    return tuple(Parcel(*row) for row in tx.execute(query.order_by(*place).limit(limit)))


def wake_parcels(tx: Transaction, latest: datetime) -> int:
    """Make due at once what waits for a moment after ``latest``, which only a wrong clock can have set; returns how many."""
    asleep = update(parcels).where(_OPEN, parcels.c.next_poll_at > latest).values(next_poll_at=None)
    return int(tx.execute(asleep).rowcount)


def ask_soon(tx: Transaction, key: ParcelKey) -> None:
    """Make a parcel due at once, and open again: something was asked for it whose effect its scans will show."""
    due = update(parcels).where(parcels.c.courier == key.courier, parcels.c.waybill == key.waybill)
    tx.execute(due.values(next_poll_at=None, open=True))


def close_parcel(tx: Transaction, key: ParcelKey) -> bool:
    """Take a parcel from the watch; ``False`` if it was not watched any more."""
    return bool(tx.execute(update(parcels).where(*_same_key(), _OPEN).values(open=False), _key(key)).rowcount)


def save_parcels(tx: Transaction, items: Iterable[Parcel]) -> None:
    """Save what a poll or the watch rules changed; what a person entered (order, account, phone tail ...) is left alone."""
    news = {name: bindparam(f"new_{name}", type_=parcels.c[name].type) for name in _POLLED}
    rows = [{f"new_{name}": getattr(parcel, name) for name in _POLLED} | _key(parcel.key) for parcel in items]
    if rows:
        tx.execute(update(parcels).where(*_same_key()).values(news), rows)


def events_of(tx: Transaction, keys: Collection[ParcelKey]) -> dict[ParcelKey, tuple[Event, ...]]:
    """Every stored scan of each parcel, in the order of :func:`in_time_order`."""
    found: dict[ParcelKey, list[Event]] = {key: [] for key in keys}
    scanned = select(events.c.waybill, *_EVENT_COLUMNS)
    for courier, waybills in by_courier(keys):
        query = scanned.where(events.c.courier == courier, events.c.waybill.in_(waybills))
        for waybill, *values in tx.execute(query):
            found[ParcelKey(courier, waybill)].append(Event(*values))
    return {key: in_time_order(scans) for key, scans in found.items()}


def put_events(tx: Transaction, told: Mapping[ParcelKey, Iterable[Event]]) -> dict[ParcelKey, tuple[Event, ...]]:
    """Store scans of parcels under watch; returns those that were new, oldest first, by parcel.

    A scan is known by its moment and its words: told again, by this source or another, it is not stored again.
    """
    _take_turns(tx, told.keys())
    known = _known_scans(tx, told.keys())
    new: dict[ParcelKey, dict[_Scan, Event]] = {}
    for key, scans in told.items():
        for event in scans:
            scan = (key, event.at, _digest(event.text))
            if scan not in known:
                new.setdefault(key, {})[scan] = event
    rows = [values_of(events, event) | _event_key(scan) for scans in new.values() for scan, event in scans.items()]
    if rows:
        tx.execute(insert(events), rows)
    return {key: in_time_order(scans.values()) for key, scans in new.items()}


def _take_turns(tx: Transaction, keys: Collection[ParcelKey]) -> None:
    """On PostgreSQL writers of one parcel wait for each other, in one order; a write transaction of SQLite is alone anyway."""
    if tx.dialect.name != "postgresql":
        return
    for courier, waybills in by_courier(sorted(keys, key=lambda key: (key.courier, key.waybill))):
        query = select(parcels.c.waybill).where(parcels.c.courier == courier, parcels.c.waybill.in_(waybills))
        tx.execute(query.order_by(parcels.c.waybill).with_for_update())


def _known_scans(tx: Transaction, keys: Collection[ParcelKey]) -> set[_Scan]:
    known = set()
    for courier, waybills in by_courier(keys):
        query = select(events.c.waybill, events.c.at, events.c.digest)
        query = query.where(events.c.courier == courier, events.c.waybill.in_(waybills))
        known |= {(ParcelKey(courier, row.waybill), row.at, row.digest) for row in tx.execute(query)}
    return known


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _event_key(scan: _Scan) -> dict[str, Any]:
    key, at, digest = scan
    return {"courier": key.courier, "waybill": key.waybill, "at": at, "digest": digest}


def _same_key() -> tuple[Any, Any]:
    return parcels.c.courier == bindparam("of_courier"), parcels.c.waybill == bindparam("of_waybill")


def _key(key: ParcelKey) -> dict[str, str]:
    return {"of_courier": key.courier, "of_waybill": key.waybill}
