"""News of pickups, as callbacks (section 7)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CredentialsRefused, Effect, Push
from asctl_kuaidi100 import push
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import PICKUP_EFFECTS
from asctl_kuaidi100.wire import pickup_reference

SALT = "testsalt"
TASK = "5A0C1D2E3F4051627384950A1B2C3D4E"
SAMPLE = (
    '{"kuaidicom":"yuantong","kuaidinum":"YT1234567890999","status":"200","message":"成功","data":{"orderId":"30012345",'
    '"status":10,"courierName":"测试丙","courierMobile":"13800000003","weight":"1.20","freight":"9.50"}}'
)


def receive(param: str, **form: str) -> Push:
    return push.receive(urlencode({"param": param, "sign": sign(param, SALT)} | form).encode(), SALT, "kd100")


def changed(*, data: dict[str, Any] | None = None, **members: Any) -> str:
    told = json.loads(SAMPLE)
    return json.dumps(told | members | {"data": told["data"] | (data or {})}, ensure_ascii=False)


def test_the_sample_is_read():
    """Which order, whose parcel, and that the goods are fetched; the messenger's name and number are not kept."""
    assert receive(SAMPLE) == Push(
        "pickup",
        reference="30012345",
        state="10",
        courier="yto",
        waybill="YT1234567890999",
        effect=Effect.EFFECTIVE,
        message="成功",
    )


def test_the_reference_is_the_orders_number_alone():
    """It is the last part of what the submission gave as reference, and a task told beside it, unsigned, changes nothing."""
    assert pickup_reference(TASK, receive(SAMPLE, taskId=TASK).reference) == f"{TASK}/30012345"
    assert receive(changed(taskId=TASK)) == receive(SAMPLE)


def test_a_failed_attempt_is_not_the_end():
    """State 11: the order stands until somebody cancels it."""
    assert receive(changed(data={"status": 11})).effect is Effect.ACCEPTED


@pytest.mark.parametrize(("code", "effect"), sorted(PICKUP_EFFECTS.items()))
def test_every_state_is_read(code: str, effect: Effect):
    """As number or as text."""
    for told in (code, int(code)):
        received = receive(changed(data={"status": told}))
        assert (received.kind, received.state, received.effect) == ("pickup", code, effect)


@pytest.mark.parametrize("told", [7, "new", "", None])
def test_a_state_that_nobody_knows_still_tells_the_waybill(told: object):
    """Nothing is said of the effect then."""
    received = receive(changed(data={"status": told}))
    assert (received.kind, received.effect, received.waybill) == ("pickup", None, "YT1234567890999")


@pytest.mark.parametrize(("number", "waybill"), [("", ""), (None, ""), ("YD1", "YD1")])
def test_the_waybill_may_come_later(number: object, waybill: str):
    """A pickup without a number yet is told without one."""
    assert receive(changed(kuaidinum=number, data={"status": 1})).waybill == waybill


def test_a_courier_that_nobody_knows():
    """Its news are read all the same."""
    assert receive(changed(kuaidicom="newcomer")).courier == ""


def test_only_what_is_signed_is_read():
    """A callback whose order was changed on its way is refused."""
    forged = SAMPLE.replace("30012345", "30012346")
    with pytest.raises(CredentialsRefused):
        receive(forged, sign=sign(SAMPLE, SALT))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(("kuaidicom", "kuaidinum", "status", "message", "taskId")), json_values),
    st.dictionaries(st.sampled_from(("orderId", "status", "taskId")), json_values),
)
def test_any_members_are_read(members: dict[str, Any], data: dict[str, Any]):
    """Whatever a signed callback holds, it ends as a push of texts."""
    received = receive(json.dumps(members | {"data": data}, ensure_ascii=False))
    assert all(
        isinstance(text, str) for text in (received.reference, received.waybill, received.message, received.state)
    )
