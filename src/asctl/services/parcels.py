"""Parcels of our own: put under watch with their orders, shown, judged anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from asctl.capabilities.specs import ProviderKind
from asctl.domain.aftersales import AfterSale
from asctl.domain.couriers import NAMES, guess_courier
from asctl.domain.disagreement import disagreement
from asctl.domain.errors import BadInput, NotFound
from asctl.domain.orders import Order
from asctl.domain.parcels import Direction, Event, Parcel, ParcelKey
from asctl.domain.slips import did_you_mean
from asctl.domain.watch import Judgement, judge
from asctl.host.plugins import Host
from asctl.services import tasks
from asctl.services.desk import Desk
from asctl.services.polling import apply_judgement
from asctl.services.rmas import tie_returns
from asctl.store import orders as stored_orders
from asctl.store import parcels as stored_parcels
from asctl.store.opening import Transaction
from asctl.store.rows import chunks
from asctl.text import _

JUDGE_AT_ONCE = 500
EVER = datetime.max.replace(tzinfo=UTC)


def courier_of(host: Host, waybill: str, courier: str) -> str:
    """The courier that was named, or the one whose shape the waybill has.

    A plugin may serve couriers that we have no name for; plugins are looked at only then. Raises :class:`BadInput` where
    nothing helps, :class:`NotOffered` where the plugin of that name is not allowed to load.
    """
    known = courier.strip().lower() or guess_courier(waybill)
    if known is None:
        raise BadInput(
            _("the shape of {waybill} does not tell its courier").format(waybill=waybill),
            code="courier_missing",
            hint=_(
                "see whether the number is mistyped; if it is right, name its courier, as: --courier sto; known are {names}"
            ).format(names=" ".join(NAMES)),
        )
    if known in NAMES:
        return known
    served = _served(host)
    if known not in served:
        raise host.left_out(known) or BadInput(
            _("there is no courier {courier!r}").format(courier=known),
            code="unknown_courier",
            hint=did_you_mean(known, (*NAMES, *served))
            or _("known are {names}").format(names=" ".join(dict.fromkeys((*NAMES, *sorted(served))))),
        )
    return known


def _served(host: Host) -> set[str]:
    """The couriers that installed plugins serve."""
    return {code for spec in host.specs(ProviderKind.COURIER) for code in spec.couriers}


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


def disagreements(tx: Transaction, parcels: Iterable[Parcel]) -> dict[ParcelKey, str]:
    """Outbound parcels of which marketplace and courier say what cannot both be true, with how (shown, not decided)."""
    outbound = [each for each in parcels if each.direction is not Direction.RETURN and each.order_id]
    statuses = stored_orders.statuses_of(tx, {(each.shop, each.order_id) for each in outbound})
    found = {}
    for parcel in outbound:
        status = statuses.get((parcel.shop, parcel.order_id))
        if status is not None and (told := disagreement(status, parcel.status)):
            found[parcel.key] = told
    return found


def with_disagreements(tx: Transaction, parcels: Iterable[Parcel]) -> Iterator[tuple[Parcel, str]]:
    """Parcels, each with how the marketplace contradicts its courier; empty where it does not."""
    for page in chunks(parcels):
        told = disagreements(tx, page)
        yield from ((parcel, told.get(parcel.key, "")) for parcel in page)


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
                judged.append((replace(apply_judgement(parcel, judgement, now), next_poll_at=kept), judgement))
            stored_parcels.save_parcels(tx, [parcel for parcel, _judgement in judged])
            tasks.settle(tx, judged, now)
        if not page:
            return
        last = page[-1]
        yield from (parcel for parcel, _judgement in judged)


@dataclass(frozen=True, slots=True)
class Watched:
    """How many parcels are new under watch, and how many cannot be watched since nobody knows their courier by a code."""

    new: int
    without_courier: int


def watch_orders(desk: Desk, tx: Transaction, orders: Iterable[Order], phone_tail: str) -> Watched:
    """Put the parcels of shipped orders under watch."""
    parcels: dict[ParcelKey, Parcel] = {}
    for order in orders:
        for line in order.lines:
            if line.waybill:
                key = ParcelKey(line.courier, line.waybill)
                parcels.setdefault(key, _outbound(desk, order, key, phone_tail, line.shipped_at or order.shipped_at))
    return _watch(desk, tx, parcels.values())


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


def watch_returns(desk: Desk, tx: Transaction, after_sales: Iterable[AfterSale], phone_tail: str) -> Watched:
    """Put the parcels that buyers sent back under watch (R10), each with its RMA where there is no doubt."""
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
        if sale.return_waybill
    ]
    return _watch(desk, tx, list(tie_returns(tx, parcels, desk.clock.now())))


def _watch(desk: Desk, tx: Transaction, parcels: Collection[Parcel]) -> Watched:
    """To watch a parcel that nobody can ever be asked about would make every poll fail."""
    known = set(NAMES)
    if any(parcel.courier not in known for parcel in parcels):
        known |= _served(desk.host)
    watchable = [parcel for parcel in parcels if parcel.courier in known]
    return Watched(len(stored_parcels.add_parcels(tx, watchable)), len(parcels) - len(watchable))
