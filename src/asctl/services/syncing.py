"""Orders and applications in: by cursor, window by window; a failed page moves no cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asctl.capabilities.orders import ChangesLimits, OrderPage
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import AsctlError, NotFound
from asctl.domain.orders import Order, OrderRef
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.parcels import watch_orders, watch_returns
from asctl.settings import Account
from asctl.store import aftersales as stored_after_sales
from asctl.store import cursors as stored_cursors
from asctl.store import orders as stored_orders

FIRST_SYNC = timedelta(days=30)


@dataclass(slots=True)
class SyncResult:
    """What one shop's sync did. ``missing`` orders were listed but could not be read any more."""

    shop: str
    seen: int = 0
    stored: int = 0
    missing: int = 0
    parcels: int = 0
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

    def __post_init__(self) -> None:
        self.result = SyncResult(self.shop.name)

    def orders(self) -> SyncResult:
        """Pull changed orders (R32) and put their parcels under watch. Errors end in the result, not in an exception."""
        return self._run("orders", "OrderSource", "changed_orders", self._store_orders)

    def after_sales(self) -> SyncResult:
        """Pull changed applications and put return parcels under watch."""
        return self._run("after_sales", "AfterSaleSource", "changed_after_sales", self._store_after_sales)

    def _run(self, feed: str, capability: str, method: str, store: Callable[[object], None]) -> SyncResult:
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
            self.result.cursor = stored_cursors.cursor_of(tx, self.shop.name, feed)
        start = self.since or (self.result.cursor - limits.overlap if self.result.cursor else now - FIRST_SYNC)
        start, last = max(start, now - limits.history), now - limits.lag
        while start < last:
            if self.budget.spent:
                self.result.stopped = self.budget.spent
                return
            end = min(start + limits.window, last)
            yield start, end
            start = end

    def _move_cursor(self, feed: str, to: datetime) -> None:
        """A cursor only ever moves forward, so that a look back with ``--since`` does not lose its place."""
        if self.result.cursor is None or to > self.result.cursor:
            with self.desk.store.write() as tx:
                stored_cursors.move_cursor(tx, self.shop.name, feed, to)
            self.result.cursor = to

    def _store_orders(self, page: object) -> None:
        assert isinstance(page, OrderPage)
        self.result.seen += len(page.items)
        references = [item for item in page.items if isinstance(item, OrderRef)]
        with self.desk.store.read() as tx:
            known = stored_orders.known_changes(tx, self.shop.name, [ref.order_id for ref in references])
        wanted = [ref for ref in references if known.get(ref.order_id) != ref.modified_at]
        granted = wanted[: self.budget.take(len(wanted))] if wanted else []
        if len(granted) < len(wanted):
            self.result.stopped = self.budget.cut_by
        orders = [item for item in page.items if isinstance(item, Order)]
        orders.extend(self._fetch(granted))
        with self.desk.store.write() as tx:
            self.result.stored += stored_orders.put_orders(tx, orders)
            self.result.parcels += watch_orders(self.desk, tx, orders, self._tail_of("sender_phone"))

    def _fetch(self, references: list[OrderRef]) -> Iterable[Order]:
        """Whole orders, some at a time; one that vanished meanwhile is counted and does not stop the page."""
        provider = self.desk.accounts.provider(self.shop, "OrderSource")

        def fetch(reference: OrderRef) -> Order | None:
            try:
                order: Order = provider.order(reference.order_id)
            except NotFound:
                return None
            return order

        with ThreadPoolExecutor(self.jobs, thread_name_prefix="order") as pool:
            fetched = list(pool.map(fetch, references))
        self.result.missing += fetched.count(None)
        return [order for order in fetched if order is not None]

    def _store_after_sales(self, page: object) -> None:
        assert isinstance(page, tuple)
        sales: tuple[AfterSale, ...] = page
        self.result.seen += len(sales)
        with self.desk.store.write() as tx:
            self.result.stored += stored_after_sales.put_after_sales(tx, sales)
            self.result.parcels += watch_returns(self.desk, tx, sales, self._tail_of("return_phone"))

    def _tail_of(self, phone: str) -> str:
        """Our own phone opens tracking where the courier wants four digits, of parcels sent and of those that come back;
        the buyer's comes masked."""
        return str(self.desk.settings.common(self.shop.name, phone) or "")[-4:]
