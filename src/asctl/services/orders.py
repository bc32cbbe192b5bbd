"""Orders as the store knows them."""

from __future__ import annotations

from asctl.domain.errors import BadInput, NotFound
from asctl.domain.orders import Order
from asctl.services.desk import Desk
from asctl.store import orders as stored_orders
from asctl.text import _


def one_order(desk: Desk, order_id: str, shop: str = "") -> Order:
    """The stored order of that number.

    Raises :class:`NotFound` where there is none, :class:`BadInput` where two shops have it and none was named.
    """
    with desk.store.read() as tx:
        found = stored_orders.get_orders(tx, order_id, shop)
    if not found:
        raise NotFound(
            _("order {order} is not in the store").format(order=order_id),
            code="unknown_order",
            hint=_("check the number, or fetch what changed: asctl order sync"),
        )
    if len(found) > 1:
        raise BadInput(
            _("order {order} exists in several shops: {shops}").format(
                order=order_id, shops=", ".join(order.shop for order in found)
            ),
            code="ambiguous_order",
            hint=_("say which one, as: --shop {shop}").format(shop=found[0].shop),
        )
    return found[0]
