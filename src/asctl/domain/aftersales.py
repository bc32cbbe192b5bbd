"""The marketplace's own applications (售后单) on an order: refund, return, exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class AfterSaleKind(StrEnum):
    """What the buyer asks for.

    - ``REFUND_ONLY``: money; the goods stay, or were never sent
    - ``RETURN``: goods back, money back
    - ``EXCHANGE``: goods back, others sent
    - ``REPAIR``: goods back, mended and sent again
    - ``RESHIP``: what was missing
    - ``OTHER``: what nobody mapped
    """

    REFUND_ONLY = "refund_only"
    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    RESHIP = "reship"
    OTHER = "other"


class AfterSaleStatus(StrEnum):
    """Whose turn it is; the marketplace's own word is kept in ``raw_status``.

    - ``APPLIED``: the shop's: agree or refuse
    - ``AWAITING_RETURN``: the buyer's: send the goods
    - ``RETURNING``: the goods are on their way back
    - ``TO_SEND``: the shop's: send goods anew
    - ``SENT``: it has done so
    - ``REFUSED``: the shop said no, and the buyer may answer
    - ``CLOSED``: withdrawn
    - ``DONE``: carried out
    - ``UNKNOWN``: a word that nobody mapped
    """

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
    """One application (售后单). ``version`` must be sent back unchanged in a write; ``deadline`` is when the platform acts by
    itself.

    ``amount`` is what is asked for, in yuan. ``line_id`` is the order's line that it is about, ``goods_back`` whether goods
    come back, ``phase`` the marketplace's word for before or after the trade was done. ``return_courier`` is our code. All
    times are aware.
    """

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
