"""Their server side: door, shapes, ledger names, faults."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import Event, ParcelStatus, compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_sf.client import INTERCEPT, ROUTES, digest, sign
from asctl_sf.mapping import read_routes
from asctl_sf.sandbox import PATH, SFSandbox
from asctl_sf.sandbox_gate import CHECK_WORD, PARTNER
from asctl_sf.sandbox_intercept import CARD
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import TAIL, WAYBILL

P = ParcelStatus
STAMP = "1700000000"
QUERY: dict[str, Any] = {
    "language": "0", "trackingType": "1", "trackingNumber": [WAYBILL], "methodType": "1", "checkPhoneNo": TAIL,
}  # fmt: skip
RETURN: dict[str, Any] = {
    "waybillNo": WAYBILL, "serviceCode": "2", "role": "1", "payMode": "4", "monthlyCardNo": CARD,
    "newDestAddress": {"province": "浙江省", "city": "杭州市", "address": "测试路1号", "contact": "退货组", "phone": "13800000001"},
}  # fmt: skip


def request_of(service: str, content: object, **changed: str | None) -> SandboxRequest:
    msg_data = content if isinstance(content, str) else compact_json(content)
    form: dict[str, str | None] = {
        "partnerID": PARTNER,
        "requestID": "0b0e3c1e-0000-4000-8000-000000000000",
        "serviceCode": service,
        "timestamp": STAMP,
        "msgDigest": sign(msg_data, STAMP, CHECK_WORD),
        "msgData": msg_data,
    }
    body = urlencode({name: value for name, value in (form | changed).items() if value is not None}).encode()
    return SandboxRequest("POST", PATH, {}, {}, body)


def answer(loop: Loopback, request: SandboxRequest) -> SandboxReply:
    return loop.app.answer(request, loop.app.identify(request), loop.world)


def envelope(reply: SandboxReply) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(reply.body)
    return told


def service(reply: SandboxReply) -> dict[str, Any]:
    """What the service said; it is text inside the envelope."""
    told: dict[str, Any] = json.loads(envelope(reply)["apiResultData"])
    return told


@pytest.fixture
def moving(loop: Loopback) -> Loopback:
    loop.parcel("sf", WAYBILL, (20, P.PICKED_UP), (5, P.IN_TRANSIT), (-24, P.DELIVERED), phone_tail=TAIL)
    return loop


def test_route_has_the_vendors_shape(loop: Loopback) -> None:
    """Envelope, answer as text, routes with times in China, code, and class and name of the status."""
    parcel = loop.parcel("sf", WAYBILL, phone_tail=TAIL)
    parcel.script.append(Event(loop.clock.now(), P.OUT_FOR_DELIVERY, "正在派送途中", location="上海市"))
    reply = answer(loop, request_of(ROUTES, QUERY))
    assert list(envelope(reply)) == ["apiErrorMsg", "apiResponseID", "apiResultCode", "apiResultData"]
    assert (envelope(reply)["apiResultCode"], envelope(reply)["apiErrorMsg"]) == ("A1000", "")
    assert service(reply) == {
        "success": True,
        "errorCode": "S0000",
        "errorMsg": None,
        "msgData": {
            "routeResps": [
                {
                    "mailNo": WAYBILL,
                    "routes": [
                        {
                            "acceptTime": "2026-11-21 09:30:00",
                            "acceptAddress": "上海市",
                            "remark": "正在派送途中",
                            "opCode": "44",
                            "reasonCode": "",
                            "firstStatusCode": "3",
                            "firstStatusName": "派送中",
                            "secondaryStatusCode": "301",
                            "secondaryStatusName": "派送中",
                        }
                    ],
                }
            ]
        },
    }


TOLD_OTHERWISE = {
    P.PICKUP_FAILED: P.EXCEPTION,
    P.DELAYED: P.EXCEPTION,
    P.DAMAGED: P.EXCEPTION,
    P.LOST: P.EXCEPTION,
}


@pytest.mark.parametrize("status", [status for status in ParcelStatus if status is not P.NO_DATA])
def test_every_status_is_told_and_read_back(loop: Loopback, status: ParcelStatus) -> None:
    """Each status of the world comes back as itself, but for those that SF has no code for: they are trouble."""
    loop.parcel("sf", WAYBILL, (1, status), phone_tail=TAIL)
    (told,) = service(answer(loop, request_of(ROUTES, QUERY)))["msgData"]["routeResps"]
    ((event,), problems) = read_routes(told["routes"], "")
    assert (event.status, problems) == (TOLD_OTHERWISE.get(status, status), ())


@pytest.mark.parametrize(
    ("status", "flag"), [(P.IN_TRANSIT, "redirected"), (P.IN_TRANSIT, "transferred"), (P.RETURNING, "intercepted")]
)
def test_flags_are_told_and_read_back(loop: Loopback, status: ParcelStatus, flag: str) -> None:
    """What the world flags, the provider flags."""
    parcel = loop.parcel("sf", WAYBILL, phone_tail=TAIL)
    parcel.script.append(Event(loop.clock.now(), status, "快件扫描", flags=(flag,)))
    (told,) = service(answer(loop, request_of(ROUTES, QUERY)))["msgData"]["routeResps"]
    ((event,), _problems) = read_routes(told["routes"], "")
    assert (event.status, event.flags) == (status, (flag,))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (QUERY | {"trackingNumber": [f"SF{n:013d}" for n in range(11)]}, "8003"),
        (QUERY | {"trackingNumber": []}, "8013"),
        (QUERY | {"trackingNumber": WAYBILL}, "8013"),
        (QUERY | {"trackingType": "2"}, "S0002"),
        ("no json", "S0001"),
        ("[]", "S0001"),
    ],
)
def test_questions_turned_down(loop: Loopback, content: object, code: str) -> None:
    """The service says no with its code, inside a good envelope."""
    reply = answer(loop, request_of(ROUTES, content))
    assert envelope(reply)["apiResultCode"] == "A1000"
    assert (service(reply)["success"], service(reply)["errorCode"]) == (False, code)


@pytest.mark.parametrize("tails", ["", "9999", ",1234"])
def test_tail_opens_its_own_waybill_only(moving: Loopback, tails: str) -> None:
    """Without its tail in its place a waybill has no routes."""
    told = service(answer(moving, request_of(ROUTES, QUERY | {"checkPhoneNo": tails})))
    assert told["msgData"]["routeResps"] == [{"mailNo": WAYBILL, "routes": []}]


def test_published_vector_opens_the_door(moving: Loopback) -> None:
    """The query and the digest printed in the reference pass as they are."""
    reply = answer(moving, request_of(ROUTES, QUERY, msgDigest="gh+v4gLKiE/f42ECAr87PA=="))
    assert len(service(reply)["msgData"]["routeResps"][0]["routes"]) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"partnerID": None}, "A1001"),
        ({"requestID": ""}, "A1001"),
        ({"requestID": "x" * 41}, "A1001"),
        ({"timestamp": "now"}, "A1001"),
        ({"msgDigest": None}, "A1001"),
        ({"accessToken": "both"}, "A1001"),
        ({"partnerID": "OTHER"}, "A1006"),
        ({"msgDigest": "PVYT65uMhmCVKI4GX45r9A=="}, "A1006"),
        ({"msgDigest": "数字签名"}, "A1006"),
        ({"timestamp": "1700000001"}, "A1006"),
        ({"msgData": "{}"}, "A1006"),
        ({"serviceCode": "EXP_RECE_NO_SUCH"}, "A1004"),
    ],
)
def test_door(loop: Loopback, changed: dict[str, str | None], code: str) -> None:
    """Completeness first, then partner and signature, then the service; nothing behind the door is reached."""
    reply = answer(loop, request_of(ROUTES, QUERY, **changed))
    assert (envelope(reply)["apiResultCode"], envelope(reply)["apiResultData"], reply.applied) == (code, None, False)


def test_raw_digest_is_a_switch(loop: Loopback) -> None:
    """A signature over the text as it is passes only where the switch says so."""
    request = request_of(ROUTES, QUERY, msgDigest=digest(compact_json(QUERY) + STAMP + CHECK_WORD))
    lenient = SFSandbox(accept_raw_digest=True)
    assert envelope(answer(loop, request))["apiResultCode"] == "A1006"
    assert envelope(lenient.answer(request, lenient.identify(request), loop.world))["apiResultCode"] == "A1000"


def test_other_paths_and_methods(loop: Loopback) -> None:
    """There is one address, and it wants a POST."""
    body = request_of(ROUTES, QUERY).body
    assert answer(loop, SandboxRequest("POST", "/", {}, {}, body)).status == 404
    assert envelope(answer(loop, SandboxRequest("GET", PATH, {}, {}, body)))["apiResultCode"] == "A1001"


@pytest.mark.parametrize(
    ("request_", "call"),
    [
        (request_of(ROUTES, QUERY), SandboxCall("track", target=WAYBILL)),
        (request_of(ROUTES, QUERY | {"trackingNumber": ["A", "B"]}), SandboxCall("track", target="A,B")),
        (request_of(INTERCEPT, RETURN), SandboxCall("intercept", write=True, target=WAYBILL)),
        (request_of(INTERCEPT, RETURN | {"serviceCode": "1"}), SandboxCall("address_change", True, WAYBILL)),
        (request_of(INTERCEPT, RETURN | {"cancel": True}), SandboxCall("cancel_interception", True, WAYBILL)),
        (request_of("EXP_RECE_CREATE_ORDER", {}), SandboxCall("EXP_RECE_CREATE_ORDER")),
        (SandboxRequest("GET", "/", {}, {}, b"\xff"), SandboxCall("unknown")),
    ],
)
def test_calls_are_named_for_the_ledger(app: SFSandbox, request_: SandboxRequest, call: SandboxCall) -> None:
    """Operation, write and waybill of each call; no key travels."""
    assert app.identify(request_) == call


@given(body=st.binary(max_size=80), content=st.text(max_size=20))
def test_identify_never_raises(body: bytes, content: str) -> None:
    """Whatever comes is named, and answered."""
    loop = Loopback(SFSandbox(), "http://127.0.0.1:8100/sf")
    for request in (SandboxRequest("POST", PATH, {}, {}, body), request_of(INTERCEPT, content)):
        assert answer(loop, request).applied is False


@pytest.mark.parametrize("times", [1, 2])
def test_every_repeat_is_applied(moving: Loopback, times: int) -> None:
    """The very same bytes twice are two interceptions: the witness drops nothing."""
    request = request_of(INTERCEPT, RETURN)
    replies = [answer(moving, request) for _ in range(times)]
    assert [reply.applied for reply in replies] == [True] * times
    assert len({service(reply)["msgData"]["cusId"] for reply in replies}) == times == len(moving.world.interceptions)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"waybillNo": None}, "S0002"),
        ({"role": ""}, "S0002"),
        ({"payMode": None}, "S0002"),
        ({"payMode": "5"}, "8256"),
        ({"monthlyCardNo": ""}, "S0002"),
        ({"monthlyCardNo": "7550000000"}, "8119"),
        ({"serviceCode": "3"}, "20036"),
        ({"newDestAddress": None}, "S0002"),
        ({"newDestAddress": {"province": "浙江省"}}, "S0002"),
        ({"cancel": True}, "S0002"),
        ({"cancel": True, "cusId": "CUS0"}, "8307"),
        ({"waybillNo": "SF0000000000009"}, "8306"),
    ],
)
def test_instructions_turned_down(moving: Loopback, changed: dict[str, object], code: str) -> None:
    """What lacks a part, pays wrongly or is about nobody's parcel is refused and not applied."""
    reply = answer(moving, request_of(INTERCEPT, RETURN | changed))
    assert (service(reply)["errorCode"], reply.applied, moving.world.interceptions) == (code, False, [])


