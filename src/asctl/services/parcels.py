"""Parcels of our own: put under watch, listed, judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from asctl.domain.aftersales import AfterSale
from asctl.domain.couriers import NAMES, guess_courier
from asctl.domain.errors import BadInput, NotFound
from asctl.domain.orders import Order
from asctl.domain.parcels import Direction, Event, Parcel, ParcelKey
from asctl.domain.watch import Judgement, judge
from asctl.services import tasks
from asctl.services.desk import Desk
from asctl.services.polling import apply_judgement
from asctl.store import parcels as stored_parcels
from asctl.store.opening import Transaction
from asctl.text import _

JUDGE_AT_ONCE = 500
EVER = datetime.max.replace(tzinfo=UTC)


def courier_of(waybill: str, courier: str) -> str:
    """The courier that was named, or the one whose shape the waybill has. Raises :class:`BadInput` where neither helps."""
    known = courier.strip().lower() or guess_courier(waybill)
    if known is None:
        raise BadInput(
            _("the shape of {waybill} does not tell its courier").format(waybill=waybill),
            code="courier_missing",
            hint=_("name it, as: --courier sto; known are {names}").format(names=" ".join(NAMES)),
        )
    if known not in NAMES:
        raise BadInput(
            _("there is no courier {courier!r}").format(courier=known),
            code="unknown_courier",
            hint=_("known are {names}").format(names=" ".join(NAMES)),
        )
    return known


def add_parcels(desk: Desk, parcels: Sequence[Parcel]) -> list[tuple[Parcel, bool]]:
    """Put parcels under watch, in one transaction; returns each as stored and whether it is new.

    What is given for a parcel that is watched already corrects it (a wrong phone tail, say) and makes it due at once.
    """
    with desk.store.write() as tx:
        added = stored_parcels.add_parcels(tx, parcels)
        stored_parcels.correct_parcels(tx, [parcel for parcel in parcels if parcel.key not in added])
        stored = [stored_parcels.get_parcel(tx, parcel.key) for parcel in parcels]
    return [(parcel, parcel.key in added) for parcel in stored if parcel is not None]


def show_parcel(desk: Desk, waybill: str, courier: str = "") -> tuple[tuple[Parcel, tuple[Event, ...]], ...]:
    """All parcels of that waybill (two couriers may have it), with their events. Raises :class:`NotFound`."""
    with desk.store.read() as tx:
        found = [p for p in stored_parcels.find_parcels(tx, waybill) if courier in ("", p.courier)]
        events = stored_parcels.events_of(tx, [parcel.key for parcel in found])
    if not found:
        raise NotFound(
            _("no parcel {waybill} is under watch").format(waybill=waybill),
            code="unknown_parcel",
            hint=_("ask the courier now: asctl track {waybill}; or watch it: asctl parcel add {waybill}").format(
                waybill=waybill
            ),
        )
    return tuple((parcel, events.get(parcel.key, ())) for parcel in found)


def rejudge(desk: Desk) -> Iterable[Parcel]:
    """Apply the rules to every open parcel again without asking anyone: after a policy was changed."""
    policy, now = desk.settings.watch_policy(), desk.clock.now()
    last: Parcel | None = None
    while True:
        with desk.store.write() as tx:
            page = stored_parcels.due_parcels(tx, EVER, JUDGE_AT_ONCE, after=last)
            events = stored_parcels.events_of(tx, [parcel.key for parcel in page])
            judged: list[tuple[Parcel, Judgement]] = []
            for parcel in page:
                judgement = judge(parcel, events.get(parcel.key, ()), policy, now)
                kept = parcel.next_poll_at if judgement.open else None
                judged.append((replace(apply_judgement(parcel, judgement), next_poll_at=kept), judgement))
            stored_parcels.save_parcels(tx, [parcel for parcel, _judgement in judged])
            tasks.settle(tx, judged, now)
        if not page:
            return
        last = page[-1]
        yield from (parcel for parcel, _judgement in judged)


def watch_orders(desk: Desk, tx: Transaction, orders: Iterable[Order], phone_tail: str) -> int:
    """Put the parcels of shipped orders under watch; returns how many are new."""
    parcels: dict[ParcelKey, Parcel] = {}
    for order in orders:
        for line in order.lines:
            if line.waybill and line.courier:
                key = ParcelKey(line.courier, line.waybill)
                parcels.setdefault(key, _outbound(desk, order, key, phone_tail, line.shipped_at or order.shipped_at))
    return len(stored_parcels.add_parcels(tx, parcels.values()))


def _outbound(desk: Desk, order: Order, key: ParcelKey, phone_tail: str, shipped_at: datetime | None) -> Parcel:
    return Parcel(
        courier=key.courier,
        waybill=key.waybill,
        added_at=desk.clock.now(),
        direction=Direction.OUTBOUND,
        shop=order.shop,
        order_id=order.order_id,
        phone_tail=phone_tail,
        shipped_at=shipped_at,
    )


def watch_returns(desk: Desk, tx: Transaction, after_sales: Iterable[AfterSale], phone_tail: str) -> int:
    """Put the parcels that buyers sent back under watch (R10); returns how many are new."""
    parcels = [
        Parcel(
            courier=sale.return_courier,
            waybill=sale.return_waybill,
            added_at=desk.clock.now(),
            direction=Direction.RETURN,
            shop=sale.shop,
            order_id=sale.order_id,
            phone_tail=phone_tail,
        )
        for sale in after_sales
        if sale.return_courier and sale.return_waybill
    ]
    return len(stored_parcels.add_parcels(tx, parcels))
