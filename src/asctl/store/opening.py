"""Opening a store: the schema is compared with ours, and every error of the database becomes :class:`StoreTrouble`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from asctl.store.places import Place, engine_for, options_of, place_of
from asctl.store.troubles import trouble, trouble_of

HEAD = "0005"
"""The schema that this version reads and writes: the newest migration (a test compares them)."""

Transaction = Connection
"""What every function of the store takes first; it ends with the ``with`` block of ``Store.read`` or ``Store.write``."""


class Store:
    """An open store. Threads may share it: each transaction has a connection of its own."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._engine = engine_for(place)
        self._sessions = engine_for(place, pooled=False)

    @property
    def url_shown(self) -> str:
        """Where the store is, without a password."""
        return self.place.shown

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads. On SQLite without WAL it holds writers off while it lasts."""
        with self._transaction(writes=False) as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end, or rolled back whole if anything is raised."""
        with self._transaction(writes=True) as tx:
            yield tx

    @contextmanager
    def apart(self) -> Iterator[Transaction]:
        """A connection of its own, without a transaction, for what belongs to a session (locks of PostgreSQL): it takes no
        place from those who read and write."""
        with self._told(), self._sessions.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Transaction]:
        with self._told(), self._engine.connect() as connection:
            connection.execution_options(**options_of(self.place, writes=writes))
            with connection.begin():
                yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise trouble_of(error, self.url_shown) from error


def open_store(url: str) -> Store:
    """Open the store at ``sqlite:////file`` or ``postgresql://...``.

    Raises :class:`StoreTrouble` (``store_missing``, ``store_old``, ``store_newer``, ``store_corrupt``,
    ``store_unreachable``, ...) and :class:`BadConfiguration` for a URL that is none.
    """
    store = unchecked_store(place_of(url))
    try:
        _check_schema(store)
    except BaseException:
        store.close()
        raise
    return store


def unchecked_store(place: Place) -> Store:
    """A store of any schema; for upkeep. Raises :class:`StoreTrouble` (``store_missing``) where there is no file."""
    if place.path is not None and not _exists(place):
        raise trouble("store_missing", place.shown)
    return Store(place)


def revision_of(tx: Transaction) -> str | None:
    """The schema's revision; ``None`` where there is no store yet."""
    if not tx.dialect.has_table(tx, "alembic_version"):
        return None
    found = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _exists(place: Place) -> bool:
    try:
        return place.path is not None and place.path.stat().st_size >= 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise trouble_of(error, place.shown) from error


def _check_schema(store: Store) -> None:
    with store.read() as tx:
        revision = revision_of(tx)
    if revision is None:
        raise trouble("store_missing", store.url_shown)
    if revision != HEAD:
        raise trouble("store_old" if revision < HEAD else "store_newer", store.url_shown, revision)
