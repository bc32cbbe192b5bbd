"""Their shapes: what a query or an order says, and where an answer holds its code."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import as_text, compact_json

SUCCESS = "200"
NO_RESULT = "500"
_BETWEEN = "/"


def track_param(com: str, num: str, phone: str = "") -> str:
    """The ``param`` of a track query as the text to be signed and sent (section 3).

    ``resultv2`` 4 is the only level that tells sub-state codes.
    """
    param = {"com": com, "num": num, "resultv2": "4", "order": "desc"}
    if phone:
        param["phone"] = phone
    return compact_json(param)


def order_param(members: Mapping[str, object]) -> str:
    """The ``param`` of an order as the text to be signed and sent; what is empty is left out."""
    return compact_json({name: value for name, value in members.items() if value})


def order_code(reply: Mapping[str, object]) -> str:
    """The code of an answer of the label family (section 5), which has another envelope than a query."""
    return as_text(reply.get("code"))


def pickup_reference(task: str, order: str) -> str:
    """Both of their numbers for a pickup in one: taking it back wants both (section 7). The one known where it is alone."""
    return _BETWEEN.join(number for number in (task, order) if number)


def pickup_numbers(reference: str) -> tuple[str, str]:
    """Task and order of a reference; both empty where it does not hold the two."""
    task, _between, order = reference.partition(_BETWEEN)
    return (task, order) if order else ("", "")


def return_code(reply: Mapping[str, object]) -> str:
    """The call's return code, from the failure envelope (``returnCode``) or the success one (``status``)."""
    return as_text(reply.get("returnCode")) or as_text(reply.get("status"))
