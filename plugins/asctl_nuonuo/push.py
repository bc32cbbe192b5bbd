"""Callbacks (section 5.12). Nobody signs them: they are read for whom to ask about, and for nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import BadInput, Push, PushReply, as_text, compact_json, json_object, read_form
from asctl.api import translate as _

_OCCASIONS = frozenset({"callback", "invoiceInvalid", "invoiceApply", "invoiceRedCallback", "redConfirmCallback"})
_REFERENCES = ("c_orderno", "billId", "c_fpqqlsh")
_STATES = ("c_status", "billStatus")
_REPLIES = {
    True: {"status": "0000", "message": "同步成功"},
    False: {"status": "9999", "message": "同步失败"},
}


def receive(body: bytes, account: str) -> Push:
    """The number that a callback is about, and its own word for the state, which is none of a query's. Raises :class:`BadInput`
    (``push_unreadable``)."""
    form = read_form(body)
    content = _content(form.get("content", ""))
    reference = form.get("orderno", "").strip() or _first(content, _REFERENCES)
    if not reference or content is None:
        raise BadInput(
            _("a callback for {account} names no invoice").format(account=account),
            code="push_unreadable",
            hint=_("it is not in the documented shape; results are asked for all the same: asctl invoice issue"),
            account=account,
        )
    kind = "invoice" if form.get("operater") in _OCCASIONS else "other"
    return Push(kind, reference=reference, state=_first(content, _STATES))


def reply(stored: bool) -> PushReply:
    """What they want to read; anything but the success status makes them send it again."""
    return PushReply(200, "application/json;charset=utf-8", compact_json(_REPLIES[stored]).encode("utf-8"))


def _content(text: str) -> dict[str, Any] | None:
    try:
        return json_object(text)
    except ValueError:
        return None


def _first(content: Mapping[str, Any] | None, names: tuple[str, ...]) -> str:
    return next((told for name in names if (told := as_text((content or {}).get(name)))), "")
