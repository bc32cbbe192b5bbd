"""The one world that every sandbox app shares: orders, after-sales, parcels, interceptions, pickups, the tax bureau, customers'
applications, a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from datetime import datetime, timedelta
from threading import RLock

from asctl.api.bureau import SandboxApplication
from asctl.api.sandbox import SandboxInterception, SandboxParcel, SandboxPickup
from asctl.capabilities.writes import Effect
from asctl.domain.aftersales import AfterSale
from asctl.domain.orders import Order, Receiver
from asctl.domain.parcels import Event, ParcelKey
from asctl.domain.refusals import RefusalReason
from asctl.domain.times import CHINA
from asctl.sandbox.bureau import TaxBureau
from asctl.sandbox.interceptions import Interceptions
from asctl.sandbox.pickups import Pickups


def wall_time() -> datetime:
    """The machine's time, in China."""
    return datetime.now(CHINA)


class World:
    """Implements :class:`asctl.api.sandbox.SandboxWorld`.

    Whoever reads or changes orders, after-sales, parcels, interceptions, pickups, invoices or applications holds ``lock``;
    nobody waits or sleeps while holding it.
    """

    def __init__(self, wall: Callable[[], datetime] = wall_time) -> None:
        self.orders: MutableMapping[str, Order] = {}
        self.after_sales: MutableMapping[str, AfterSale] = {}
        self.parcels: MutableMapping[ParcelKey, SandboxParcel] = {}
        self.lock = RLock()
        self._wall = wall
        self._ahead = timedelta()
        self._interceptions = Interceptions(self.parcels, self.now)
        self.interceptions: list[SandboxInterception] = self._interceptions.all
        self._pickups = Pickups(self.parcels, self.now)
        self.pickups: list[SandboxPickup] = self._pickups.all
        self.bureau = TaxBureau(self.now)
        self.applications: list[SandboxApplication] = []

    def now(self) -> datetime:
        """The machine's time, moved by what :meth:`advance` was told."""
        return self._wall() + self._ahead

    def advance(self, step: timedelta) -> datetime:
        """Move the clock (backwards for a negative step) and return the new time."""
        with self.lock:
            self._ahead += step
            return self.now()

    def clock_agrees(self, moment: datetime, seconds: float) -> bool:
        """Whether ``moment`` is within ``seconds`` of the world's clock or of the machine's."""
        near = timedelta(seconds=seconds)
        return abs(moment - self.now()) <= near or abs(moment - self._wall()) <= near

    def add_order(self, order: Order, parcels: Iterable[SandboxParcel] = ()) -> None:
        """Put an order, new or changed, and its parcels into the world."""
        with self.lock:
            self.orders[order.order_id] = order
            for parcel in parcels:
                self.add_parcel(parcel)

    def add_parcel(self, parcel: SandboxParcel) -> None:
        """Put a parcel into the world, in place of one with the same courier and waybill."""
        with self.lock:
            self.parcels[ParcelKey(parcel.courier, parcel.waybill)] = parcel

    def add_after_sale(self, after_sale: AfterSale) -> None:
        """Put an after-sale, new or changed, into the world."""
        with self.lock:
            self.after_sales[after_sale.after_sale_id] = after_sale

    def add_scans(self, key: ParcelKey, scans: Iterable[Event]) -> None:
        """Put scans, past or coming, into the script of a parcel of the world."""
        with self.lock:
            self.parcels[key].script.extend(scans)
            self._interceptions.parcel_changed(key)

    def objection(
        self, plugin: str, key: ParcelKey, kind: str, receiver: Receiver | None = None
    ) -> RefusalReason | None:
        """Why a courier would refuse such a request now; ``None`` where it would not."""
        return self._interceptions.objection(plugin, key, kind, receiver)

    def intercept(
        self, plugin: str, key: ParcelKey, kind: str, request_key: str = "", receiver: Receiver | None = None
    ) -> SandboxInterception:
        """Accept a request about a parcel of the world: ``sender``, ``outlet`` or ``redirect``."""
        return self._interceptions.accept(plugin, key, kind, request_key, receiver)

    def cancel_interception(self, interception: SandboxInterception) -> bool:
        """Take it back; ``False`` where the courier has acted, or the parcel was delivered, already."""
        return self._interceptions.cancel(interception)

    def interception_effect(self, interception: SandboxInterception) -> Effect:
        """What came of it by now."""
        return self._interceptions.effect(interception)

    def order_pickup(
        self, plugin: str, courier: str, key: str, sender: Receiver, receiver: Receiver, remark: str = ""
    ) -> SandboxPickup:
        """Accept an order to fetch goods, as a new parcel of the world."""
        return self._pickups.accept(plugin, courier, key, sender, receiver, remark)

    def cancel_pickup(self, pickup: SandboxPickup) -> bool:
        """Take it back; ``False`` where the goods are fetched already."""
        return self._pickups.cancel(pickup)

    def pickup_effect(self, pickup: SandboxPickup) -> Effect:
        """What came of it by now."""
        return self._pickups.effect(pickup)
