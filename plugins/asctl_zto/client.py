"""The gateway: one path an interface, a digest over the very text sent, one envelope (sections 1 to 3)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from asctl.api import Context, HttpAnswer, HttpRequest, Refused, as_text, compact_json, read_object
from asctl_zto.errors import NO_INTERCEPTION, REFUSALS, Pauses, error_for, odd_answer
from asctl_zto.pickup_orders import PickupOrder, read_order
from asctl_zto.wire import CANCEL, CANCEL_ORDER, CREATE, ORDER, ORDER_INFO, STATUS, TRACK, Reply, read_reply

T = TypeVar("T")


def sign(text: str, secret: str, timestamp: str = "") -> str:
    """Base64 of the MD5 over time stamp (milliseconds, where one is sent), text and secret (section 2).

    ``text`` is the very text sent, or the ``data`` of a callback as received (section 5).
    """
    whole = (timestamp + text + secret).encode("utf-8", "replace")
    return b64encode(hashlib.md5(whole, usedforsecurity=False).digest()).decode("ascii")


class Client:
    """One account's calls; thread-safe.

    Every method raises the families of :mod:`asctl_zto.errors`, and :class:`Unavailable` (``odd_answer``) for what is
    not in the documented shape; a write makes :class:`Unclear` of that.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._base_url = context.text("base_url").rstrip("/")
        self._pauses = Pauses(
            busy=context.duration("busy_pause"),
            quota=context.duration("quota_pause"),
        )

    def scans(self, waybill: str, phone_tail: str) -> list[object]:
        """The scans of one waybill as they tell them; none where nothing is known yet (section 4)."""
        return self._call(TRACK, {"billCode": waybill, "mobilePhone": phone_tail}, _list, waybill)

    def create_interception(self, waybill: str, key: str, destination: int, more: Mapping[str, str]) -> str:
        """Ask for a return or a new address (section 6.1); their words. ``more`` are members that depend on the kind.

        ``key`` is request id and own business number in one: the cancellation needs the latter again.
        """
        body = {"billCode": waybill, "requestId": key, "thirdBizNo": key, "destinationType": destination, **more}
        return self._call(CREATE, body, _message, waybill, write=True)

    def cancel_interception(self, waybill: str, number: str) -> str:
        """Take the request with our business ``number`` back (section 6.2); their words."""
        return self._call(CANCEL, {"billCode": waybill, "thirdBizNo": number}, _message, waybill, write=True)

    def interception(self, waybill: str) -> dict[str, Any] | None:
        """What the parcel's latest interception has come to (section 6.3); ``None`` where there is none."""
        try:
            told = self._call(STATUS, {"billCode": waybill}, _status, waybill)
        except Refused as refused:
            if refused.upstream_code not in NO_INTERCEPTION:
                raise
            return None
        if told and as_text(told.get("billCode")) not in ("", waybill):
            raise odd_answer(STATUS)
        return told or None

    def order_pickup(self, order: Mapping[str, object], subject: str) -> PickupOrder:
        """Have goods fetched (section 7): their number, and the waybill where it is told at once. ``subject`` is what errors
        name: the case."""
        return self._call(ORDER, order, _order, subject, write=True)

    def pickup_orders(self, kind: int, number: Mapping[str, str], subject: str) -> list[PickupOrder]:
        """What they know of the order with their ``number`` (``orderCode`` or ``billCode``); at most one."""
        return self._call(ORDER_INFO, {"type": kind, **number}, _orders, subject)

    def cancel_pickup(self, reason: str, number: Mapping[str, str], subject: str) -> str:
        """Take that order back; their words. ``reason`` is their ``cancelType``."""
        return self._call(CANCEL_ORDER, {"cancelType": reason, **number}, _message, subject, write=True)

    def _call(
        self, api: str, body: Mapping[str, object], read: Callable[[Reply], T], subject: str, *, write: bool = False
    ) -> T:
        text = compact_json(body)
        return self._context.http.call(
            lambda: self._request(api, text, write), lambda answer: self._read(api, subject, answer, read)
        )

    def _request(self, api: str, text: str, write: bool) -> HttpRequest:
        timestamp = ""
        if self._context.settings.get("send_timestamp"):
            timestamp = str(int(self._context.clock.now().timestamp() * 1000))
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "x-companyid": self._context.text("app_key"),
            "x-datadigest": sign(text, self._context.text("app_secret"), timestamp),
        }
        if timestamp:
            headers["x-timestamp"] = timestamp
        return HttpRequest(
            "POST",
            f"{self._base_url}/{api}",
            operation=api,
            body=text.encode("utf-8", "replace"),
            headers=headers,
            write=write,
        )

    def _read(self, api: str, subject: str, answer: HttpAnswer, read: Callable[[Reply], T]) -> T:
        told = read_object(answer)
        try:
            reply = read_reply(told)
            if reply.success and reply.code not in REFUSALS:
                return read(reply)
        except ValueError:
            raise odd_answer(api) from None
        raise error_for(reply.code, reply.message, subject, self._pauses)


def _message(reply: Reply) -> str:
    return reply.message


def _list(reply: Reply) -> list[object]:
    if reply.payload is None:
        return []
    if not isinstance(reply.payload, list):
        raise ValueError("no list of scans")
    return reply.payload


def _status(reply: Reply) -> dict[str, Any]:
    if reply.payload is None or reply.payload == []:
        return {}
    if not isinstance(reply.payload, dict):
        raise ValueError("no interception")
    return reply.payload


def _order(reply: Reply) -> PickupOrder:
    """An order has one number at least, by which it can be found again."""
    made = read_order(reply.payload) if isinstance(reply.payload, dict) else None
    if made is None or not (made.number or made.waybill):
        raise ValueError("no order")
    return made


def _orders(reply: Reply) -> list[PickupOrder]:
    """A list by the reports; a single record is read as well."""
    told = reply.payload or []
    rows = told if isinstance(told, list) else [told]
    records = [row for row in rows if isinstance(row, dict)]
    if len(records) < len(rows):
        raise ValueError("no orders")
    return [read_order(record) for record in records]
