"""Their shapes: one envelope for all methods (section 6.4), and rows in its ``response``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asctl.api import as_text

TOKEN = "baiwang.oauth.token"
ISSUE = "baiwang.s.outputinvoice.invoice"
QUERY = "baiwang.s.outputinvoice.query"
RETRY = "baiwang.s.outputinvoice.retry"
REVERSE = "baiwang.s.outputinvoice.fastRed"
DELIVER = "baiwang.s.outputinvoice.push"
FORMS = "baiwang.s.redconfirm.query"

Row = dict[str, Any]
ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a member raises that is missing or not what it should be."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A failure: ``code`` is the gateway's, ``sub_code`` the business's reason; ``text`` is all that was said."""

    code: str
    sub_code: str
    text: str
    request_id: str


def complaint_of(envelope: Mapping[str, Any]) -> Complaint | None:
    """The failure that an envelope tells, ``None`` for a success. ``ValueError`` where it says neither."""
    success = envelope.get("success")
    if success in (True, "true"):
        return None
    told = envelope.get("errorResponse")
    if success not in (False, "false") or not isinstance(told, dict):
        raise ValueError("neither a success nor a failure")
    words = (as_text(told.get("message")), as_text(told.get("subMessage")))
    return Complaint(
        as_text(told.get("code")),
        as_text(told.get("subCode")),
        " ".join(word for word in words if word),
        as_text(envelope.get("requestId")),
    )


def number_in(told: Any, name: str) -> str:
    """The number under ``name``. ``ValueError`` where there is none."""
    found = as_text(told.get(name))
    if not found:
        raise ValueError(f"an answer without {name}")
    return found


def rows_in(response: Any) -> list[Row]:
    """The rows of a query: none for ``null``. ``TypeError`` for anything but a list of objects."""
    told = [] if response is None else response
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise TypeError("a list of objects was expected")
    return told


def page_in(response: Any) -> tuple[list[Row], bool]:
    """The rows of a page, and whether they are all. Its shape is inferred: the list itself, or an object that holds one list
    beside its ``total``. ``ValueError`` for any other object."""
    if not isinstance(response, dict):
        return rows_in(response), True
    total = as_text(response.get("total"))
    lists = [member for member in response.values() if isinstance(member, list)]
    if not lists and total == "0":
        return [], True
    (rows,) = map(rows_in, lists)
    return rows, not total.isdecimal() or int(total) <= len(rows)
