"""A store made, brought up to date, examined and copied: ``db upgrade``, ``db check``, ``db backup``, ``db info``."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, inspect, select, text

from asctl.domain.errors import BadInput, NotOffered, StoreTrouble
from asctl.store import sqlite
from asctl.store.opening import HEAD, Store, Transaction, revision_of, unchecked_store
from asctl.store.places import WAIT_SECONDS, Place, place_of
from asctl.store.tables import metadata
from asctl.store.troubles import trouble, trouble_of
from asctl.text import _


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """One thing examined: ``detail`` says what was found, ``mend`` what to do where it is not ``ok``."""

    check: str
    ok: bool
    detail: str
    mend: str = ""


def create_or_upgrade(url: str) -> tuple[str | None, str]:
    """Make the store, or bring it to our schema, in one transaction; returns its revision before (``None``: new) and after.

    May be called again. Raises :class:`StoreTrouble`; ``store_newer`` leaves a newer schema untouched.
    """
    place = place_of(url)
    if place.path is not None:
        with _told(place):
            sqlite.create_file(place.path)
            sqlite.choose_journal(place.path, WAIT_SECONDS)
    store = Store(place)
    try:
        with store.write() as tx:
            return _migrate(tx, place)
    finally:
        store.close()


def check(url: str) -> tuple[StoreCheck, ...]:
    """Examine the store: is it there, of our schema, complete and undamaged. Never raises for what it finds."""
    try:
        store = unchecked_store(place_of(url))
    except StoreTrouble as error:
        return (_found(error),)
    try:
        with store.read() as tx:
            return tuple(_examine(tx))
    except StoreTrouble as error:
        return (_found(error),)
    finally:
        store.close()


def backup(url: str, target: Path) -> int:
    """Copy a SQLite store, as it stands at one moment, to ``target``; returns the copy's bytes.

    The copy is complete or absent. Raises :class:`NotOffered` on PostgreSQL, :class:`StoreTrouble`, and
    :class:`BadInput` where there is a file at ``target`` already, or no folder for it.
    """
    place = place_of(url)
    if place.path is None:
        raise NotOffered(
            _("asctl does not copy PostgreSQL stores"),
            code="backup_not_offered",
            hint=_("use pg_dump, or the backup of your database server"),
        )
    unchecked_store(place).close()
    _refuse_bad_target(target)
    with _told(place):
        source = sqlite.connect(place.path, WAIT_SECONDS)
    try:
        return _copy(source, target)
    except (OSError, sqlite3.Error) as error:
        raise trouble_of(error, str(target)) from error
    finally:
        source.close()


def info(url: str) -> dict[str, object]:
    """Facts of a store of any schema: where, which database, its revision and ours, size in bytes, rows by table."""
    place = place_of(url)
    store = unchecked_store(place)
    try:
        with store.read() as tx:
            present = set(inspect(tx).get_table_names())
            tables = [table for table in metadata.sorted_tables if table.name in present]
            return {
                "url": place.shown,
                "backend": tx.dialect.name,
                "backend_version": ".".join(str(part) for part in tx.dialect.server_version_info or ()),
                "journal_mode": _journal_mode(tx),
                "revision": revision_of(tx),
                "revision_wanted": HEAD,
                "size": _size(tx, place),
                "rows": {t.name: tx.execute(select(func.count()).select_from(t)).scalar_one() for t in tables},
            }
    finally:
        store.close()


def _migrate(tx: Transaction, place: Place) -> tuple[str | None, str]:
    from alembic import command
    from alembic.config import Config

    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('asctl upgrade ' || current_schema(), 0))"))
    before = revision_of(tx)
    if before is not None and before > HEAD:
        raise trouble("store_newer", place.shown, before)
    if before != HEAD:
        config = Config(attributes={"connection": tx})
        config.set_main_option("script_location", "asctl.store:migrations")
        command.upgrade(config, "head")
    return before, HEAD


def _examine(tx: Transaction) -> Iterator[StoreCheck]:
    revision = revision_of(tx)
    mend = _("run: asctl db upgrade") if revision is None or revision < HEAD else _("install the newer asctl")
    yield _examined("schema", revision == HEAD, _("revision {found}").format(found=revision), mend)
    missing = sorted({table.name for table in metadata.sorted_tables} - set(inspect(tx).get_table_names()))
    restore = _("restore the last backup")
    yield _examined("tables", not missing, ", ".join(missing) or _("all there"), restore)
    if tx.dialect.name == "sqlite":
        damage = [str(row[0]) for row in tx.exec_driver_sql("PRAGMA integrity_check(10)") if row[0] != "ok"]
        yield _examined("integrity", not damage, "; ".join(damage) or _("undamaged"), restore)
        orphans = sorted({str(row[0]) for row in tx.exec_driver_sql("PRAGMA foreign_key_check")})
        yield _examined("references", not orphans, ", ".join(orphans) or _("complete"), restore)


def _examined(name: str, ok: bool, detail: str, mend: str) -> StoreCheck:
    return StoreCheck(name, ok, detail, "" if ok else mend)


@contextmanager
def _told(place: Place) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise trouble_of(error, place.shown) from error


def _found(error: StoreTrouble) -> StoreCheck:
    return StoreCheck("open", False, error.message, error.hint)


def _refuse_bad_target(target: Path) -> None:
    if target.exists():
        raise BadInput(
            _("{target} is there already, and a backup replaces nothing").format(target=target),
            code="backup_exists",
            hint=_("name another file, for instance with the date in its name"),
        )
    if not target.absolute().parent.is_dir():
        raise BadInput(
            _("there is no folder {folder}").format(folder=target.absolute().parent),
            code="backup_folder_missing",
            hint=_("make it first, or name another place"),
        )


def _copy(source: sqlite3.Connection, target: Path) -> int:
    """Copy into a file beside ``target`` that only its owner may read, then put it in place at once."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        copy = sqlite3.connect(unfinished)
        try:
            source.backup(copy)
        finally:
            copy.close()
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        size = unfinished.stat().st_size
        unfinished.replace(target)
        return size
    finally:
        unfinished.unlink(missing_ok=True)


def _journal_mode(tx: Transaction) -> str | None:
    return str(tx.exec_driver_sql("PRAGMA journal_mode").scalar()) if tx.dialect.name == "sqlite" else None


def _size(tx: Transaction, place: Place) -> int:
    if place.path is not None:
        return place.path.stat().st_size
    return int(tx.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
