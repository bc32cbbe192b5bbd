"""Pushes: routes (section 5.2), in either format of SF's console and with only what is new, and states of orders (section 5.3).
They are unsigned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from asctl.api import (
    BadInput,
    CredentialsRefused,
    Push,
    PushReply,
    TrackAnswer,
    TrackQuery,
    as_text,
    compact_json,
    json_object,
    read_form,
)
from asctl.api import translate as _
from asctl_sf import COURIER
from asctl_sf.mapping import read_routes
from asctl_sf.pickup_push import order_state_reply, order_states, read_order_states

TRACKS = "tracks"
XML = "xml"
_JSON_REPLIES = {
    True: {"return_code": "0000", "return_msg": "成功"},
    False: {"return_code": "1000", "return_msg": "系统异常"},
}
_XML_REPLIES = {
    True: '<Response service="RoutePushService"><Head>OK</Head></Response>',
    False: '<Response service="RoutePushService"><Head>ERR</Head><ERROR code="4001">系统异常</ERROR></Response>',
}


def receive(body: bytes, form: str, accepted: bool, account: str) -> Push:
    """Read the scans of a push, at most ten of one or more waybills, or the state of an order. ``form`` is ``json`` or ``xml``.

    Raises :class:`CredentialsRefused` (``push_unsigned``) unless unsigned ones are ``accepted``, and :class:`BadInput`
    (``push_unreadable``).
    """
    if not accepted:
        raise CredentialsRefused(
            _("a push for {account} is not believed: SF does not sign it").format(account=account),
            code="push_unsigned",
            hint=_("set push_accept_unsigned = true only where nobody but SF can reach the callback address"),
            account=account,
        )
    states = order_states(body)
    if states is not None:
        return read_order_states(states)
    try:
        rows = _xml_rows(body) if form == XML else _json_rows(body)
    except ValueError:
        raise _unreadable(account) from None
    return _tracks(rows, account)


def reply(form: str, stored: bool, kind: str = TRACKS) -> PushReply:
    """What they want to read to a push of this ``kind``; anything but the success text makes them send all of it again."""
    if kind != TRACKS:
        return order_state_reply(stored)
    if form == XML:
        return PushReply(200, "text/xml;charset=utf-8", _XML_REPLIES[stored].encode("utf-8"))
    return PushReply(200, "application/json;charset=utf-8", compact_json(_JSON_REPLIES[stored]).encode("utf-8"))


def _tracks(rows: list[dict[str, Any]], account: str) -> Push:
    by_waybill: dict[str, list[object]] = {}
    for row in rows:
        by_waybill.setdefault(as_text(row.get("mailno")).upper(), []).append(row)
    homeless = len(by_waybill.pop("", ()))
    if not by_waybill:
        raise _unreadable(account)
    answers = [_answer(waybill, told, account) for waybill, told in by_waybill.items()]
    if homeless:
        lost = _("{count} scans of the same push name no waybill and were set aside").format(count=homeless)
        answers[0] = replace(answers[0], problems=(*answers[0].problems, lost))
    return Push(TRACKS, answers=tuple(answers))


def _answer(waybill: str, rows: list[object], account: str) -> TrackAnswer:
    events, problems = read_routes(rows, account)
    return TrackAnswer(TrackQuery(COURIER, waybill), events=events, problems=problems)


def _json_rows(body: bytes) -> list[dict[str, Any]]:
    inner = json_object(body).get("Body")
    rows = inner.get("WaybillRoute") if isinstance(inner, dict) else None
    if not isinstance(rows, list):
        raise ValueError("no routes")
    return [row for row in rows if isinstance(row, dict)]


def _xml_rows(body: bytes) -> list[dict[str, Any]]:
    content = read_form(body).get("content", "")
    if "<!DOCTYPE" in content:
        raise ValueError("no document of theirs declares entities")
    try:
        document = ElementTree.fromstring(content)
    except ElementTree.ParseError as fault:
        raise ValueError("no XML") from fault
    return [dict(row.attrib) for row in document.iter("WaybillRoute")]


def _unreadable(account: str) -> BadInput:
    return BadInput(
        _("a push for {account} holds neither routes nor the state of an order").format(account=account),
        code="push_unreadable",
        hint=_("push_format must be the format chosen in SF's console, and the address registered for these two alone"),
        account=account,
    )
