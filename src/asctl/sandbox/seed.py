"""The shop that the world begins with: about forty orders, parcels in every state, after-sales of every kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle

from asctl.domain.aftersales import AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Order
from asctl.sandbox.builders import Builder, Wish
from asctl.sandbox.claims import claim
from asctl.sandbox.journeys import STORIES
from asctl.sandbox.marketplace import CLOSED_UNPAID, FINISHED, PARTLY_SENT, SENT, TO_SEND
from asctl.sandbox.people import RARE_NAMES
from asctl.sandbox.world import World

SHOP = "flagship"
_COURIERS = ("sf", "zto", "yto", "sf", "sto", "yunda", "jd", "jt", "ems", "deppon", "post", "best")
_OTHER_ORDERS = (
    *("WAIT_BUYER_PAY", "WAIT_BUYER_PAY", CLOSED_UNPAID, "TRADE_CLOSED"),
    *(TO_SEND,) * 5,
    *(PARTLY_SENT, "TRADE_BUYER_SIGNED"),
    *(FINISHED,) * 6,
)
_FINISHED_STORIES = frozenset({"delivered", "signed, then going back"})
_K, _S = AfterSaleKind, AfterSaleStatus
_CLAIMS = (
    (_K.REFUND_ONLY, _S.APPLIED),
    (_K.REFUND_ONLY, _S.REFUSED),
    (_K.REFUND_ONLY, _S.DONE),
    (_K.RETURN, _S.APPLIED),
    (_K.RETURN, _S.AWAITING_RETURN),
    (_K.RETURN, _S.RETURNING),
    (_K.RETURN, _S.DONE),
    (_K.RETURN, _S.CLOSED),
    (_K.EXCHANGE, _S.APPLIED),
    (_K.EXCHANGE, _S.AWAITING_RETURN),
    (_K.EXCHANGE, _S.RETURNING),
    (_K.EXCHANGE, _S.TO_SEND),
    (_K.EXCHANGE, _S.SENT),
    (_K.EXCHANGE, _S.DONE),
    (_K.REPAIR, _S.AWAITING_RETURN),
    (_K.RESHIP, _S.APPLIED),
    (_K.OTHER, _S.UNKNOWN),
)


def seed_shop(world: World, builder: Builder) -> None:
    """Fill ``world`` around its present time; the same seed at the same time gives the same shop."""
    now = world.now().replace(microsecond=0)
    for wish in _wishes():
        made = builder.order(wish, now)
        world.add_order(made.order, made.parcels)
    _claim_some(world, builder, now)


def _wishes() -> list[Wish]:
    """One order for each story, in two parcels for the first that moves, then the orders without one; some rare names."""
    couriers, names = cycle(_COURIERS), iter(RARE_NAMES)
    told = [
        Wish(
            shop=SHOP,
            word=FINISHED if name in _FINISHED_STORIES else SENT,
            courier=next(couriers),
            story=story,
            receiver_name=next(names, "") if index % 3 == 0 else "",
            parcels=2 if name == "moving" else 1,
        )
        for index, (name, story) in enumerate(STORIES.items())
    ]
    return told + [Wish(shop=SHOP, word=word, courier=next(couriers)) for word in _OTHER_ORDERS]


def _claim_some(world: World, builder: Builder, now: datetime) -> None:
    """After-sales on orders that went out, the youngest cases first; the first order carries two."""
    sent = [order for order in world.orders.values() if order.shipped_at is not None]
    targets: list[Order] = [sent[-1], *reversed(sent)]
    for hours, ((kind, status), target) in enumerate(zip(_CLAIMS, targets, strict=False)):
        at = now - timedelta(hours=hours, minutes=17)
        made = claim(builder, world.orders[target.order_id], kind, status, at, now)
        world.add_order(made.order, made.parcels)
        world.add_after_sale(made.after_sale)
