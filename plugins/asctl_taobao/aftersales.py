"""Applications: refunds and returns of every shop, exchanges of Tmall shops (reference/taobao-top.md sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from asctl.api import AfterSale, AfterSaleStatus, NotFound, Refused, Unavailable, Unreadable
from asctl.api import translate as _
from asctl_taobao import mapping
from asctl_taobao.client import ODD_ANSWER
from asctl_taobao.errors import BAD_CALL
from asctl_taobao.paging import Page, last_page_first, readable
from asctl_taobao.shop import Shop
from asctl_taobao.wire import Row, text

_OVER = frozenset({AfterSaleStatus.CLOSED, AfterSaleStatus.DONE})
_REFUND_LIST_FIELDS = (
    "refund_id,tid,oid,status,dispute_type,order_status,good_status,has_good_return,refund_phase,refund_version,"
    "refund_fee,reason,desc,title,num,company_name,sid,created,modified"
)
_REFUND_FIELDS = _REFUND_LIST_FIELDS + ",refund_remind_timeout"
# The line number is asked for under one name and answered under another (section 5.1).
_EXCHANGE_LIST_FIELDS = (
    "dispute_id,bizorder_id,alipay_no,status,reason,title,num,buyer_logistic_name,buyer_logistic_no,"
    "time_out,created,modified"
)
_EXCHANGE_FIELDS = _EXCHANGE_LIST_FIELDS + ",desc,refund_phase,refund_version"


class AfterSales(Shop):
    """AfterSaleSource."""

    def changed_after_sales(self, since: datetime, until: datetime) -> Iterator[tuple[AfterSale | Unreadable, ...]]:
        """Pages of applications. Those still open are fetched whole: the lists do not tell a refund's deadline.

        One that is out of shape, in its list or as a whole, is :class:`Unreadable` and holds up no other.
        """
        for window in self.windows(since, until):
            for rows in last_page_first(partial(self._refunds, window)):
                yield tuple(_whole(row, self._refund) for row in rows)
            if self.tmall:
                for rows in last_page_first(partial(self._exchanges, window)):
                    yield tuple(_whole(row, self._exchange) for row in rows)

    def after_sale(self, after_sale_id: str) -> AfterSale:
        """A number does not tell whether it is a refund's or an exchange's: both are tried.

        Raises :class:`NotFound` when neither exists. Which sub-code an unknown refund gives is not documented
        (section 4.7), so a refusal on business grounds counts as that.
        """
        try:
            return self._refund(after_sale_id)
        except NotFound as unknown:
            absent = unknown
        except Refused as refusal:
            if refusal.code == BAD_CALL:
                raise
            absent = _no_application(after_sale_id, refusal)
        if not self.tmall:
            raise absent
        return self._exchange(after_sale_id)

    def _refund(self, refund_id: str) -> AfterSale:
        return self.top.ask(
            "taobao.refund.get",
            {"refund_id": refund_id, "fields": _REFUND_FIELDS},
            lambda answer: mapping.refund(answer["refund"], self.context.account),
        )

    def _exchange(self, dispute_id: str) -> AfterSale:
        method = "tmall.exchange.get"

        def read(answer: Row) -> AfterSale:
            self.top.refuse(method, dispute_id, answer["result"])
            return mapping.exchange(answer["result"]["exchange"], self.context.account)

        return self.top.ask(method, {"dispute_id": dispute_id, "fields": _EXCHANGE_FIELDS}, read)

    def _refunds(self, window: tuple[datetime, datetime], number: int) -> Page[AfterSale | Unreadable]:
        since, until = window
        read = partial(mapping.refund, shop=self.context.account)
        return self.top.ask(
            "taobao.refunds.receive.get",
            {
                "fields": _REFUND_LIST_FIELDS,
                "start_modified": since,
                "end_modified": until,
                "type": self.order_types(),
                "use_has_next": False,
                **self.page(number),
            },
            lambda answer: Page.of(answer, readable(answer.get("refunds"), "refund_id", read)),
        )

    def _exchanges(self, window: tuple[datetime, datetime], number: int) -> Page[AfterSale | Unreadable]:
        method = "tmall.exchange.receive.get"
        since, until = window
        whole = partial(mapping.exchange, shop=self.context.account)

        def read(answer: Row) -> Page[AfterSale | Unreadable]:
            said = {"success": not text(answer.get("error_codes")), "msg_code": answer.get("error_codes")}
            self.top.refuse(method, "", {**said, "message": answer.get("error_msg")})
            return Page.of(answer, readable(answer.get("results"), "dispute_id", whole))

        return self.top.ask(
            method,
            {
                "fields": _EXCHANGE_LIST_FIELDS,
                "start_gmt_modified_time": since,
                "end_gmt_modifed_time": until,
                **self.page(number),
            },
            read,
        )


def _whole(row: AfterSale | Unreadable, fetch: Callable[[str], AfterSale]) -> AfterSale | Unreadable:
    """The application as it is now; the list's row for one that is over or that was withdrawn from sight meanwhile."""
    if isinstance(row, Unreadable) or row.status in _OVER:
        return row
    try:
        return fetch(row.after_sale_id)
    except NotFound:
        return row
    except Unavailable as error:
        if error.code != ODD_ANSWER:
            raise
        return Unreadable(row.after_sale_id, error.message)


def _no_application(after_sale_id: str, refusal: Refused) -> NotFound:
    return NotFound(
        _("Taobao has no application {number} in this shop").format(number=after_sale_id),
        code="not_found",
        hint=_("check the number and the shop"),
        upstream_code=refusal.upstream_code,
        upstream_text=refusal.upstream_text,
        request_id=refusal.request_id,
    )
