"""A YTO account in a loopback world, and one whose far side says what a test wants it to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import HttpRequest
from asctl.api.sandbox import SandboxReply
from asctl_yto.provider import Yto
from asctl_yto.sandbox import YtoSandbox
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/yto"
WAYBILL = "YT1234567890123"


def settings(**changed: object) -> dict[str, object]:
    """The account that the sandbox writes, with the spec's defaults; named settings replace the usual ones."""
    account = dict(YtoSandbox().accounts(BASE)["couriers"]["yto"])
    defaults = {
        "intercept_version": "v1",
        "pickup_version": "v1",
        "pickup_product": "PK",
        "busy_pause": timedelta(seconds=60),
        "check_waybill": "YT0000000000000",
    }
    return account | defaults | changed


def sent_body(request: HttpRequest) -> dict[str, Any]:
    """The four members of a call that was sent."""
    body = json.loads(request.body or b"")
    assert isinstance(body, dict)
    return body


@pytest.fixture
def loopback() -> Loopback:
    return Loopback(YtoSandbox(), BASE)


@pytest.fixture
def provider(loopback: Loopback) -> Yto:
    return Yto(loopback.context("yto-main", settings()))


@pytest.fixture
def answering(loopback: Loopback) -> Callable[..., Yto]:
    """An account whose far side answers every call with this body (bytes) or JSON."""

    def make(told: object, **changed: object) -> Yto:
        reply = SandboxReply(told) if isinstance(told, bytes) else SandboxReply.of(told)
        loopback.answer = lambda _request: reply
        return Yto(loopback.context("yto-main", settings(**changed)))

    return make
