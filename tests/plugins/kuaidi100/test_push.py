"""Callbacks: verified as received, read whole, answered exactly."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, BadInput, CredentialsRefused, Effect, ParcelStatus, Push
from asctl_kuaidi100 import push
from asctl_kuaidi100.client import sign

SALT = "testsalt"
VECTOR_E = '{"status":"polling","message":"","lastResult":{"state":"0","nu":"YT1234567890123"}}'
SAMPLE = (
    '{"status":"polling","billstatus":"got","message":"","autoCheck":"0","comOld":"","comNew":"",'
    '"lastResult":{"message":"ok","state":"5","status":"200","condition":"F00","ischeck":"0","com":"yuantong",'
    '"nu":"YT1234567890123","data":[{"context":"【上海浦东测试网点】派件中，派件人：测试乙(13800000002)",'
    '"time":"2024-05-03 07:40:12","ftime":"2024-05-03 07:40:12","status":"派件","statusCode":"5",'
    '"areaCode":"CN310115000000","areaName":"上海,浦东新区","location":""}]}}'
)


def body_of(param: str, signature: str | None = None) -> bytes:
    return urlencode({"param": param, "sign": sign(param, SALT) if signature is None else signature}).encode()


def receive(param: str, signature: str | None = None) -> Push:
    return push.receive(body_of(param, signature), SALT, "kd100")


def pushed(**members: Any) -> str:
    return json.dumps(json.loads(SAMPLE) | members, ensure_ascii=False)


def test_published_vector_is_accepted():
    """Vector E of the reference, with the signature printed there, is a push about its waybill."""
    received = receive(VECTOR_E, "E9DC92183BBB2B0E0348D4D6431BFBE2")
    (answer,) = received.answers
    assert (received.kind, received.state, answer.query.waybill, answer.events) == (
        "tracks",
        "polling",
        "YT1234567890123",
        (),
    )


def test_sample_is_read_whole():
    """The published sample gives courier, waybill and its scan."""
    received = receive(SAMPLE)
    (answer,) = received.answers
    (event,) = answer.events
    assert (received.state, answer.query.courier, answer.query.waybill) == ("polling", "yto", "YT1234567890123")
    assert (event.status, event.location, event.source) == (ParcelStatus.OUT_FOR_DELIVERY, "上海市", "kd100")
    assert answer.problems == ()


def test_characters_that_no_store_takes_are_replaced():
    """Half characters and NUL in a callback do not lose a scan and do not leave the plugin."""
    scan = {"ftime": "2026-11-21 08:00:00", "context": "到\ud800达\0站"}
    param = json.dumps({"status": "polling", "lastResult": {"com": "yuantong", "nu": "YT1", "data": [scan]}})
    (answer,) = receive(param).answers
    assert [event.text for event in answer.events] == ["到\ufffd达\ufffd站"]


@pytest.mark.parametrize(
    "tampered",
    [
        SAMPLE.replace('"5"', '"3"'),
        SAMPLE + " ",
        json.dumps(json.loads(SAMPLE), ensure_ascii=False),
        json.dumps(json.loads(SAMPLE)),
    ],
    ids=["changed", "space", "dumped again", "dumped again in ASCII"],
)
def test_another_text_is_refused(tampered: str):
    """The signature holds for the characters received, not for their meaning."""
    with pytest.raises(CredentialsRefused) as caught:
        receive(tampered, sign(SAMPLE, SALT))
    assert caught.value.code == "push_forged"


def test_any_spelling_of_json_is_verified_as_sent():
    """A sender that escapes differently is accepted as long as it signed what it sent."""
    escaped = json.dumps(json.loads(SAMPLE))
    assert receive(escaped) == receive(SAMPLE)


@pytest.mark.parametrize("signature", ["0" * 32, "签名", "x", sign(SAMPLE, "othersalt")])
def test_wrong_signature_is_refused(signature: str):
    """A signature of another salt or of any other text is refused."""
    with pytest.raises(CredentialsRefused) as caught:
        receive(SAMPLE, signature)
    assert caught.value.code == "push_forged"


def test_lower_case_signature_is_accepted():
    """The case of the hex digits does not matter."""
    assert receive(SAMPLE, sign(SAMPLE, SALT).lower()).state == "polling"


@pytest.mark.parametrize("body", [b"", b"param=%7B%7D", urlencode({"param": SAMPLE, "sign": ""}).encode(), b"\xff\xfe"])
def test_missing_signature_is_refused(body: bytes):
    """A callback without a signature is refused before it is read."""
    with pytest.raises(CredentialsRefused) as caught:
        push.receive(body, SALT, "kd100")
    assert caught.value.code == "push_unsigned"


def test_account_without_salt_takes_no_callback():
    """Without a salt nothing can be verified, so nothing is believed, not even what is signed with an empty one."""
    with pytest.raises(CredentialsRefused) as caught:
        push.receive(body_of(SAMPLE, sign(SAMPLE, "")), "", "kd100")
    assert caught.value.code == "salt_missing"


@pytest.mark.parametrize("param", ["not json", "[]", "7", "[" * 100_000])
def test_signed_nonsense_is_bad_input(param: str):
    """A rightly signed callback that is no object is told as unreadable."""
    with pytest.raises(BadInput) as caught:
        receive(param)
    assert caught.value.code == "push_unreadable"


@pytest.mark.parametrize("state", ["polling", "shutdown", "abort", "updateall"])
def test_state_is_told(state: str):
    """Their word on the subscription is kept."""
    assert receive(pushed(status=state)).state == state


@pytest.mark.parametrize("track", [None, {}, {"nu": "", "com": "", "data": []}])
def test_abort_may_come_without_a_track(track: object):
    """An aborted subscription without a waybill is a push without answers."""
    assert receive(pushed(status="abort", message="3天查询无记录", lastResult=track)) == Push("tracks", state="abort")


def test_other_callbacks_are_told_apart():
    """A callback of another product, such as a work order's, is taken for none of ours."""
    param = '{"kuaidicom":"yuantong","kuaidinum":"YT1","status":"200","message":"成功","data":{"id":3,"status":1}}'
    assert receive(param) == Push("other", state="200")


