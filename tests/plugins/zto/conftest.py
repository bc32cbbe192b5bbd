"""A ZTO account whose calls reach the plugin's own sandbox app, in the sandbox's real world."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asctl.api import ParcelStatus, Pickup, PickupGoods, Receiver
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_zto.client import sign
from asctl_zto.provider import Zto
from asctl_zto.sandbox import ZtoSandbox
from asctl_zto.sandbox_gate import ACCOUNT_ID, ACCOUNT_PASSWORD, APP_KEY, APP_SECRET
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/zto"
WAYBILL = "73100012345678"
KEY = "0123456789abcdef0123456789abcdef"
CASE = "RMA2611210001X"
CUSTOMER = Receiver("测试甲", "13800000004", "上海市", "上海市", "浦东新区", "花木街道", "示例路1号")
SHOP = Receiver("退货组", "0571-88888888", "浙江省", "杭州市", "余杭区", "", "测试路1号退货仓")
PICKUP = Pickup(KEY, "zto", CUSTOMER, SHOP, (PickupGoods("玻璃杯", "CUP-1", 2),), CASE, remark=CASE)


@pytest.fixture
def app() -> ZtoSandbox:
    return ZtoSandbox()


@pytest.fixture
def loop(app: ZtoSandbox) -> Loopback:
    return Loopback(app, BASE)


@pytest.fixture
def make_provider(loop: Loopback) -> Callable[..., Zto]:
    """Build a provider; named settings replace the usual ones."""

    def make(**changed: object) -> Zto:
        settings: dict[str, object] = {
            "base_url": BASE,
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "send_timestamp": False,
            "busy_pause": timedelta(seconds=1),
            "quota_pause": timedelta(minutes=1),
            "check_waybill": "73000000000000",
            "account_id": ACCOUNT_ID,
            "account_password": ACCOUNT_PASSWORD,
            "pickup_partner": "other",
            "pickup_waybill": True,
            "pickup_cancel_type": "1",
            "pickup_query_type": "0",
            "pickup_cancelled_states": ("-2",),
        }
        return Zto(loop.context("zto", settings | changed))

    return make


@pytest.fixture
def provider(make_provider: Callable[..., Zto]) -> Zto:
    return make_provider()


@pytest.fixture
def moving(loop: Loopback) -> Loopback:
    """The world with one parcel under way: picked up, at a hub, delivered twelve hours from now."""
    loop.parcel(
        "zto",
        WAYBILL,
        (30, ParcelStatus.PICKED_UP),
        (8, ParcelStatus.IN_TRANSIT),
        (-12, ParcelStatus.DELIVERED),
        phone_tail="1234",
    )
    return loop


def telling(loop: Loopback, told: object) -> None:
    """From now on every answer of the far side is ``told``."""
    loop.answer = lambda _request: SandboxReply.of(told)


def refusing(loop: Loopback, code: object, text: str = "their words") -> None:
    telling(loop, {"status": False, "statusCode": code, "message": text, "result": None})


def signed(api: str, body: dict[str, Any], **headers: str) -> SandboxRequest:
    """A request as the gateway takes it; named headers replace or add to the usual ones (``_`` stands for ``-``)."""
    text = json.dumps(body, ensure_ascii=False)
    usual = {"x-companyid": APP_KEY, "x-datadigest": sign(text, APP_SECRET)}
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return SandboxRequest("POST", f"/{api}", {}, usual | changed, text.encode())
