"""Endpoints and signatures of track queries, interception orders and pickups (sections 1 to 3, 5 and 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from asctl.api import Context, HttpAnswer, HttpRequest, Submission, as_text, read_object
from asctl_kuaidi100.errors import error_for
from asctl_kuaidi100.pickup_errors import odd_answer, pickup_error
from asctl_kuaidi100.refusals import order_error
from asctl_kuaidi100.wire import NO_RESULT, SUCCESS, order_code, order_param, return_code, track_param

QUERY_PATH = "/poll/query.do"
LABEL_PATH = "/label/order"
PICKUP_PATH = "/order/borderapi.do"
INTERCEPT_METHOD = "interceptOrder"
ORDER_METHOD = "bOrder"
CANCEL_METHOD = "cancel"
DETAIL_METHOD = "detail"


def sign(*parts: str) -> str:
    """MD5 over the parts strung together, 32 upper-case hex digits (section 2).

    A query signs param, key and customer; an order param, t, key and secret; a callback param and salt. The param is
    the very text sent or received.
    """
    return hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper()


class Client:
    """Asks the service; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._clock = context.clock
        self._query_url = context.text("base_url").rstrip("/") + QUERY_PATH
        self._label_url = context.text("label_url").rstrip("/") + LABEL_PATH
        self._pickup_url = context.text("order_url").rstrip("/") + PICKUP_PATH
        self._customer = context.text("customer")
        self._key = context.text("key")
        self._secret = context.text("secret")
        self._busy_pause = context.duration("busy_pause")

    def query(self, com: str, num: str, phone: str = "") -> dict[str, Any]:
        """The track of one waybill as they tell it; empty where there is no result yet.

        Raises :class:`Refused`, :class:`BadInput` and :class:`Throttled` about this waybill, and
        :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused` about the account.
        """
        param = track_param(com, num, phone)
        form = {"customer": self._customer, "sign": sign(param, self._key, self._customer), "param": param}
        request = HttpRequest("POST", self._query_url, "query", form=form, counted=True)
        return self._http.call(lambda: request, lambda answer: self._read_track(answer, num))

    def order_interception(self, param: str, waybill: str) -> Submission:
        """Send one interception order; ``waybill`` is for the words of an error. A write, never repeated.

        Raises :class:`Refused` and :class:`Unclear`.
        """
        return self._http.call(
            lambda: self._signed(self._label_url, INTERCEPT_METHOD, param, write=True),
            lambda answer: self._read_order(answer, waybill),
        )

    def pickup(self, method: str, members: Mapping[str, object], rma: str) -> dict[str, Any]:
        """Call their pickup desk, and return the ``data`` of its answer. ``rma`` is for the words of an error; all but the
        question for details is a write.

        Raises :class:`Refused`, :class:`CredentialsRefused` and, of a write, :class:`Unclear`, else :class:`Unavailable`.
        """
        param = order_param(members)
        return self._http.call(
            lambda: self._signed(self._pickup_url, method, param, write=method != DETAIL_METHOD),
            lambda answer: self._read_pickup(answer, rma),
        )

    def _signed(self, url: str, method: str, param: str, *, write: bool) -> HttpRequest:
        t = str(int(self._clock.now().timestamp() * 1000))
        form = {
            "method": method,
            "key": self._key,
            "t": t,
            "param": param,
            "sign": sign(param, t, self._key, self._secret),
        }
        return HttpRequest("POST", url, method, form=form, write=write)

    def _read_track(self, answer: HttpAnswer, num: str) -> dict[str, Any]:
        reply = read_object(answer)
        code = return_code(reply)
        if code == SUCCESS:
            return reply
        if code == NO_RESULT:
            return {}
        raise error_for(code, as_text(reply.get("message")), num, self._busy_pause)

    def _read_order(self, answer: HttpAnswer, waybill: str) -> Submission:
        """Only code 200 says that the order was taken (section 5)."""
        reply = read_object(answer)
        code, told = order_code(reply), as_text(reply.get("message"))
        if code != SUCCESS:
            raise order_error(code, told, waybill)
        data = reply.get("data")
        return Submission(as_text(data.get("taskId")) if isinstance(data, dict) else "", told)

    def _read_pickup(self, answer: HttpAnswer, rma: str) -> dict[str, Any]:
        reply = read_object(answer)
        code, told = as_text(reply.get("returnCode")), as_text(reply.get("message"))
        if code != SUCCESS:
            raise pickup_error(code, told, rma)
        if reply.get("result") is False:
            raise odd_answer(told)
        data = reply.get("data")
        return data if isinstance(data, dict) else {}
