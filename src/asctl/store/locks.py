"""Locks between runs: whoever comes second is told at once who is at work."""

from __future__ import annotations

import os
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
def hold(store: Store, name: str) -> Iterator[None]:
    """Hold the lock ``name`` of this store for the block; it ends with the process, however that ends.

    Raises :class:`LockHeld` at once if another run has it, and :class:`StoreTrouble` where no lock can be kept.
    """
    keep = _hold_file(store.place.path, name) if store.place.path else _hold_session(store, name)
    with keep:
        yield


@contextmanager
def _hold_file(database: Path, name: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    base = f"{database}.{quote(name, safe='')}"
    lock, sign = FileLock(f"{base}.lock", mode=0o600), Path(f"{base}.holder")
    try:
        lock.acquire(timeout=0)
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
def _hold_session(store: Store, name: str) -> Iterator[None]:
    with store.apart() as session:
        if not session.execute(_TAKE, {"name": name}).scalar():
            raise _held(name, store.url_shown, *_holder(session, name))
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
