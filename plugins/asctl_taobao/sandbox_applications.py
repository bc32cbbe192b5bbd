"""Customers' applications for an invoice as the sandbox shows them (reference/taobao-top.md section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from asctl.api import Order, OrderLine, yuan
from asctl.api.bureau import SandboxApplication
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_gate import Asked, service_error
from asctl_taobao.sandbox_shapes import Member, present, wrapped
from asctl_taobao.words import INVOICE_KIND, TITLE_TYPE, usual_words

REFUSED, APPLIED, ACCEPTED = 0, 1, 2
OVERDUE_AFTER = timedelta(hours=24)
MOST_COUNTED = 200
RED_TRIGGER = "refund_seller_confirm"
RATE = Decimal("0.13")
"""The rate of everything that the sandbox's shop sells."""
_KIND = usual_words(INVOICE_KIND)
_TITLE = usual_words(TITLE_TYPE)


class Applications:
    """What the customers of one shop have applied for."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def applications(self, world: SandboxWorld, asked: Asked) -> Member:
        """``alibaba.einvoice.apply.get``: those of an order, or the one with a number that a message told."""
        order = world.orders.get(asked.text("platform_tid"))
        if order is None or order.shop != self._shop:
            raise service_error("isv.trade-not-exist", "交易订单不存在")
        wanted = asked.text("apply_id")
        rows = [
            _row(found, order)
            for found in applications_of(world, self._shop, order.order_id)
            if wanted in ("", found.application)
        ]
        return present({"is_success": True, "apply_list": wrapped("apply", rows)})

    def overdue(self, world: SandboxWorld, asked: Asked) -> Member:
        """``alibaba.einvoice.payout.get``: paid and shipped orders whose application nobody took up for a day."""
        size = asked.number("page_size", 50, 1, 50)
        start = (asked.number("page_no", 1, 1, 1_000_000) - 1) * size
        rows = [
            present({"tid": found.order_id, "except_invoice_time": found.at + OVERDUE_AFTER})
            for found in self._overdue(world)
        ]
        count = f"{MOST_COUNTED}+" if len(rows) > MOST_COUNTED else str(len(rows))
        page = wrapped("order_rights_info", rows[start : start + size])
        return {"is_success": True, "result": present({"total_count": count, "payout_list": page})}

    def _overdue(self, world: SandboxWorld) -> Iterator[SandboxApplication]:
        for found in world.applications:
            order = world.orders.get(found.order_id)
            due = found.status == APPLIED and world.now() - found.at > OVERDUE_AFTER
            if found.shop == self._shop and due and order and order.paid_at and order.shipped_at:
                yield found


def applications_of(world: SandboxWorld, shop: str, order_id: str) -> list[SandboxApplication]:
    """The applications of an order, the oldest first."""
    found = [entry for entry in world.applications if (entry.shop, entry.order_id) == (shop, order_id)]
    return sorted(found, key=lambda entry: entry.at)


def _net_of(gross: Decimal) -> Decimal:
    """What is left of an amount without its tax."""
    return yuan(gross / (1 + RATE))


def _row(found: SandboxApplication, order: Order) -> Member:
    """The documented members: the application's own number is not among them. Rows that do not add up to its amount are left
    out."""
    red = found.trigger == RED_TRIGGER
    amount = -abs(found.amount) if red else found.amount
    items = _items(order)
    if _sum(items, "amount") != amount:
        items = []
    net = _sum(items, "sum_price") if items else _net_of(amount)
    return present(
        {
            "platform_code": "TM",
            "platform_tid": found.order_id,
            "status": found.status,
            "trigger_status": found.trigger,
            "invoice_kind": int(_KIND[found.kind]),
            "business_type": int(_TITLE[found.buyer.type]),
            "invoice_type": "red" if red else "blue",
            "payer_name": found.buyer.title,
            "payer_register_no": found.buyer.tax_id,
            "payer_address": found.buyer.address,
            "payer_phone": found.buyer.phone,
            "payer_bank": found.buyer.bank,
            "payer_bankaccount": found.buyer.bank_account,
            "invoice_amount": amount,
            "sum_price": net,
            "sum_tax": amount - net,
            "invoice_items": wrapped("invoice_item", items),
            "gmt_create": found.at,
        }
    )


def _sum(items: list[Member], member: str) -> Decimal:
    return sum((Decimal(item[member]) for item in items), Decimal("0.00"))


def _items(order: Order) -> list[Member]:
    """Rows for what the order was paid for: goods, each with its discount, and the freight."""
    rows = [row for line in order.lines for row in _goods(line)]
    if order.freight:
        rows.append(_item("运费", order.freight, row_type="0", quantity=1, is_post_fee_row=True))
    return rows


def _goods(line: OrderLine) -> list[Member]:
    told = {"biz_order_id": line.line_id, "is_post_fee_row": False}
    full = line.price * line.quantity
    discount = full - line.paid
    if discount <= 0:
        return [_item(line.title, line.paid, row_type="0", quantity=line.quantity, **told)]
    return [
        _item(line.title, full, row_type="2", quantity=line.quantity, **told),
        _item(line.title, -discount, row_type="1", quantity=0, **told),
    ]


def _item(name: str, amount: Decimal, *, quantity: int, **told: object) -> Member:
    net = _net_of(amount)
    measures = {"quantity": str(quantity), "price": yuan(net / quantity), "unit": "件"} if quantity else {}
    sums = {"sum_price": net, "tax": amount - net, "amount": amount, "tax_rate": str(RATE)}
    return present({"item_name": name, **sums, **measures, **told})
