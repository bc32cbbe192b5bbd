"""Callbacks: what became of an invoice or of a form (section 6.8). Nothing is signed, so each is but a hint to ask."""

from __future__ import annotations

from typing import Any

from asctl.api import BadInput, Push, PushReply, as_text, compact_json, json_object
from asctl.api import translate as _


def receive(body: bytes, account: str) -> Push:
    """Read a callback: ``{method, data}``, where ``data`` may be JSON text. Raises :class:`BadInput` (``push_unreadable``)."""
    data = _data(body)
    reference = as_text(data.get("orderNo")) or as_text(data.get("serialNo"))
    if not reference:
        raise BadInput(
            _("a callback for {account} names no invoice").format(account=account),
            code="push_unreadable",
            hint=_("the address in callback_url is for invoices and red-letter forms of Baiwang alone"),
            account=account,
        )
    return Push(
        "invoice", reference=reference, state=as_text(data.get("redConfirmStatus")) or as_text(data.get("status"))
    )


def reply(stored: bool) -> PushReply:
    """What to answer; which words Baiwang waits for is not known, so the status says it too."""
    return PushReply(
        200 if stored else 500, "application/json;charset=utf-8", compact_json({"success": stored}).encode()
    )


def _data(body: bytes) -> dict[str, Any]:
    """The members of ``data``; none where it cannot be read."""
    try:
        data = json_object(body).get("data")
        return data if isinstance(data, dict) else json_object(data if isinstance(data, str) else "")
    except ValueError:
        return {}
