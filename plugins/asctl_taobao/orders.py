"""Orders and their remarks (reference/taobao-top.md section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from asctl.api import Flag, Order, OrderRef, Refused, Remark, Unreadable
from asctl.api import translate as _
from asctl_taobao import mapping
from asctl_taobao.paging import Page, last_page_first, readable
from asctl_taobao.shop import Shop
from asctl_taobao.wire import Row, Value, moment, text

_TRADE_FIELDS = (
    "tid,status,type,created,pay_time,consign_time,end_time,modified,delivery_time,payment,post_fee,"
    "buyer_nick,buyer_open_uid,buyer_message,seller_memo,seller_flag,"
    "receiver_name,receiver_mobile,receiver_phone,receiver_state,receiver_city,receiver_district,receiver_town,"
    "receiver_address,orders"
)


class Orders(Shop):
    """OrderSource and RemarkWriter."""

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[tuple[OrderRef | Unreadable, ...]]:
        """Pages of references: the list lacks remark and buyer's message, so each order is then fetched whole."""
        for window in self.windows(since, until):
            yield from last_page_first(partial(self._changes, window))

    def order(self, order_id: str) -> Order:
        """``taobao.trade.fullinfo.get``. Raises :class:`NotFound`."""
        return self.top.ask(
            "taobao.trade.fullinfo.get",
            {"tid": order_id, "fields": _TRADE_FIELDS},
            lambda answer: mapping.order(answer["trade"], self.context.account),
        )

    def remark(self, order_id: str) -> Remark:
        """What stands now. Raises :class:`NotFound`, and :class:`Refused` for a flag that a write would lose."""
        return self.top.ask(
            "taobao.trade.get",
            {"tid": order_id, "fields": "tid,seller_memo,seller_flag,modified"},
            lambda answer: _remark(answer["trade"]),
        )

    def write_remark(self, order_id: str, text: str, flag: Flag) -> None:
        """``taobao.trade.memo.update`` with the whole text and the flag.

        An empty ``memo`` would leave the old text standing, so a text is cleared by ``reset`` (section 3.5).
        """
        content: dict[str, Value] = {"memo": text} if text else {"reset": True}
        self.top.ask(
            "taobao.trade.memo.update",
            {"tid": order_id, "flag": int(flag), **content},
            lambda answer: moment(answer["trade"]["modified"]),
            write=True,
        )

    def _changes(self, window: tuple[datetime, datetime], number: int) -> Page[OrderRef | Unreadable]:
        since, until = window
        return self.top.ask(
            "taobao.trades.sold.increment.get",
            {
                "fields": "tid,modified",
                "start_modified": since,
                "end_modified": until,
                "type": self.order_types(),
                "use_has_next": False,
                **self.page(number),
            },
            lambda answer: Page.of(answer, readable(answer.get("trades"), "tid", mapping.order_ref)),
        )


def _remark(trade: Row) -> Remark:
    flag = mapping.flag_of(trade)
    if flag is None:
        raise Refused(
            _("order {order} carries flag {flag}, which cannot be written back").format(
                order=text(trade.get("tid")), flag=text(trade.get("seller_flag"))
            ),
            code="unknown_flag",
            hint=_("write the remark in the seller's back office, or give the order one of the six known flags there"),
        )
    return Remark(text(trade.get("seller_memo")), flag, moment(trade["modified"]))
