"""The sandbox's decisions on exchanges (reference/taobao-top.md section 5): a no stands in the result, not in the
error envelope."""

from __future__ import annotations

from asctl.api import AfterSaleStatus
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_gate import Asked, Declined
from asctl_taobao.sandbox_logistics import RETURN_ADDRESS_ID
from asctl_taobao.sandbox_shapes import Member, chosen, present, wrapped
from asctl_taobao.sandbox_states import changed, exchange_of

REASONS = {"201": "买家未寄回商品", "202": "商品无货无法换货"}


class Exchanges:
    """What the seller of one shop decides on exchanges."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def agree(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.agree``."""
        if asked.text("address_id") != str(RETURN_ADDRESS_ID):
            raise _declined("isv.sandbox-address-unknown", "退货地址不存在")
        return self._move(world, asked, AfterSaleStatus.APPLIED, AfterSaleStatus.AWAITING_RETURN)

    def take_back(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.returngoods.agree``."""
        return self._move(world, asked, AfterSaleStatus.RETURNING, AfterSaleStatus.TO_SEND)

    def refuse(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.refuse``."""
        _check_reason(asked)
        return self._move(world, asked, AfterSaleStatus.APPLIED, AfterSaleStatus.REFUSED)

    def refuse_goods(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.returngoods.refuse``."""
        _check_reason(asked)
        return self._move(world, asked, AfterSaleStatus.RETURNING, AfterSaleStatus.REFUSED)

    def reasons(self, world: SandboxWorld, asked: Asked) -> Member:
        """``tmall.exchange.refusereason.get``."""
        exchange_of(world, self._shop, asked.text("dispute_id"))
        rows = [
            chosen({"reason_id": int(number), "reason_text": words}, asked.names("fields"))
            for number, words in REASONS.items()
        ]
        return {"result": {"results": wrapped("reason", rows), "total_results": len(rows)}}

    def _move(self, world: SandboxWorld, asked: Asked, before: AfterSaleStatus, after: AfterSaleStatus) -> Member:
        sale = exchange_of(world, self._shop, asked.text("dispute_id"))
        if sale.status is not before:
            raise _declined("isv.sandbox-status-not-allowed", "当前换货状态不允许操作")
        moved = changed(world, sale, after)
        told = {"dispute_id": moved.after_sale_id, "biz_order_id": moved.line_id, "status": moved.raw_status}
        return {"result": {"success": True, "exchange": present({**told, "modified": moved.modified_at})}}


def _check_reason(asked: Asked) -> None:
    if asked.text("seller_refuse_reason_id") not in REASONS:
        raise _declined("isv.sandbox-reason-unknown", "拒绝原因不存在")


def _declined(code: str, words: str) -> Declined:
    return Declined({"result": {"success": False, "msg_code": code, "message": words}})
