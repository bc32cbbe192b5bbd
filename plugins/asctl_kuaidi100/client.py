"""Endpoint and signature of the track query (sections 1 to 3)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from asctl.api import Context, HttpAnswer, HttpRequest, read_object
from asctl_kuaidi100.errors import error_for
from asctl_kuaidi100.wire import NO_RESULT, SUCCESS, readable, return_code, track_param

QUERY_PATH = "/poll/query.do"


def sign(*parts: str) -> str:
    """MD5 over the parts strung together, 32 upper-case hex digits (section 2).

    A query signs param, key and customer; a callback param and salt. The param is the very text sent or received.
    """
    return hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper()


class Client:
    """Asks the service; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._url = context.text("base_url").rstrip("/") + QUERY_PATH
        self._customer = context.text("customer")
        self._key = context.text("key")
        pause = context.settings.get("busy_pause")
        self._busy_pause = pause if isinstance(pause, timedelta) else timedelta(seconds=5)

    def query(self, com: str, num: str, phone: str = "") -> dict[str, Any]:
        """The track of one waybill as they tell it; empty where there is no result yet.

        Raises :class:`Refused`, :class:`BadInput` and :class:`Throttled` about this waybill, and
        :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused` about the account.
        """
        param = track_param(com, num, phone)
        form = {"customer": self._customer, "sign": sign(param, self._key, self._customer), "param": param}
        request = HttpRequest("POST", self._url, "query", form=form, counted=True)
        return self._http.call(lambda: request, lambda answer: self._read(answer, num))

    def _read(self, answer: HttpAnswer, num: str) -> dict[str, Any]:
        reply = read_object(answer)
        code = return_code(reply)
        if code == SUCCESS:
            return reply
        if code == NO_RESULT:
            return {}
        raise error_for(code, readable(reply.get("message")), num, self._busy_pause)
