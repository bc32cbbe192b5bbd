"""What the demo looks at to judge its steps: the sandbox's world and ledger, the store, the files."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from asctl.api.sandbox import SandboxParcel
from asctl.domain.invoices import Buyer
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.parcels import Direction, Event, Parcel, ParcelStatus
from asctl.domain.rmas import Rma, RmaKind
from asctl.domain.tasks import Task, TaskState
from asctl.sandbox import Sandbox
from asctl.sandbox.applications import apply
from asctl.sandbox.builders import Wish
from asctl.sandbox.journeys import WORDS
from asctl.sandbox.ledger import Entry
from asctl.sandbox.marketplace import SENT
from asctl.sandbox.seed import SHOP
from asctl.store.aftersales import AfterSaleFilter, list_after_sales
from asctl.store.invoices import invoices_of_order, queue
from asctl.store.opening import Store, open_store
from asctl.store.orders import OrderFilter, list_orders
from asctl.store.parcels import ParcelFilter, list_parcels
from asctl.store.rmas import RmaFilter, list_rmas
from asctl.store.tasks import TaskFilter, list_tasks


class Scene:
    """The verdict on a step is taken from here. ``said`` is what its command printed on stdout."""

    def __init__(self, sandbox: Sandbox, config: Path) -> None:
        self._sandbox = sandbox
        self._mark = 0
        self.said = ""
        self.world = sandbox.world
        self.config = config
        self.label = config.with_name("label.pdf")
        self.redirected, self._called_back = (self._shipped_today(courier) for courier in ("sf", "zto"))

    def begin_step(self) -> None:
        """From here on :meth:`requests` counts anew."""
        self._mark = len(self._sandbox.ledger.entries())

    def requests(self) -> list[Entry]:
        """What the far sides received during this step."""
        return self._sandbox.ledger.entries()[self._mark :]

    def applied(self, plugin: str) -> list[tuple[str, str]]:
        """The writes that took effect at one far side during this step: operation and target."""
        written = (entry for entry in self.requests() if entry.write and entry.applied and entry.plugin == plugin)
        return [(entry.operation, entry.target) for entry in written]

    def pass_time(self, hours: float) -> None:
        """Move the clock of the make-believe world; the commands keep the machine's."""
        self.world.advance(timedelta(hours=hours))

    @cached_property
    def store(self) -> Store:
        """The store that the commands made. Raises :class:`StoreTrouble` where they made none."""
        return open_store(f"sqlite:///{self.config.with_name('asctl.db')}")

    def close(self) -> None:
        """Let go of the store."""
        if "store" in self.__dict__:
            self.store.close()

    def orders(self) -> list[Order]:
        """The orders in the store."""
        with self.store.read() as tx:
            return [order for order, _after_sales in list_orders(tx, OrderFilter())]

    def after_sale_count(self) -> int:
        """How many applications are in the store."""
        with self.store.read() as tx:
            return sum(1 for _sale in list_after_sales(tx, AfterSaleFilter()))

    def parcels(self, verdict: str = "") -> list[Parcel]:
        """The parcels under watch."""
        with self.store.read() as tx:
            return list(list_parcels(tx, ParcelFilter(verdict=verdict)))

    def open_tasks(self, kind: str = "") -> list[Task]:
        """The tasks that nobody has settled."""
        with self.store.read() as tx:
            return list(list_tasks(tx, TaskFilter(state=TaskState.OPEN, kind=kind)))

    def rmas(self) -> list[Rma]:
        """The cases in the store."""
        with self.store.read() as tx:
            return list(list_rmas(tx, RmaFilter()))

    @cached_property
    def remarked(self) -> Order:
        """The order to remark, as it stood before: one on which a colleague wrote something."""
        return next(order for order in self.orders() if order.remark and order.status is OrderStatus.TO_SHIP)

    @cached_property
    def tracked(self) -> SandboxParcel:
        """The parcel to ask about: no order's, so that the poll which comes next is not kept from asking about it again."""
        now = self.world.now()
        scans = ((30, ParcelStatus.PICKED_UP, "杭州"), (9, ParcelStatus.IN_TRANSIT, "上海"))
        script = [
            Event(now - timedelta(hours=hours), status, WORDS[status].format(place=place), location=place)
            for hours, status, place in scans
        ]
        parcel = SandboxParcel("yto", "YT8800000000001", script=script)
        with self.world.lock:
            self.world.add_parcel(parcel)
        return parcel

    @cached_property
    def returned(self) -> Order:
        """The order on which the case is opened: the buyer has the goods, and nothing of it is on its way back yet."""
        coming = {parcel.order_id for parcel in self.parcels() if parcel.direction is Direction.RETURN}
        finished = (order for order in self.orders() if order.status is OrderStatus.FINISHED)
        return next(order for order in finished if order.order_id not in coming)

    @cached_property
    def to_ship(self) -> Order:
        """The order whose address is changed before it is shipped, as it stood before."""
        return next(order for order in self.orders() if order.status is OrderStatus.TO_SHIP and not order.remark)

    @property
    def called_back(self) -> str:
        """The waybill of the parcel that is called back in time."""
        return self._called_back.waybills[0][1]

    @cached_property
    def too_late(self) -> str:
        """A parcel that its courier delivers in this very hour."""
        parcels = self.parcels()
        return next(
            each.waybill for each in parcels if (each.courier, each.status) == ("zto", ParcelStatus.OUT_FOR_DELIVERY)
        )

    def _shipped_today(self, courier: str) -> Order:
        """An order whose parcel was picked up a few hours ago."""
        now = self.world.now().replace(microsecond=0)
        made = self._sandbox.builder.order(Wish(SHOP, SENT, courier, paid_at=now - timedelta(hours=10)), now)
        self.world.add_order(made.order, made.parcels)
        return made.order

    @property
    def rma(self) -> Rma:
        """The case of the return, as it stands."""
        return self._case(RmaKind.RETURN)

    @property
    def exchange(self) -> Rma:
        """The case of the exchange."""
        return self._case(RmaKind.EXCHANGE)

    @property
    def repair(self) -> Rma:
        """The case of the repair."""
        return self._case(RmaKind.REPAIR)

    @cached_property
    def billed(self) -> tuple[Order, ...]:
        """The orders whose customers apply for an invoice: the one that comes back, then one to exchange, one to repair."""
        others = [
            order
            for order in self.orders()
            if order.status is OrderStatus.FINISHED and order.order_id != self.returned.order_id
        ]
        return (self.returned, *others[:2])

    @property
    def exchanged(self) -> Order:
        """The order of which something is exchanged."""
        return self.billed[1]

    @property
    def exchanged_line(self) -> str:
        """What of it."""
        return self.exchanged.lines[0].line_id

    @property
    def repaired(self) -> Order:
        """The order of which something is repaired."""
        return self.billed[2]

    @property
    def folder(self) -> Path:
        """Where the demo keeps what it makes."""
        return self.config.parent

    def customers_apply(self) -> None:
        """Have the customers of :attr:`billed` apply for invoices, at the marketplace."""
        for order, title in zip(self.billed, ("苏小满", "林知夏", "顾予安"), strict=True):
            apply(self.world, order, Buyer(title, email="customer@example.invalid"))

    def queued(self) -> dict[str, Decimal]:
        """What is in the queue of invoices, by order."""
        with self.store.read() as tx:
            return {each.order_id: each.gross for each in queue(tx)}

    def serials(self, order: Order) -> set[str]:
        """Our numbers of the invoices of an order."""
        with self.store.read() as tx:
            return {each.serial for each in invoices_of_order(tx, order.shop, order.order_id)}

    def _case(self, kind: RmaKind) -> Rma:
        return next(rma for rma in self.rmas() if rma.kind is kind)
