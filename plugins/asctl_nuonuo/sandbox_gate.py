"""The gateway's door and the place where tokens are given (sections 5.2, 5.3 and 13)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from asctl.api import json_object
from asctl.api.sandbox import SandboxReply, SandboxRequest, SandboxWorld
from asctl_nuonuo.client import sign
from asctl_nuonuo.sandbox_words import No

APP_KEY = "SDKEY001"
APP_SECRET = "sandbox-secret-0001"
TOKEN_LIFE_S = 86400
_WINDOW_S = 600
_LONGEST_TIMESTAMP = 11


class Gate:
    """``token_calls`` are all that it gives; the real figure is not published."""

    def __init__(self, methods: frozenset[str], token_calls: int) -> None:
        self._methods = methods
        self._token_calls = token_calls
        self._ends: dict[str, datetime] = {}
        self._asked = 0

    def give_token(self, request: SandboxRequest, world: SandboxWorld) -> SandboxReply:
        """A token for who knows the secret; every question for one is counted."""
        self._asked += 1
        if self._asked > self._token_calls:
            return no_token("070306", "token接口调用次数超过限制")
        form = request.form()
        if request.method != "POST" or form.get("grant_type") != "client_credentials":
            return no_token("unsupported_grant_type", "demo: own applications use client_credentials")
        if (form.get("client_id"), form.get("client_secret")) != (APP_KEY, APP_SECRET):
            return no_token("invalid_client", "demo: client id or secret wrong")
        token = f"demo-token-{self._asked:024d}"
        self._ends[token] = world.now() + timedelta(seconds=TOKEN_LIFE_S)
        return SandboxReply.of({"access_token": token, "expires_in": TOKEN_LIFE_S})

    def let_in(self, request: SandboxRequest, world: SandboxWorld) -> dict[str, Any]:
        """The content of a call that passes. Raises :class:`No`."""
        if request.query.get("appkey") != APP_KEY:
            raise No("070101")
        self._check_token(request.headers.get("accessToken") or "", world.now())
        if not (_is_signed(request) and _is_timely(request.query, world)):
            raise No("070601")
        if request.headers.get("method") not in self._methods:
            raise No("E4000", "请求方法不存在")
        try:
            return json_object(request.body)
        except ValueError:
            raise No("E9300") from None

    def _check_token(self, token: str, now: datetime) -> None:
        if token not in self._ends:
            raise No("070304", "demo: access token unknown")
        if now >= self._ends[token]:
            raise No("070304", "demo: access token expired")


def no_token(code: str, words: str) -> SandboxReply:
    """A token call that is refused."""
    return SandboxReply.of({"error": code, "error_description": words})


def _is_signed(request: SandboxRequest) -> bool:
    """Signed over the very bytes that came, by the parts of the address (a number of 32 characters, one of eight digits)."""
    told = request.query
    senid, nonce, timestamp = told.get("senid", ""), told.get("nonce", ""), told.get("timestamp", "")
    if not (len(senid) == 32 and senid.isalnum() and len(nonce) == 8 and nonce.isdecimal() and nonce[0] != "0"):
        return False
    right = sign(APP_SECRET, APP_KEY, senid, nonce, timestamp, request.body)
    return hmac.compare_digest(right.encode(), (request.headers.get("X-Nuonuo-Sign") or "").encode())


def _is_timely(told: Mapping[str, str], world: SandboxWorld) -> bool:
    """Whether the time stamp, in seconds, is at most ten minutes off."""
    digits = told.get("timestamp", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _LONGEST_TIMESTAMP:
        return False
    return world.clock_agrees(datetime.fromtimestamp(int(digits), UTC), _WINDOW_S)
