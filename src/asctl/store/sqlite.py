"""SQLite as we run it: durable, and in WAL mode only where that is safe."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug, which can lose commits when two connections write.

    It was mended in 3.51.3, and in 3.50.7 and 3.44.6 for those lines.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def connect(path: Path, wait_seconds: float) -> sqlite3.Connection:
    """Open an existing file; transactions are begun by whoever uses it. A WAL left by a safe SQLite is folded in by an unsafe one.

    Raises ``sqlite3.Error``; a missing file is ``SQLITE_CANTOPEN`` and never created.
    """
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=wait_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not wal_is_safe(sqlite3.sqlite_version_info) and journal_mode(connection) == "wal":
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def journal_mode(connection: sqlite3.Connection) -> str:
    """``wal``, ``delete``, ..."""
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def create_file(path: Path) -> None:
    """Make an empty database file that only its owner may read (it will hold customers' data); an existing one is left alone.

    Raises ``OSError``.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def choose_journal(path: Path, wait_seconds: float) -> None:
    """Switch to WAL where that is safe; it stays with the file. Raises ``sqlite3.Error``."""
    connection = connect(path, wait_seconds)
    try:
        if wal_is_safe(sqlite3.sqlite_version_info):
            connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
