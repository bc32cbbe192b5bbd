"""Where a store is: its URL read, shown without its password, and an engine for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from asctl.domain.errors import BadConfiguration
from asctl.store import sqlite
from asctl.text import _

WAIT_SECONDS = 10
"""How long a statement waits for another process's lock, and a connection for an answer."""

MOST_THREADS = 64
"""As many as ``--jobs`` allows: none of them waits for a connection."""

_WRITES = "asctl_writes"


@dataclass(frozen=True, slots=True)
class Place:
    """``path`` is the database file; ``None`` on PostgreSQL. ``shown`` may be printed: it has no password."""

    url: URL
    path: Path | None
    shown: str


def place_of(url: str) -> Place:
    """Read ``sqlite:////file`` or ``postgresql://...``. Raises :class:`BadConfiguration` (``bad_store_url``)."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise _bad_url(_("store.url is not a URL")) from None
    if backend in ("postgresql", "postgres"):
        return Place(parsed.set(drivername="postgresql+psycopg"), None, parsed.render_as_string(hide_password=True))
    if backend != "sqlite":
        raise _bad_url(_("store.url names {backend}, which asctl does not know").format(backend=backend))
    if not parsed.database or parsed.database == ":memory:":
        raise _bad_url(_("store.url names no file"))
    return place_of_file(Path(parsed.database))


def place_of_file(path: Path) -> Place:
    """The place of a SQLite file."""
    absolute = path.absolute()
    return Place(URL.create("sqlite", database=str(absolute)), absolute, str(absolute))


def _bad_url(sentence: str) -> BadConfiguration:
    return BadConfiguration(
        sentence,
        code="bad_store_url",
        hint=_("write sqlite:////var/lib/asctl/asctl.db (four slashes) or postgresql://user@host/database"),
    )


def engine_for(place: Place, *, pooled: bool = True) -> Engine:
    """An engine that hides values in its errors and begins write transactions as such. Connects to nothing yet.

    Raises :class:`BadConfiguration` (``postgres_missing``) where the PostgreSQL driver is not installed.
    """
    common: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode,
    }
    if place.path is not None:
        connect = partial(sqlite.connect, place.path, WAIT_SECONDS)
        engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=MOST_THREADS, **common)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        common |= {"max_overflow": MOST_THREADS} if pooled else {"poolclass": NullPool}
        engine = create_engine(place.url, connect_args=_patience(place.url), **common)
    except ModuleNotFoundError:
        raise BadConfiguration(
            _("store.url names PostgreSQL, whose driver is not installed"),
            code="postgres_missing",
            hint=_("install it with: pip install 'asctl[postgres]'"),
        ) from None
    event.listen(engine, "connect", _set_lock_timeout)
    return engine


def options_of(place: Place, *, writes: bool) -> dict[str, Any]:
    """Execution options of a connection for reading or writing."""
    return {_WRITES: writes} if place.path is not None else {"postgresql_readonly": not writes}


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at the start: a transaction that first reads could otherwise not become a writer."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _patience(url: URL) -> dict[str, Any]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": WAIT_SECONDS}


def _set_lock_timeout(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    connection.autocommit = False
