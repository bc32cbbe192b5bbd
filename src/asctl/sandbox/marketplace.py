"""The marketplace's own words for the states of orders and after-sales (reference/taobao-top.md sections 3.3, 4.2, 5.2).

Orders keep their raw word, so the world must know one for each of our statuses; the first of several is the usual one.
"""

from __future__ import annotations

from collections.abc import Mapping

from asctl.domain.aftersales import AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import OrderStatus

TO_SEND = "WAIT_SELLER_SEND_GOODS"
PARTLY_SENT = "SELLER_CONSIGNED_PART"
SENT = "WAIT_BUYER_CONFIRM_GOODS"
FINISHED = "TRADE_FINISHED"
CLOSED_UNPAID = "TRADE_CLOSED_BY_TAOBAO"

ORDER_WORDS: Mapping[str, OrderStatus] = {
    "WAIT_BUYER_PAY": OrderStatus.UNPAID,
    "TRADE_NO_CREATE_PAY": OrderStatus.UNPAID,
    "PAY_PENDING": OrderStatus.UNPAID,
    TO_SEND: OrderStatus.TO_SHIP,
    "PAID_FORBID_CONSIGN": OrderStatus.TO_SHIP,
    PARTLY_SENT: OrderStatus.PART_SHIPPED,
    SENT: OrderStatus.SHIPPED,
    "TRADE_BUYER_SIGNED": OrderStatus.SIGNED,
    FINISHED: OrderStatus.FINISHED,
    "TRADE_CLOSED": OrderStatus.CLOSED,
    CLOSED_UNPAID: OrderStatus.CLOSED,
}

_REFUND_WORDS: Mapping[AfterSaleStatus, str] = {
    AfterSaleStatus.APPLIED: "WAIT_SELLER_AGREE",
    AfterSaleStatus.AWAITING_RETURN: "WAIT_BUYER_RETURN_GOODS",
    AfterSaleStatus.RETURNING: "WAIT_SELLER_CONFIRM_GOODS",
    AfterSaleStatus.TO_SEND: "WAIT_SELLER_CONSIGN_GOODS",
    AfterSaleStatus.SENT: "WAIT_BUYER_CONFIRM_REDO_SEND_GOODS",
    AfterSaleStatus.REFUSED: "SELLER_REFUSE_BUYER",
    AfterSaleStatus.CLOSED: "CLOSED",
    AfterSaleStatus.DONE: "SUCCESS",
    AfterSaleStatus.UNKNOWN: "POST_FEE_DISPUTE_WAIT_ACTIVATE",
}
_EXCHANGE_WORDS: Mapping[AfterSaleStatus, str] = {
    AfterSaleStatus.APPLIED: "换货待处理",
    AfterSaleStatus.AWAITING_RETURN: "待买家退货",
    AfterSaleStatus.RETURNING: "买家已退货，待收货",
    AfterSaleStatus.TO_SEND: "待发出换货商品",
    AfterSaleStatus.SENT: "待买家收货",
    AfterSaleStatus.REFUSED: "待买家修改",
    AfterSaleStatus.CLOSED: "换货关闭",
    AfterSaleStatus.DONE: "换货成功",
    AfterSaleStatus.UNKNOWN: "请退款",
}


def order_word(text: str) -> str | None:
    """The marketplace's word for ``text``, itself such a word or one of our statuses; ``None`` where there is none."""
    if text.upper() in ORDER_WORDS:
        return text.upper()
    return next((word for word, status in ORDER_WORDS.items() if status == text.lower()), None)


def after_sale_word(kind: AfterSaleKind, status: AfterSaleStatus) -> str:
    """The marketplace's word for the state of an after-sale; exchanges have labels of their own."""
    return (_EXCHANGE_WORDS if kind is AfterSaleKind.EXCHANGE else _REFUND_WORDS)[status]
