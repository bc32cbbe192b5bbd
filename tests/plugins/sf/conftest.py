"""An SF account over the plugin's own sandbox app, without sockets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import asctl_sf
from asctl.api import Pickup, PickupGoods, Receiver, compact_json
from asctl.api.sandbox import SandboxReply
from asctl_sf.provider import SF
from asctl_sf.sandbox import SFSandbox
from tests.plugins.loopback import Loopback

BASE = "http://127.0.0.1:8100/sf"
WAYBILL = "SF1234567890123"
TAIL = "1234"
KEY = "0123456789abcdef0123456789abcdef"
CASE = "RMA2611210001X"
CUSTOMER = Receiver("测试甲", "13800000004", "上海市", "上海市", "徐汇区", "漕河泾街道", "测试路2号3室")
SHOP = Receiver("退货组", "0571-88888888", "浙江省", "杭州市", "余杭区", "", "测试路1号退货仓")
PICKUP = Pickup(KEY, "sf", CUSTOMER, SHOP, (PickupGoods("玻璃杯", "CUP-1", 2),), CASE, remark=CASE)
RECEIVER = Receiver("张小明", "13800000002", "上海市", "上海市", "徐汇区", "", "测试路2号3室")
(SPEC,) = asctl_sf.asctl_couriers()
SETTINGS: dict[str, object] = {
    **{setting.name: setting.default for setting in SPEC.settings},
    **SFSandbox().accounts(BASE)["couriers"]["sf"],
    "busy_pause": timedelta(seconds=5),
}
"""Every setting, as the sandbox writes it or by default."""


def told(service_says: object, code: str = "A1000", words: str = "") -> SandboxReply:
    """The platform's envelope around what a service says."""
    data = service_says if service_says is None or isinstance(service_says, str) else compact_json(service_says)
    return SandboxReply.of(
        {"apiErrorMsg": words, "apiResponseID": "00018F3A", "apiResultCode": code, "apiResultData": data}
    )


def said_no(code: str, words: str = "说明") -> SandboxReply:
    """A service's explicit no."""
    return told({"success": False, "errorCode": code, "errorMsg": words, "msgData": None})


def said_yes(msg_data: object) -> SandboxReply:
    """A service's yes."""
    return told({"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": msg_data})


@pytest.fixture
def app() -> SFSandbox:
    return SFSandbox()


@pytest.fixture
def loop(app: SFSandbox) -> Loopback:
    return Loopback(app, BASE)


@pytest.fixture
def make_provider(loop: Loopback) -> Callable[..., SF]:
    """Build a provider on the loopback; named settings replace those that the sandbox writes."""

    def make(**changed: object) -> SF:
        return SF(loop.context("sf-main", SETTINGS | changed))

    return make


@pytest.fixture
def provider(make_provider: Callable[..., SF]) -> SF:
    return make_provider()
