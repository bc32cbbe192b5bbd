"""The sandbox's decisions on refunds and returns (reference/taobao-top.md sections 4.4, 4.5, 4.7)."""

from __future__ import annotations

from decimal import Decimal

from asctl.api import AfterSale, AfterSaleKind, AfterSaleStatus, from_fen
from asctl.api.sandbox import SandboxWorld
from asctl_taobao import proofs
from asctl_taobao.sandbox_gate import Asked, Declined, TopError, invalid, service_error
from asctl_taobao.sandbox_logistics import RETURN_ADDRESS_ID
from asctl_taobao.sandbox_shapes import Member, chosen, present, wrapped
from asctl_taobao.sandbox_states import (
    OVER,
    STALE,
    WRONG_STATUS,
    changed,
    check_status,
    check_version,
    refund_of,
    version_of,
)

MOST_REFUNDS = 20
MOST_YUAN = Decimal(6000)
"""Taobao's limits of one call, the stricter ones, so that a client for either kind of shop is held to them."""
CODE_ABOVE = Decimal(2000)
"""A sum above this sends the seller a code by text message."""
CODE = "246810"
"""The code that the sandbox sends."""
REASONS = {"101": "买家未退回商品", "102": "商品已影响二次销售", "103": "与买家协商一致不退款"}


class Decisions:
    """What the seller of one shop decides on refunds and returns."""

    def __init__(self, shop: str) -> None:
        self._shop = shop
        self._approved: set[tuple[str, str]] = set()

    def review(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.rp.refund.review``. An approval that stands already is not written again."""
        sale = refund_of(world, self._shop, asked.text("refund_id"))
        if sale.status in OVER:
            raise service_error("isv.sandbox-review-not-needed", "退款单已完结，无需审核")
        if not _payable(sale):
            raise service_error("isv.sandbox-review-not-allowed", "当前退款状态不允许审核")
        check_version(sale, asked)
        approval = (sale.after_sale_id, asked.text("refund_version"))
        if approval in self._approved:
            raise Declined({"is_success": True})
        self._approved.add(approval)
        return {"is_success": True}

    def pay(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.rp.refunds.agree``: one row per refund, after a code by text message where the sum is large."""
        infos = [_info(entry) for entry in asked.names("refund_infos")]
        total = sum((from_fen(fen) for _number, fen, _version in infos), Decimal(0))
        if len(infos) > MOST_REFUNDS or total > MOST_YUAN:
            raise service_error("isv.sandbox-batch-too-large", "单次操作退款笔数或金额超限")
        if total > CODE_ABOVE and asked.text("code") != CODE:
            raise _code_wanted(asked.text("code"))
        problems = [self._paid(world, *info) for info in infos]
        rows = [
            {"refund_id": number, "succ": not problem, "message": problem or "操作成功"}
            for (number, _fen, _version), problem in zip(infos, problems, strict=True)
        ]
        results = {"results": wrapped("refund_mapping_result", rows)}
        if all(problems):
            raise Declined({"succ": False, "msg_code": "OP_FAILURE_UE", "message": "操作失败", **results})
        word = "SOME_OP_SUCC" if any(problems) else "OP_SUCC"
        return {"succ": True, "msg_code": word, "message": "操作成功", **results}

    def agree_return(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.rp.returngoods.agree``."""
        sale = refund_of(world, self._shop, asked.text("refund_id"))
        check_version(sale, asked)
        check_status(sale.goods_back and sale.status is AfterSaleStatus.APPLIED)
        if asked.text("seller_address_id") != str(RETURN_ADDRESS_ID):
            raise service_error("isv.sandbox-address-unknown", "退货地址不存在")
        changed(world, sale, AfterSaleStatus.AWAITING_RETURN)
        return {"is_success": True}

    def refuse(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.refund.refuse`` with its proof."""
        sale = refund_of(world, self._shop, asked.text("refund_id"))
        if not 2 <= len(asked.text("refuse_message")) <= 200:
            raise invalid("refuse_message")
        _check_proof(asked.files.get("refuse_proof", b""))
        check_version(sale, asked)
        check_status(sale.status in (AfterSaleStatus.APPLIED, AfterSaleStatus.RETURNING))
        if asked.text("refuse_reason_id") not in REASONS:
            raise service_error("isv.sandbox-reason-unknown", "拒绝原因不存在")
        refused = changed(world, sale, AfterSaleStatus.REFUSED)
        told = {"refund_id": refused.after_sale_id, "status": refused.raw_status, "modified": refused.modified_at}
        return {"is_success": True, "refund": present(told)}

    def reasons(self, world: SandboxWorld, asked: Asked) -> Member:
        """``taobao.refund.refusereason.get``."""
        refund_of(world, self._shop, asked.text("refund_id"))
        rows = [
            chosen({"reason_id": int(number), "reason_text": words}, asked.names("fields"))
            for number, words in REASONS.items()
        ]
        return {"reasons": wrapped("reason", rows), "total_results": len(rows), "has_next": False}

    def _paid(self, world: SandboxWorld, number: str, fen: str, version: str) -> str:
        """Pay one refund; what speaks against it, empty when it is paid."""
        try:
            sale = refund_of(world, self._shop, number)
        except TopError:
            return "退款不存在"
        if version != str(version_of(sale)):
            return STALE
        if not _payable(sale):
            return WRONG_STATUS
        if from_fen(fen) > sale.amount:
            return "退款金额超出可退金额"
        changed(world, sale, AfterSaleStatus.DONE)
        return ""


def _info(entry: str) -> tuple[str, str, str]:
    """Number, fen and version of an entry; the phase, which Tmall wants, must be there."""
    parts = entry.split("|")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[:3]):
        raise invalid("refund_infos")
    return parts[0], parts[1], parts[2]


def _payable(sale: AfterSale) -> bool:
    """Money may go back: nothing comes back to the shop, or it is on its way."""
    if sale.kind is AfterSaleKind.REFUND_ONLY:
        return sale.status is AfterSaleStatus.APPLIED
    return sale.goods_back and sale.status is AfterSaleStatus.RETURNING


def _code_wanted(code: str) -> Declined:
    if code:
        return Declined({"succ": False, "msg_code": "OP_FAILURE_UE", "message": "验证码错误"})
    return Declined({"succ": False, "msg_code": "SEND_CODE_SUCC", "message": "发送二次验证短信成功"})


def _check_proof(picture: bytes) -> None:
    if not picture:
        raise TopError(40, "Missing required arguments:refuse_proof")
    if len(picture) > proofs.MOST_BYTES or proofs.kind_of(picture) is None:
        raise TopError(3, "Upload Fail")
