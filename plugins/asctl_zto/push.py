"""Callbacks (section 5): verified over the text as received, then read. Each carries one scan."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from asctl.api import BadInput, CredentialsRefused, Push, PushReply, TrackAnswer, TrackQuery, json_object
from asctl.api import translate as _
from asctl_zto.client import sign
from asctl_zto.mapping import OddScan, event_of_push
from asctl_zto.wire import compact, readable

TRACES = "Traces"


def receive(body: bytes, secret: str, account: str) -> Push:
    """Verify and read a callback's form body; one of another type than tracks is ``other``.

    Raises :class:`CredentialsRefused` (``push_unsigned``, ``push_forged``) and :class:`BadInput` (``push_unreadable``).
    """
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    data = form.get("data", "")
    _verify(data, form.get("data_digest", ""), secret, account)
    told = _read_object(data, account)
    kind, waybill = form.get("msg_type") or TRACES, readable(told.get("billCode"))
    if kind != TRACES or not waybill:
        return Push("other", state=kind)
    return Push("tracks", answers=(_answer(told, waybill, account),))


def reply(stored: bool) -> PushReply:
    """What they want to read; the words for a push that was not stored are inferred."""
    told: dict[str, object] = {"status": True, "message": "", "result": "success", "statusCode": "0"}
    if not stored:
        told = {"status": False, "message": "not stored", "result": "fail", "statusCode": "1"}
    return PushReply(200, "application/json;charset=utf-8", compact(told).encode("utf-8"))


def _verify(data: str, digest: str, secret: str, account: str) -> None:
    if not digest:
        raise CredentialsRefused(
            _("a callback for {account} carries no digest").format(account=account),
            code="push_unsigned",
            hint=_("it did not come from ZTO, or something on its way dropped data_digest"),
            account=account,
        )
    # A sender that does not escape "+" in the form lets it arrive as a blank, which Base64 does not have.
    told = digest.replace(" ", "+").encode("utf-8", "replace")
    if not hmac.compare_digest(sign(data, secret).encode(), told):
        raise CredentialsRefused(
            _("a callback for {account} has a wrong digest").format(account=account),
            code="push_forged",
            hint=_("check app_secret; if it is right, the callback did not come from ZTO or was changed on its way"),
            account=account,
        )


def _read_object(data: str, account: str) -> dict[str, Any]:
    try:
        return json_object(data)
    except ValueError:
        raise BadInput(
            _("a callback for {account} holds no JSON object").format(account=account),
            code="push_unreadable",
            hint=_("its digest is right: tell the plugin's author"),
            account=account,
        ) from None


def _answer(told: Mapping[str, object], waybill: str, account: str) -> TrackAnswer:
    query = TrackQuery("zto", waybill)
    try:
        return TrackAnswer(query, events=(event_of_push(told, account),))
    except OddScan as odd:
        return TrackAnswer(query, problems=(_("the scan was set aside: {why}").format(why=odd),))
