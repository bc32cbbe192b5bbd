"""Theirs to ours. Pure functions over rows; the tables are read backwards by the sandbox.

A word that nobody mapped becomes ``UNKNOWN`` and is kept beside: it must neither stop anybody nor be taken for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleStatus,
    Event,
    Flag,
    FormState,
    InvoiceState,
    Order,
    OrderLine,
    OrderStatus,
    ParcelStatus,
)
from asctl.api import translate as _
from asctl_demo.wire import OddShape, Row, read_receiver

Scan = tuple[ParcelStatus, tuple[str, ...]]

ORDER_STATES: Mapping[str, OrderStatus] = {
    "waiting_for_payment": OrderStatus.UNPAID,
    "paid": OrderStatus.TO_SHIP,
    "partly_sent": OrderStatus.PART_SHIPPED,
    "sent": OrderStatus.SHIPPED,
    "received": OrderStatus.SIGNED,
    "completed": OrderStatus.FINISHED,
    "closed": OrderStatus.CLOSED,
}
AFTER_SALE_STATES: Mapping[str, AfterSaleStatus] = {
    "asked": AfterSaleStatus.APPLIED,
    "send_it_back": AfterSaleStatus.AWAITING_RETURN,
    "coming_back": AfterSaleStatus.RETURNING,
    "to_send": AfterSaleStatus.TO_SEND,
    "sent": AfterSaleStatus.SENT,
    "turned_down": AfterSaleStatus.REFUSED,
    "withdrawn": AfterSaleStatus.CLOSED,
    "settled": AfterSaleStatus.DONE,
}
SCANS: Mapping[str, Scan] = {
    "ordered": (ParcelStatus.CREATED, ()),
    "not_fetched": (ParcelStatus.PICKUP_FAILED, ()),
    "fetched": (ParcelStatus.PICKED_UP, ()),
    "moving": (ParcelStatus.IN_TRANSIT, ()),
    # What the parcel's scans tell of an interception or redirection is marked: the core learns its effect from them.
    "redirected": (ParcelStatus.IN_TRANSIT, ("redirected",)),
    "customs": (ParcelStatus.CUSTOMS, ()),
    "on_the_round": (ParcelStatus.OUT_FOR_DELIVERY, ()),
    "at_the_shop": (ParcelStatus.READY_FOR_PICKUP, ()),
    "nobody_home": (ParcelStatus.DELIVERY_FAILED, ()),
    "delayed": (ParcelStatus.DELAYED, ()),
    "not_taken": (ParcelStatus.REFUSED, ()),
    "trouble": (ParcelStatus.EXCEPTION, ()),
    "damaged": (ParcelStatus.DAMAGED, ()),
    "lost": (ParcelStatus.LOST, ()),
    "going_back": (ParcelStatus.RETURNING, ()),
    "intercepted": (ParcelStatus.RETURNING, ("intercepted",)),
    "back": (ParcelStatus.RETURNED, ()),
    "delivered": (ParcelStatus.DELIVERED, ()),
    "called_off": (ParcelStatus.CANCELLED, ()),
}
INVOICE_STATES: Mapping[str, InvoiceState] = {
    "issuing": InvoiceState.ISSUING,
    "sealing": InvoiceState.ISSUING,
    "issued": InvoiceState.ISSUED,
    "seal_failed": InvoiceState.SEAL_FAILED,
    "failed": InvoiceState.FAILED,
}
# The tax bureau's own codes, which the core knows: 07 is a form that lapsed.
FORM_STATES: Mapping[str, FormState] = {
    "15": FormState.APPLYING,
    "16": FormState.APPLY_FAILED,
    "01": FormState.NOT_NEEDED,
    "02": FormState.WAIT_BUYER,
    "03": FormState.WAIT_SELLER,
    "04": FormState.CONFIRMED,
    **dict.fromkeys(("05", "06", "07", "08", "09", "10", "11", "12", "13"), FormState.VOID),
}


def read_order(row: Row, shop: str) -> Order:
    """An order; ``shop`` is our name of the account. Raises :class:`OddShape`."""
    state = row.needed("state")
    return Order(
        order_id=row.needed("id"),
        shop=shop,
        status=ORDER_STATES.get(state, OrderStatus.UNKNOWN),
        raw_status=state,
        created_at=row.moment("created_at"),
        modified_at=row.moment("changed_at"),
        paid_at=row.moment_or_none("paid_at"),
        ship_by=row.moment_or_none("ship_by"),
        shipped_at=row.moment_or_none("sent_at"),
        finished_at=row.moment_or_none("completed_at"),
        amount=row.amount("amount"),
        freight=row.amount("freight"),
        buyer=row.text("buyer"),
        receiver=read_receiver(row.row("receiver")),
        buyer_message=row.text("message"),
        remark=row.text("remark"),
        flag=read_flag(row),
        lines=tuple(_read_line(line) for line in row.rows("lines")),
    )


def read_flag(row: Row) -> Flag:
    """The flag of an order, a number. One that nobody knows is odd: written back as another it would be lost."""
    try:
        return Flag(row.whole("flag"))
    except ValueError:
        raise OddShape("flag") from None


def read_after_sale(row: Row, shop: str) -> AfterSale:
    """An application. Raises :class:`OddShape`."""
    state = row.needed("state")
    return AfterSale(
        after_sale_id=row.needed("id"),
        shop=shop,
        order_id=row.needed("order"),
        kind=row.word("kind", AfterSaleKind),
        status=AFTER_SALE_STATES.get(state, AfterSaleStatus.UNKNOWN),
        raw_status=state,
        created_at=row.moment("created_at"),
        modified_at=row.moment("changed_at"),
        line_id=row.text("line"),
        reason=row.text("reason"),
        description=row.text("description"),
        title=row.text("title"),
        quantity=row.whole("quantity"),
        amount=row.amount("amount"),
        goods_back=row.members.get("goods_back") is True,
        version=row.needed("version"),
        deadline=row.moment_or_none("answer_by"),
        return_courier=row.text("courier"),
        return_waybill=row.text("waybill"),
    )


def read_scans(scans: Iterable[object], source: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Scans as events in the order told, and what was odd about those set aside: an odd scan loses only itself. ``source`` is
    the account that told us."""
    events, problems = [], []
    for number, scan in enumerate(scans, 1):
        try:
            events.append(_read_scan(Row.of(scan), source))
        except OddShape:
            problems.append(_("scan {number} was set aside: it is not in the documented shape").format(number=number))
    return tuple(events), tuple(problems)


def _read_line(row: Row) -> OrderLine:
    return OrderLine(
        line_id=row.needed("id"),
        title=row.text("title"),
        sku=row.text("sku"),
        properties=row.text("properties"),
        quantity=row.whole("quantity"),
        price=row.amount("price"),
        paid=row.amount("paid"),
        courier=row.text("courier"),
        waybill=row.text("waybill"),
        shipped_at=row.moment_or_none("sent_at"),
        after_sale_id=row.text("after_sale"),
    )


def _read_scan(row: Row, source: str) -> Event:
    code = row.needed("code")
    status, flags = SCANS.get(code, (ParcelStatus.UNKNOWN, ()))
    return Event(
        at=row.moment("at"),
        status=status,
        text=row.text("text") or code,
        raw_code=code,
        location=row.text("place"),
        flags=flags,
        source=source,
    )
