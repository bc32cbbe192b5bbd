"""The marketplace's trade and its lines, in our own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum


class OrderStatus(StrEnum):
    """Where the order stands; the marketplace's own word is kept beside it in ``raw_status``.

    - ``UNPAID``: made, and not paid
    - ``TO_SHIP``: paid, nothing is shipped
    - ``PART_SHIPPED``: some of it is
    - ``SHIPPED``: all of it is
    - ``SIGNED``: it has arrived, the trade is not closed yet
    - ``FINISHED``: the trade is done
    - ``CLOSED``: it came to nothing, or all was refunded
    - ``UNKNOWN``: a word that nobody mapped
    """

    UNPAID = "unpaid"
    TO_SHIP = "to_ship"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    SIGNED = "signed"
    FINISHED = "finished"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Flag(IntEnum):
    """The seller's coloured flag on an order (插旗); the numbers are Taobao's."""

    GRAY = 0
    RED = 1
    YELLOW = 2
    GREEN = 3
    BLUE = 4
    PURPLE = 5


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person and where he is: name, phone, province, city, district, town, and ``detail`` for street and number. As the
    marketplace shows him parts may be masked with ``*``; empty is what nobody told. Personal data: never in a message."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One item of an order. ``line_id`` is the marketplace's number, ``sku`` the shop's own, ``properties`` what was chosen
    (colour, size). ``price`` is of one, ``paid`` the line's share after all discounts, in yuan. ``courier`` (our code) and
    ``waybill`` are of the parcel that it went out in; ``after_sale_id`` is the application on it."""

    line_id: str
    title: str
    sku: str = ""
    properties: str = ""
    quantity: int = 1
    price: Decimal = Decimal("0.00")
    paid: Decimal = Decimal("0.00")
    raw_status: str = ""
    courier: str = ""
    waybill: str = ""
    shipped_at: datetime | None = None
    after_sale_id: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One trade of one shop. ``shop`` is the account's name. ``amount`` is what the buyer paid, ``freight`` included, in yuan;
    ``buyer`` his ID at the marketplace; ``remark`` the seller's memo. All times are aware; ``ship_by`` is until when it must be
    shipped."""

    order_id: str
    shop: str
    status: OrderStatus
    raw_status: str
    created_at: datetime
    modified_at: datetime
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    finished_at: datetime | None = None
    amount: Decimal = Decimal("0.00")
    freight: Decimal = Decimal("0.00")
    currency: str = "CNY"
    buyer: str = ""
    receiver: Receiver = field(default_factory=Receiver)
    buyer_message: str = ""
    remark: str = ""
    flag: Flag = Flag.GRAY
    lines: tuple[OrderLine, ...] = ()

    @property
    def waybills(self) -> tuple[tuple[str, str], ...]:
        """The order's parcels as (courier, waybill), each once, in the order of the lines."""
        return tuple(dict.fromkeys((line.courier, line.waybill) for line in self.lines if line.waybill))


@dataclass(frozen=True, slots=True)
class OrderRef:
    """An order that changed, known only by number and time of change; the rest is fetched one by one."""

    order_id: str
    modified_at: datetime
