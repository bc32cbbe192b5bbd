"""Locks between runs: whoever comes second is told at once who is at work."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from asctl.domain.errors import LockHeld
from asctl.domain.times import CHINA, iso
from asctl.store.opening import Store, Transaction
from asctl.store.troubles import trouble_of
from asctl.text import _

_LOOK_AGAIN_S = 0.05
_KEY = "hashtextextended('asctl lock ' || current_schema() || ' ' || :name, 0)"
_TAKE = text(f"SELECT pg_try_advisory_lock({_KEY})")
_GIVE = text(f"SELECT pg_advisory_unlock({_KEY})")
_SIGN = text("SELECT set_config('application_name', :sign, false)")
_HOLDER = text(
    "SELECT a.application_name, a.state_change FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    f" AND ((l.classid::bigint << 32) | l.objid::bigint) = {_KEY}"
)


@contextmanager
def hold(store: Store, name: str, patience_s: float = 0) -> Iterator[None]:
    """Hold the lock ``name`` of this store for the block; it ends with the process, however that ends.

    Raises :class:`LockHeld` if another run (or thread) has it, at once or after ``patience_s`` seconds, and
    :class:`StoreTrouble` where no lock can be kept.
    """
    path = store.place.path
    with _hold_file(path, name, patience_s) if path else _hold_session(store, name, patience_s):
        yield


@contextmanager
def _hold_file(database: Path, name: str, patience_s: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    base = f"{database}.{quote(name, safe='')}"
    lock, sign = FileLock(f"{base}.lock", mode=0o600), Path(f"{base}.holder")
    try:
        lock.acquire(timeout=patience_s)
        sign.write_text(str(os.getpid()), encoding="ascii")
    except Timeout:
        raise _held(name, str(database), *_signed(sign)) from None
    except OSError as error:
        raise trouble_of(error, str(database)) from error
    try:
        yield
    finally:
        sign.unlink(missing_ok=True)
        lock.release()


def _signed(sign: Path) -> tuple[str, datetime | None]:
    """Which process signed, and when; nothing where it has not yet, or has just gone."""
    try:
        return sign.read_text(encoding="ascii"), datetime.fromtimestamp(sign.stat().st_mtime, CHINA)
    except (OSError, ValueError):
        return "", None


@contextmanager
def _hold_session(store: Store, name: str, patience_s: float) -> Iterator[None]:
    ends = time.monotonic() + patience_s
    with store.apart() as session:
        while not session.execute(_TAKE, {"name": name}).scalar():
            if time.monotonic() >= ends:
                raise _held(name, store.url_shown, *_holder(session, name))
            time.sleep(_LOOK_AGAIN_S)
        session.execute(_SIGN, {"sign": f"asctl {name} {os.getpid()}"})
        try:
            yield
        finally:
            session.execute(_GIVE, {"name": name})


def _holder(session: Transaction, name: str) -> tuple[str, datetime | None]:
    row = session.execute(_HOLDER, {"name": name}).first()
    if row is None:
        return "", None
    return row.application_name.rpartition(" ")[2], row.state_change


def _held(name: str, place: str, process: str, since: datetime | None) -> LockHeld:
    sentence = _("another run holds the lock {name} of {place}").format(name=name, place=place)
    if process and since:
        sentence += ": " + _("process {process}, since {since}").format(process=process, since=iso(since))
    return LockHeld(sentence, code="lock_held", hint=_("let it finish; if it hangs, stop that process"))
