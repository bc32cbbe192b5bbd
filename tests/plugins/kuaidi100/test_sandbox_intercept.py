"""Their counter for interceptions: checks, shapes, faults, and no protection from repeats."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    AsctlError,
    Interception,
    ParcelStatus,
    Receiver,
    RefusalReason,
    Refused,
    Unclear,
)
from asctl.api.sandbox import Complaint, SandboxCall, SandboxRequest
from asctl.sandbox.people import PLACES, phone
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import their_receiver
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from asctl_kuaidi100.sandbox_account import KEY, SECRET
from asctl_kuaidi100.sandbox_words import receiver_from
from tests.plugins.kuaidi100.conftest import BASE, CALLBACK, Wire, answered_by, provider_on
from tests.plugins.loopback import START, refused

WAYBILL = "JT1234567890123"
T = str(int(START.timestamp() * 1000))
ORDER = {
    "kuaidicom": "jtexpress",
    "kuaidinum": WAYBILL,
    "interceptType": "RETURN_SEND_ADDR",
    "salt": "testsalt",
    "callbackUrl": CALLBACK,
}
SOMEBODY = {"name": "测试甲", "mobile": "13800000001", "printAddr": "浙江省杭州市余杭区测试路 1 号"}
CALL_BACK = Interception("key-1", "jt", WAYBILL)


def request_of(param: str, /, **changed: str | None) -> SandboxRequest:
    """An order as it should be, its signature included; ``None`` leaves a member out."""
    t = changed.get("t") or T
    form = {
        "method": "interceptOrder",
        "key": KEY,
        "t": t,
        "param": param,
        "sign": sign(param, t, KEY, SECRET),
    } | changed
    body = urlencode({name: value for name, value in form.items() if value is not None}).encode()
    return SandboxRequest("POST", "/label/order", {}, {}, body)


def told(wire: Wire, request: SandboxRequest, *, applied: bool = False) -> dict[str, Any]:
    reply = wire.app.answer(request, wire.app.identify(request), wire.world)
    assert (reply.status, reply.applied) == (200, applied)
    answer = json.loads(reply.body)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def moving(wire: Wire) -> Wire:
    wire.parcel("jt", WAYBILL, (20, ParcelStatus.PICKED_UP), (5, ParcelStatus.IN_TRANSIT))
    return wire


def test_order_is_taken_in_the_vendors_shape(moving: Wire):
    """Code, message, time, task and success, as in reference section 5."""
    answer = told(moving, request_of(json.dumps(ORDER)), applied=True)
    assert sorted(answer) == ["code", "data", "message", "success", "time"]
    assert (answer["code"], answer["message"], answer["success"]) == (200, "提交成功", True)
    assert answer["data"] == {"taskId": moving.world.interceptions[0].number}


def test_refusal_is_in_the_vendors_shape(moving: Wire):
    """The published failure of a wrong signature comes out to the member."""
    answer = told(moving, request_of(json.dumps(ORDER), sign="0" * 32))
    assert answer == {"code": 30002, "message": "签名验证失败", "time": 2, "data": None, "success": False}
    assert moving.world.interceptions == []


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "other"},
        {"sign": sign(json.dumps(ORDER), T, KEY, "other")},
        {"sign": sign(json.dumps(ORDER), T, KEY, SECRET).lower()},
        {"sign": "签"},
        {"param": json.dumps(ORDER, separators=(",", ":"))},
    ],
)
def test_signature_is_verified(moving: Wire, changed: dict[str, str]):
    """Another key, secret or text is refused."""
    assert told(moving, request_of(json.dumps(ORDER), **changed))["code"] == 30002


@pytest.mark.parametrize("t", [str(int((START + timedelta(hours=hours)).timestamp() * 1000)) for hours in (-1, 1)])
def test_time_stamp_is_verified(moving: Wire, t: str):
    """A rightly signed order of another hour is refused."""
    assert told(moving, request_of(json.dumps(ORDER), t=t))["code"] == 30002


@pytest.mark.parametrize("t", ["soon", "9" * 30, "-1"])
def test_time_stamp_that_is_none(moving: Wire, t: str):
    """Text and numbers that are no time are refused as well."""
    assert told(moving, request_of(json.dumps(ORDER), t=t))["code"] == 30002


@pytest.mark.parametrize("missing", ["key", "t", "param", "sign"])
def test_incomplete_form(moving: Wire, missing: str):
    """Every member of the form is required."""
    assert told(moving, request_of(json.dumps(ORDER), **{missing: None}))["code"] == 30001


@pytest.mark.parametrize(
    "param",
    [
        {},
        [],
        ORDER | {"kuaidinum": ""},
        ORDER | {"interceptType": "BURN"},
        ORDER | {"callbackUrl": ""},
        ORDER | {"interceptType": "MODIFY_ADDR"},
        ORDER | {"interceptType": "MODIFY_ADDR", "recManInfo": SOMEBODY | {"name": ""}},
        ORDER | {"interceptType": "MODIFY_ADDR", "recManInfo": SOMEBODY | {"mobile": None}},
        ORDER | {"interceptType": "MODIFY_ADDR", "recManInfo": SOMEBODY | {"printAddr": ""}},
    ],
)
def test_incomplete_param(moving: Wire, param: Any):
    """Waybill, type, receiver and, for J&T, the callback address must be there; an unknown courier is not served."""
    assert told(moving, request_of(json.dumps(param)))["code"] in (30001, 30013)
    assert moving.world.interceptions == []


def test_landline_will_do(moving: Wire):
    """``tel`` stands in for ``mobile``."""
    receiver = {"name": "测试甲", "tel": "0571-88888888", "printAddr": SOMEBODY["printAddr"]}
    param = ORDER | {"interceptType": "MODIFY_ADDR", "recManInfo": receiver}
    assert told(moving, request_of(json.dumps(param)), applied=True)["code"] == 200


def test_other_methods_are_no_interception(moving: Wire):
    """A GET and another method change nothing."""
    order = request_of(json.dumps(ORDER))
    get = SandboxRequest("GET", order.path, {}, {}, order.body)
    assert told(moving, get)["code"] == 30001
    cancel = request_of(json.dumps(ORDER), method="cancel")
    assert told(moving, cancel)["code"] == 30001
    assert moving.app.identify(cancel) == SandboxCall("cancel")


def test_repeats_are_applied_again(moving: Wire):
    """The same bytes twice are two tasks: the sandbox is the witness."""
    answers = [told(moving, request_of(json.dumps(ORDER)), applied=True) for _ in range(2)]
    assert len({answer["data"]["taskId"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("told_type", "operation"),
    [
        ("RETURN_SEND_ADDR", "intercept"),
        ("RETURN_SEND_STATION", "intercept"),
        ("MODIFY_ADDR", "address_change"),
        ("", "intercept"),
    ],
)
def test_orders_are_identified(wire: Wire, told_type: str, operation: str):
    """Ledger and faults see the operation and the waybill of a write; no key travels."""
    request = request_of(json.dumps(ORDER | {"interceptType": told_type}))
    assert wire.app.identify(request) == SandboxCall(operation, write=True, target=WAYBILL, key="")


@given(param=st.text(max_size=60), method=st.sampled_from(["interceptOrder", "", "cancel"]))
def test_identify_never_raises(param: str, method: str):
    """Whatever the param holds, the call gets a name."""
    body = urlencode({"method": method, "param": param}).encode("utf-8", "replace")
    assert Kuaidi100Sandbox().identify(SandboxRequest("POST", "/label/order", {}, {}, body)).operation


@pytest.mark.parametrize("coded", [True, False])
@pytest.mark.parametrize("reason", sorted(set(RefusalReason) - {RefusalReason.CANNOT_CANCEL}))
def test_every_reason_is_understood_with_and_without_codes(coded: bool, reason: RefusalReason):
    """What the sandbox refuses is what the plugin reads, whether or not the reasons have codes of their own."""
    error = complained(Complaint("refuse", reason=reason.value), coded=coded)
    if reason is RefusalReason.SERVER_ERROR:
        assert isinstance(error, Unclear)
    else:
        assert isinstance(error, Refused)
        assert refused(error) == reason


@pytest.mark.parametrize(
    ("complaint", "reason"),
    [
        (Complaint("throttle", seconds=5), RefusalReason.RATE_LIMITED),
        (Complaint("auth"), RefusalReason.SIGN_ERROR),
        (Complaint("not_found"), RefusalReason.NOT_AUTHORISED),
        (Complaint("refuse", reason="今天不上班"), RefusalReason.OTHER),
        (Complaint("refuse"), RefusalReason.OTHER),
    ],
)
def test_complaints_are_in_their_words(complaint: Complaint, reason: RefusalReason):
    """A fault on an order is told in an order's shape, and a free reason is passed on."""
    error = complained(complaint)
    assert isinstance(error, Refused)
    assert refused(error) == reason
    assert complaint.reason in error.upstream_text


