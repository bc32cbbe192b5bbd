"""Parcels that the sandbox's marketplace has stopped for a refund (reference/taobao-top.md section 6.4)."""

from __future__ import annotations

from asctl.api import ParcelKey
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_attribute import PLUGIN
from asctl_taobao.sandbox_gate import Asked, service_error
from asctl_taobao.sandbox_shapes import Member
from asctl_taobao.sandbox_states import OVER, changed, check_status, check_version, refund_of


class Interceptions:
    """Parcels of one shop's refunds that the marketplace has stopped (section 6.4)."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def intercept(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.rp.refund.intercept``: all parcels of the order, or none. The application gets a new version."""
        sale = refund_of(world, self._shop, asked.text("refund_id"))
        check_version(sale, asked)
        check_status(sale.status not in OVER)
        order = world.orders.get(sale.order_id)
        parcels = [ParcelKey(*parcel) for parcel in (order.waybills if order else ())]
        if not parcels:
            raise service_error("isv.sandbox-nothing-shipped", "订单未发货，不支持拦截")
        for parcel in parcels:
            if reason := world.objection(PLUGIN, parcel, "sender"):
                raise service_error(f"isv.sandbox-intercept-{reason.value.lower()}", "包裹当前状态不支持拦截")
        for parcel in parcels:
            world.intercept(PLUGIN, parcel, "sender", sale.after_sale_id)
        changed(world, sale, sale.status)
        return {}
