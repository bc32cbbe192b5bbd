"""From a database's error to :class:`StoreTrouble`: one code, one sentence that names the place, one next step."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from asctl.domain.errors import StoreTrouble
from asctl.text import _

_SQLITE = {
    sqlite3.SQLITE_FULL: "store_full",
    sqlite3.SQLITE_READONLY: "store_read_only",
    sqlite3.SQLITE_PERM: "store_read_only",
    sqlite3.SQLITE_BUSY: "store_busy",
    sqlite3.SQLITE_LOCKED: "store_busy",
    sqlite3.SQLITE_CORRUPT: "store_corrupt",
    sqlite3.SQLITE_NOTADB: "store_corrupt",
    sqlite3.SQLITE_CANTOPEN: "store_unreachable",
    sqlite3.SQLITE_IOERR: "store_unreachable",
}
_POSTGRES = {
    "53100": "store_full",
    "25006": "store_read_only",
    "42501": "store_read_only",
    "55P03": "store_busy",
    "40001": "store_busy",
    "40P01": "store_busy",
    "53300": "store_busy",
    "57014": "store_busy",
    "3D000": "store_missing",
    "XX001": "store_corrupt",
    "XX002": "store_corrupt",
}
_POSTGRES_CLASSES = {"08": "store_unreachable", "28": "store_unreachable", "57": "store_unreachable"}
_ERRNO = {
    errno.ENOSPC: "store_full",
    errno.EDQUOT: "store_full",
    errno.EROFS: "store_read_only",
    errno.EACCES: "store_read_only",
    errno.EPERM: "store_read_only",
}


def trouble(code: str, place: str, detail: str = "") -> StoreTrouble:
    """The error for ``code``; ``detail`` is technical (an error's name), never a stored value."""
    sentence, hint = _words(code)
    told = f" ({detail})" if detail else ""
    return StoreTrouble(sentence.format(place=place) + told, code=code, hint=hint)


def trouble_of(error: SQLAlchemyError | sqlite3.Error | OSError, place: str) -> Exception:
    """What ``error`` means for the operator. A value that no column takes is our own mistake and comes back as it was."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        return _of_driver(error.orig, place)
    if isinstance(error, StatementError) and isinstance(error.orig, Exception):
        return error.orig
    if isinstance(error, sqlite3.Error):
        return _of_driver(error, place)
    if isinstance(error, OSError):
        return trouble(_ERRNO.get(error.errno or 0, "store_unreachable"), place, type(error).__name__)
    return trouble("store_failed", place, type(error).__name__)


def _of_driver(error: Exception, place: str) -> StoreTrouble:
    if isinstance(error, sqlite3.Error):
        number = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return trouble(_SQLITE.get(number, "store_failed"), place, getattr(error, "sqlite_errorname", ""))
    state = getattr(error, "sqlstate", None) or ""
    if not state and type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
        return trouble("store_unreachable", place, _last_line(error))
    code = _POSTGRES.get(state) or _POSTGRES_CLASSES.get(state[:2], "store_failed")
    return trouble(code, place, f"{type(error).__name__} {state}".strip())


def _last_line(error: Exception) -> str:
    """Why a connection failed, in the driver's words: they name host, port and user, never a password."""
    return str(error).strip().rpartition("\n")[2].strip()[:200]


def _words(code: str) -> tuple[str, str]:
    again = _("run again; if it stays so, find who holds it with: asctl doctor")
    return {
        "store_missing": (
            _("there is no store at {place}"),
            _("asctl db upgrade creates it; for a first start: asctl init"),
        ),
        "store_old": (
            _("the store at {place} is of an older version"),
            _("bring it up to date with: asctl db upgrade"),
        ),
        "store_newer": (_("the store at {place} is of a newer version"), _("install the newer asctl that wrote it")),
        "store_corrupt": (_("the store at {place} is damaged"), _("stop writing to it and restore the last backup")),
        "store_read_only": (_("the store at {place} cannot be written to"), _("check its owner and permissions")),
        "store_full": (_("there is no room left for the store at {place}"), _("nothing was changed; free some space")),
        "store_busy": (_("the store at {place} is busy with another process"), again),
        "store_unreachable": (_("the store at {place} cannot be reached"), _("check store.url and permissions")),
    }.get(code, (_("the store at {place} refused a statement"), _("nothing was changed; report it with this message")))
