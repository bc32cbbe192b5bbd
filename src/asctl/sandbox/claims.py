"""Makes believable after-sales on orders of the world, with the parcel that comes back where one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from asctl.api.sandbox import SandboxParcel
from asctl.domain.aftersales import OPEN_AFTER_SALES, AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.money import yuan
from asctl.domain.orders import Order, OrderLine, OrderStatus
from asctl.sandbox.builders import WAREHOUSE, Builder
from asctl.sandbox.journeys import STORIES
from asctl.sandbox.marketplace import after_sale_word

_GOODS_BACK = frozenset({AfterSaleKind.RETURN, AfterSaleKind.EXCHANGE, AfterSaleKind.REPAIR})
_MONEY_BACK = frozenset({AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN})
_REASONS: Mapping[AfterSaleKind, tuple[tuple[str, str], ...]] = {
    AfterSaleKind.REFUND_ONLY: (("不想要了", "买重复了"), ("快递一直未送达", "物流三天没动了")),
    AfterSaleKind.RETURN: (("商品破损", "杯盖裂开，见图"), ("与描述不符", "颜色和图片差很多"), ("七天无理由", "")),
    AfterSaleKind.EXCHANGE: (("尺码不合适", "想换大一码"), ("发错货", "收到的是另一个颜色")),
    AfterSaleKind.REPAIR: (("功能故障", "左耳没有声音"),),
    AfterSaleKind.RESHIP: (("少件", "少了一双筷子"),),
    AfterSaleKind.OTHER: (("其他", "赠品没有收到"),),
}
_GIVEN_BACK = frozenset(
    {AfterSaleStatus.RETURNING, AfterSaleStatus.TO_SEND, AfterSaleStatus.SENT, AfterSaleStatus.DONE}
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An after-sale, its order as changed by it, and the parcel on its way back."""

    after_sale: AfterSale
    order: Order
    parcels: tuple[SandboxParcel, ...]


def claim(
    builder: Builder, order: Order, kind: AfterSaleKind, status: AfterSaleStatus, at: datetime, now: datetime
) -> Claim:
    """An after-sale that came to ``status`` at ``at``, on the first line of ``order`` without one (else on the first)."""
    line = next((line for line in order.lines if not line.after_sale_id), order.lines[0])
    reason, description = builder.rng.choice(_REASONS[kind])
    sent_back = kind in _GOODS_BACK and status in _GIVEN_BACK
    parcels = (_return_parcel(builder, order, status, now),) if sent_back else ()
    after_sale = AfterSale(
        after_sale_id=builder.case_number("8" if kind is AfterSaleKind.EXCHANGE else "7"),
        shop=order.shop,
        order_id=order.order_id,
        kind=kind,
        status=status,
        raw_status=after_sale_word(kind, status),
        created_at=at if status is AfterSaleStatus.APPLIED else _opened(order, at),
        modified_at=at,
        line_id=line.line_id,
        reason=reason,
        description=description,
        title=line.title,
        quantity=line.quantity,
        amount=line.paid if kind in _MONEY_BACK else yuan(0),
        goods_back=kind in _GOODS_BACK,
        phase="aftersale" if order.status is OrderStatus.FINISHED else "onsale",
        version=str(int(at.timestamp() * 1000)),
        deadline=at + timedelta(days=3) if status in OPEN_AFTER_SALES else None,
        return_courier=parcels[0].courier if parcels else "",
        return_waybill=parcels[0].waybill if parcels else "",
    )
    return Claim(after_sale, _with_claim(order, line, after_sale), parcels)


def _return_parcel(builder: Builder, order: Order, status: AfterSaleStatus, now: datetime) -> SandboxParcel:
    """What the buyer sent: under way while the seller waits for it, arrived after that."""
    parcel = builder.parcel(builder.rng.choice(("sf", "zto", "yto")), order.receiver, WAREHOUSE)
    story = STORIES["moving" if status is AfterSaleStatus.RETURNING else "delivered"]
    parcel.script = builder.journey(story, now, order.receiver, WAREHOUSE)
    return parcel


def _opened(order: Order, at: datetime) -> datetime:
    """When an application that has come further by ``at`` was made: half way from the order's dispatch."""
    since = order.shipped_at or order.created_at
    return (since + (at - since) / 2).replace(microsecond=0)


def _with_claim(order: Order, claimed: OrderLine, after_sale: AfterSale) -> Order:
    marked = replace(claimed, after_sale_id=after_sale.after_sale_id)
    return replace(
        order,
        lines=tuple(marked if line is claimed else line for line in order.lines),
        modified_at=max(order.modified_at, after_sale.modified_at),
    )
