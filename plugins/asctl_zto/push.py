"""Callbacks (section 5): verified over the text as received, then read. Each carries one scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import (
    Push,
    PushReply,
    TrackAnswer,
    TrackQuery,
    as_text,
    compact_json,
    json_object,
    read_form,
    unreadable_callback,
    verify_callback,
)
from asctl.api import translate as _
from asctl_zto.client import sign
from asctl_zto.mapping import OddScan, event_of_push

TRACES = "Traces"


def receive(body: bytes, secret: str, account: str) -> Push:
    """Verify and read a callback's form body; one of another type than tracks is ``other``.

    Raises :class:`CredentialsRefused` (``push_unsigned``, ``push_forged``) and :class:`BadInput` (``push_unreadable``).
    """
    form = read_form(body)
    data = form.get("data", "")
    # A sender that does not escape "+" in the form lets it arrive as a blank, which Base64 does not have.
    digest = form.get("data_digest", "").replace(" ", "+")
    verify_callback(digest, sign(data, secret), account, "app_secret")
    told = _read_object(data, account)
    kind, waybill = form.get("msg_type") or TRACES, as_text(told.get("billCode"))
    if kind != TRACES or not waybill:
        return Push("other", state=kind)
    return Push("tracks", answers=(_answer(told, waybill, account),))


def reply(stored: bool) -> PushReply:
    """What they want to read; the words for a push that was not stored are inferred."""
    told: dict[str, object] = {"status": True, "message": "", "result": "success", "statusCode": "0"}
    if not stored:
        told = {"status": False, "message": "not stored", "result": "fail", "statusCode": "1"}
    return PushReply(200, "application/json;charset=utf-8", compact_json(told).encode("utf-8"))


def _read_object(data: str, account: str) -> dict[str, Any]:
    try:
        return json_object(data)
    except ValueError:
        raise unreadable_callback(account) from None


def _answer(told: Mapping[str, object], waybill: str, account: str) -> TrackAnswer:
    query = TrackQuery("zto", waybill)
    try:
        return TrackAnswer(query, events=(event_of_push(told, account),))
    except OddScan as odd:
        return TrackAnswer(query, problems=(_("the scan was set aside: {why}").format(why=odd),))
