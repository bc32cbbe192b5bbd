from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from asctl.domain.errors import BadInput, NotOffered, StoreTrouble
from asctl.store.opening import HEAD, Store, open_store
from asctl.store.orders import get_orders, put_orders
from asctl.store.upkeep import backup, check, create_or_upgrade, info
from tests.store_support import an_order, fresh_database


def revise(url: str, revision: str) -> None:
    """Say that the store is of another schema."""
    store = open_store(url)
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    store.close()


def test_create_makes_a_whole_store(tmp_path: Path) -> None:
    """A new store, in a new folder, is private, of our schema, and can be used."""
    path = tmp_path / "new" / "asctl.db"
    assert create_or_upgrade(f"sqlite:///{path}") == (None, HEAD)
    assert path.stat().st_mode & 0o777 == 0o600
    store = open_store(f"sqlite:///{path}")
    with store.write() as tx:
        assert put_orders(tx, [an_order()]) == 1
    store.close()


@pytest.mark.postgres
def test_create_in_postgres() -> None:
    """An empty PostgreSQL database becomes a store of our schema."""
    with fresh_database() as url:
        assert create_or_upgrade(url) == (None, HEAD)
        assert all(found.ok for found in check(url))


def test_upgrade_twice_keeps_everything(store_url: str, store: Store) -> None:
    """Upgrading a store that is up to date changes nothing."""
    with store.write() as tx:
        put_orders(tx, [an_order()])
    assert create_or_upgrade(store_url) == (HEAD, HEAD)
    with store.read() as tx:
        assert get_orders(tx, an_order().order_id) == (an_order(),)


def test_upgrade_refuses_a_newer_store(store_url: str) -> None:
    """A store from a newer version is left as it is."""
    revise(store_url, "9999")
    with pytest.raises(StoreTrouble) as caught:
        create_or_upgrade(store_url)
    assert caught.value.code == "store_newer"
    assert info(store_url)["revision"] == "9999"


def test_failed_upgrade_leaves_nothing(tmp_path: Path) -> None:
    """An upgrade that fails half way leaves the database as it was."""
    path = tmp_path / "asctl.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE tasks (x)")
    with pytest.raises(StoreTrouble):
        create_or_upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as foreign:
        assert foreign.execute("SELECT name FROM sqlite_master").fetchall() == [("tasks",)]


def test_create_in_an_impossible_place() -> None:
    """Where no file can be made, one sentence says where."""
    with pytest.raises(StoreTrouble) as caught:
        create_or_upgrade("sqlite:////dev/null/asctl.db")
    assert "/dev/null/asctl.db" in caught.value.message


def test_check_finds_nothing_wrong(store_url: str) -> None:
    """A sound store passes every check."""
    found = check(store_url)
    assert {one.check for one in found} >= {"schema", "tables"}
    assert [one for one in found if not one.ok or one.mend] == []


def test_check_finds_missing_tables(store_url: str, store: Store) -> None:
    """A table that is gone is named."""
    with store.write() as tx:
        tx.exec_driver_sql("DROP TABLE audit")
    (found,) = [one for one in check(store_url) if not one.ok]
    assert (found.check, found.detail) == ("tables", "audit")
    assert found.mend


@pytest.mark.parametrize(("revision", "mend"), [("0000", "db upgrade"), ("9999", "newer asctl")])
def test_check_finds_another_schema(store_url: str, revision: str, mend: str) -> None:
    """A store of another version fails the check with the way out."""
    revise(store_url, revision)
    (found,) = [one for one in check(store_url) if not one.ok]
    assert found.check == "schema"
    assert mend in found.mend


def test_check_finds_lost_references(tmp_path: Path, store_url: str) -> None:
    """Lines whose order is gone are found (SQLite checks references only where asked)."""
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL always checks references")
    store = open_store(store_url)
    with store.write() as tx:
        put_orders(tx, [an_order()])
    store.close()
    with closing(sqlite3.connect(tmp_path / "asctl.db")) as careless:
        careless.execute("DELETE FROM orders")
        careless.commit()
    (found,) = [one for one in check(store_url) if not one.ok]
    assert (found.check, found.detail) == ("references", "order_lines")


