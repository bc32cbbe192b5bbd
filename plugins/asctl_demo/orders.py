"""Orders and applications of a shop, their remarks and receivers: ``OrderSource``, ``AfterSaleSource``, ``RemarkWriter`` and
``OrderAddressChanger``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from asctl.api import (
    AfterSale,
    BadInput,
    Finding,
    Flag,
    Order,
    OrderRef,
    Receiver,
    ReceiverChange,
    Remark,
    Submission,
    Unreadable,
)
from asctl.api import translate as _
from asctl_demo.account import Account
from asctl_demo.errors import odd_answer
from asctl_demo.mapping import read_after_sale, read_flag, read_order
from asctl_demo.wire import OddShape, Row, receiver_members, time_text

T = TypeVar("T")
MOST_CHARACTERS = 60


class Orders(Account):
    """The reading half of a shop, and what is written on orders."""

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[tuple[Order | OrderRef | Unreadable, ...]]:
        """Whole orders, the longest unchanged first."""
        yield from self._changes("orders", since, until, read_order)

    def order(self, order_id: str) -> Order:
        """Raises :class:`NotFound`."""
        return self.client.ask(
            "order", {"order": order_id}, lambda row: read_order(row, self.context.account), subject=order_id
        )

    def changed_after_sales(self, since: datetime, until: datetime) -> Iterator[tuple[AfterSale | Unreadable, ...]]:
        """Applications, the longest unchanged first."""
        yield from self._changes("after_sales", since, until, read_after_sale)

    def after_sale(self, after_sale_id: str) -> AfterSale:
        """Raises :class:`NotFound`."""
        return self.client.ask(
            "after_sale",
            {"after_sale": after_sale_id},
            lambda row: read_after_sale(row, self.context.account),
            subject=after_sale_id,
        )

    def remark(self, order_id: str) -> Remark:
        """The remark that stands: what the core merges with, and what it looks at after an unclear write."""
        return self.client.ask(
            "order",
            {"order": order_id},
            lambda row: Remark(row.text("remark"), read_flag(row), row.moment("changed_at")),
            subject=order_id,
        )

    def write_remark(self, order_id: str, text: str, flag: Flag) -> None:
        """Replace both. The request has no key: written twice it is the same remark."""
        self.client.ask(
            "write_remark",
            {"order": order_id, "text": text, "flag": int(flag)},
            lambda row: row.moment("changed_at"),
            subject=order_id,
            write=True,
        )

    def check_receiver(self, receiver: Receiver) -> None:
        """Refuse here what Demo would refuse: sooner, and with the field's name. What stands in it is not repeated."""
        for name, text in asdict(receiver).items():
            if "*" in text or len(text) > MOST_CHARACTERS:
                raise BadInput(
                    _("{field} is masked, or longer than {most} characters").format(field=name, most=MOST_CHARACTERS),
                    code="bad_receiver",
                    hint=_("give it in full with --{field}").format(field=name),
                )

    def change_receiver(self, request: ReceiverChange) -> Submission:
        """Only what is given is changed. Raises :class:`BadInput`, :class:`NotFound`, :class:`Refused` (``TOO_LATE``) and
        :class:`Unclear`."""
        self.check_receiver(request.receiver)
        members = {"order": request.order_id, "receiver": receiver_members(request.receiver)}
        return self.request("change_receiver", request.key, members, request.order_id)

    def find_receiver_change(self, request: ReceiverChange) -> Finding:
        """By its key: what stands now may be somebody else's doing, and proves nothing of ours."""
        return self.find(request.key)

    def _changes(
        self, call: str, since: datetime, until: datetime, read: Callable[[Row, str], T]
    ) -> Iterator[tuple[T | Unreadable, ...]]:
        """Page by page from a cursor on. The list is sorted by time of change: what changes meanwhile goes to its end or out of
        the window, and nothing that is still to come moves to where we have been."""
        window, cursor = {"since": time_text(since), "until": time_text(until)}, ""
        while True:
            items, following = self.client.ask(
                call, {**window, "after": cursor}, lambda row: (row.items("items"), row.text("next"))
            )
            if items:
                yield tuple(self._one(item, read) for item in items)
            if not following:
                return
            if following == cursor:
                raise odd_answer(call)  # or we would ask for ever
            cursor = following

    def _one(self, item: object, read: Callable[[Row, str], T]) -> T | Unreadable:
        """One that is out of shape is told, and holds up no other."""
        number = ""
        try:
            row = Row.of(item)
            number = row.text("id")
            return read(row, self.context.account)
        except OddShape:
            return Unreadable(number, _("it is not in the documented shape"))
