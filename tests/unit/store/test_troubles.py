from __future__ import annotations

import errno
import sqlite3

import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError, SQLAlchemyError, StatementError

from asctl.domain.errors import StoreTrouble
from asctl.store.troubles import trouble_of


def told(error: Exception) -> StoreTrouble:
    found = trouble_of(error, "/var/lib/asctl.db")  # type: ignore[arg-type]
    assert isinstance(found, StoreTrouble)
    assert "/var/lib/asctl.db" in found.message
    assert found.hint
    return found


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_FULL, "store_full"),
        (sqlite3.SQLITE_READONLY, "store_read_only"),
        (sqlite3.SQLITE_READONLY | (4 << 8), "store_read_only"),
        (sqlite3.SQLITE_BUSY, "store_busy"),
        (sqlite3.SQLITE_BUSY | (2 << 8), "store_busy"),
        (sqlite3.SQLITE_CORRUPT, "store_corrupt"),
        (sqlite3.SQLITE_NOTADB, "store_corrupt"),
        (sqlite3.SQLITE_CANTOPEN, "store_unreachable"),
        (sqlite3.SQLITE_IOERR, "store_unreachable"),
        (sqlite3.SQLITE_CONSTRAINT, "store_failed"),
    ],
)
def test_sqlite_errors(number: int, code: str) -> None:
    """SQLite's codes, plain and extended, have one meaning each."""
    error = sqlite3.OperationalError("words that may change")
    error.sqlite_errorcode = number
    assert told(OperationalError("INSERT", {}, error)).code == code
    assert told(error).code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.DiskFull("x"), "store_full"),
        (errors.ReadOnlySqlTransaction("x"), "store_read_only"),
        (errors.InsufficientPrivilege("x"), "store_read_only"),
        (errors.LockNotAvailable("x"), "store_busy"),
        (errors.DeadlockDetected("x"), "store_busy"),
        (errors.TooManyConnections("x"), "store_busy"),
        (errors.InvalidCatalogName("x"), "store_missing"),
        (errors.DataCorrupted("x"), "store_corrupt"),
        (errors.AdminShutdown("x"), "store_unreachable"),
        (errors.InvalidPassword("x"), "store_unreachable"),
        (errors.OperationalError("connection refused"), "store_unreachable"),
        (errors.UniqueViolation("Key (buyer)=(王小明)"), "store_failed"),
    ],
)
def test_postgres_errors(error: Exception, code: str) -> None:
    """PostgreSQL's states have one meaning each, and its details, which hold values, are never told."""
    found = told(OperationalError("INSERT", {}, error))
    assert found.code == code
    assert "王小明" not in found.message


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store_full"),
        (errno.EROFS, "store_read_only"),
        (errno.EACCES, "store_read_only"),
        (errno.ENOTDIR, "store_unreachable"),
    ],
)
def test_file_errors(number: int, code: str) -> None:
    """The file system's errors are told as the database's are."""
    assert told(OSError(number, "x")).code == code


def test_other_errors_of_the_library() -> None:
    """Whatever else the library raises is told as a refused statement, by the error's name."""
    found = told(SQLAlchemyError("王小明"))
    assert (found.code, "王小明" in found.message) == ("store_failed", False)


def test_our_own_mistakes_come_back_as_they_were() -> None:
    """A value that a column does not take is our mistake and not the store's trouble."""
    mistake = ValueError("a moment without a time zone cannot be stored")
    assert trouble_of(StatementError("x", "INSERT", {}, mistake), "p") is mistake
