from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from asctl.store import sqlite
from asctl.store.opening import open_store
from tests.store_support import fresh_store_url


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 49, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 50, 99), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_where_mended(version: tuple[int, ...], safe: bool) -> None:
    """WAL is used only by versions that have the mend for the lost commits."""
    assert sqlite.wal_is_safe(version) is safe


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with fresh_store_url("sqlite", tmp_path):
        return tmp_path / "asctl.db"


def test_connection_is_durable_and_strict(file: Path) -> None:
    """Commits are synced in full, and references are checked."""
    connection = sqlite.connect(file, 1)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()


def test_store_waits_ten_seconds(file: Path) -> None:
    """A store waits ten seconds for another process's lock."""
    store = open_store(f"sqlite:///{file}")
    with store.read() as tx:
        assert tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000
    store.close()


@pytest.mark.parametrize(("safe", "mode"), [(True, "wal"), (False, "delete")])
def test_journal_follows_the_version(file: Path, monkeypatch: pytest.MonkeyPatch, safe: bool, mode: str) -> None:
    """A safe version switches the file to WAL; an unsafe one leaves the rollback journal."""
    monkeypatch.setattr(sqlite, "wal_is_safe", lambda _version: safe)
    sqlite.choose_journal(file, 1)
    connection = sqlite.connect(file, 1)
    assert sqlite.journal_mode(connection) == mode
    connection.close()


def test_unsafe_version_leaves_wal(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a safe version left in WAL is taken back to the rollback journal by an unsafe one."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "wal_is_safe", lambda _version: True)
        sqlite.choose_journal(file, 1)
    monkeypatch.setattr(sqlite, "wal_is_safe", lambda _version: False)
    connection = sqlite.connect(file, 1)
    assert sqlite.journal_mode(connection) == "delete"
    connection.close()


def test_missing_file_is_not_made(tmp_path: Path) -> None:
    """Connecting never creates a database."""
    with pytest.raises(sqlite3.OperationalError):
        sqlite.connect(tmp_path / "none.db", 1)
    assert list(tmp_path.iterdir()) == []


def test_new_file_is_private(tmp_path: Path) -> None:
    """A new store, and the folder made for it, can be read by nobody else: it holds customers' data."""
    path = tmp_path / "new" / "asctl.db"
    sqlite.create_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
