"""``asctl db``."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from asctl.store.opening import open_store, unchecked_store
from asctl.store.places import place_of
from tests.command_support import Command, no_traceback
from tests.sandbox_support import BOTH_STORES, ON_A_FILE


@pytest.fixture
def owner(home: dict[str, str], store_url: str) -> Command:
    """A user with a store of our schema."""
    return Command(home | {"ASCTL_STORE__URL": store_url})


@pytest.fixture
def newcomer(home: dict[str, str], tmp_path: Path) -> Command:
    """A user whose store is not there yet."""
    return Command(home | {"ASCTL_STORE__URL": f"sqlite:///{tmp_path / 'new.db'}"})


def write_revision(url: str, revision: str) -> None:
    store = unchecked_store(place_of(url))
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    store.close()


def test_upgrade_creates_and_then_changes_nothing(newcomer: Command) -> None:
    """The first run makes the store, the second says that it is there already."""
    first, second = newcomer("db", "upgrade"), newcomer("db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert "created the store" in first.err
    assert "nothing was changed" in second.err
    assert first.out == ""


@BOTH_STORES
def test_info_describes_the_store(owner: Command) -> None:
    """Back end, schema, size and rows by table, as one record; a password is not part of it."""
    record = owner("db", "info").record
    assert record["backend"] in ("sqlite", "postgresql")
    assert record["revision"] == record["revision_wanted"]
    assert record["size"] > 0
    assert record["rows"]["orders"] == 0


@BOTH_STORES
def test_check_of_a_sound_store(owner: Command) -> None:
    """Schema and tables are found to be right."""
    checked = owner("db", "check")
    assert checked.code == 0
    assert {"store schema", "store tables"} <= {record["check"] for record in checked.records}
    assert {record["status"] for record in checked.records} == {"ok"}


@BOTH_STORES
def test_check_finds_a_missing_table(owner: Command, store_url: str) -> None:
    """A store from which a table vanished is bad: exit 10, with the name of the table and the mend."""
    store = unchecked_store(place_of(store_url))
    with store.write() as tx:
        tx.execute(text("DROP TABLE tasks"))
    store.close()
    checked = owner("db", "check")
    bad = next(record for record in checked.records if record["status"] == "bad")
    assert checked.code == 10
    assert checked.end["exit_name"] == "store"
    assert "tasks" in bad["detail"]
    assert bad["mend"]


def test_check_without_a_store(newcomer: Command) -> None:
    """Exit 10, and the command that makes one."""
    checked = newcomer("db", "check")
    assert checked.code == 10
    assert "asctl init" in checked.record["mend"]


@BOTH_STORES
def test_upgrade_leaves_a_newer_store_alone(owner: Command, store_url: str) -> None:
    """A store that a newer asctl wrote is refused with exit 10 by every command, and not touched."""
    write_revision(store_url, "9999")
    for command in (("db", "upgrade"), ("task", "list"), ("init",)):
        refused = owner(*command)
        assert refused.code == 10
        assert "is of a newer version" in refused.err
        no_traceback(refused)


@ON_A_FILE
def test_check_finds_damage(owner: Command, store_url: str) -> None:
    """Bytes overwritten in the file are found."""
    path = place_of(store_url).path
    assert path is not None
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 4)
    checked = owner("db", "check")
    assert checked.code == 10
    no_traceback(checked)


@ON_A_FILE
def test_backup_makes_a_copy_that_opens(owner: Command, tmp_path: Path) -> None:
    """The copy is a whole store, readable by its owner alone."""
    target = tmp_path / "backup.db"
    assert owner("db", "backup", str(target)).code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    open_store(f"sqlite:///{target}").close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_backup_onto_an_older_one(owner: Command, tmp_path: Path) -> None:
    """Refused with exit 2, saying so: a backup replaces nothing."""
    target = tmp_path / "backup.db"
    target.write_text("older")
    refused = owner("db", "backup", str(target))
    assert refused.code == 2
    assert f"{target} is there already" in refused.err
    assert target.read_text() == "older"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_backup_onto_the_store_itself(owner: Command, store_url: str) -> None:
    """Refused with exit 2, and the store stays whole."""
    path = place_of(store_url).path
    assert path is not None
    refused = owner("db", "backup", str(path))
    assert refused.code == 2
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_backup_of_postgresql_is_not_ours(owner: Command, tmp_path: Path) -> None:
    """Exit 15 with the name of the tool that does it."""
    refused = owner("db", "backup", str(tmp_path / "x.db"))
    assert refused.code == 15
    assert "pg_dump" in refused.err
    assert not (tmp_path / "x.db").exists()


@ON_A_FILE
def test_backup_into_nowhere(owner: Command, tmp_path: Path) -> None:
    """A folder that is not there gives one sentence and exit 2; nothing is left behind."""
    refused = owner("db", "backup", str(tmp_path / "none" / "x.db"))
    assert refused.code == 2
    no_traceback(refused)
