"""The sandbox's logistics: tracks of an order's parcels, address book, couriers (reference/taobao-top.md section 6)."""

from __future__ import annotations

from asctl.api import ParcelKey, ParcelStatus, china_text
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_gate import Asked, service_error
from asctl_taobao.sandbox_shapes import Member, chosen, number, present, wrapped
from asctl_taobao.words import COMPANIES, NOTE_ACTION, TRACE_ACTION, company_name, usual_words

_ACTION = {
    **usual_words(TRACE_ACTION),
    ParcelStatus.REFUSED: "FAILED",
    ParcelStatus.DAMAGED: "TMS_ERROR",
}
_SIGNED_AT_ONCE = "对方已签收"
RETURN_ADDRESS_ID = 3000001
_ADDRESS = {
    "contact_id": RETURN_ADDRESS_ID,
    "contact_name": "示例仓",
    "province": "浙江省",
    "city": "杭州市",
    "country": "余杭区",
    "addr": "示例路9号",
    "zip_code": "000000",
    "mobile_phone": "13800000000",
    "area_id": 330110,
    "send_def": True,
    "get_def": True,
    "cancel_def": True,
    "modify_date": "2026-01-01 00:00:00",
}


class Logistics:
    """Parcels of one shop as TOP shows them; all of them count as sent offline."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def traces(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.logistics.trace.get``: every parcel of the order."""
        return present({"result": wrapped("transit_step_result", self._parcels(world, asked.text("tid")))})

    def trace(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.logistics.trace.search``: the one parcel of an order that was not split."""
        parcels = self._parcels(world, asked.text("tid"))
        if len(parcels) > 1 and not (asked.text("is_split") == "1" and asked.text("sub_tid")):
            raise service_error("isv.sandbox-split-order", "当前操作的订单是拆单订单，拆单标记和子订单列表都必须传递")
        return next(iter(parcels), {"tid": number(asked.text("tid"))})

    def addresses(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.logistics.address.search``: one address that serves every purpose."""
        return {"addresses": {"address_result": [_ADDRESS]}}

    def companies(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.logistics.companies.get``."""
        rows = [
            chosen(
                {"id": place, "code": code, "name": name, "reg_mail_no": "^[A-Za-z0-9-]{8,32}$"}, asked.names("fields")
            )
            for place, (code, _, name, _) in enumerate(COMPANIES, 100)
            if code
        ]
        return {"logistics_companies": {"logistics_company": rows}}

    def _parcels(self, world: SandboxWorld, order_id: str) -> list[Member]:
        order = world.orders.get(order_id)
        if order is None or order.shop != self._shop:
            raise service_error("isv.trade-not-exist", "交易订单不存在")
        return [_parcel(world, order_id, ParcelKey(*key)) for key in order.waybills]


def _parcel(world: SandboxWorld, order_id: str, key: ParcelKey) -> Member:
    parcel = world.parcels.get(key)
    steps = [
        {
            "status_time": china_text(event.at),
            "status_desc": event.text,
            "action": NOTE_ACTION if event.informational else _ACTION.get(event.status, NOTE_ACTION),
        }
        for event in (parcel.events(world.now()) if parcel else ())
    ]
    return present(
        {
            "tid": number(order_id),
            "out_sid": key.waybill,
            "company_name": company_name(key.courier),
            "status": _SIGNED_AT_ONCE,
            "trace_list": wrapped("transit_step_info", steps),
        }
    )
