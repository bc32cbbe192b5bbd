"""The gateway: one address, a signature over the very bytes that are sent, a token beside it (sections 5.1 to 5.5)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from asctl.api import (
    AsctlError,
    Context,
    CredentialsRefused,
    HttpAnswer,
    HttpRequest,
    as_text,
    compact_json,
    read_object,
)
from asctl_nuonuo.access import Access
from asctl_nuonuo.errors import TOKEN_REFUSED, error_for, odd_answer
from asctl_nuonuo.wire import OK, code_of

T = TypeVar("T")
_COMMON = "a=services&l=v1&p=open"
"""The parts of the gateway's own path are signed as these words wherever it stands."""
_NONCES_FROM, _NONCES = 10_000_000, 90_000_000

Complain = Callable[[str, str, str, timedelta], AsctlError]


def sign(secret: str, app_key: str, senid: str, nonce: str, timestamp: str, body: bytes) -> str:
    """The ``X-Nuonuo-Sign`` of a call (section 5.3): Base64 as it is, not url-encoded."""
    head = f"{_COMMON}&k={app_key}&i={senid}&n={nonce}&t={timestamp}&f="
    mac = hmac.new(secret.encode("utf-8"), head.encode("utf-8") + body, hashlib.sha1)
    return b64encode(mac.digest()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """One call: ``subject`` is our number, which errors name; ``read`` makes the answer of the envelope (``ValueError`` for an odd
    one); ``tax_id`` is the seller's, where it is known."""

    method: str
    content: Mapping[str, object]
    read: Callable[[Mapping[str, Any]], T]
    subject: str
    tax_id: str = ""
    write: bool = False
    complain: Complain = error_for


class Client:
    """One account's calls; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._http = context.http
        self._clock = context.clock
        self._url = context.text("base_url")
        self._app_key = context.text("app_key")
        self._secret = context.text("app_secret")
        self._ticks = 1000 if context.text("timestamp_unit") == "milliseconds" else 1
        self._token_rest = context.duration("token_rest")
        self._access = Access(context)

    def ask(self, question: Question[T]) -> T:
        """Make a call, and once more with another token where the gateway did not take the first one: it reads nothing before.

        Raises the families of :mod:`asctl_nuonuo.errors`; a write turns :class:`Unavailable` into :class:`Unclear`.
        """
        body = compact_json(question.content).encode("utf-8", "replace")
        token = self._access.token()
        try:
            return self._send(question, body, token)
        except CredentialsRefused as turned_away:
            if turned_away.code != TOKEN_REFUSED:
                raise
            self._access.refused(token)
            return self._send(question, body, self._another_token(turned_away))

    def _another_token(self, turned_away: CredentialsRefused) -> str:
        try:
            return self._access.token()
        except AsctlError as trouble:
            raise trouble from turned_away

    def _send(self, question: Question[T], body: bytes, token: str) -> T:
        return self._http.call(
            lambda: self._request(question, body, token), lambda answer: self._read(question, answer)
        )

    def _request(self, question: Question[T], body: bytes, token: str) -> HttpRequest:
        senid, nonce = uuid4().hex, str(_NONCES_FROM + secrets.randbelow(_NONCES))
        timestamp = str(int(self._clock.now().timestamp() * self._ticks))
        common = {"senid": senid, "nonce": nonce, "timestamp": timestamp, "appkey": self._app_key}
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-Nuonuo-Sign": sign(self._secret, self._app_key, senid, nonce, timestamp, body),
            "accessToken": token,
            "method": question.method,
        }
        if question.tax_id:
            headers["userTax"] = question.tax_id
        return HttpRequest(
            "POST",
            f"{self._url}?{urlencode(common)}",
            question.method.rpartition(".")[2],
            body=body,
            headers=headers,
            write=question.write,
        )

    def _read(self, question: Question[T], answer: HttpAnswer) -> T:
        envelope = read_object(answer)
        code = code_of(envelope.get("code"))
        if code != OK:
            told = as_text(envelope.get("describe"))
            raise question.complain(code, told, question.subject, self._token_rest)
        try:
            return question.read(envelope)
        except ValueError:
            raise odd_answer() from None
