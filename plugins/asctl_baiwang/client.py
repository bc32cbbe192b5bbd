"""The gateway: one address, signed calls under a token (section 6.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from asctl.api import AsctlError, Context, CredentialsRefused, HttpAnswer, HttpRequest, compact_json, read_object
from asctl_baiwang.errors import TOKEN_REFUSED, call_error, odd_answer
from asctl_baiwang.login import JSON_TYPE, Login, version_marks
from asctl_baiwang.wire import ODD, Row, complaint_of

T = TypeVar("T")


def sign(parameters: Mapping[str, str], body: str, secret: str) -> str:
    """The ``sign`` of a call, over the query parameters as they are before url-encoding and the very text that is posted."""
    pairs = "".join(f"{name}{value}" for name, value in sorted(parameters.items()) if name != "sign" and value.strip())
    return hashlib.md5(f"{secret}{pairs}{body}{secret}".encode(), usedforsecurity=False).hexdigest().upper()


class Client:
    """Asks the gateway; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._login = Login(context)
        self._version = context.text("api_version")

    def ask(self, method: str, content: Mapping[str, object], subject: str, read: Callable[[Row], T]) -> T:
        """Call ``method`` and return what ``read`` makes of the envelope; ``subject`` is what errors name.

        Raises the families of section 6.10; :class:`Unavailable` (``odd_answer``) where ``read`` misses a member or finds one
        that is not what it should be.
        """
        return self._call(method, content, subject, read, write=False)

    def tell(self, method: str, content: Mapping[str, object], subject: str, read: Callable[[Row], T]) -> T:
        """As :meth:`ask`, for a write: what leaves its outcome open is :class:`Unclear`."""
        return self._call(method, content, subject, read, write=True)

    def _call(
        self, method: str, content: Mapping[str, object], subject: str, read: Callable[[Row], T], *, write: bool
    ) -> T:
        """With a new token once more, if the gateway turned the call away for the old one: it has not read it then."""
        body = compact_json(content)

        def send(token: str) -> T:
            return self._context.http.call(
                lambda: self._request(method, body, token, write),
                lambda answer: self._read(method, subject, answer, read),
            )

        token = self._context.tokens.token(self._login.fetch)
        try:
            return send(token)
        except CredentialsRefused as turned_away:
            if turned_away.code != TOKEN_REFUSED:
                raise
            self._context.tokens.refused(token)
            another = self._another(turned_away)
        return send(another)

    def _another(self, turned_away: CredentialsRefused) -> str:
        """Another token in place of a refused one. Where none is given, the call stays turned away: nothing was done."""
        try:
            return self._context.tokens.token(self._login.fetch)
        except AsctlError as trouble:
            raise turned_away from trouble

    def _request(self, method: str, body: str, token: str, write: bool) -> HttpRequest:
        parameters = {
            "method": method,
            "appKey": self._context.text("app_key"),
            "token": token,
            "timestamp": str(int(self._context.clock.now().timestamp() * 1000)),
            "format": "json",
            "version": self._version,
            "type": "sync",
            "requestId": uuid4().hex,
        }
        if marks := version_marks(self._version):
            parameters |= {"signType": "MD5", **marks}
        parameters["sign"] = sign(parameters, body, self._context.text("app_secret"))
        url = f"{self._context.text('base_url')}?{urlencode(parameters)}"
        return HttpRequest("POST", url, method, body=body.encode("utf-8"), headers=JSON_TYPE, write=write)

    def _read(self, method: str, subject: str, answer: HttpAnswer, read: Callable[[Row], T]) -> T:
        envelope = read_object(answer)
        try:
            complaint = complaint_of(envelope)
            if complaint is None:
                return read(envelope)
        except ODD as odd:
            raise odd_answer(method) from odd
        raise call_error(complaint, subject, self._context.duration("busy_pause"))
