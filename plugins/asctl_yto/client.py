"""Gateway, credentials per interface and signature (sections 1 and 2)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from asctl.api import AsctlError, Context, HttpAnswer, HttpRequest, as_text, compact_json, read_object
from asctl_yto.errors import gateway_error, odd_answer, query_error, refused_by_words
from asctl_yto.wire import ACCEPTED, NO_RESULT, TRACK, is_true, read_track

_HEADERS = {"Content-Type": "application/json;charset=UTF-8"}


def sign(*parts: str) -> str:
    """Base64 of the MD5 over the parts strung together (section 2).

    A call signs param, method, version and secret; a callback its text and the secret. The text is the very one sent.
    """
    digest = hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


@dataclass(frozen=True, slots=True)
class Interface:
    """What YTO issued for one approved interface."""

    customer_code: str
    secret: str = field(repr=False)
    url_key: str
    version: str

    @classmethod
    def of(cls, context: Context, prefix: str, version: str) -> Interface:
        """From the settings that begin with ``prefix``, each replaced by the account's own where it is not set."""

        def told(name: str) -> str:
            return context.text(f"{prefix}_{name}") or context.text(name)

        return cls(told("customer_code"), told("secret"), told("url_key"), version)


class Client:
    """Talks to the gateway; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._clock = context.clock
        self._base_url = context.text("base_url").rstrip("/")
        self._tracking = Interface.of(context, "track", "v1")
        self._wanted = Interface.of(context, "intercept", context.text("intercept_version"))
        self._pickups = Interface.of(context, "pickup", context.text("pickup_version"))
        self._busy_pause = context.duration("busy_pause")

    def track(self, waybill: str) -> list[Any]:
        """The scans of one waybill as they tell them; empty where there are none yet.

        Raises :class:`Refused` about this waybill; :class:`Throttled`, :class:`Unavailable` and
        :class:`CredentialsRefused` about the account.
        """
        param = compact_json({"NUMBER": waybill})
        return self._http.call(
            lambda: self._request(self._tracking, TRACK, param), lambda answer: self._scans(answer, waybill)
        )

    def want(self, method: str, waybill: str, members: dict[str, str]) -> str:
        """Send a request of the interception family (``wanted_...``, section 6), a write; returns their message.

        Raises :class:`Refused` with a reason, :class:`CredentialsRefused`, or :class:`Unclear`.
        """
        param = compact_json({"waybillNo": waybill} | members)
        return self._http.call(
            lambda: self._request(self._wanted, method, param, write=True),
            lambda answer: self._accepted(answer, method, waybill),
        )

    def order(self, method: str, members: dict[str, Any], rma: str) -> dict[str, Any]:
        """Send a call about the pickup of ``logisticsNo`` (section 7), a write; returns what they tell of it. ``rma`` is for
        the words of an error.

        Raises :class:`Refused` with a reason, :class:`CredentialsRefused`, or :class:`Unclear`.
        """
        param = compact_json(members)
        return self._http.call(
            lambda: self._request(self._pickups, method, param, write=True),
            lambda answer: self._ordered(answer, method, members["logisticsNo"], rma),
        )

    def _request(self, interface: Interface, method: str, param: str, *, write: bool = False) -> HttpRequest:
        body = {
            "timestamp": str(int(self._clock.now().timestamp() * 1000)),
            "param": param,
            "sign": sign(param, method, interface.version, interface.secret),
            "format": "JSON",
        }
        parts = (self._base_url, "open", method, interface.version, interface.url_key, interface.customer_code)
        content = compact_json(body).encode("utf-8", "replace")
        return HttpRequest("POST", "/".join(parts), method, body=content, headers=_HEADERS, write=write)

    def _scans(self, answer: HttpAnswer, waybill: str) -> list[Any]:
        reply = read_track(answer)
        if isinstance(reply, list):
            return reply
        code = as_text(reply.get("code"))
        if is_true(reply.get("success")) and code == NO_RESULT:
            return []
        if not code:
            raise odd_answer(TRACK)
        raise query_error(code, _told(reply), waybill, self._busy_pause)

    def _accepted(self, answer: HttpAnswer, method: str, waybill: str) -> str:
        reply = read_object(answer)
        status, message = as_text(reply.get("statusCode")), as_text(reply.get("statusMessage"))
        if status == ACCEPTED:
            return message
        if status:
            raise refused_by_words(status, message, waybill)
        raise self._failed(reply, method, waybill)

    def _ordered(self, answer: HttpAnswer, method: str, number: str, rma: str) -> dict[str, Any]:
        """They say yes by repeating the order's number; a ``success`` of its own comes with a no only."""
        reply = read_object(answer)
        if as_text(reply.get("logisticsNo")) == number and is_true(reply.get("success", True)):
            return reply
        raise self._failed(reply, method, rma)

    def _failed(self, reply: dict[str, Any], method: str, target: str) -> AsctlError:
        code = as_text(reply.get("code"))
        if not code or is_true(reply.get("success")):
            return odd_answer(method)
        return gateway_error(code, _told(reply), target)


def _told(reply: dict[str, Any]) -> str:
    """What the failure envelope says in words."""
    return as_text(reply.get("reason")) or as_text(reply.get("message"))
