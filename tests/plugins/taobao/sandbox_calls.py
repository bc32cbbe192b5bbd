"""Calls to the sandbox app as a client of its own would make them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from asctl.api import china_text
from asctl_taobao.sandbox import CREDENTIALS, TaobaoSandbox
from asctl_taobao.signing import signature
from tests.plugins.taobao.support import World, answer_of

TID = "4000000000000000101"


def signed(method: str, world: World, **parameters: str) -> dict[str, str]:
    form = {
        "method": method,
        "app_key": CREDENTIALS.app_key,
        "session": CREDENTIALS.session,
        "timestamp": china_text(world.now()),
        "v": "2.0",
        "format": "json",
        "sign_method": "md5",
        **parameters,
    }
    return {**form, "sign": signature(form, CREDENTIALS.app_secret, "md5")}


def told(app: TaobaoSandbox, world: World, form: Mapping[str, str]) -> dict[str, Any]:
    """The root member of the answer."""
    whole: dict[str, Any] = json.loads(answer_of(app, world, form).body)
    (member,) = whole.values()
    assert member.pop("request_id")
    return dict(member)


def asked(app: TaobaoSandbox, world: World, method: str, **parameters: str) -> dict[str, Any]:
    return told(app, world, signed(method, world, **parameters))


def resigned(form: dict[str, str]) -> dict[str, str]:
    rest = {name: value for name, value in form.items() if name != "sign"}
    return {**rest, "sign": signature(rest, CREDENTIALS.app_secret, "md5")}
