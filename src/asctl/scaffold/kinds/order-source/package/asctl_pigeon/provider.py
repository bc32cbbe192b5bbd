"""The capabilities: ``OrderSource`` and ``AccountChecker``. What they must do: asctl help api OrderSource"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from asctl.api import CheckResult, Context, Order, OrderRef, Unreadable, as_text, china_text
from asctl_pigeon.client import Client
from asctl_pigeon.mapping import read_order, read_row

Page = tuple[Order | OrderRef | Unreadable, ...]


class PigeonMarket:
    """One shop."""

    def __init__(self, context: Context) -> None:
        self._client = Client(context)
        self._shop = context.account

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[Page]:
        """Page after page, the longest unchanged first: what changes meanwhile goes to the end, and pushes none out."""
        span, after = {"since": china_text(since), "until": china_text(until)}, ""
        while True:
            page, after = self._client.ask("orders", span | {"after": after}, self._page)
            yield page
            if not after:
                return

    def order(self, order_id: str) -> Order:
        """One whole order."""
        return self._client.ask("order", {"number": order_id}, lambda told: read_order(told["order"], self._shop))

    def check(self) -> CheckResult:
        """One harmless signed call."""
        return CheckResult(self._client.ask("shop", {}, lambda told: f"shop {told['shop']}"))

    def _page(self, told: dict[str, Any]) -> tuple[Page, str]:
        return tuple(read_row(row, self._shop) for row in told["orders"]), as_text(told["next"])