OUTCOME = {
    "taskId": "8B1F0C2D4E6A48B0A1B2C3D4E5F60718",
    "kuaidicom": "jtexpress",
    "kuaidinum": "JT1234567890123",
    "orderId": "AS-1",
    "status": "SUCCESS",
    "message": "拦截成功",
    "time": "2024-05-03 10:22:31",
}


def test_outcome_of_an_interception_is_read_whole():
    """The sample of reference section 5 names parcel, task, effect and their words."""
    assert receive(json.dumps(OUTCOME, ensure_ascii=False)) == Push(
        "interception",
        reference="8B1F0C2D4E6A48B0A1B2C3D4E5F60718",
        state="SUCCESS",
        courier="jt",
        waybill="JT1234567890123",
        effect=Effect.EFFECTIVE,
        message="拦截成功",
        at=datetime(2024, 5, 3, 10, 22, 31, tzinfo=CHINA),
    )


@pytest.mark.parametrize(
    ("status", "message", "effect"),
    [
        ("ACCEPTED", "", Effect.ACCEPTED),
        ("SUCCESS", "", Effect.EFFECTIVE),
        ("success", "成功", Effect.EFFECTIVE),
        ("拦截成功", "", Effect.EFFECTIVE),
        ("200", "拦截成功", Effect.EFFECTIVE),
        ("FAIL", "客户拒绝", Effect.INEFFECTIVE),
        ("拦截失败", "", Effect.INEFFECTIVE),
        ("", "拦截失败", Effect.INEFFECTIVE),
        ("SUCCESS", "拦截失败", None),
    ],
)
def test_effect_is_told_by_word_or_sentence(status: str, message: str, effect: Effect | None):
    """Either may tell it; where they contradict each other it stays open."""
    received = receive(json.dumps(OUTCOME | {"status": status, "message": message}))
    assert (received.kind, received.effect, received.state) == ("interception", effect, status)


@pytest.mark.parametrize(
    "changed",
    [{"kuaidinum": ""}, {"kuaidinum": None}, {"status": "DOING", "message": "处理中"}, {"status": [], "message": 7}],
)
def test_outcome_that_says_nothing_is_other(changed: dict[str, object]):
    """Without a waybill, or in words that nobody knows, it is no outcome."""
    assert receive(json.dumps(OUTCOME | changed)).kind == "other"


def test_outcome_without_task_bears_no_number():
    """An order's number is no task's; a courier that nobody mapped stays open."""
    received = receive(json.dumps(OUTCOME | {"taskId": None, "kuaidicom": "newcourier"}))
    assert (received.reference, received.courier) == ("", "")


def test_corrected_courier_is_told():
    """When they found another courier, the answer is the new courier's and says so."""
    track = json.loads(SAMPLE)["lastResult"] | {"com": "zhongtong"}
    (answer,) = receive(pushed(autoCheck="1", comOld="yuantong", comNew="zhongtong", lastResult=track)).answers
    assert answer.query.courier == "zto"
    assert len(answer.problems) == 1
    assert "zhongtong" in answer.problems[0]


def test_courier_that_nobody_mapped_keeps_its_scans():
    """A courier code outside the table leaves the courier open and loses no scan."""
    track = json.loads(SAMPLE)["lastResult"] | {"com": "newcourier"}
    (answer,) = receive(pushed(lastResult=track)).answers
    assert (answer.query.courier, len(answer.events)) == ("", 1)
    assert "newcourier" in answer.problems[0]


def test_reply_is_exact():
    """The success bytes are the vendor's own; the failure is none of them."""
    stored, failed = push.reply(True), push.reply(False)
    assert (stored.status, stored.body) == (200, '{"result":true,"returnCode":"200","message":"成功"}'.encode())
    assert json.loads(failed.body)["result"] is False


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
push_members = st.sampled_from(
    ("status", "lastResult", "comOld", "comNew", "message", "kuaidinum", "kuaidicom", "taskId")
)
track_members = st.sampled_from(("nu", "com", "data", "state"))


@given(st.dictionaries(push_members, json_values | st.dictionaries(track_members, json_values)))
def test_any_signed_object_is_read(told: dict[str, Any]):
    """A signed push of any shape gives a push of a known kind."""
    assert receive(json.dumps(told)).kind in ("tracks", "interception", "other")