def test_check_of_no_store(tmp_path: Path) -> None:
    """A missing or damaged file is a finding, not an error."""
    (missing,) = check(f"sqlite:///{tmp_path / 'none.db'}")
    assert (missing.ok, missing.check) == (False, "open")
    assert "asctl init" in missing.mend
    (tmp_path / "odd.db").write_text("waybill,courier\n" * 500)
    (damaged,) = check(f"sqlite:///{tmp_path / 'odd.db'}")
    assert "damaged" in damaged.detail


def test_backup_is_a_whole_store(tmp_path: Path) -> None:
    """A copy taken while the store is in use opens as a store and holds what was committed; it is private."""
    url = f"sqlite:///{tmp_path / 'asctl.db'}"
    create_or_upgrade(url)
    store = open_store(url)
    with store.write() as tx:
        put_orders(tx, [an_order()])
    target = tmp_path / "backup.db"
    assert backup(url, target) == target.stat().st_size
    copy = open_store(f"sqlite:///{target}")
    with copy.read() as tx:
        assert get_orders(tx, an_order().order_id) == (an_order(),)
    assert target.stat().st_mode & 0o777 == 0o600
    copy.close()
    store.close()


def test_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A copy that cannot be finished leaves no half file."""
    path = tmp_path / "asctl.db"
    path.write_text("no database\n" * 500)
    with pytest.raises(StoreTrouble):
        backup(f"sqlite:///{path}", tmp_path / "backup.db")
    assert [file.name for file in tmp_path.iterdir()] == ["asctl.db"]


@pytest.mark.parametrize("name", ["asctl.db", "link.db", "older.db"])
def test_backup_replaces_nothing(tmp_path: Path, name: str) -> None:
    """Neither an older copy nor the store itself, by whatever name."""
    url = f"sqlite:///{tmp_path / 'asctl.db'}"
    create_or_upgrade(url)
    (tmp_path / "link.db").symlink_to(tmp_path / "asctl.db")
    (tmp_path / "older.db").write_text("an older copy")
    before = (tmp_path / name).read_bytes()
    with pytest.raises(BadInput) as caught:
        backup(url, tmp_path / name)
    assert caught.value.code == "backup_exists"
    assert (tmp_path / name).read_bytes() == before


def test_backup_makes_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is named, and not made."""
    url = f"sqlite:///{tmp_path / 'asctl.db'}"
    create_or_upgrade(url)
    with pytest.raises(BadInput) as caught:
        backup(url, tmp_path / "none" / "backup.db")
    assert str(tmp_path / "none") in caught.value.message
    assert not (tmp_path / "none").exists()


def test_backup_of_postgres_is_not_offered() -> None:
    """PostgreSQL has its own tools; the hint names one."""
    with pytest.raises(NotOffered) as caught:
        backup("postgresql://h/d", Path("x"))
    assert "pg_dump" in caught.value.hint


def test_info_tells_the_facts(store_url: str, store: Store) -> None:
    """Back end, schema, size and rows by table are told, for a store of any schema."""
    with store.write() as tx:
        put_orders(tx, [an_order()])
    facts = info(store_url)
    assert facts["backend"] in ("sqlite", "postgresql")
    assert facts["revision"] == facts["revision_wanted"] == HEAD
    rows, size = facts["rows"], facts["size"]
    assert isinstance(rows, dict)
    assert (rows["orders"], rows["order_lines"], rows["tasks"]) == (1, 2, 0)
    assert isinstance(size, int)
    assert size > 4096
    assert facts["journal_mode"] == (None if facts["backend"] == "postgresql" else "delete")


def test_moved_store_still_works(tmp_path: Path) -> None:
    """A store is one file: moved elsewhere it is the same store."""
    create_or_upgrade(f"sqlite:///{tmp_path / 'asctl.db'}")
    shutil.move(tmp_path / "asctl.db", tmp_path / "moved.db")
    assert all(found.ok for found in check(f"sqlite:///{tmp_path / 'moved.db'}"))
