"""Applications to agree to, and how the tests agree to them."""

from __future__ import annotations

from typing import Any

from asctl.api import AfterSale, AfterSaleKind, AfterSaleOutcome, AfterSaleStatus
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import DirectHttp, an_after_sale

REVIEW, PAY = "taobao.rp.refund.review", "taobao.rp.refunds.agree"
RETURN, ADDRESS = "taobao.rp.returngoods.agree", "taobao.logistics.address.search"
APPLIED: dict[str, Any] = {"status": AfterSaleStatus.APPLIED, "raw_status": "WAIT_SELLER_AGREE"}


def refund_only(number: int = 1, **changed: Any) -> AfterSale:
    """An application for money only, newly made."""
    told = {"kind": AfterSaleKind.REFUND_ONLY, "goods_back": False, "return_courier": "", "return_waybill": ""}
    return an_after_sale(number, **{**told, **APPLIED, **changed})


def a_return(number: int = 2, **changed: Any) -> AfterSale:
    """An application for a return, newly made."""
    return an_after_sale(number, **{**APPLIED, **changed})


def one(shop: Taobao, sale: AfterSale, code: str = "") -> AfterSaleOutcome:
    """What came of agreeing to one application."""
    (outcome,) = shop.agree_after_sales((sale,), code)
    assert outcome.after_sale_id == sale.after_sale_id
    return outcome


def writes(http: DirectHttp) -> list[str]:
    """The writes that were sent, in order."""
    return [request.operation for request in http.sent if request.write]
