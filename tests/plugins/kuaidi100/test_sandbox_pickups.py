"""Their pickup desk: checks, answers in their shape, one order a key and 48 hours."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api.sandbox import Complaint, SandboxCall, SandboxRequest
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from asctl_kuaidi100.sandbox_account import KEY, SECRET
from asctl_kuaidi100.sandbox_pickups import order_id
from tests.plugins.kuaidi100.conftest import CALLBACK, Wire
from tests.plugins.loopback import START

T = str(int(START.timestamp() * 1000))
OUR_KEY = "0123456789abcdef0123456789abcdef"
RMA = "RMA2611210007X"
ORDER = {
    "kuaidicom": "yuantong",
    "recManName": "退货组",
    "recManMobile": "13900000002",
    "recManPrintAddr": "浙江省杭州市余杭区青禾路 8 号",
    "sendManName": "测试甲",
    "sendManMobile": "13800000001",
    "sendManPrintAddr": "广东省深圳市南山区测试路 1 号",
    "cargo": "卫衣×2",
    "remark": f"{RMA} 轻放",
    "callBackUrl": CALLBACK,
    "thirdOrderId": OUR_KEY,
}


def request_of(method: str, param: Any, /, **changed: str | None) -> SandboxRequest:
    """A call as it should be, its signature included; ``None`` leaves a member out."""
    text = param if isinstance(param, str) else json.dumps(param)
    t = changed.get("t") or T
    form = {"method": method, "key": KEY, "t": t, "param": text, "sign": sign(text, t, KEY, SECRET)} | changed
    body = urlencode({name: value for name, value in form.items() if value is not None}).encode()
    return SandboxRequest("POST", "/order/borderapi.do", {}, {}, body)


def told(wire: Wire, method: str, param: Any, /, *, applied: bool = False, **changed: str | None) -> dict[str, Any]:
    request = request_of(method, param, **changed)
    reply = wire.app.answer(request, wire.app.identify(request), wire.world)
    assert (reply.status, reply.applied) == (200, applied)
    answer = json.loads(reply.body)
    assert isinstance(answer, dict)
    return answer


def test_an_order_is_answered_in_their_shape(wire: Wire):
    """The published answer, member by member; both numbers stand for the order in the world."""
    answer = told(wire, "bOrder", ORDER, applied=True)
    (made,) = wire.world.pickups
    assert answer == {
        "data": {"kuaidinum": made.waybill, "orderId": order_id(made), "eOrder": None, "taskId": made.number},
        "message": "提交成功",
        "result": True,
        "returnCode": "200",
    }


def test_a_repeat_is_answered_alike_and_not_applied(wire: Wire):
    """For 48 hours, also where the order changed meanwhile; then it is a new order, which repeats of its own are told."""
    first = told(wire, "bOrder", ORDER, applied=True)
    assert told(wire, "bOrder", ORDER | {"sendManName": "测试乙"}) == first
    wire.pass_time(48)
    late = str(int(wire.clock.moment.timestamp() * 1000))
    second = told(wire, "bOrder", ORDER, applied=True, t=late)
    assert second != first
    assert told(wire, "bOrder", ORDER, t=late) == second


def test_without_a_key_nothing_is_protected(wire: Wire):
    """The key is optional there; each order without one is carried out."""
    keyless = {name: value for name, value in ORDER.items() if name != "thirdOrderId"}
    for _attempt in range(2):
        told(wire, "bOrder", keyless, applied=True)
    assert len(wire.world.pickups) == 2


@pytest.mark.parametrize(
    "missing",
    [
        "kuaidicom", "recManName", "recManMobile", "recManPrintAddr", "sendManName", "sendManMobile", "sendManPrintAddr",
        "callBackUrl", "cargo",
    ],
)  # fmt: skip
def test_missing_members(wire: Wire, missing: str):
    """Both people, the courier, the callback, and for YTO the goods."""
    answer = told(wire, "bOrder", {name: value for name, value in ORDER.items() if name != missing})
    assert answer == {"result": False, "returnCode": "400", "message": "提交的数据不完整"}
    assert wire.world.pickups == []


@pytest.mark.parametrize(
    "changed",
    [
        {"thirdOrderId": "x" * 33},
        {"sendManPrintAddr": "广东省深圳市" + "路" * 95},
        {"dayType": "后年"},
        {"kuaidicom": "shunfeng"},
        {"kuaidicom": "shunfeng", "pickupStartTime": "09:00"},
    ],
)
def test_members_out_of_bounds(wire: Wire, changed: dict[str, str]):
    """The key's length, an address of 300 bytes, the three days; SF wants both hours."""
    assert told(wire, "bOrder", ORDER | changed)["returnCode"] == "400"
    assert wire.world.pickups == []


def test_sf_with_its_hours(wire: Wire):
    """With a window SF is ordered."""
    hours = {"dayType": "今天", "pickupStartTime": "14:00", "pickupEndTime": "16:00"}
    told(wire, "bOrder", ORDER | {"kuaidicom": "shunfeng"} | hours, applied=True)


@pytest.mark.parametrize("courier", ["huitongkuaidi", "youzhengguonei", "nobody"])
def test_couriers_that_do_not_fetch(wire: Wire, courier: str):
    """Those of the plugin that their desk does not serve, and strangers."""
    assert told(wire, "bOrder", ORDER | {"kuaidicom": courier})["message"] == "该区域不支持上门取件"


