"""Their shapes: what is sent, the envelope of every answer, members that may be of another type than promised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

TRACK = "zto.merchant.waybill.track.query"
CREATE = "thirdcenter.createIntercept"
CANCEL = "thirdcenter.cancelIntercept"
STATUS = "thirdcenter.queryInterceptAndReturnStatus"

TO_OUTLET, TO_SENDER, TO_NEW_ADDRESS = 1, 2, 3
"""``destinationType`` of an interception (section 6.1)."""

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

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
    success = status if isinstance(status, bool) else _BOOLEANS.get(readable(status).lower())
    if success is None:
        raise ValueError("no status")
    payload = told.get("result")
    if payload is None:
        payload = told.get("data")
    return Reply(
        success=success,
        code=_inner_code(payload) or readable(told.get("statusCode")),
        message=readable(told.get("message")),
        payload=payload,
    )


def readable(value: object) -> str:
    """A member that should be text: trimmed; whole numbers become digits, anything else is empty."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _inner_code(payload: object) -> str:
    if not isinstance(payload, dict):
        return ""
    code = readable(payload.get("statusCode")) or readable(payload.get("code"))
    return code if code.startswith("E23") else ""
