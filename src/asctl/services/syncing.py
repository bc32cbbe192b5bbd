"""Orders and applications in: by cursor, window by window; a failed page moves no cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from asctl.capabilities.orders import ChangesLimits, Unreadable
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import AsctlError, NotFound, Unavailable
from asctl.domain.orders import Order, OrderRef
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.parcels import Watched, watch_orders, watch_returns
from asctl.services.pools import Pool
from asctl.settings import Account
from asctl.store import aftersales as stored_after_sales
from asctl.store import cursors as stored_cursors
from asctl.store import orders as stored_orders

T = TypeVar("T")

ODD_ANSWER = "odd_answer"


@dataclass(slots=True)
class SyncResult:
    """What one shop's sync did.

    ``missing`` orders were listed but are not there any more; those ``set_aside`` are not in the shape they should be.
    ``unwatched`` parcels are of couriers without a code; ``untold`` is the stretch of time, wanted but not read, of
    which the shop tells no changes any more.
    """

    shop: str
    seen: int = 0
    stored: int = 0
    missing: int = 0
    set_aside: set[Unreadable] = field(default_factory=set)
    parcels: int = 0
    unwatched: int = 0
    untold: tuple[datetime, datetime] | None = None
    cursor: datetime | None = None
    stopped: str = ""
    error: AsctlError | None = None


@dataclass(slots=True)
class Sync:
    """One run over a shop. ``since`` overrides the cursor; ``jobs`` orders are fetched at a time."""

    desk: Desk
    shop: Account
    budget: Budget
    since: datetime | None = None
    jobs: int = 4
    result: SyncResult = field(init=False)
    _gapless: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self.result = SyncResult(self.shop.name)

    def orders(self) -> SyncResult:
        """Pull changed orders (R32) and put their parcels under watch. Errors end in the result, not in an exception."""
        return self._run("orders", "OrderSource", "changed_orders", self._store_orders)

    def after_sales(self) -> SyncResult:
        """Pull changed applications and put return parcels under watch."""
        return self._run("after_sales", "AfterSaleSource", "changed_after_sales", self._store_after_sales)

    def _run(self, feed: str, capability: str, method: str, store: Callable[[Any], None]) -> SyncResult:
        try:
            provider = self.desk.accounts.provider(self.shop, capability)
            declared = self.desk.accounts.capability(self.shop, capability)
            limits = declared.limits if declared and isinstance(declared.limits, ChangesLimits) else ChangesLimits()
            for start, end in self._windows(feed, limits):
                for page in provider.stream(method, start, end):
                    store(page)
                    if self.result.stopped:
                        return self.result
                self._move_cursor(feed, end)
        except AsctlError as error:
            self.result.error = error
        return self.result

    def _windows(self, feed: str, limits: ChangesLimits) -> Iterator[tuple[datetime, datetime]]:
        """From the cursor (less the overlap) to a little before now, each no longer than the source allows."""
        now = self.desk.clock.now()
        with self.desk.store.read() as tx:
            cursor = self.result.cursor = stored_cursors.cursor_of(tx, self.shop.name, feed)
        begin = self.since or cursor or now - self.desk.settings.value("sync.first")
        self._gapless = cursor is None or begin <= cursor
        earliest, last = now - limits.history, now - limits.lag
        if begin < earliest:
            self.result.untold = (begin, earliest)
        start = max(begin - limits.overlap, earliest)
        while start < last:
            if self.budget.spent:
                self.result.stopped = self.budget.spent
                return
            end = min(start + limits.window, last)
            yield start, end
            start = end

    def _move_cursor(self, feed: str, to: datetime) -> None:
        """A cursor only ever moves forward, and over nothing that was not read: ``--since`` never loses the place."""
        if self._gapless and (self.result.cursor is None or to > self.result.cursor):
            with self.desk.store.write() as tx:
                stored_cursors.move_cursor(tx, self.shop.name, feed, to)
            self.result.cursor = to

    def _store_orders(self, page: Any) -> None:
        items = self._items(page)
        references = [item for item in items if isinstance(item, OrderRef)]
        with self.desk.store.read() as tx:
            known = stored_orders.known_changes(tx, self.shop.name, [ref.order_id for ref in references])
        wanted = [ref for ref in references if known.get(ref.order_id) != ref.modified_at]
        granted = wanted[: self.budget.take(len(wanted))] if wanted else []
        if len(granted) < len(wanted):
            self.result.stopped = self.budget.cut_by
        orders = [item for item in items if isinstance(item, Order)]
        orders.extend(self._fetch(granted))
        with self.desk.store.write() as tx:
            self.result.stored += stored_orders.put_orders(tx, orders)
            self._count(watch_orders(self.desk, tx, orders, self.desk.settings.phone_tail(self.shop, "sender_phone")))

    def _fetch(self, references: list[OrderRef]) -> list[Order]:
        """Whole orders, some at a time; one that vanished meanwhile or cannot be read does not stop the page."""
        provider = self.desk.accounts.provider(self.shop, "OrderSource")

        def fetch(reference: OrderRef) -> Order | Unreadable | None:
            try:
                return cast(Order, provider.order(reference.order_id))
            except NotFound:
                return None
            except Unavailable as error:
                if error.code != ODD_ANSWER:
                    raise
                return Unreadable(reference.order_id, error.message)

        with Pool(self.jobs, "order") as pool:
            fetched = list(pool.map(fetch, references))
        self.result.missing += fetched.count(None)
        self.result.set_aside.update(item for item in fetched if isinstance(item, Unreadable))
        return [item for item in fetched if isinstance(item, Order)]

    def _store_after_sales(self, page: Any) -> None:
        sales = [item for item in self._items(page) if isinstance(item, AfterSale)]
        with self.desk.store.write() as tx:
            self.result.stored += stored_after_sales.put_after_sales(tx, sales)
            self._count(watch_returns(self.desk, tx, sales, self.desk.settings.phone_tail(self.shop, "return_phone")))

    def _items(self, page: tuple[T, ...]) -> tuple[T, ...]:
        """What a page holds, counted; what the plugin could not read is set aside."""
        self.result.seen += len(page)
        self.result.set_aside.update(item for item in page if isinstance(item, Unreadable))
        return page

    def _count(self, watched: Watched) -> None:
        self.result.parcels += watched.new
        self.result.unwatched += watched.without_courier