@pytest.mark.parametrize(
    "changed", [{"sign": "0" * 32}, {"key": "other"}, {"t": "soon"}, {"t": str(int(T) - 3_600_000)}]
)
def test_the_signature_is_verified(wire: Wire, changed: dict[str, str]):
    """Another signature or key, and a time that is none or another hour's."""
    assert told(wire, "bOrder", ORDER, **changed)["returnCode"] == "503"


@pytest.mark.parametrize("missing", ["key", "t", "param", "sign"])
def test_an_incomplete_form(wire: Wire, missing: str):
    """Every member of the form is required."""
    changed: dict[str, str | None] = {missing: None}
    assert told(wire, "bOrder", ORDER, **changed)["returnCode"] == "400"


@pytest.mark.parametrize("method", ["bOrder", "BORDER", "border"])
def test_methods_come_in_any_case(wire: Wire, method: str):
    """Their own clients disagree about it."""
    told(wire, method, ORDER, applied=True)


@pytest.mark.parametrize(("hours", "status"), [(0, 1), (24, 10)])
def test_details(wire: Wire, hours: int, status: int):
    """How far the order is, by its task."""
    task = told(wire, "bOrder", ORDER, applied=True)["data"]["taskId"]
    wire.pass_time(hours)
    (made,) = wire.world.pickups
    answer = told(wire, "detail", {"taskId": task}, t=str(int(T) + hours * 3_600_000))
    assert answer["data"] == {
        "taskId": task,
        "orderId": order_id(made),
        "kuaidiCom": "yuantong",
        "kuaidiNum": made.waybill,
        "status": status,
    }


def test_taking_back(wire: Wire):
    """Both numbers must be right; it is applied again however often it comes, until the goods are fetched."""
    data = told(wire, "bOrder", ORDER, applied=True)["data"]
    cancel = {"taskId": data["taskId"], "orderId": data["orderId"], "cancelMsg": "不寄了"}
    assert told(wire, "cancel", cancel | {"orderId": "1"})["message"] == "订单不存在"
    assert told(wire, "cancel", cancel | {"taskId": "P1"})["message"] == "订单不存在"
    assert told(wire, "cancel", cancel | {"cancelMsg": ""})["returnCode"] == "400"
    for _attempt in range(2):
        answer = told(wire, "cancel", cancel, applied=True)
        assert answer == {"data": {}, "message": "取消成功", "result": True, "returnCode": "200"}


def test_too_late_to_take_back(wire: Wire):
    """Fetched goods are told as such."""
    data = told(wire, "bOrder", ORDER, applied=True)["data"]
    wire.pass_time(24)
    later = str(int((START + timedelta(hours=24)).timestamp() * 1000))
    cancel = {"taskId": data["taskId"], "orderId": data["orderId"], "cancelMsg": "不寄了"}
    assert told(wire, "cancel", cancel, t=later)["message"] == "快递员已取件，无法取消"


def test_calls_are_identified(app: Kuaidi100Sandbox):
    """The ledger and the faults see the case or the task, our key where it travels, and what is a write."""
    assert app.identify(request_of("bOrder", ORDER)) == SandboxCall("order_pickup", True, RMA, OUR_KEY)
    assert app.identify(request_of("cancel", {"taskId": "P1"})) == SandboxCall("cancel_pickup", True, "P1")
    assert app.identify(request_of("detail", {"taskId": "P1"})) == SandboxCall("pickup_status", False, "P1")
    assert app.identify(request_of("price", {})) == SandboxCall("price")


@given(method=st.text(max_size=8) | st.sampled_from(["bOrder", "cancel", "detail"]), body=st.binary(max_size=60))
def test_nothing_raises(method: str, body: bytes):
    """Whatever comes, it gets a name and an answer."""
    wire = Wire(Kuaidi100Sandbox(), "http://127.0.0.1:8100/kuaidi100")
    for request in (
        SandboxRequest("POST", "/order/borderapi.do", {}, {}, body),
        request_of(method, body.decode("latin-1")),
    ):
        assert wire.app.answer(request, wire.app.identify(request), wire.world).status == 200
    assert wire.world.pickups == []


@pytest.mark.parametrize(
    ("complaint", "code", "text"),
    [
        (Complaint("throttle", seconds=5), "400", "请求过于频繁"),
        (Complaint("auth"), "503", "签名认证失败"),
        (Complaint("not_found"), "400", "订单不存在"),
        (Complaint("refuse", reason="CANNOT_CANCEL"), "400", "快递员已取件，无法取消"),
        (Complaint("refuse", reason="今天不上班"), "400", "今天不上班"),
    ],
)
@pytest.mark.parametrize("operation", ["order_pickup", "cancel_pickup", "pickup_status"])
def test_complaints_are_in_their_words(
    app: Kuaidi100Sandbox, operation: str, complaint: Complaint, code: str, text: str
):
    """A fault is told in the desk's envelope, and applies nothing."""
    reply = app.complain(SandboxCall(operation, write=operation != "pickup_status"), complaint)
    assert (json.loads(reply.body), reply.applied) == ({"result": False, "returnCode": code, "message": text}, False)
