"""Labels that were rendered and printed: which they were, which are no longer right, what the spooler said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, select, update

from asctl.domain.labels import PrintState
from asctl.domain.rmas import RmaState
from asctl.store.opening import Transaction
from asctl.store.rows import chunks
from asctl.store.tables import labels, prints, rmas


@dataclass(frozen=True, slots=True)
class NewLabel:
    """One case's label in a rendered file: the waybill that it shows, the hash of its words, its pages. ``void_why`` says why it
    is not right from the start."""

    rma: str
    waybill: str
    content_sha256: str
    pages: int
    void_why: str = ""


def record_labels(
    tx: Transaction,
    drawn: Iterable[NewLabel],
    format: str,
    size: str,
    sha256: str,
    file: str,
    at: datetime,
    by: str,
) -> list[int]:
    """Note the labels of one file, whose bytes have the checksum ``sha256``; returns their numbers, in no order.

    ``file`` is empty for one that only a printer is to see.
    """
    alike = {"format": format, "size": size, "sha256": sha256, "file": file, "at": at, "by": by}
    rows = [asdict(each) | alike | {"void_at": at if each.void_why else None} for each in drawn]
    if not rows:
        return []
    return list(tx.execute(insert(labels).returning(labels.c.id), rows).scalars())


def hold_cases(tx: Transaction, numbers: Iterable[str]) -> None:
    """Let nobody change these RMAs until the transaction ends: what is read of them now still holds when it is noted."""
    for chunk in chunks(sorted(set(numbers))):
        query = select(rmas.c.rma).where(rmas.c.rma.in_(chunk)).order_by(rmas.c.rma)
        tx.execute(query.with_for_update(read=True)).all()


def withdraw_labels(tx: Transaction, numbers: Iterable[int], at: datetime, why: str) -> None:
    """Note that labels on record never came into a file after all: they are void, because of ``why``, and nobody has them."""
    for chunk in chunks(numbers):
        meant = labels.c.id.in_(chunk)
        _void(tx, meant, at, why)
        tx.execute(update(labels).where(meant).values(file=""))


def renders_of_many(tx: Transaction, numbers: Iterable[str]) -> dict[str, int]:
    """How many labels of each RMA went out of our hands; those without one are left out."""
    counted: dict[str, int] = {}
    for chunk in chunks(dict.fromkeys(numbers)):
        query = select(labels.c.rma, func.count()).where(labels.c.rma.in_(chunk), handed_out()).group_by(labels.c.rma)
        for rma, count in tx.execute(query):
            counted[rma] = count
    return counted


def handed_out() -> ColumnElement[bool]:
    """That somebody may have the label: it lies in a file, or a printer may have taken it."""
    taken = exists().where(prints.c.label_id == labels.c.id, prints.c.state != PrintState.REFUSED)
    return (labels.c.file != "") | taken


def void_labels(tx: Transaction, shop: str, order_id: str, at: datetime, why: str) -> int:
    """Mark the labels of an order's RMAs as no longer right; returns how many were."""
    cases = select(rmas.c.rma).where(rmas.c.order_id == order_id, rmas.c.shop == shop)
    return _void(tx, labels.c.rma.in_(cases), at, why)


def void_labels_of(tx: Transaction, rma: str, at: datetime, why: str) -> int:
    """Mark the labels of one RMA as no longer right; returns how many were."""
    return _void(tx, labels.c.rma == rma, at, why)


def void_waybill_of(tx: Transaction, rma: str, at: datetime, why: str) -> int:
    """Mark those labels of an RMA as no longer right that show a waybill; returns how many were."""
    return _void(tx, (labels.c.rma == rma) & (labels.c.waybill != ""), at, why)


def _void(tx: Transaction, meant: ColumnElement[bool], at: datetime, why: str) -> int:
    standing = meant & labels.c.void_at.is_(None)
    return tx.execute(update(labels).where(standing).values(void_at=at, void_why=why)).rowcount


def void_of(tx: Transaction, shop: str, order_id: str) -> int:
    """How many labels of an order's cases that go on are no longer right, and out of our hands."""
    going_on = (rmas.c.order_id == order_id) & (rmas.c.shop == shop) & (rmas.c.state != RmaState.CANCELLED)
    meant = labels.c.rma.in_(select(rmas.c.rma).where(going_on)) & labels.c.void_at.is_not(None) & handed_out()
    return int(tx.execute(select(func.count()).select_from(labels).where(meant)).scalar_one())


def record_prints(
    tx: Transaction, numbers: Sequence[int], printer: str, copies: int, at: datetime, by: str
) -> list[int]:
    """Note, before the spooler is asked, that these labels are about to be printed; returns the notes' numbers, in no order."""
    alike = {"printer": printer, "copies": copies, "at": at, "by": by, "state": PrintState.UNCLEAR}
    rows = [{"label_id": number, "job": "", "said": "", **alike} for number in numbers]
    return list(tx.execute(insert(prints).returning(prints.c.id), rows).scalars())


def settle_prints(
    tx: Transaction, noted: Iterable[int], state: PrintState, job: str, said: str, at: datetime, why: str
) -> None:
    """Note what the spooler answered. A label that it did not take was never on paper: it is void, because of ``why``."""
    for chunk in chunks(noted):
        meant = prints.c.id.in_(chunk)
        tx.execute(update(prints).where(meant).values(state=state, job=job, said=said))
        if state is PrintState.REFUSED:
            _void(tx, labels.c.id.in_(select(prints.c.label_id).where(meant)), at, why)
