"""The gateway's door (section 13): token, signature, method, content, in this order; only then the business."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from asctl.api import as_text, json_object
from asctl.api.sandbox import SandboxRequest, SandboxWorld
from asctl_baiwang.client import sign
from asctl_baiwang.login import ALL_IN_QUERY, password_hash
from asctl_baiwang.wire import DELIVER, FORMS, ISSUE, QUERY, RETRY, REVERSE

APP_KEY = "1000009"
APP_SECRET = "00000000-1111-2222-3333-444444444444"
USERNAME, PASSWORD = "demo-user", "Demo-Pass"
SALT = "00112233445566778899aabbccddeeff"
TOKEN_LIFE, REFRESH_LIFE = timedelta(hours=8), timedelta(days=30)
METHODS = frozenset({ISSUE, QUERY, RETRY, REVERSE, DELIVER, FORMS})
BUSINESS = "100000"
_WORDS = {
    "100001": "演示：token无效",
    "100002": "演示：token已过期",
    "100007": "演示：签名错误",
    "100003": "演示：方法不存在",
    "100004": "演示：用户名、密码或密钥错误",
    "100005": "演示：请求内容不是JSON对象",
}
"""All but 100001, 100002 and 100007 are of this sandbox alone."""


class Turned(Exception):
    """A failure: the gateway's code, and the business's with its text where it is its own."""

    def __init__(self, code: str, sub_code: str = "", words: str = "") -> None:
        super().__init__(code, sub_code)
        self.code = code
        self.sub_code = sub_code
        self.words = words or _WORDS.get(code, "")


def business(sub_code: str, words: str) -> Turned:
    """The business's own no."""
    return Turned(BUSINESS, sub_code, words)


class Gate:
    """Gives tokens and lets calls in. Tokens live on the world's clock."""

    def __init__(self) -> None:
        self._tokens: dict[str, datetime] = {}
        self._renewals: dict[str, datetime] = {}

    def give_token(self, request: SandboxRequest, world: SandboxWorld) -> dict[str, Any]:
        """The answer to a login or a renewal. Raises :class:`Turned`."""
        query = request.query
        told = query if query.get("version") == ALL_IN_QUERY else read_body(request.body)
        if query.get("client_id") != APP_KEY or told.get("client_secret") != APP_SECRET:
            raise Turned("100004")
        if not self._may_have_one(query, told, world.now()):
            raise Turned("100004")
        token, renewal = f"tok-{uuid4().hex}", f"rtok-{uuid4().hex}"
        self._tokens[token] = world.now() + TOKEN_LIFE
        self._renewals[renewal] = world.now() + REFRESH_LIFE
        return {
            "access_token": token,
            "refresh_token": renewal,
            "token_type": "bearer",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
        }

    def let_in(self, request: SandboxRequest, world: SandboxWorld) -> dict[str, Any]:
        """The content of a call that passes. Raises :class:`Turned`."""
        query = request.query
        if query.get("token", "") not in self._tokens:
            raise Turned("100001")
        if world.now() >= self._tokens[query["token"]]:
            raise Turned("100002")
        right = sign(query, request.body.decode("utf-8", "replace"), APP_SECRET)
        signed = hmac.compare_digest(right.encode(), query.get("sign", "").encode("utf-8", "replace"))
        if query.get("appKey") != APP_KEY or not signed:
            raise Turned("100007")
        if query.get("method") not in METHODS:
            raise Turned("100003")
        content = read_body(request.body)
        if not content:
            raise Turned("100005")
        return content

    def _may_have_one(self, query: Mapping[str, str], told: Mapping[str, Any], now: datetime) -> bool:
        """A renewal is good once."""
        if query.get("grant_type") == "refresh_token":
            return now < self._renewals.pop(query.get("refresh_token", ""), now)
        right = password_hash(PASSWORD, SALT, query.get("version", ""))
        return (told.get("username"), told.get("password")) == (USERNAME, right)


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object that was sent; empty where it is none."""
    try:
        return json_object(body)
    except ValueError:
        return {}


def required(content: Mapping[str, Any], *names: str) -> list[str]:
    """The texts under ``names``. Raises :class:`Turned` for the first that is empty."""
    for name in names:
        if not as_text(content.get(name)):
            raise business("70169", f"演示：{name} is empty")
    return [as_text(content[name]) for name in names]
