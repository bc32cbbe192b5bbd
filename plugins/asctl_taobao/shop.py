"""What every capability of a shop stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from asctl.api import Context
from asctl_taobao.client import Top
from asctl_taobao.paging import closed_windows
from asctl_taobao.wire import Value


class Shop:
    """One shop: its settings and its calls."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.top = Top(context)
        self.tmall = context.settings["tmall"] is True
        self._longest = context.duration("list_window")

    def windows(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """``[since, until)`` in pieces that one list may cover."""
        return closed_windows(since, until, self.context.clock.now(), self._longest)

    def page(self, number: int) -> dict[str, Value]:
        """The paging parameters of every list."""
        return {"page_no": number, "page_size": cast(int, self.context.settings["page_size"])}

    def order_types(self) -> tuple[str, ...]:
        """The order types that lists shall hold."""
        return cast(tuple[str, ...], self.context.settings["order_types"])
