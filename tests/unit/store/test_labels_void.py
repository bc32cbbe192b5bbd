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
from asctl.store.audit import write_audit
from asctl.store.labels import (
    NewLabel,
    record_labels,
    renders_of_many,
    void_labels,
    void_labels_of,
    void_of,
    void_waybill_of,
)
from asctl.store.opening import HEAD, Store, open_store, unchecked_store
from asctl.store.orders import put_orders
from asctl.store.parcels import add_parcels, find_parcels
from asctl.store.places import place_of
from asctl.store.rmas import add_rma, cancel_rma
from asctl.store.tables import labels
from asctl.store.upkeep import check, create_or_upgrade
from tests.store_support import NOW, a_parcel, an_order, an_rma, fresh_database

LATER = NOW + timedelta(hours=1)


def rendered(store: Store, rma: str, file: str, waybill: str = "") -> None:
    with store.write() as tx:
        record_labels(tx, [NewLabel(rma, waybill, "c" * 64, 1)], "pdf", "100x150", "0" * 64, file, NOW, "8012")


def void_files(store: Store) -> set[str]:
    with store.read() as tx:
        return set(tx.execute(select(labels.c.file).where(labels.c.void_at.is_not(None))).scalars())


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
        assert (void_of(tx, "flagship", "2"), renders_of_many(tx, ["R3"])) == (1, {"R3": 2})
        kept = tx.execute(
            select(labels.c.file, labels.c.void_why).where(labels.c.rma == "R3").order_by(labels.c.id)
        ).all()
    assert kept == [("R3.pdf", "first"), ("new.pdf", "")]


def test_labels_of_one_case(cases: Store) -> None:
    """A case's own labels become void without those of another case on the same order."""
    with cases.write() as tx:
        assert void_labels_of(tx, "R1", LATER, "R1 was cancelled") == 1
    assert void_files(cases) == {"R1.pdf"}


def test_labels_that_show_a_waybill(cases: Store) -> None:
    """Of a case whose parcel is another one now those are wrong that name a parcel; the others name none that is wrong."""
    rendered(cases, "R1", "with waybill.pdf", "SF1")
    rendered(cases, "R2", "another case.pdf", "SF1")
    with cases.write() as tx:
        assert void_waybill_of(tx, "R1", LATER, "no longer SF1") == 1
    assert void_files(cases) == {"with waybill.pdf"}


def test_a_cancelled_case_needs_no_new_label(cases: Store) -> None:
    """Labels to be drawn again are counted: not those of a case that was withdrawn."""
    with cases.write() as tx:
        void_labels(tx, "flagship", "1", LATER, "A17 changed the address")
        cancel_rma(tx, "R1")
        assert void_of(tx, "flagship", "1") == 1


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "postgres":
        with fresh_database() as url:
            yield url
        return
    path = tmp_path / "asctl.db"
    sqlite.create_file(path)
    yield f"sqlite:///{path}"


def migrate(url: str, revision: str) -> None:
    """Bring a store to one revision."""
    store = unchecked_store(place_of(url))
    with store.write() as tx:
        config = Config(attributes={"connection": tx})
        config.set_main_option("script_location", "asctl.store:migrations")
        command.upgrade(config, revision)
    store.close()


OLD_RMA = """
    INSERT INTO rmas (rma, order_id, shop, kind, reason, state, opened_at, opened_by, due_at, description, approved_by,
        courier, waybill)
    VALUES (:rma, '1', 'flagship', 'return', 'quality', :state, :at, '', :at, '', '', '', '')
"""
OLD_LABEL = (
    "INSERT INTO labels (rma, format, size, sha256, file, at, by) VALUES (:rma, 'pdf', 'a6', '', 'l.pdf', :at, '')"
)


def enter_old(url: str, *cases: tuple[str, str]) -> None:
    """Cases with a label each, as an older release wrote them: number and state."""
    old = unchecked_store(place_of(url))
    with old.write() as tx:
        put_orders(tx, [an_order("1")])
        add_parcels(tx, [a_parcel()])
        for rma, state in cases:
            tx.execute(text(OLD_RMA), {"rma": rma, "state": state, "at": NOW})
            tx.execute(text(OLD_LABEL), {"rma": rma, "at": NOW})
    old.close()


def test_a_store_of_the_first_release_keeps_its_rows(empty_url: str) -> None:
    """Labels and parcels of before are there afterwards; the labels stand, can be voided, and claim no words."""
    migrate(empty_url, "0001")
    enter_old(empty_url, ("R1", "approved"))
    assert create_or_upgrade(empty_url) == ("0001", HEAD)
    assert all(each.ok for each in check(empty_url))
    store = open_store(empty_url)
    with store.write() as tx:
        (parcel,) = find_parcels(tx, a_parcel().waybill)
        assert parcel == a_parcel()
        assert (renders_of_many(tx, ["R1"]), void_of(tx, "flagship", "1")) == ({"R1": 1}, 0)
        assert tx.execute(select(labels.c.content_sha256, labels.c.waybill, labels.c.pages)).one() == ("", "", None)
        assert void_labels(tx, "flagship", "1", LATER, "A1") == 1
    store.close()


def test_labels_of_cases_cancelled_before_become_void(empty_url: str) -> None:
    """At the moment of the cancellation, where the audit trail knows it, else at their own; other labels stand."""
    migrate(empty_url, "0003")
    enter_old(empty_url, ("R1", "cancelled"), ("R2", "cancelled"), ("R3", "approved"))
    old = unchecked_store(place_of(empty_url))
    with old.write() as tx:
        write_audit(tx, LATER, "8012", "rma cancel", "R1", {})
        write_audit(tx, LATER, "8012", "rma waybill", "R2", {})
    old.close()
    create_or_upgrade(empty_url)
    store = open_store(empty_url)
    with store.read() as tx:
        kept = {row.rma: row.void_at for row in tx.execute(select(labels.c.rma, labels.c.void_at))}
    assert kept == {"R1": LATER, "R2": NOW, "R3": None}
    store.close()
