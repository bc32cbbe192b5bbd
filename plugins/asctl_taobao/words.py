"""TOP's words beside ours (reference/taobao-top.md sections 3.3, 4.2, 5.2, 6.1, 6.3, 8).

Where several of their words mean one of ours, the first is the usual one; the sandbox speaks that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from asctl.api import (
    AfterSaleKind,
    AfterSaleStatus,
    Colour,
    Effect,
    InvoiceKind,
    LineNature,
    OrderStatus,
    ParcelStatus,
    TitleType,
)

T = TypeVar("T")

ORDER_STATUS = {
    "WAIT_BUYER_PAY": OrderStatus.UNPAID,
    "TRADE_NO_CREATE_PAY": OrderStatus.UNPAID,
    "PAY_PENDING": OrderStatus.UNPAID,
    "WAIT_PRE_AUTH_CONFIRM": OrderStatus.UNPAID,
    "WAIT_SELLER_SEND_GOODS": OrderStatus.TO_SHIP,
    "PAID_FORBID_CONSIGN": OrderStatus.TO_SHIP,
    "SELLER_CONSIGNED_PART": OrderStatus.PART_SHIPPED,
    "WAIT_BUYER_CONFIRM_GOODS": OrderStatus.SHIPPED,
    "TRADE_BUYER_SIGNED": OrderStatus.SIGNED,
    "TRADE_FINISHED": OrderStatus.FINISHED,
    "TRADE_CLOSED": OrderStatus.CLOSED,
    "TRADE_CLOSED_BY_TAOBAO": OrderStatus.CLOSED,
}

DISPUTE_TYPE = {
    "REFUND": AfterSaleKind.REFUND_ONLY,
    "REFUND_AND_RETURN": AfterSaleKind.RETURN,
    "TMALL_EXCHANGE": AfterSaleKind.EXCHANGE,
    "TAOBAO_EXCHANGE": AfterSaleKind.EXCHANGE,
    "REPAIR": AfterSaleKind.REPAIR,
    "RESHIPPING": AfterSaleKind.RESHIP,
    "OTHERS": AfterSaleKind.OTHER,
}

# An exchange that turned into a refund waits for the seller again, hence APPLIED.
REFUND_STATUS = {
    "WAIT_SELLER_AGREE": AfterSaleStatus.APPLIED,
    "WAIT_SELLER_CONFIRM_RETURN_ADDRESS": AfterSaleStatus.APPLIED,
    "EXCHANGE_TRANSFORM_TO_REFUND": AfterSaleStatus.APPLIED,
    "WAIT_BUYER_RETURN_GOODS": AfterSaleStatus.AWAITING_RETURN,
    "WAIT_SELLER_CONFIRM_GOODS": AfterSaleStatus.RETURNING,
    "WAIT_SELLER_CONSIGN_GOODS": AfterSaleStatus.TO_SEND,
    "WAIT_SELLER_CONSIGN_GOOGDS": AfterSaleStatus.TO_SEND,
    "WAIT_BUYER_CONFIRM_REDO_SEND_GOODS": AfterSaleStatus.SENT,
    "WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS": AfterSaleStatus.SENT,
    "EXCHANGE_WAIT_BUYER_CONFIRM_GOODS": AfterSaleStatus.SENT,
    "SELLER_REFUSE_BUYER": AfterSaleStatus.REFUSED,
    "CLOSED": AfterSaleStatus.CLOSED,
    "SUCCESS": AfterSaleStatus.DONE,
}

EXCHANGE_NUMBERS = {
    "1": "换货待处理",
    "2": "待买家退货",
    "3": "买家已退货，待收货",
    "12": "待发出换货商品",
    "13": "待买家收货",
    "5": "换货成功",
    "4": "换货关闭",
    "6": "待买家修改",
    "14": "请退款",
}
_EXCHANGE_LABELS = {
    "换货待处理": AfterSaleStatus.APPLIED,
    "请退款": AfterSaleStatus.APPLIED,
    "待买家退货": AfterSaleStatus.AWAITING_RETURN,
    "买家已退货，待收货": AfterSaleStatus.RETURNING,
    "待发出换货商品": AfterSaleStatus.TO_SEND,
    "待买家收货": AfterSaleStatus.SENT,
    "待买家修改": AfterSaleStatus.REFUSED,
    "换货关闭": AfterSaleStatus.CLOSED,
    "换货成功": AfterSaleStatus.DONE,
}
_MIDDLEWARE_NAMES = {
    "WAIT_SELLER_AGREE": AfterSaleStatus.APPLIED,
    "EXCHANGE_CLOSE_TO_SALES_RETURN": AfterSaleStatus.APPLIED,
    "WAIT_BUYER_SEND_GOODS": AfterSaleStatus.AWAITING_RETURN,
    "WAIT_SELLER_CONFIRM_GOODS": AfterSaleStatus.RETURNING,
    "WAIT_SELLER_SEND_GOODS": AfterSaleStatus.TO_SEND,
    "WAIT_BUYER_CONFIRM_GOODS": AfterSaleStatus.SENT,
    "EXCHANGE_CLOSE": AfterSaleStatus.CLOSED,
    "EXCHANGE_SUCCESS": AfterSaleStatus.DONE,
    "EXCHANGE_FINISH": AfterSaleStatus.DONE,
}
# An exchange that turned into a refund: the methods for exchanges no longer apply.
EXCHANGE_TURNED = frozenset({"请退款", "14", "EXCHANGE_CLOSE_TO_SALES_RETURN", "EXCHANGE_TRANSFORM_TO_REFUND"})
EXCHANGE_STATUS = {
    **_EXCHANGE_LABELS,
    **{number: _EXCHANGE_LABELS[label] for number, label in EXCHANGE_NUMBERS.items()},
    **_MIDDLEWARE_NAMES,
}

# What the attribute says of an item's interception (section 4.2); the seller himself confirmed the signature in the last.
INTERCEPT_NOT_APPLIED = "INTERCEPT_NOT_APPLY"
INTERCEPT_EFFECT = {
    "INTERCEPT_APPLY": Effect.ACCEPTED,
    "INTERCEPT_SUCCESS": Effect.EFFECTIVE,
    "INTERCEPT_FAILED": Effect.INEFFECTIVE,
    "INTERCEPT_SELLER_CONFIRM_SIGN": Effect.INEFFECTIVE,
}

# Invoices; the kinds are those of reference/invoices.md section 1.3.
INVOICE_KIND = {
    "0": InvoiceKind.TAXCTRL_E_ORDINARY,
    "1": InvoiceKind.TAXCTRL_PAPER_ORDINARY,
    "2": InvoiceKind.TAXCTRL_PAPER_SPECIAL,
    "3": InvoiceKind.TAXCTRL_E_SPECIAL,
    "4": InvoiceKind.DIGITAL_ORDINARY,
    "5": InvoiceKind.DIGITAL_SPECIAL,
}
INVOICE_COLOUR = {"blue": Colour.BLUE, "red": Colour.RED}
TITLE_TYPE = {"0": TitleType.PERSON, "1": TitleType.COMPANY}
APPLICATION_STATE = {"0": "refused", "1": "applied", "2": "accepted"}
ROW_TYPE = {"0": LineNature.NORMAL, "1": LineNature.DISCOUNT, "2": LineNature.DISCOUNTED}
RESULT_EFFECT = {
    "waiting": Effect.ACCEPTED,
    "create_success": Effect.EFFECTIVE,
    "create_failed": Effect.INEFFECTIVE,
}

TRACE_ACTION = {
    "CONSIGN": ParcelStatus.CREATED,
    "CREATE": ParcelStatus.CREATED,
    "GOT": ParcelStatus.PICKED_UP,
    "TMS_ACCEPT": ParcelStatus.PICKED_UP,
    "DEPARTURE": ParcelStatus.IN_TRANSIT,
    "ARRIVAL": ParcelStatus.IN_TRANSIT,
    "SENT_CITY": ParcelStatus.IN_TRANSIT,
    "TO_EMS": ParcelStatus.IN_TRANSIT,
    "SENT_SCAN": ParcelStatus.OUT_FOR_DELIVERY,
    "TMS_DELIVERING": ParcelStatus.OUT_FOR_DELIVERY,
    "STA_INBOUND": ParcelStatus.READY_FOR_PICKUP,
    "FAILED": ParcelStatus.DELIVERY_FAILED,
    "TMS_FAILED": ParcelStatus.DELIVERY_FAILED,
    "TMS_ERROR": ParcelStatus.EXCEPTION,
    "LOST": ParcelStatus.LOST,
    "SIGNED": ParcelStatus.DELIVERED,
    "TMS_SIGN": ParcelStatus.DELIVERED,
}
NOTE_ACTION = "OTHER"
HANDED_ON_ACTION = "TO_EMS"

# Their code, our code, the name they show, and the word that tells it. HTKY is Best here; the code of 极兔 is not known.
COMPANIES = (
    ("SF", "sf", "顺丰速运", "顺丰"),
    ("ZTO", "zto", "中通快递", "中通"),
    ("YTO", "yto", "圆通速递", "圆通"),
    ("STO", "sto", "申通快递", "申通"),
    ("YUNDA", "yunda", "韵达快递", "韵达"),
    ("LE04284890", "jd", "京东快递", "京东"),
    ("", "jt", "极兔速递", "极兔"),
    ("EMS", "ems", "EMS", "EMS"),
    ("POSTB", "post", "邮政快递包裹", "邮政"),
    ("DBKD", "deppon", "德邦快递", "德邦"),
    ("HTKY", "best", "百世快递", "百世"),
)
OTHER_COURIER = "other"
# Freight and foreign arms of the same houses are couriers of their own.
_FREIGHT_WORDS = ("快运", "冷链", "国际")


def courier_of(name: str) -> str:
    """Our courier code for the name that orders and applications show; ``other`` for one that is not ours."""
    shown = name.strip().upper()
    if not shown:
        return ""
    if any(freight in shown for freight in _FREIGHT_WORDS):
        return OTHER_COURIER
    return next((ours for _, ours, _, word in COMPANIES if word in shown), OTHER_COURIER)


def company_name(courier: str) -> str:
    """The name they show for our courier code; the code itself for one they do not know."""
    return next((name for _, ours, name, _ in COMPANIES if ours == courier), courier)


def usual_words(table: Mapping[str, T]) -> dict[T, str]:
    """A table turned round: our word to their usual one."""
    return {table[theirs]: theirs for theirs in reversed(list(table))}
