"""Pure functions from TOP's members to our records (reference/taobao-top.md sections 3.2, 4.2, 5.1, 6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleStatus,
    Event,
    Flag,
    Order,
    OrderLine,
    OrderRef,
    OrderStatus,
    ParcelStatus,
    Receiver,
)
from asctl.api import translate as _
from asctl_taobao.wire import Row, listed, moment, money, optional_moment, text, waybill
from asctl_taobao.words import (
    DISPUTE_TYPE,
    EXCHANGE_STATUS,
    HANDED_ON_ACTION,
    NOTE_ACTION,
    ORDER_STATUS,
    REFUND_STATUS,
    TRACE_ACTION,
    courier_of,
)


def order_ref(trade: Row) -> OrderRef:
    """A row of the increment list. Raises ``KeyError`` or ``ValueError`` for one without number or time."""
    return OrderRef(text(trade["tid"]), moment(trade["modified"]))


def order(trade: Row, shop: str) -> Order:
    """A trade of ``trade.fullinfo.get``; raises ``KeyError`` or ``ValueError`` where number or times are missing."""
    items = listed(trade.get("orders"))
    freight = money(trade.get("post_fee"))
    raw_status = text(trade.get("status"))
    return Order(
        order_id=text(trade["tid"]),
        shop=shop,
        status=ORDER_STATUS.get(raw_status, OrderStatus.UNKNOWN),
        raw_status=raw_status,
        created_at=moment(trade["created"]),
        modified_at=moment(trade["modified"]),
        paid_at=optional_moment(trade.get("pay_time")),
        ship_by=optional_moment(trade.get("delivery_time")),
        shipped_at=optional_moment(trade.get("consign_time")),
        finished_at=optional_moment(trade.get("end_time")),
        amount=money(trade.get("payment")),
        freight=freight,
        buyer=_buyer(trade),
        receiver=_receiver(trade),
        buyer_message=text(trade.get("buyer_message")),
        remark=text(trade.get("seller_memo")),
        flag=flag_of(trade) or Flag.GRAY,
        lines=tuple(_line(item, freight if len(items) == 1 else Decimal(0)) for item in items),
    )


def flag_of(trade: Row) -> Flag | None:
    """The flag, or ``None`` for a number above those that can be written (section 3.5)."""
    number = int(text(trade.get("seller_flag")) or 0)
    return Flag(number) if number in Flag.__members__.values() else None


def _buyer(trade: Row) -> str:
    """The nick; where it is masked or absent, the open id, by which a buyer can still be recognised."""
    nick = text(trade.get("buyer_nick"))
    return (text(trade.get("buyer_open_uid")) or nick) if not nick or "*" in nick else nick


def _receiver(trade: Row) -> Receiver:
    return Receiver(
        name=text(trade.get("receiver_name")),
        phone=text(trade.get("receiver_mobile")) or text(trade.get("receiver_phone")),
        province=text(trade.get("receiver_state")),
        city=text(trade.get("receiver_city")),
        district=text(trade.get("receiver_district")),
        town=text(trade.get("receiver_town")),
        detail=text(trade.get("receiver_address")),
    )


def _line(item: Row, freight_within: Decimal) -> OrderLine:
    """``freight_within`` is the freight that the item's ``payment`` includes (only where it is the order's single item)."""
    share = item.get("divide_order_fee")
    return OrderLine(
        line_id=text(item["oid"]),
        title=text(item.get("title")),
        sku=text(item.get("outer_sku_id")) or text(item.get("outer_iid")) or text(item.get("sku_id")),
        properties=text(item.get("sku_properties_name")),
        quantity=int(item.get("num", 1)),
        price=money(item.get("price")),
        paid=money(share) if text(share) else max(money(item.get("payment")) - freight_within, Decimal("0.00")),
        raw_status=text(item.get("status")),
        courier=courier_of(text(item.get("logistics_company"))),
        waybill=waybill(item.get("invoice_no")),
        shipped_at=optional_moment(item.get("consign_time")),
        after_sale_id=text(item.get("refund_id")),
    )


def refund(row: Row, shop: str) -> AfterSale:
    """A refund of ``refunds.receive.get`` or ``refund.get``; only the latter tells the deadline."""
    goods_back = row.get("has_good_return") is True
    raw_status = text(row.get("status"))
    reminder = row.get("refund_remind_timeout") or {}
    return AfterSale(
        after_sale_id=text(row["refund_id"]),
        shop=shop,
        order_id=text(row["tid"]),
        kind=_kind(text(row.get("dispute_type")), goods_back),
        status=REFUND_STATUS.get(raw_status, AfterSaleStatus.UNKNOWN),
        raw_status=raw_status,
        created_at=moment(row["created"]),
        modified_at=moment(row["modified"]),
        line_id=text(row.get("oid")),
        reason=text(row.get("reason")),
        description=text(row.get("desc")),
        title=text(row.get("title")),
        quantity=int(row.get("num", 1)),
        amount=money(row.get("refund_fee")),
        goods_back=goods_back,
        phase=text(row.get("refund_phase")),
        version=text(row.get("refund_version")),
        deadline=optional_moment(reminder.get("timeout")) if reminder.get("exist_timeout") else None,
        return_courier=courier_of(text(row.get("company_name"))),
        return_waybill=waybill(row.get("sid")),
    )


def _kind(dispute_type: str, goods_back: bool) -> AfterSaleKind:
    if dispute_type:
        return DISPUTE_TYPE.get(dispute_type, AfterSaleKind.OTHER)
    return AfterSaleKind.RETURN if goods_back else AfterSaleKind.REFUND_ONLY


def exchange(row: Row, shop: str) -> AfterSale:
    """An exchange: ``alipay_no`` holds the order, ``biz_order_id`` its line. No money goes back, so the amount is zero."""
    line_id = text(row.get("biz_order_id"))
    raw_status = text(row.get("status"))
    return AfterSale(
        after_sale_id=text(row["dispute_id"]),
        shop=shop,
        order_id=text(row.get("alipay_no")) or line_id,
        kind=AfterSaleKind.EXCHANGE,
        status=EXCHANGE_STATUS.get(raw_status, AfterSaleStatus.UNKNOWN),
        raw_status=raw_status,
        created_at=moment(row["created"]),
        modified_at=moment(row["modified"]),
        line_id=line_id,
        reason=text(row.get("reason")),
        description=text(row.get("desc")),
        title=text(row.get("title")),
        quantity=int(row.get("num", 1)),
        goods_back=True,
        phase=text(row.get("refund_phase")),
        version=text(row.get("refund_version")),
        deadline=optional_moment(row.get("time_out")),
        return_courier=courier_of(text(row.get("buyer_logistic_name"))),
        return_waybill=waybill(row.get("buyer_logistic_no")),
    )


def events(parcels: Iterable[Row], wanted: str, account: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The dated steps of the parcel ``wanted``, and what was set aside.

    The parcel's own ``status`` text is not looked at: for parcels sent offline it turns to "signed" at once.
    """
    found: list[Event] = []
    problems: list[str] = []
    for parcel in parcels:
        if waybill(parcel.get("out_sid")) != wanted:
            continue
        for step in listed(parcel.get("trace_list")):
            at = optional_moment(step.get("status_time")) if isinstance(step, dict) else None
            if at is None:
                problems.append(_("a step without a time was set aside"))
            else:
                found.append(_event(step, at, account))
    return tuple(found), tuple(problems)


def _event(step: Row, at: datetime, account: str) -> Event:
    action = text(step.get("action"))
    return Event(
        at=at,
        status=TRACE_ACTION.get(action, ParcelStatus.UNKNOWN),
        text=text(step.get("status_desc")),
        raw_code=action,
        flags=("transferred",) if action == HANDED_ON_ACTION else (),
        informational=action == NOTE_ACTION,
        source=account,
    )