def test_faults_in_the_vendors_words(app: SFSandbox) -> None:
    """Flow control, a bad signature, a refusal by reason or by text, and nothing found."""
    track, write = SandboxCall("track", target="A,B"), SandboxCall("intercept", write=True, target=WAYBILL)
    assert envelope(app.complain(track, Complaint("throttle", seconds=3)))["apiResultCode"] == "A1005"
    assert envelope(app.complain(write, Complaint("auth")))["apiErrorMsg"] == "数字签名无效"
    assert service(app.complain(write, Complaint("refuse", reason="TOO_LATE")))["errorCode"] == "8302"
    assert service(app.complain(write, Complaint("refuse", reason="不可以")))["errorMsg"] == "不可以"
    assert service(app.complain(write, Complaint("not_found")))["errorCode"] == "8306"
    assert service(app.complain(track, Complaint("not_found")))["msgData"] == {
        "routeResps": [{"mailNo": "A", "routes": []}, {"mailNo": "B", "routes": []}]
    }


def test_account_points_at_the_service(app: SFSandbox) -> None:
    """The configuration names the account after the plugin, is fast, and holds all that the writes need."""
    account = app.accounts("http://127.0.0.1:8100/sf/")["couriers"]["sf"]
    assert account["base_url"] == "http://127.0.0.1:8100/sf/std/service"
    assert (account["calls_per_second"], account["monthly_card"]) == (1000, CARD)
