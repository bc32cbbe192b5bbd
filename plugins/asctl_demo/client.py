"""The way out: one address, one envelope, one signature. All that a capability does is :meth:`Client.ask`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from asctl.api import Context, HttpAnswer, HttpRequest, compact_json, read_object
from asctl_demo.errors import error_for, odd_answer
from asctl_demo.wire import KEY, SIGN, TIME, OddShape, Row, time_text

T = TypeVar("T")


def sign(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over the time stamp, a line feed and the very bytes that are sent. Callbacks are signed alike."""
    return hmac.new(secret.encode(), moment.encode("utf-8", "replace") + b"\n" + body, hashlib.sha256).hexdigest()


class Client:
    """One account's calls; thread-safe, for it keeps nothing between them."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._clock = context.clock
        self._address = context.text("base_url").rstrip("/") + "/api"
        self._key = context.text("key")
        self._secret = context.text("secret")

    def ask(
        self,
        call: str,
        members: Mapping[str, Any],
        read: Callable[[Row], T],
        *,
        subject: str = "",
        write: bool = False,
    ) -> T:
        """What ``read`` makes of the result of ``call``. ``subject`` is what an error names: an order, a waybill, a case.

        Raises the families of :mod:`asctl_demo.errors`, and :class:`Unavailable` for an answer in another shape. Where
        ``write`` says that the call changes something it is sent once, and a lost or odd answer is :class:`Unclear`.
        """
        body = compact_json({"call": call, **members}).encode("utf-8", "replace")
        return self._http.call(
            # Made anew for each attempt: time stamp and signature are fresh.
            lambda: self._request(call, body, write),
            # The far side's no is raised in here, where it is known which call it answers.
            lambda answer: _read(answer, call, subject, read),
        )

    def _request(self, call: str, body: bytes, write: bool) -> HttpRequest:
        moment = time_text(self._clock.now())
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            KEY: self._key,
            TIME: moment,
            SIGN: sign(self._secret, moment, body),
        }
        return HttpRequest("POST", self._address, call, body=body, headers=headers, write=write)


def _read(answer: HttpAnswer, call: str, subject: str, read: Callable[[Row], T]) -> T:
    told = Row(read_object(answer))
    try:
        if "error" in told.members:
            raise error_for(told.row("error"), subject)
        return read(told.row("result"))
    except OddShape:
        raise odd_answer(call) from None
