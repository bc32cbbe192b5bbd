"""Order-state pushes (section 5.3): how far a pickup is, and its waybill. JSON always, and unsigned as the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from asctl.api import Effect, Push, PushReply, as_text, callback_time, compact_json, json_object
from asctl_sf import COURIER

_MEMBER = "orderState"
STATES: Mapping[str, Effect] = {
    "04": Effect.ACCEPTED,
    "04-40001": Effect.ACCEPTED,
    "04-40037": Effect.ACCEPTED,
    "05-40003": Effect.EFFECTIVE,
}
TROUBLE = "04-40002-"
"""Begins the states of a pickup that did not come off at once."""
ENDS: Mapping[str, Effect] = {
    "40014": Effect.CANCELLED,
    "40015": Effect.INEFFECTIVE,
    "40031": Effect.INEFFECTIVE,
}
"""Troubles after which nobody comes: cancelled by the customer, an order too many, goods that are not taken (inferred).
After any other the courier tries again, and the order stands."""
_REPLIES = {
    True: {"success": "true", "code": "0", "msg": ""},
    False: {"success": "false", "code": "1", "msg": "系统异常"},
}


def order_states(body: bytes) -> list[dict[str, Any]] | None:
    """The rows of an order-state push; ``None`` where the body is none."""
    if f'"{_MEMBER}"'.encode() not in body:
        return None
    try:
        rows = json_object(body).get(_MEMBER)
    except ValueError:
        return None
    if not isinstance(rows, list):
        return None
    return [row for row in rows if isinstance(row, dict) and as_text(row.get("orderNo"))] or None


def read_order_states(rows: list[dict[str, Any]]) -> Push:
    """What the newest row of each order says of it; the orders after the first are ``more``."""
    by_order: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_order.setdefault(as_text(row["orderNo"]), []).append(row)
    first, *others = (_state(number, told) for number, told in by_order.items())
    return replace(first, more=tuple(others))


def _state(number: str, rows: list[dict[str, Any]]) -> Push:
    newest = max(rows, key=lambda row: as_text(row.get("lastTime")))
    code = as_text(newest.get("orderStateCode"))
    return Push(
        "pickup",
        reference=number,
        state=code,
        courier=COURIER,
        waybill=as_text(newest.get("waybillNo")).upper(),
        effect=effect_of_state(code),
        message=as_text(newest.get("orderStateDesc")),
        at=callback_time(newest.get("lastTime")),
    )


def effect_of_state(code: str) -> Effect | None:
    """What a state says of the pickup; ``None`` for one that nobody knows."""
    if code.startswith(TROUBLE):
        return ENDS.get(code.removeprefix(TROUBLE), Effect.ACCEPTED)
    return STATES.get(code)


def order_state_reply(stored: bool) -> PushReply:
    """What they want to read (inferred)."""
    return PushReply(200, "application/json;charset=utf-8", compact_json(_REPLIES[stored]).encode("utf-8"))
