"""Interceptions of the one world as an application's attribute tells them (reference/taobao-top.md section 4.2)."""

from __future__ import annotations

import json

from asctl.api import AfterSale, Effect
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.attributes import write_attributes
from asctl_taobao.words import INTERCEPT_EFFECT, usual_words

PLUGIN = "taobao"
_WORD = {**usual_words(INTERCEPT_EFFECT), Effect.CANCELLED: "INTERCEPT_FAILED"}


def interception_attribute(world: SandboxWorld, sale: AfterSale) -> str:
    """One entry per item of the order whose parcel was asked for through this application; the last request counts."""
    effects = {
        (request.courier, request.waybill): world.interception_effect(request)
        for request in world.interceptions
        if request.plugin == PLUGIN and request.key == sale.after_sale_id
    }
    order = world.orders.get(sale.order_id)
    items = [
        {
            "subBizOrderId": line.line_id,
            "logisticInterceptEnum": _WORD[effects[line.courier, line.waybill]],
            "autoInterceptAgree": 0,
        }
        for line in (order.lines if order else ())
        if (line.courier, line.waybill) in effects
    ]
    told = json.dumps(items, separators=(",", ":"))
    return write_attributes({"interceptItemListResult": told} if items else {})
