"""Endpoint, signature and the services that are called (sections 1 to 4, 7 and 8)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote_plus
from uuid import uuid4

from asctl.api import Context, HttpAnswer, HttpRequest, as_text, compact_json, read_object
from asctl.api import translate as _
from asctl_sf.errors import odd_answer, platform_error, service_error
from asctl_sf.wire import PLATFORM_OK, complaint, service_answer, verdict

T = TypeVar("T")

ROUTES = "EXP_RECE_SEARCH_ROUTES"
INTERCEPT = "EXP_RECE_WANTED_INTERCEPT"
ORDER_PICKUP = "EXP_RECE_CREATE_REVERSE_ORDER"
CANCEL_PICKUP = "EXP_RECE_CANCEL_REVERSE_ORDER"
FIND_ORDER = "EXP_RECE_SEARCH_ORDER_RESP"


def digest(text: str) -> str:
    """Base64 of the 16 raw bytes of the MD5 of a text."""
    return b64encode(hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).digest()).decode("ascii")


def sign(msg_data: str, timestamp: str, check_word: str) -> str:
    """The ``msgDigest`` of a call, over the very text that is posted, encoded as Java's URLEncoder does (section 2.1)."""
    signed = quote_plus(msg_data + timestamp + check_word, safe="*", errors="replace").replace("~", "%7E")
    return digest(signed)


class Client:
    """Asks the service; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._clock = context.clock
        self._url = context.text("base_url")
        self._partner = context.text("partner_id")
        self._check_word = context.text("check_word")
        self._busy_pause = context.duration("busy_pause")

    def routes(self, tails: Mapping[str, str]) -> dict[str, object]:
        """The routes of at most ten waybills, which are given with their phone tails; unread, by waybill.

        A waybill that SF does not speak of is left out. Raises :class:`BadInput` and :class:`Refused` about the
        question, and :class:`Throttled`, :class:`Unavailable`, :class:`BadConfiguration` and
        :class:`CredentialsRefused` about the account.
        """
        question = {
            "language": "zh-CN",
            "trackingType": "1",
            "trackingNumber": list(tails),
            "methodType": "1",
            "checkPhoneNo": ",".join(tails.values()),
        }
        subject = next(iter(tails)) if len(tails) == 1 else _("{count} waybills").format(count=len(tails))
        found = self._call(ROUTES, question, subject, _whole)
        if found is None:
            return {}
        told = found.get("routeResps") if isinstance(found, dict) else None
        if not isinstance(told, list):
            raise odd_answer()
        rows = [row for row in told if isinstance(row, dict)]
        return {as_text(row.get("mailNo")).upper(): row.get("routes") for row in rows}

    def instruct(self, instruction: Mapping[str, object]) -> object:
        """Have a parcel under way redirected, returned, or left alone again; their ``msgData``, which may be null.

        A write. Raises :class:`Refused`, :class:`BadInput` and :class:`BadConfiguration` where SF says no.
        """
        return self._call(INTERCEPT, instruction, as_text(instruction.get("waybillNo")), _whole, write=True)

    def order_pickup(self, order: Mapping[str, object], subject: str, then: Callable[[Any], T]) -> T:
        """Have goods fetched. A write; ``subject`` is what errors name: the case. ``then`` reads the ``msgData``, and what it
        raises is SF's answer too. Raises as :meth:`instruct`."""
        return self._call(ORDER_PICKUP, order, subject, then, write=True)

    def cancel_pickup(self, number: str, subject: str, then: Callable[[Any], T]) -> T:
        """Take the order with our ``number`` back. A write; ``then`` as in :meth:`order_pickup`. Raises as :meth:`instruct`."""
        return self._call(CANCEL_PICKUP, {"orderId": number}, subject, then, write=True)

    def pickup_order(self, number: str, search_type: str, subject: str) -> object:
        """What SF knows of the order with our ``number``; the ``msgData``. Raises :class:`Refused` where there is none."""
        question = {"orderId": number, "searchType": search_type, "language": "zh-CN"}
        return self._call(FIND_ORDER, question, subject, _whole)

    def _call(
        self,
        service: str,
        content: Mapping[str, object],
        subject: str,
        then: Callable[[Any], T],
        *,
        write: bool = False,
    ) -> T:
        msg_data = compact_json(content)
        return self._http.call(
            lambda: self._request(service, msg_data, write), lambda answer: then(self._read(answer, subject))
        )

    def _request(self, service: str, msg_data: str, write: bool) -> HttpRequest:
        timestamp = str(int(self._clock.now().timestamp() * 1000))
        form = {
            "partnerID": self._partner,
            "requestID": str(uuid4()),
            "serviceCode": service,
            "timestamp": timestamp,
            "msgDigest": sign(msg_data, timestamp, self._check_word),
            "msgData": msg_data,
        }
        return HttpRequest("POST", self._url, service, form=form, write=write)

    def _read(self, answer: HttpAnswer, subject: str) -> object:
        envelope = read_object(answer)
        request_id = as_text(envelope.get("apiResponseID"))
        code = as_text(envelope.get("apiResultCode"))
        if code != PLATFORM_OK:
            raise platform_error(code, as_text(envelope.get("apiErrorMsg")), request_id, self._busy_pause)
        try:
            said = service_answer(envelope)
        except ValueError:
            raise odd_answer(request_id) from None
        match verdict(said):
            case True:
                return said.get("msgData")
            case False:
                raise service_error(as_text(said.get("errorCode")), complaint(said), request_id, subject)
        raise odd_answer(request_id)


def _whole(said: Any) -> Any:
    return said
