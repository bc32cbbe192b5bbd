"""Their words made ours: pure functions. All of our statuses: asctl help api OrderStatus"""

from datetime import datetime
from typing import Any

from asctl.api import Order, OrderLine, OrderStatus, Receiver, Unreadable, as_text, china_time, yuan

STATUSES = {
    "NEW": OrderStatus.UNPAID,
    "PAID": OrderStatus.TO_SHIP,
    "PARTLY_SENT": OrderStatus.PART_SHIPPED,
    "SENT": OrderStatus.SHIPPED,
    "RECEIVED": OrderStatus.SIGNED,
    "COMPLETED": OrderStatus.FINISHED,
    "CLOSED": OrderStatus.CLOSED,
}


def read_row(row: Any, shop: str) -> Order | Unreadable:
    """A row of a page. One that is odd is told by its number, and holds up no other."""
    try:
        return read_order(row, shop)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        number = as_text(row.get("number")) if isinstance(row, dict) else ""
        return Unreadable(number, "Pigeon tells it in another shape")


def read_order(row: dict[str, Any], shop: str) -> Order:
    """Their order as ours. Times without a zone are China's; amounts are Decimal, in yuan."""
    return Order(
        order_id=as_text(row["number"]),
        shop=shop,
        status=STATUSES.get(as_text(row["state"]), OrderStatus.UNKNOWN),
        raw_status=as_text(row["state"]),
        created_at=china_time(row["created_at"]),
        modified_at=china_time(row["changed_at"]),
        paid_at=_read_moment(row.get("paid_at")),
        shipped_at=_read_moment(row.get("shipped_at")),
        amount=yuan(row["amount"]),
        receiver=Receiver(**{name: as_text(text) for name, text in row["receiver"].items()}),
        remark=as_text(row.get("remark")),
        lines=tuple(_read_line(line) for line in row["lines"]),
    )


def _read_line(row: dict[str, Any]) -> OrderLine:
    """Their line as ours. The courier is one of our codes, such as sf or zto: map theirs here."""
    return OrderLine(
        line_id=as_text(row["line_id"]),
        title=as_text(row["title"]),
        sku=as_text(row.get("sku")),
        quantity=int(row["quantity"]),
        paid=yuan(row["paid"]),
        courier=as_text(row.get("courier")),
        waybill=as_text(row.get("waybill")),
    )


def _read_moment(text: Any) -> datetime | None:
    """Nothing where it has not come to that."""
    return china_time(text) if text else None
