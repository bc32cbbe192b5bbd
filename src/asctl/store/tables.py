"""The tables, as the newest migration leaves them. A column is named as the field of the record it keeps."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from asctl.domain.aftersales import AfterSaleKind, AfterSaleStatus
from asctl.domain.labels import PrintState
from asctl.domain.orders import Flag, OrderStatus
from asctl.domain.parcels import Direction, ParcelStatus
from asctl.domain.rmas import RmaKind, RmaState
from asctl.domain.strays import StrayState
from asctl.domain.tasks import TaskState
from asctl.store.columns import Choice, DueMoment, Moment, Moments, Money, Texts
from asctl.store.invoice_tables import invoices as invoices
from asctl.store.journal_tables import actions as actions
from asctl.store.journal_tables import batch_items as batch_items
from asctl.store.journal_tables import batches as batches
from asctl.store.schema import metadata as metadata
from asctl.store.schema import text as _text
from asctl.store.schema import texts as _texts

orders = Table(
    "orders",
    metadata,
    _text("shop", key=True),
    _text("order_id", key=True),
    Column("status", Choice(OrderStatus), nullable=False),
    _text("raw_status"),
    Column("created_at", Moment, nullable=False),
    Column("modified_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("ship_by", Moment),
    Column("shipped_at", Moment),
    Column("finished_at", Moment),
    Column("amount", Money, nullable=False),
    Column("freight", Money, nullable=False),
    *_texts("currency buyer receiver_name receiver_phone receiver_province receiver_city"),
    *_texts("receiver_district receiver_town receiver_detail buyer_message remark"),
    Column("flag", Choice(Flag), nullable=False),
    Index("ix_orders_order_id", "order_id"),
    Index("ix_orders_created", "created_at", "shop", "order_id"),
)

order_lines = Table(
    "order_lines",
    metadata,
    _text("shop", key=True),
    _text("order_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *_texts("line_id title sku properties"),
    Column("quantity", Integer, nullable=False),
    Column("price", Money, nullable=False),
    Column("paid", Money, nullable=False),
    *_texts("raw_status courier waybill"),
    Column("shipped_at", Moment),
    _text("after_sale_id"),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.order_id"]),
    Index("ix_order_lines_waybill", "waybill"),
    sqlite_with_rowid=False,
)

after_sales = Table(
    "after_sales",
    metadata,
    _text("shop", key=True),
    _text("after_sale_id", key=True),
    _text("order_id"),
    Column("kind", Choice(AfterSaleKind), nullable=False),
    Column("status", Choice(AfterSaleStatus), nullable=False),
    _text("raw_status"),
    Column("created_at", Moment, nullable=False),
    Column("modified_at", Moment, nullable=False),
    *_texts("line_id reason description title"),
    Column("quantity", Integer, nullable=False),
    Column("amount", Money, nullable=False),
    _text("currency"),
    Column("goods_back", Boolean, nullable=False),
    *_texts("phase version"),
    Column("deadline", Moment),
    *_texts("return_courier return_waybill"),
    Index("ix_after_sales_id", "after_sale_id"),
    Index("ix_after_sales_order", "order_id", "shop"),
    Index("ix_after_sales_return_waybill", "return_waybill"),
    Index("ix_after_sales_created", "created_at", "shop", "after_sale_id"),
)

cursors = Table(
    "cursors", metadata, _text("shop", key=True), _text("feed", key=True), Column("at", Moment, nullable=False)
)

parcels = Table(
    "parcels",
    metadata,
    _text("courier", key=True),
    _text("waybill", key=True),
    Column("added_at", Moment, nullable=False),
    Column("direction", Choice(Direction), nullable=False),
    *_texts("account shop order_id rma phone_tail"),
    Column("shipped_at", Moment),
    Column("status", Choice(ParcelStatus), nullable=False),
    _text("raw_code"),
    Column("last_event_at", Moment),
    *_texts("last_event location"),
    Column("moved_at", Moment),
    _text("verdict"),
    Column("findings", Texts, nullable=False),
    Column("seen_at", Moment),
    Column("failing_since", Moment),
    Column("failures", Integer, nullable=False),
    _text("poll_error"),
    Column("next_poll_at", DueMoment, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_parcels_waybill", "waybill"),
    Index("ix_parcels_order", "order_id"),
    Index("ix_parcels_rma", "rma"),
    Index("ix_parcels_verdict", "verdict", "added_at"),
    Index("ix_parcels_added", "added_at", "courier", "waybill"),
)
# Partial on PostgreSQL too: the migration says so. To say it here would load that dialect, 25 ms, in every command.
Index(
    "ix_parcels_due",
    parcels.c.next_poll_at,
    parcels.c.courier,
    parcels.c.waybill,
    sqlite_where=parcels.c.open == true(),
)

events = Table(
    "events",
    metadata,
    _text("courier", key=True),
    _text("waybill", key=True),
    Column("at", Moment, primary_key=True),
    _text("digest", key=True),
    Column("status", Choice(ParcelStatus), nullable=False),
    *_texts("text raw_code location"),
    Column("flags", Texts, nullable=False),
    Column("informational", Boolean, nullable=False),
    _text("source"),
    ForeignKeyConstraint(["courier", "waybill"], ["parcels.courier", "parcels.waybill"]),
    sqlite_with_rowid=False,
)

lookups = Table(
    "lookups",
    metadata,
    _text("account", key=True),
    _text("courier", key=True),
    _text("waybill", key=True),
    Column("asked", Moments, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_lookups_last", "account", "last_at"),
)

parked_accounts = Table(
    "parked_accounts",
    metadata,
    _text("account", key=True),
    Column("until", Moment, nullable=False),
    _text("reason"),
)

rmas = Table(
    "rmas",
    metadata,
    _text("rma", key=True),
    *_texts("order_id shop"),
    Column("kind", Choice(RmaKind), nullable=False),
    _text("reason"),
    Column("state", Choice(RmaState), nullable=False),
    Column("opened_at", Moment, nullable=False),
    _text("opened_by"),
    Column("due_at", Moment, nullable=False),
    _text("description"),
    Column("approved_at", Moment),
    *_texts("approved_by courier waybill"),
    Column("received_at", Moment),
    Column("received_by", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.order_id"]),
    Index("ix_rmas_order", "order_id", "shop"),
    Index("ix_rmas_waybill", "waybill"),
    Index("ix_rmas_opened", "opened_at", "rma"),
)

rma_lines = Table(
    "rma_lines",
    metadata,
    Column("rma", Text, ForeignKey("rmas.rma"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *_texts("line_id sku title"),
    Column("quantity", Integer, nullable=False),
)

strays = Table(
    "strays",
    metadata,
    _text("code", key=True),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    *_texts("by note"),
    Column("state", Choice(StrayState), nullable=False),
    _text("rma"),
    Column("closed_at", Moment),
    *_texts("closed_by why"),
    Index("ix_strays_state", "state", "first_seen_at", "code"),
)

tasks = Table(
    "tasks",
    metadata,
    _text("task", key=True),
    *_texts("kind subject cause"),
    Column("due_at", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("state", Choice(TaskState), nullable=False),
    Column("automatic", Boolean, nullable=False),
    *_texts("shop order_id courier waybill rma owner why next"),
    Column("closed_at", Moment),
    *_texts("closed_by outcome"),
    Column("notes", Texts, nullable=False),
    UniqueConstraint("subject", "kind", "cause", name="uq_tasks_cause"),
    Index("ix_tasks_due", "state", "due_at", "task"),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rma", Text, ForeignKey("rmas.rma"), nullable=False),
    *_texts("format size sha256 file"),
    Column("at", Moment, nullable=False),
    _text("by"),
    Column("void_at", Moment),
    Column("void_why", Text, nullable=False, server_default=""),
    Column("content_sha256", Text, nullable=False, server_default=""),
    Column("waybill", Text, nullable=False, server_default=""),
    Column("pages", Integer),
    Index("ix_labels_rma", "rma"),
)

prints = Table(
    "prints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label_id", Integer, ForeignKey("labels.id"), nullable=False),
    *_texts("printer job"),
    Column("copies", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    _text("by"),
    Column("state", Choice(PrintState), nullable=False),
    _text("said"),
    Index("ix_prints_label", "label_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    *_texts("who what subject"),
    Column("detail", JSON, nullable=False),
)

counters = Table("counters", metadata, _text("name", key=True), Column("value", Integer, nullable=False))
