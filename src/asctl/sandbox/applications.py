"""Customers' applications for invoices: those that the seeded shop begins with, and those that somebody puts into the world."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from asctl.api.bureau import SandboxApplication
from asctl.domain.invoices import Buyer, InvoiceKind, TitleType
from asctl.domain.orders import Order, OrderStatus
from asctl.sandbox.world import World

PAID = "buyer_payed"
TRIGGERS = (
    *(PAID, "sent_goods", "buyer_confirm", "refund_seller_confirm"),
    *("invoice_supply", "invoice_change", "change_paper", "buyer_cancel"),
)
"""The marketplace's words for the occasion (reference/invoices.md section 7)."""
_BUYERS = (
    Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid"),
    Buyer("苏小满", email="suxiaoman@example.invalid"),
    Buyer("演示二号购方有限公司", TitleType.COMPANY, "91990000MA0BUYER2X", email="buyer2@example.invalid"),
)


def apply(
    world: World,
    order: Order,
    buyer: Buyer,
    kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY,
    trigger: str = PAID,
    amount: Decimal | None = None,
) -> SandboxApplication:
    """Put an application into the world, now, for what the order cost unless ``amount`` says otherwise."""
    with world.lock:
        made = SandboxApplication(
            application=str(7 * 10**12 + len(world.applications) + 1),
            shop=order.shop,
            order_id=order.order_id,
            trigger=trigger,
            kind=kind,
            buyer=buyer,
            amount=order.amount if amount is None else amount,
            at=world.now().replace(microsecond=0),
        )
        world.applications.append(made)
    return made


def seed_applications(world: World) -> None:
    """Companies and a person who applied in the last hours, on orders that were paid and stand."""
    paid = [order for order in world.orders.values() if order.paid_at and order.status is not OrderStatus.CLOSED]
    for hours, (order, buyer) in enumerate(zip(paid, _BUYERS, strict=False), start=1):
        apply(world, order, buyer).at -= timedelta(hours=hours)
