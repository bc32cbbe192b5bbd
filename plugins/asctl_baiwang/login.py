"""The token: by user and password, and renewed with what came beside the last one (section 6.2). These calls are not signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from asctl.api import Context, CredentialsRefused, HttpAnswer, HttpRequest, Token, as_text, compact_json, read_object
from asctl_baiwang.errors import login_error, odd_answer
from asctl_baiwang.wire import ODD, TOKEN, complaint_of, number_in

ALL_IN_QUERY = "3.0"
JSON_TYPE = {"Content-Type": "application/json"}
_LONGEST_LIFE = timedelta(days=30)


def password_hash(plain: str, salt: str, version: str) -> str:
    """What is sent instead of the password; which hash it is depends on the version of the token interface."""
    salted = (plain + salt).encode("utf-8")
    if version == "7.0":
        return hashlib.sha256(salted).hexdigest()
    inner = hashlib.md5(salted, usedforsecurity=False).hexdigest()
    return hashlib.sha1(inner.encode("ascii"), usedforsecurity=False).hexdigest()


def version_marks(version: str) -> dict[str, str]:
    """The parameters that version 7 adds to every call."""
    return {"encryptType": "NONE", "encryptScope": "00"} if version == "7.0" else {}


class Login:
    """Fetches tokens for one account."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._version = context.text("token_version")

    def fetch(self, last: Token | None) -> Token:
        """A new token: by the last one's ``refresh``, else, or where that is refused, by the password.

        Raises :class:`CredentialsRefused` (``login_refused``), :class:`Throttled` and :class:`Unavailable`.
        """
        if last is not None and last.refresh:
            try:
                return self._ask("refresh_token", {"refresh_token": last.refresh}, {}, last.refresh)
            except CredentialsRefused:
                self._context.log.info("the token cannot be renewed any more; logging in anew")
        return self._ask("password", {}, self._user(), "")

    def _user(self) -> dict[str, str]:
        text = self._context.text
        user = {
            "username": text("username"),
            "password": password_hash(text("password"), text("salt"), self._version),
            "orgAuthCode": text("org_auth_code"),
        }
        return {name: value for name, value in user.items() if value}

    def _ask(self, grant: str, query: Mapping[str, str], body: Mapping[str, str], refresh: str) -> Token:
        return self._context.http.call(
            lambda: self._request({"grant_type": grant, **query}, body), lambda answer: self._read(answer, refresh)
        )

    def _request(self, grant: Mapping[str, str], body: Mapping[str, str]) -> HttpRequest:
        secrets = {**body, "client_secret": self._context.text("app_secret")}
        query = {
            "method": TOKEN,
            **grant,
            "client_id": self._context.text("app_key"),
            "version": self._version,
            "timestamp": str(int(self._context.clock.now().timestamp() * 1000)),
            **version_marks(self._version),
        }
        sent = b""
        if self._version == ALL_IN_QUERY:
            query |= secrets
        else:
            sent = compact_json(secrets).encode("utf-8")
        url = f"{self._context.text('base_url')}?{urlencode(query)}"
        return HttpRequest("POST", url, TOKEN, body=sent, headers=JSON_TYPE)

    def _read(self, answer: HttpAnswer, refresh: str) -> Token:
        envelope = read_object(answer)
        try:
            complaint = complaint_of(envelope)
            if complaint is None:
                return self._token(envelope["response"], refresh)
        except ODD as odd:
            raise odd_answer(TOKEN) from odd
        raise login_error(complaint, self._context.duration("busy_pause"))

    def _token(self, told: Any, refresh: str) -> Token:
        """A life beyond a month would only be a mistake; a renewed token may come without a new ``refresh_token``."""
        now = self._context.clock.now()
        seconds = int(as_text(told["expires_in"]))
        life = min(timedelta(seconds=seconds), _LONGEST_LIFE)
        value = number_in(told, "access_token")
        return Token(value, now, now + life, as_text(told.get("refresh_token")) or refresh)