def complained(complaint: Complaint, *, coded: bool = True) -> AsctlError:
    app = Kuaidi100Sandbox(coded_refusals=coded)
    wire = answered_by(lambda request: app.complain(app.identify(request), complaint))
    with pytest.raises(AsctlError) as caught:
        provider_on(wire).intercept(CALL_BACK)
    return caught.value


@pytest.mark.parametrize("place", PLACES)
def test_address_in_one_text_is_taken_apart(place: tuple[str, str, str, str]):
    """Province and city of every place of the seeded shop are found again in the text."""
    province, city, district, town = place
    sent = Receiver("测试甲", phone(Random(1)), province, city, district, town, "测试路 1 号")
    read = receiver_from(their_receiver(sent))
    assert read is not None
    assert (read.name, read.phone, read.province, read.city) == (sent.name, sent.phone, province, city or district)
    assert read.detail.endswith(f"{town}测试路 1 号")


def test_municipality_is_its_own_city():
    """An address that begins with the municipality alone has a city."""
    read = receiver_from(SOMEBODY | {"printAddr": "上海市浦东新区测试路 1 号"})
    assert read is not None
    assert (read.province, read.city, read.detail) == ("上海市", "上海市", "浦东新区测试路 1 号")


@given(st.text(max_size=60))
def test_any_address_is_read_or_not(address: str):
    """A text that names no place is all detail, and loses nothing."""
    read = receiver_from(SOMEBODY | {"printAddr": address})
    text = address.strip()
    assert read is None if not text else read is not None and read.detail in text


def test_sandbox_account_can_do_everything():
    """The account's section points both hosts at the sandbox and is not held back by pace."""
    section = Kuaidi100Sandbox().accounts(BASE)["couriers"]["kuaidi100"]
    assert (section["base_url"], section["label_url"], section["calls_per_second"]) == (BASE, BASE, 1000)
    assert {"secret", "salt", "callback_url"} <= set(section)
