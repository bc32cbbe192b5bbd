"""Their shapes: what is sent, and the envelope of every answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asctl.api import as_text

TRACK = "zto.merchant.waybill.track.query"
CREATE = "thirdcenter.createIntercept"
CANCEL = "thirdcenter.cancelIntercept"
STATUS = "thirdcenter.queryInterceptAndReturnStatus"
ORDER = "zto.open.createOrder"
ORDER_INFO = "zto.open.getOrderInfo"
CANCEL_ORDER = "zto.open.cancelPreOrder"

TO_OUTLET, TO_SENDER, TO_NEW_ADDRESS = 1, 2, 3
"""``destinationType`` of an interception (section 6.1)."""

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Reply:
    """The envelope (section 3). ``payload`` stands under ``result`` or ``data``."""

    success: bool
    code: str
    message: str
    payload: object


def read_reply(told: Mapping[str, object]) -> Reply:
    """Read the envelope; ``ValueError`` where ``status``, which alone decides, is neither true nor false.

    A refusal of section 6.4 may name its code inside the payload; it is the more exact one.
    """
    status = told.get("status")
    success = status if isinstance(status, bool) else _BOOLEANS.get(as_text(status).lower())
    if success is None:
        raise ValueError("no status")
    payload = told.get("result")
    if payload is None:
        payload = told.get("data")
    return Reply(
        success=success,
        code=_inner_code(payload) or as_text(told.get("statusCode")),
        message=as_text(told.get("message")),
        payload=payload,
    )


def _inner_code(payload: object) -> str:
    if not isinstance(payload, dict):
        return ""
    code = as_text(payload.get("statusCode")) or as_text(payload.get("code"))
    return code if code.startswith("E23") else ""
