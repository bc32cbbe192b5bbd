"""Their shapes: what a query or an order says, and how to read members that may be of another type than promised."""

from __future__ import annotations

import json
from collections.abc import Mapping

SUCCESS = "200"
NO_RESULT = "500"

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def track_param(com: str, num: str, phone: str = "") -> str:
    """The ``param`` of a track query as the text to be signed and sent (section 3).

    ``resultv2`` 4 is the only level that tells sub-state codes.
    """
    param = {"com": com, "num": num, "resultv2": "4", "order": "desc"}
    if phone:
        param["phone"] = phone
    return compact(param)


def order_param(members: Mapping[str, object]) -> str:
    """The ``param`` of an interception order as the text to be signed and sent; what is empty is left out."""
    return compact({name: value for name, value in members.items() if value})


def order_code(reply: Mapping[str, object]) -> str:
    """The code of an answer of the label family (section 5), which has another envelope than a query."""
    return readable(reply.get("code"))


def return_code(reply: Mapping[str, object]) -> str:
    """The call's return code, from the failure envelope (``returnCode``) or the success one (``status``)."""
    return readable(reply.get("returnCode")) or readable(reply.get("status"))


def readable(value: object) -> str:
    """A member that should be text: trimmed; whole numbers become digits, anything else is empty."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
