"""The platform's door (sections 1 to 3): completeness, partner, signature, service; only then the content."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from asctl.api import json_object
from asctl.api.sandbox import SandboxRequest
from asctl_sf.client import CANCEL_PICKUP, FIND_ORDER, INTERCEPT, ORDER_PICKUP, ROUTES, digest, sign
from asctl_sf.sandbox_refusals import No

PARTNER = "ASCTLTEST"
CHECK_WORD = "testCheckWord"
_REQUIRED = ("partnerID", "requestID", "serviceCode", "timestamp", "msgDigest", "msgData")
_LONGEST_REQUEST_ID = 40
_SERVICES = frozenset({ROUTES, INTERCEPT, ORDER_PICKUP, CANCEL_PICKUP, FIND_ORDER})
_WORDS = {
    "A1001": "必传参数不可为空",
    "A1004": "无对应服务权限",
    "A1006": "数字签名无效",
}


class Turned(Exception):
    """Turned away by the platform: its result code and text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = _WORDS[code]


class Gate:
    """``accept_raw`` takes signatures over the text as it is, too.

    The time stamp is judged as the real side does: it only has to be the one that was signed.
    """

    def __init__(self, accept_raw: bool) -> None:
        self._accept_raw = accept_raw

    def let_in(self, request: SandboxRequest) -> dict[str, Any]:
        """The content of a call that passes. Raises :class:`Turned`, and :class:`No` for a content that is no object."""
        form = request.form()
        if request.method != "POST" or not _is_complete(form):
            raise Turned("A1001")
        if form["partnerID"] != PARTNER or not self._is_signed(form):
            raise Turned("A1006")
        if form["serviceCode"] not in _SERVICES:
            raise Turned("A1004")
        content = read_content(form["msgData"])
        if content is None:
            raise No("S0001", "请求参数JSON格式错误")
        return content

    def _is_signed(self, form: Mapping[str, str]) -> bool:
        msg_data, timestamp = form["msgData"], form["timestamp"]
        valid = [sign(msg_data, timestamp, CHECK_WORD)]
        if self._accept_raw:
            valid.append(digest(msg_data + timestamp + CHECK_WORD))
        given = form["msgDigest"].encode()
        return any(hmac.compare_digest(each.encode(), given) for each in valid)


def read_content(text: str) -> dict[str, Any] | None:
    """``msgData`` as an object, ``None`` for anything else."""
    try:
        return json_object(text)
    except ValueError:
        return None


def _is_complete(form: Mapping[str, str]) -> bool:
    """Everything is there, and one proof of identity alone."""
    if not all(form.get(name) for name in _REQUIRED) or "accessToken" in form:
        return False
    return form["timestamp"].isdecimal() and len(form["requestID"]) <= _LONGEST_REQUEST_ID
