"""The marketplace's own applications (售后单) on an order: refund, return, exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class AfterSaleKind(StrEnum):
    """What the buyer asks for."""

    REFUND_ONLY = "refund_only"
    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    RESHIP = "reship"
    OTHER = "other"


class AfterSaleStatus(StrEnum):
    """Whose turn it is; the marketplace's own word is kept in ``raw_status``."""

    APPLIED = "applied"
    AWAITING_RETURN = "awaiting_return"
    RETURNING = "returning"
    TO_SEND = "to_send"
    SENT = "sent"
    REFUSED = "refused"
    CLOSED = "closed"
    DONE = "done"
    UNKNOWN = "unknown"


OPEN_AFTER_SALES = frozenset(set(AfterSaleStatus) - {AfterSaleStatus.CLOSED, AfterSaleStatus.DONE})


@dataclass(frozen=True, slots=True)
class AfterSale:
    """One application. ``version`` must be sent back unchanged in a write; ``deadline`` is when the platform acts by itself."""

    after_sale_id: str
    shop: str
    order_id: str
    kind: AfterSaleKind
    status: AfterSaleStatus
    raw_status: str
    created_at: datetime
    modified_at: datetime
    line_id: str = ""
    reason: str = ""
    description: str = ""
    title: str = ""
    quantity: int = 1
    amount: Decimal = Decimal("0.00")
    currency: str = "CNY"
    goods_back: bool = False
    phase: str = ""
    version: str = ""
    deadline: datetime | None = None
    return_courier: str = ""
    return_waybill: str = ""
