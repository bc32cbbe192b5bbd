"""Labels that are no longer right, and a store of the first release that learns about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from asctl.store import sqlite
from asctl.store.labels import record_label, renders_of, void_labels, void_of
from asctl.store.opening import Store, open_store, revision_of, unchecked_store
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels, find_parcels
from asctl.store.places import place_of
from asctl.store.rmas import add_rma
from asctl.store.tables import labels
from asctl.store.upkeep import check, create_or_upgrade
from tests.store_support import NOW, a_parcel, an_order, an_rma, fresh_database

LATER = NOW + timedelta(hours=1)


def rendered(store: Store, rma: str, file: str) -> None:
    with store.write() as tx:
        record_label(tx, rma, "pdf", "100x150", "0" * 64, file, NOW, "8012")


@pytest.fixture
def cases(store: Store) -> Store:
    """Two orders, the first with two RMAs; each RMA has a label."""
    with store.write() as tx:
        put_orders(tx, [an_order("1"), an_order("2"), an_order("1", shop="outlet")])
        for number, order, shop in (("R1", "1", "flagship"), ("R2", "1", "flagship"), ("R3", "2", "flagship")):
            add_rma(tx, an_rma(number, order_id=order, shop=shop))
        add_rma(tx, an_rma("R4", order_id="1", shop="outlet"))
    for number in ("R1", "R2", "R3", "R4"):
        rendered(store, number, f"{number}.pdf")
    return store


def test_all_labels_of_the_order_become_void_and_no_others(cases: Store) -> None:
    """Every RMA of the order is meant; another order, and the same number in another shop, is not."""
    with cases.write() as tx:
        assert void_labels(tx, "flagship", "1", LATER, "A17 changed the address") == 2
        assert (void_of(tx, "flagship", "1"), void_of(tx, "flagship", "2"), void_of(tx, "outlet", "1")) == (2, 0, 0)
        kept = tx.execute(select(labels.c.file, labels.c.void_at, labels.c.void_why).order_by(labels.c.file)).all()
    why = "A17 changed the address"
    assert kept == [("R1.pdf", LATER, why), ("R2.pdf", LATER, why), ("R3.pdf", None, ""), ("R4.pdf", None, "")]


def test_a_label_is_voided_once_and_a_new_one_is_right(cases: Store) -> None:
    """What is void keeps its first reason; a label rendered after the change is not touched by it."""
    with cases.write() as tx:
        void_labels(tx, "flagship", "2", NOW, "first")
        assert void_labels(tx, "flagship", "2", LATER, "second") == 0
    rendered(cases, "R3", "new.pdf")
    with cases.read() as tx:
        assert (void_of(tx, "flagship", "2"), renders_of(tx, "R3")) == (1, 2)
        kept = tx.execute(
            select(labels.c.file, labels.c.void_why).where(labels.c.rma == "R3").order_by(labels.c.id)
        ).all()
    assert kept == [("R3.pdf", "first"), ("new.pdf", "")]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store of the first release."""
    if request.param == "postgres":
        with fresh_database() as url:
            migrate(url, "0001")
            yield url
        return
    path = tmp_path / "asctl.db"
    sqlite.create_file(path)
    migrate(f"sqlite:///{path}", "0001")
    yield f"sqlite:///{path}"


def migrate(url: str, revision: str) -> None:
    """Bring a store to one revision."""
    store = unchecked_store(place_of(url))
    with store.write() as tx:
        config = Config(attributes={"connection": tx})
        config.set_main_option("script_location", "asctl.store:migrations")
        command.upgrade(config, revision)
    store.close()


def test_a_store_of_the_first_release_keeps_its_rows(first_release: str) -> None:
    """Labels and parcels of before are there afterwards; the labels stand, and can be voided."""
    old = unchecked_store(place_of(first_release))
    with old.write() as tx:
        assert revision_of(tx) == "0001"
        put_orders(tx, [an_order("1")])
        add_parcels(tx, [a_parcel()])
        add_rma(tx, an_rma("R1", order_id="1"))
        insert = (
            "INSERT INTO labels (rma, format, size, sha256, file, at, by) VALUES ('R1', 'pdf', 'a6', '', '', :at, '')"
        )
        tx.execute(text(insert), {"at": NOW})
    old.close()
    assert create_or_upgrade(first_release) == ("0001", "0002")
    assert all(each.ok for each in check(first_release))
    store = open_store(first_release)
    with store.write() as tx:
        (parcel,) = find_parcels(tx, a_parcel().waybill)
        assert parcel == a_parcel()
        assert (renders_of(tx, "R1"), void_of(tx, "flagship", "1")) == (1, 0)
        assert void_labels(tx, "flagship", "1", LATER, "A1") == 1
    store.close()
