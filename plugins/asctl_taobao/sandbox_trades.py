"""The sandbox's order side: lists, one order, its remark (reference/taobao-top.md section 3)."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.api import Flag, Order, OrderLine, OrderStatus, china_text
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.addresses import MOST_BYTES, gbk_bytes, is_mobile
from asctl_taobao.sandbox_gate import Asked, invalid, service_error
from asctl_taobao.sandbox_refunds import refund_status_word
from asctl_taobao.sandbox_shapes import (
    Member,
    Newest,
    chosen,
    code_for,
    masked_detail,
    masked_name,
    masked_phone,
    number,
    page_of,
    present,
    wrapped,
)
from asctl_taobao.words import ORDER_STATUS, company_name, usual_words

MEMO_BYTES = 1000
_STATUS_WORD = usual_words(ORDER_STATUS)
_RECEIVER_FIELD = {
    "receiver_name": "name",
    "receiver_phone": "phone",
    "receiver_mobile": "phone",
    "receiver_state": "province",
    "receiver_city": "city",
    "receiver_district": "district",
    "receiver_town": "town",
    "receiver_address": "detail",
}
_DELETED = "-1"
_NOT_IN_LISTS = frozenset({"seller_memo", "buyer_message", "tid_str", "delivery_time"})
_OAID_NEEDS = frozenset({"receiver_name", "receiver_address", "created", "receiver_mobile", "receiver_phone"})


class Trades:
    """The orders of one shop as TOP shows them."""

    def __init__(self, shop: str, nick: str) -> None:
        self._shop = shop
        self._nick = nick
        self._by_change: Newest[Order] = Newest(lambda order: order.modified_at)
        self._by_creation: Newest[Order] = Newest(lambda order: order.created_at)

    def sold(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trades.sold.get``."""
        span = asked.moment("start_created"), asked.moment("end_created")
        return self._list(world, asked, self._by_creation, span)

    def changed(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trades.sold.increment.get``: no window is longer than a day."""
        since, until = asked.moment("start_modified"), asked.moment("end_modified")
        if since is None or until is None or not timedelta() <= until - since <= timedelta(days=1):
            raise invalid("end_modified")
        return self._list(world, asked, self._by_change, (since, until))

    def trade(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trade.get``: everything but the receiver."""
        record = self._record(world, self._order(world, asked))
        shown = {name: value for name, value in record.items() if not name.startswith(("receiver_", "oaid"))}
        return {"trade": chosen(shown, asked.names("fields"))}

    def full(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trade.fullinfo.get``; ``oaid`` is only built when all of the receiver is asked for."""
        record = chosen(self._record(world, self._order(world, asked)), asked.names("fields"))
        if _OAID_NEEDS.difference(asked.names("fields")):
            record.pop("oaid", None)
        return {"trade": record}

    def add_memo(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trade.memo.add``: once per order."""
        if self._order(world, asked).remark:
            raise service_error("isv.sandbox-memo-exists", "备注已存在")
        changed = self._write_memo(world, asked, asked.text("memo"))
        return {"trade": {"tid": number(changed.order_id), "created": china_text(changed.modified_at)}}

    def update_memo(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trade.memo.update``: no text leaves the old one; ``reset`` clears it whatever the text says."""
        memo = "" if asked.yes("reset") else asked.text("memo") or self._order(world, asked).remark
        changed = self._write_memo(world, asked, memo)
        return {"trade": present({"tid": number(changed.order_id), "modified": changed.modified_at})}

    def change_receiver(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.trade.shippingaddress.update``: before shipping, within the byte limits; never drops a repeat."""
        order = self._order(world, asked)
        if _status(order) != _STATUS_WORD[OrderStatus.TO_SHIP]:
            raise service_error("isv.sandbox-status-not-allowed", "订单状态不允许修改收货地址")
        sent = {name: asked.text(name) for name in MOST_BYTES if asked.text(name)}
        for name, value in sent.items():
            if gbk_bytes(value) > MOST_BYTES[name]:
                raise service_error(f"isv.invalid-parameter:{name}", "参数超过长度限制")
        receiver = replace(order.receiver, **{_RECEIVER_FIELD[name]: _kept(value) for name, value in sent.items()})
        world.orders[order.order_id] = changed = replace(order, receiver=receiver, modified_at=world.now())
        return {"trade": present({"tid": number(changed.order_id), "modified": changed.modified_at})}

    def _write_memo(self, world: SandboxWorld, asked: Asked, memo: str) -> Order:
        order = self._order(world, asked)
        if max(len(memo.encode()), len(memo.encode("gb18030"))) > MEMO_BYTES:
            raise service_error("isv.sandbox-memo-too-long", "备注过长")
        flag = Flag(asked.number("flag", int(order.flag), 0, 5))
        changed = replace(order, remark=memo, flag=flag, modified_at=world.now())
        world.orders[order.order_id] = changed
        return changed

    def _order(self, world: SandboxWorld, asked: Asked) -> Order:
        order = world.orders.get(asked.text("tid"))
        if order is None or order.shop != self._shop:
            raise service_error("isv.trade-not-exist", "交易订单不存在")
        return order

    def _list(
        self,
        world: SandboxWorld,
        asked: Asked,
        newest: Newest[Order],
        span: tuple[datetime | None, datetime | None],
    ) -> Member:
        status = asked.text("status")
        rows = [
            order
            for order in newest.between(world.orders.values(), *span)
            if order.shop == self._shop and (not status or _status(order) == status)
        ]
        fields = asked.names("fields")
        page, more = page_of(rows, asked, lambda order: chosen(self._row(world, order), fields))
        count = {"has_next": more} if asked.yes("use_has_next") else {"total_results": len(rows)}
        return present({**count, "trades": wrapped("trade", page)})

    def _row(self, world: SandboxWorld, order: Order) -> Member:
        record = self._record(world, order)
        shown = {name: value for name, value in record.items() if name not in _NOT_IN_LISTS}
        return {**shown, "has_buyer_message": bool(order.buyer_message)}

    def _record(self, world: SandboxWorld, order: Order) -> Member:
        lines = [_line(world, order, line) for line in order.lines]
        return present(
            {
                "tid": number(order.order_id),
                "tid_str": order.order_id,
                "status": _status(order),
                "type": "fixed",
                "seller_nick": self._nick,
                "buyer_nick": masked_name(order.buyer) + order.buyer[-1:],
                "buyer_open_uid": code_for("AAH", order.buyer),
                "created": order.created_at,
                "pay_time": order.paid_at,
                "consign_time": order.shipped_at,
                "end_time": order.finished_at,
                "modified": order.modified_at,
                "delivery_time": order.ship_by,
                "payment": order.amount,
                "total_fee": sum((line.price * line.quantity for line in order.lines), Decimal("0.00")),
                "post_fee": order.freight,
                "buyer_message": order.buyer_message,
                "seller_memo": order.remark,
                "seller_flag": int(order.flag),
                "orders": wrapped("order", lines),
                **_receiver(order),
            }
        )


def _kept(value: str) -> str:
    return "" if value == _DELETED else value


def _receiver(order: Order) -> Member:
    """The receiver as the platform shows it: name, phone and detail masked."""
    receiver = order.receiver
    return {
        "receiver_name": masked_name(receiver.name),
        "receiver_mobile" if is_mobile(receiver.phone) else "receiver_phone": masked_phone(receiver.phone),
        "receiver_state": receiver.province,
        "receiver_city": receiver.city,
        "receiver_district": receiver.district,
        "receiver_town": receiver.town,
        "receiver_address": masked_detail(receiver.detail),
        "oaid": code_for("1", order.order_id, *astuple(receiver)),
    }


def _line(world: SandboxWorld, order: Order, line: OrderLine) -> Member:
    return present(
        {
            "oid": number(line.line_id),
            "oid_str": line.line_id,
            "status": line.raw_status or _status(order),
            "refund_status": refund_status_word(world, line.after_sale_id),
            "refund_id": line.after_sale_id,
            "title": line.title,
            "sku_properties_name": line.properties,
            "outer_sku_id": line.sku,
            "num": line.quantity,
            "price": line.price,
            "total_fee": line.price * line.quantity,
            "payment": line.price * line.quantity,
            "divide_order_fee": line.paid,
            "logistics_company": company_name(line.courier),
            "invoice_no": line.waybill,
            "consign_time": line.shipped_at,
            "shipping_type": "express",
            "seller_type": "B",
        }
    )


def _status(order: Order) -> str:
    return order.raw_status if order.raw_status in ORDER_STATUS else _STATUS_WORD.get(order.status, order.raw_status)
