"""Labels on record, with what was printed of them and whether they may still turn up on a parcel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select

from asctl.domain.labels import LabelState, PrintState
from asctl.domain.parcels import Direction, ParcelStatus
from asctl.domain.rmas import RmaState
from asctl.store.labels import handed_out
from asctl.store.opening import Transaction
from asctl.store.rows import chunks, stream
from asctl.store.tables import labels, parcels, prints, rmas
from asctl.text import _


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Which labels to list; empty fields ask for nothing. ``astray`` are those that must not be used any more and that
    somebody may have, while nothing came back for their RMA yet."""

    rmas: tuple[str, ...] = ()
    since: datetime | None = None
    astray: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One case's label. ``pages`` is ``None`` where nobody noted it, ``content_sha256`` empty; ``printed`` counts the
    files with it that a printer took, or may have taken, the last one at ``printed_at``."""

    label: str
    rma: str
    order_id: str
    shop: str
    format: str
    size: str
    waybill: str
    rendered_at: datetime
    by: str
    file: str
    pages: int | None
    printed: int
    printed_at: datetime | None
    state: LabelState
    void_at: datetime | None
    void_why: str
    content_sha256: str


def list_labels(tx: Transaction, wanted: LabelFilter, now: datetime) -> Iterator[LabelEntry]:
    """Labels, the last rendered first. One whose time to send is over by ``now`` is as void as one that was marked."""
    query = _select(now).order_by(labels.c.id.desc()).limit(wanted.limit)
    if wanted.rmas:
        query = query.where(or_(*(labels.c.rma.in_(chunk) for chunk in chunks(wanted.rmas))))
    if wanted.since:
        query = query.where(labels.c.at >= wanted.since)
    if wanted.astray:
        query = query.where(or_(labels.c.void_at.is_not(None), _expired(now)), handed_out(), ~_came_back())
    return (_entry(row) for row in stream(tx, query))


def _select(now: datetime) -> Select[Any]:
    taken = and_(prints.c.label_id == labels.c.id, prints.c.state != PrintState.REFUSED)
    return select(
        labels,
        rmas.c.order_id,
        rmas.c.shop,
        rmas.c.due_at,
        select(func.count()).where(taken).scalar_subquery().label("printed"),
        select(func.max(prints.c.at)).where(taken).scalar_subquery().label("printed_at"),
        (labels.c.id == _newest()).label("newest"),
        and_(_expired(now), ~_came_back()).label("expired"),
    ).join_from(labels, rmas, labels.c.rma == rmas.c.rma)


def _newest() -> ScalarSelect[Any]:
    """The last label of the case that is not void."""
    others = labels.alias()
    standing = and_(others.c.rma == labels.c.rma, others.c.void_at.is_(None))
    return select(func.max(others.c.id)).where(standing).scalar_subquery()


def _expired(now: datetime) -> ColumnElement[bool]:
    return and_(rmas.c.state == RmaState.APPROVED, rmas.c.due_at <= now)


def _came_back() -> ColumnElement[bool]:
    """That the goods of the case arrived, in whatever parcel, or the parcel that the label shows did."""
    shown = or_(
        parcels.c.rma == labels.c.rma,
        parcels.c.waybill == labels.c.waybill,
        and_(parcels.c.courier == rmas.c.courier, parcels.c.waybill == rmas.c.waybill),
    )
    arrived = exists().where(shown, parcels.c.direction == Direction.RETURN, parcels.c.status == ParcelStatus.DELIVERED)
    return or_(rmas.c.received_at.is_not(None), arrived)


def _entry(row: Any) -> LabelEntry:
    void_at, why = row.void_at, row.void_why
    if void_at is None and row.expired:
        void_at, why = row.due_at, _("the goods were to be sent in by then")
    right = LabelState.CURRENT if row.newest else LabelState.SUPERSEDED
    return LabelEntry(
        label=f"L{row.id}",
        rma=row.rma,
        order_id=row.order_id,
        shop=row.shop,
        format=row.format,
        size=row.size,
        waybill=row.waybill,
        rendered_at=row.at,
        by=row.by,
        file=row.file,
        pages=row.pages,
        printed=row.printed,
        printed_at=row.printed_at,
        state=right if void_at is None else LabelState.VOID,
        void_at=void_at,
        void_why=why,
        content_sha256=row.content_sha256,
    )
