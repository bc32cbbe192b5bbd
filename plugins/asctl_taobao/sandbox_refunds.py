"""The sandbox's applications: refunds, returns and exchanges (reference/taobao-top.md sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Collection

from asctl.api import AfterSale, AfterSaleStatus
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_attribute import interception_attribute
from asctl_taobao.sandbox_gate import Asked
from asctl_taobao.sandbox_shapes import Member, Newest, chosen, code_for, number, page_of, present, wrapped
from asctl_taobao.sandbox_states import (
    exchange_of,
    exchange_word,
    is_exchange,
    is_refund,
    refund_of,
    refund_word,
    version_of,
)
from asctl_taobao.words import DISPUTE_TYPE, EXCHANGE_NUMBERS, company_name, usual_words

_DISPUTE_WORD = usual_words(DISPUTE_TYPE)
_GOODS_STATUS = {AfterSaleStatus.RETURNING: "BUYER_RETURNED_GOODS", AfterSaleStatus.DONE: "BUYER_RETURNED_GOODS"}
_ONLY_IN_GET = frozenset({"refund_remind_timeout", "cs_status", "advance_status"})
_NOT_IN_EXCHANGE_LIST = frozenset({"desc", "refund_phase", "refund_version", "cs_status", "advance_status"})


class Refunds:
    """Applications of one shop as TOP shows them."""

    def __init__(self, shop: str) -> None:
        self._shop = shop
        self._by_change: Newest[AfterSale] = Newest(lambda sale: sale.modified_at)

    def refunds(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.refunds.receive.get``."""
        span = asked.moment("start_modified"), asked.moment("end_modified")
        status = asked.text("status")
        rows = [
            sale
            for sale in self._by_change.between(world.after_sales.values(), *span)
            if is_refund(sale, self._shop) and (not status or refund_word(sale) == status)
        ]
        fields = [name for name in asked.names("fields") if name not in _ONLY_IN_GET]
        page, more = page_of(rows, asked, lambda sale: chosen(_refund(world, sale, fields), fields))
        count = {"has_next": more} if asked.yes("use_has_next") else {"total_results": len(rows)}
        return present({**count, "refunds": wrapped("refund", page)})

    def refund(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.refund.get``."""
        sale = refund_of(world, self._shop, asked.text("refund_id"))
        fields = asked.names("fields")
        return {"refund": chosen(_refund(world, sale, fields), fields)}

    def exchanges(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.receive.get``; one parameter's name is misspelt over there."""
        span = asked.moment("start_gmt_modified_time"), asked.moment("end_gmt_modifed_time")
        labels = {EXCHANGE_NUMBERS.get(status, status) for status in asked.names("dispute_status_array")}
        wanted, line = asked.names("refund_id_array"), asked.text("biz_order_id")
        rows = [
            sale
            for sale in self._by_change.between(world.after_sales.values(), *span)
            if is_exchange(sale, self._shop)
            and (not labels or exchange_word(sale) in labels)
            and (not wanted or sale.after_sale_id in wanted)
            and (not line or sale.line_id == line)
        ]
        fields = [name for name in _exchange_fields(asked) if name not in _NOT_IN_EXCHANGE_LIST]
        page, more = page_of(rows, asked, lambda sale: chosen(_exchange(world, sale), fields))
        counts = {"page_results": len(page), "total_results": len(rows), "has_next": more}
        return present({**counts, "results": wrapped("exchange", page)})

    def exchange(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.get``: a failure stands in the result, not in the error envelope."""
        sale = exchange_of(world, self._shop, asked.text("dispute_id"))
        return {"result": {"success": True, "exchange": chosen(_exchange(world, sale), _exchange_fields(asked))}}


def refund_status_word(world: SandboxWorld, after_sale_id: str) -> str:
    """An order line's ``refund_status``."""
    sale = world.after_sales.get(after_sale_id)
    return "NO_REFUND" if sale is None else refund_word(sale)


def _exchange_fields(asked: Asked) -> list[str]:
    return ["biz_order_id" if name == "bizorder_id" else name for name in asked.names("fields")]


def _common(world: SandboxWorld, sale: AfterSale) -> Member:
    """The members that refunds and exchanges share."""
    order = world.orders.get(sale.order_id)
    return {
        "reason": sale.reason,
        "desc": sale.description,
        "title": sale.title,
        "num": sale.quantity,
        "refund_phase": sale.phase,
        "refund_version": version_of(sale),
        "cs_status": 1,
        "advance_status": 0,
        "good_status": _GOODS_STATUS.get(sale.status, "BUYER_RECEIVED"),
        "buyer_open_uid": code_for("AAH", order.buyer) if order else "",
        "created": sale.created_at,
        "modified": sale.modified_at,
    }


def _refund(world: SandboxWorld, sale: AfterSale, fields: Collection[str]) -> Member:
    order = world.orders.get(sale.order_id)
    line = next((line for line in order.lines if line.line_id == sale.line_id), None) if order else None
    reminder = {"exist_timeout": True, "remind_type": 1, "timeout": sale.deadline} if sale.deadline else {}
    return present(
        {
            **_common(world, sale),
            "refund_id": sale.after_sale_id,
            "tid": number(sale.order_id),
            "oid": number(sale.line_id or sale.order_id),
            "status": refund_word(sale),
            "dispute_type": _DISPUTE_WORD[sale.kind],
            "order_status": order.raw_status if order else "",
            "has_good_return": sale.goods_back,
            "refund_fee": sale.amount,
            "total_fee": line.price * line.quantity if line else sale.amount,
            "payment": "0.00",
            "outer_id": line.sku if line else "",
            "company_name": company_name(sale.return_courier),
            "sid": sale.return_waybill,
            "refund_remind_timeout": present(reminder),
            "attribute": interception_attribute(world, sale) if "attribute" in fields else "",
        }
    )


def _exchange(world: SandboxWorld, sale: AfterSale) -> Member:
    return present(
        {
            **_common(world, sale),
            "dispute_id": sale.after_sale_id,
            "biz_order_id": sale.line_id or sale.order_id,
            "alipay_no": sale.order_id,
            "status": exchange_word(sale),
            "buyer_logistic_name": company_name(sale.return_courier),
            "buyer_logistic_no": sale.return_waybill,
            "time_out": sale.deadline,
        }
    )
