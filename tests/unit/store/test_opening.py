from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from asctl.domain.errors import StoreTrouble
from asctl.store import places
from asctl.store.opening import Store, open_store
from asctl.store.orders import get_orders, put_orders
from asctl.store.parcels import ParcelFilter, add_parcels, list_parcels
from tests.store_support import a_parcel, an_order, fresh_database, fresh_store_url

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with fresh_store_url("sqlite", tmp_path):
        return tmp_path / "asctl.db"


@contextmanager
def caught(code: str, place: str = "") -> Iterator[None]:
    """The block raises :class:`StoreTrouble` with this code, naming the place, with a hint."""
    with pytest.raises(StoreTrouble) as error:
        yield
    assert error.value.code == code
    assert place in error.value.message
    assert error.value.hint


@pytest.fixture
def shared_file() -> Iterator[Path]:
    """A store in a folder that other users can reach too, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="asctl-shared-"))
    folder.chmod(0o755)
    with fresh_store_url("sqlite", folder):
        yield folder / "asctl.db"
    shutil.rmtree(folder)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run the block as a user whom file permissions bind."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def revise(url: str, revision: str) -> None:
    """Say that the store is of another schema."""
    store = open_store(url)
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    store.close()


def test_missing_file(tmp_path: Path) -> None:
    """A store that is not there is named, with the command that makes it, and is not made."""
    path = tmp_path / "none.db"
    with caught("store_missing", str(path)):
        open_store(f"sqlite:///{path}")
    assert not path.exists()


def test_empty_file_is_no_store(tmp_path: Path) -> None:
    """A file without tables is no store yet."""
    path = tmp_path / "empty.db"
    path.touch()
    with caught("store_missing", str(path)):
        open_store(f"sqlite:///{path}")


@pytest.mark.postgres
def test_empty_postgres_database_is_no_store() -> None:
    """A PostgreSQL database without tables is no store yet."""
    with fresh_database() as url, caught("store_missing"):
        open_store(url)


@pytest.mark.parametrize(("revision", "code"), [("0000", "store_old"), ("9999", "store_newer")])
def test_other_schema(store_url: str, revision: str, code: str) -> None:
    """A store of another version is neither read nor written."""
    revise(store_url, revision)
    with caught(code):
        open_store(store_url)


def test_not_a_database(tmp_path: Path) -> None:
    """A file that is something else is damaged, as a store."""
    path = tmp_path / "asctl.db"
    path.write_bytes(b"waybill,courier\n" * 500)
    with caught("store_corrupt", str(path)):
        open_store(f"sqlite:///{path}")


def test_damaged_pages(file: Path) -> None:
    """Damage further inside is told when it is met."""
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096 * 2)
        raw.write(b"\xff" * (size - 4096 * 2))
    with caught("store_corrupt", str(file)):
        store = open_store(f"sqlite:///{file}")
        with store.write() as tx:
            put_orders(tx, [an_order()])


def test_read_only_file(shared_file: Path) -> None:
    """A store that may only be read is read; writing says so."""
    shared_file.chmod(0o444)
    shared_file.parent.chmod(0o555)
    with unprivileged(), closing(open_store(f"sqlite:///{shared_file}")) as store:
        with store.read() as tx:
            assert get_orders(tx, "1") == ()
        with caught("store_read_only", str(shared_file)), store.write() as tx:
            put_orders(tx, [an_order()])
    shared_file.parent.chmod(0o755)


def test_unreadable_file(shared_file: Path) -> None:
    """A store that may not be read cannot be reached."""
    shared_file.chmod(0o000)
    with unprivileged(), caught("store_unreachable", str(shared_file)):
        open_store(f"sqlite:///{shared_file}")


@pytest.mark.postgres
def test_read_only_postgres(tmp_path: Path) -> None:
    """A database that takes no writes says so."""
    with fresh_store_url("postgres", tmp_path) as url:
        store = open_store(url)
        with caught("store_read_only"), store.write() as tx:
            tx.exec_driver_sql("SET TRANSACTION READ ONLY")
            put_orders(tx, [an_order()])
        store.close()


def test_full_disk_rolls_back(file: Path) -> None:
    """A disk that fills up in the middle of a write loses nothing that stood there and keeps nothing of the write."""
    store = open_store(f"sqlite:///{file}")
    with store.write() as tx:
        put_orders(tx, [an_order()])
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with caught("store_full", str(file)), store.write() as tx:
        put_orders(tx, [an_order("4000000000000001")])
        put_orders(tx, [an_order(f"{number:016}", buyer_message="长" * 900) for number in range(200)])
    with store.read() as tx:
        assert get_orders(tx, an_order().order_id) == (an_order(),)
        assert get_orders(tx, "4000000000000001") == ()
    store.close()


def test_busy_store(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that another process is writing to is waited for, then reported as busy."""
    monkeypatch.setattr(places, "WAIT_SECONDS", 0.05)
    store = open_store(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with caught("store_busy", str(file)), store.write() as tx:
            put_orders(tx, [an_order()])
    with store.write() as tx:
        assert put_orders(tx, [an_order()]) == 1
    store.close()


def test_unreachable_postgres() -> None:
    """A server that does not answer is named without the password."""
    with caught("store_unreachable", "postgresql://asctl:***@127.0.0.1:1/asctl"):
        open_store("postgresql://asctl:s3cret@127.0.0.1:1/asctl")


def test_write_is_all_or_nothing(store: Store) -> None:
    """Whatever is raised in a write undoes all of it, and comes out as it was."""

    def interrupted() -> None:
        with store.write() as tx:
            put_orders(tx, [an_order("1")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with store.read() as tx:
        assert get_orders(tx, "1") == ()


def test_errors_never_tell_values(store: Store) -> None:
    """A refused statement is told without the values it carried."""
    with pytest.raises(StoreTrouble) as error, store.write() as tx:
        tx.execute(text("INSERT INTO orders (shop, order_id, buyer) VALUES ('a', 'b', '王小明')"))
    assert error.value.code == "store_failed"
    assert "王小明" not in error.value.message
    assert store.url_shown in error.value.message


def test_readers_share(store: Store) -> None:
    """Several transactions may read at once."""
    with store.write() as tx:
        add_parcels(tx, [a_parcel()])
    with store.read() as first:
        with store.read() as second:
            assert len(list(list_parcels(second, ParcelFilter()))) == 1
        assert len(list(list_parcels(first, ParcelFilter()))) == 1


def test_reading_commands_start_without_alembic() -> None:
    """Opening and reading a store imports neither Alembic nor a PostgreSQL driver."""
    code = "import sys, asctl.store.opening, asctl.store.parcels; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"alembic", "psycopg", "filelock", "sqlalchemy.orm"}.isdisjoint(loaded)
