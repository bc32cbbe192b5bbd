"""Our own cases (售后申请). Each hangs on an order that the store holds (R4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, insert, or_, select, update

from asctl.domain.rmas import Rma, RmaKind, RmaLine, RmaState
from asctl.store.counters import next_number
from asctl.store.opening import Transaction
from asctl.store.rows import AT_A_TIME, chunks, columns_of, stream, values_of
from asctl.store.tables import parcels, rma_lines, rmas

_COLUMNS = columns_of(rmas, Rma)
_LINE_COLUMNS = columns_of(rma_lines, RmaLine)


@dataclass(frozen=True, slots=True)
class RmaFilter:
    """Which RMAs to list; empty fields ask for nothing."""

    order_id: str = ""
    shop: str = ""
    state: RmaState | None = None
    kind: RmaKind | None = None
    limit: int | None = None


def next_running(tx: Transaction, day: date) -> int:
    """The running number of the next RMA of ``day``, from 1."""
    return next_number(tx, f"rma {day:%y%m%d}")


def add_rma(tx: Transaction, rma: Rma) -> None:
    """Store a new RMA with its lines; its order must be in the store."""
    tx.execute(insert(rmas), values_of(rmas, rma))
    lines = [values_of(rma_lines, line) | {"rma": rma.rma, "position": n} for n, line in enumerate(rma.lines)]
    if lines:
        tx.execute(insert(rma_lines), lines)


def get_rma(tx: Transaction, number: str) -> Rma | None:
    """One RMA by its number."""
    return next(_whole(tx, tx.execute(_select().where(rmas.c.rma == number)).all()), None)


def get_rmas(tx: Transaction, numbers: Iterable[str]) -> dict[str, Rma]:
    """RMAs by their numbers; those that do not exist are left out."""
    found: dict[str, Rma] = {}
    for chunk in chunks(dict.fromkeys(numbers)):
        found |= {rma.rma: rma for rma in _whole(tx, tx.execute(_select().where(rmas.c.rma.in_(chunk))).all())}
    return found


def existing_numbers(tx: Transaction, candidates: Iterable[str]) -> set[str]:
    """Those of ``candidates`` that are numbers of stored RMAs."""
    queries = (select(rmas.c.rma).where(rmas.c.rma.in_(chunk)) for chunk in chunks(candidates))
    return {number for query in queries for number in tx.execute(query).scalars()}


def list_rmas(tx: Transaction, wanted: RmaFilter) -> Iterator[Rma]:
    """RMAs, the last opened first, a page at a time."""
    query = _select().order_by(rmas.c.opened_at.desc(), rmas.c.rma.desc()).limit(wanted.limit)
    for name in ("order_id", "shop", "state", "kind"):
        if value := getattr(wanted, name):
            query = query.where(rmas.c[name] == value)
    for page in chunks(stream(tx, query), AT_A_TIME):
        yield from _whole(tx, page)


def approve_rma(tx: Transaction, number: str, by: str, at: datetime, until: datetime) -> bool:
    """Approve a requested RMA (R9), or anew one whose time is over by ``at``: its goods may be sent in ``until`` then.

    ``False`` if it is neither any more, or does not exist.
    """
    expired = (rmas.c.state == RmaState.APPROVED) & (rmas.c.due_at <= at)
    waiting = (rmas.c.rma == number) & or_(rmas.c.state == RmaState.REQUESTED, expired)
    approved = {"state": RmaState.APPROVED, "approved_by": by, "approved_at": at, "due_at": until}
    return tx.execute(update(rmas).where(waiting).values(approved)).rowcount == 1


def cancel_rma(tx: Transaction, number: str) -> bool:
    """Withdraw an RMA; ``False`` if it was withdrawn before or does not exist."""
    standing = (rmas.c.rma == number) & (rmas.c.state != RmaState.CANCELLED)
    return tx.execute(update(rmas).where(standing).values(state=RmaState.CANCELLED)).rowcount == 1


def set_waybill(tx: Transaction, number: str, courier: str, waybill: str) -> None:
    """Note the parcel that the goods of the RMA come back in; several RMAs may share one."""
    tx.execute(update(rmas).where(rmas.c.rma == number).values(courier=courier, waybill=waybill))


def receive_rma(tx: Transaction, number: str, by: str, at: datetime) -> bool:
    """Note that the goods of an RMA have arrived; ``False`` if that was noted before, or it does not exist."""
    awaited = (rmas.c.rma == number) & rmas.c.received_at.is_(None)
    return tx.execute(update(rmas).where(awaited).values(received_at=at, received_by=by)).rowcount == 1


def rmas_of_code(tx: Transaction, code: str) -> tuple[Rma, ...]:
    """The RMAs that a scanned ``code`` may mean, the last opened first.

    It may be an RMA number, an order number, an RMA's waybill, or the waybill of a parcel that belongs to an RMA.
    """
    carried = select(parcels.c.rma).where(parcels.c.waybill == code, parcels.c.rma != "")
    meant = or_(rmas.c.rma == code, rmas.c.order_id == code, rmas.c.waybill == code, rmas.c.rma.in_(carried))
    query = _select().where(meant).order_by(rmas.c.opened_at.desc(), rmas.c.rma.desc())
    return tuple(_whole(tx, tx.execute(query).all()))


def _select() -> Select[Any]:
    return select(*_COLUMNS)


def _whole(tx: Transaction, rows: Sequence[Row[Any]]) -> Iterator[Rma]:
    """RMAs from a page of rows, their lines fetched in one question."""
    lines: dict[str, list[RmaLine]] = {}
    query = select(rma_lines.c.rma, *_LINE_COLUMNS).order_by(rma_lines.c.position)
    for rma, *values in tx.execute(query.where(rma_lines.c.rma.in_([row.rma for row in rows]))):
        lines.setdefault(rma, []).append(RmaLine(*values))
    names = [column.name for column in _COLUMNS]
    for row in rows:
        yield Rma(**dict(zip(names, row, strict=True)), lines=tuple(lines.get(row.rma, ())))
