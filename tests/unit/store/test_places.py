from __future__ import annotations

import sys
from pathlib import Path

import pytest

from asctl.domain.errors import BadConfiguration
from asctl.store.places import engine_for, place_of


def test_sqlite_place_is_its_file() -> None:
    """A SQLite URL is shown as the path of its file."""
    place = place_of("sqlite:////var/lib/asctl/asctl.db")
    assert place.path == Path("/var/lib/asctl/asctl.db")
    assert place.shown == "/var/lib/asctl/asctl.db"


@pytest.mark.parametrize("name", ["with space.db", "odd?#%20.db", "店铺.db"])
def test_odd_file_names_work(tmp_path: Path, name: str) -> None:
    """A file's name may hold what means something in a URL."""
    from asctl.store.lookups import open_lookup_store

    open_lookup_store(tmp_path / name).close()
    assert (tmp_path / name).exists()


def test_postgres_place_hides_the_password() -> None:
    """A PostgreSQL URL gets our driver and is never shown with its password."""
    place = place_of("postgresql://asctl:s3cret@db.example/asctl")
    assert place.url.drivername == "postgresql+psycopg"
    assert place.path is None
    assert "s3cret" not in place.shown + repr(place)
    assert place.shown == "postgresql://asctl:***@db.example/asctl"


@pytest.mark.parametrize(
    "url", ["", "asctl.db", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "postgresql://u:s3cret@h:x/d"]
)
def test_other_urls_are_refused(url: str) -> None:
    """What names no store is a configuration error that never repeats the URL's password."""
    with pytest.raises(BadConfiguration) as caught:
        place_of(url)
    assert caught.value.code == "bad_store_url"
    assert "s3cret" not in caught.value.message


def test_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the PostgreSQL driver the error says which extra to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadConfiguration) as caught:
        engine_for(place_of("postgresql://h/d"))
    assert caught.value.code == "postgres_missing"
    assert "asctl[postgres]" in caught.value.hint
