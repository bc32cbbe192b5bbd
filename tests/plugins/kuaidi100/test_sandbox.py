"""Their server side: checks, lock rule, shapes, faults."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import ParcelKey, ParcelStatus
from asctl.api.sandbox import Complaint, SandboxCall, SandboxRequest
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from asctl_kuaidi100.sandbox_account import CUSTOMER, KEY
from asctl_kuaidi100.sandbox_lock import LockRule, WaybillLock
from tests.plugins.kuaidi100.conftest import Wire
from tests.plugins.loopback import START

YTO = {"com": "yuantong", "num": "YT1234567890123", "resultv2": "4", "order": "desc"}
SF = {"com": "shunfeng", "num": "SF1234567890123", "resultv2": "4"}


def request_of(param: str, /, **changed: str | None) -> SandboxRequest:
    form = {"customer": CUSTOMER, "sign": sign(param, KEY, CUSTOMER), "param": param} | changed
    body = urlencode({name: value for name, value in form.items() if value is not None}).encode()
    return SandboxRequest("POST", "/poll/query.do", {}, {}, body)


def told(app: Kuaidi100Sandbox, wire: Wire, request: SandboxRequest) -> dict[str, Any]:
    reply = app.answer(request, app.identify(request), wire.world)
    assert (reply.status, reply.applied) == (200, False)
    answer = json.loads(reply.body)
    assert isinstance(answer, dict)
    return answer


def ask(app: Kuaidi100Sandbox, wire: Wire, param: dict[str, Any]) -> dict[str, Any]:
    return told(app, wire, request_of(json.dumps(param)))


@pytest.fixture
def travelling(wire: Wire) -> Wire:
    wire.add(
        "yto",
        "YT1234567890123",
        wire.event(ParcelStatus.PICKED_UP, hours_ago=20, text="已收件", location="杭州市"),
        wire.event(ParcelStatus.OUT_FOR_DELIVERY, hours_ago=2, text="派件中", location="上海市"),
    )
    wire.add("sf", "SF1234567890123", wire.event(ParcelStatus.DELIVERED), phone_tail="1234")
    return wire


def test_answer_has_the_vendors_shape(app: Kuaidi100Sandbox, travelling: Wire):
    """Call status, parcel state, scans newest first with names, codes and areas, and the route."""
    assert ask(app, travelling, YTO) == {
        "message": "ok",
        "nu": "YT1234567890123",
        "ischeck": "0",
        "com": "yuantong",
        "status": "200",
        "state": "5",
        "condition": "00",
        "data": [
            {
                "time": "2026-11-21 07:30:00",
                "ftime": "2026-11-21 07:30:00",
                "context": "派件中",
                "areaName": "上海,上海市",
                "status": "派件",
                "statusCode": "5",
                "location": "上海市",
            },
            {
                "time": "2026-11-20 13:30:00",
                "ftime": "2026-11-20 13:30:00",
                "context": "已收件",
                "areaName": "浙江,杭州市",
                "status": "揽收",
                "statusCode": "1",
                "location": "杭州市",
            },
        ],
        "isLoop": False,
        "routeInfo": {
            "from": {"number": "", "name": "浙江,杭州市"},
            "cur": {"number": "", "name": "上海,上海市"},
            "to": None,
        },
    }


def test_less_is_told_without_resultv2(app: Kuaidi100Sandbox, travelling: Wire):
    """Codes come only with resultv2 4, names and areas with 1; asc turns the scans round."""
    app.lock = LockRule.COUNT
    plain = ask(app, travelling, {"com": "yuantong", "num": "YT1234567890123", "order": "asc"})
    named = ask(app, travelling, YTO | {"resultv2": "1"})
    assert [sorted(scan) for scan in plain["data"]] == [["context", "ftime", "time"]] * 2
    assert plain["data"][0]["context"] == "已收件"
    assert sorted(named["data"][0]) == ["areaName", "context", "ftime", "status", "time"]
    assert "routeInfo" not in named


def test_signed_parcel_is_checked(app: Kuaidi100Sandbox, travelling: Wire):
    """A delivered parcel has ischeck 1."""
    assert ask(app, travelling, SF | {"phone": "1234"})["ischeck"] == "1"


@pytest.mark.parametrize("basic", [False, True])
def test_state_as_digit_or_sub_code(travelling: Wire, basic: bool):
    """The switch tells the parcel's state either way; the scan's code stays fine."""
    travelling.add("jt", "JT1234567890123", travelling.event(ParcelStatus.READY_FOR_PICKUP))
    answer = ask(
        Kuaidi100Sandbox(basic_state=basic), travelling, {"com": "jtexpress", "num": "JT1234567890123", "resultv2": "4"}
    )
    assert (answer["state"], answer["data"][0]["statusCode"]) == ("5" if basic else "501", "501")


def test_coming_events_are_not_told(app: Kuaidi100Sandbox, travelling: Wire):
    """What the script holds for later shows only when the world's clock has come to it."""
    travelling.world.parcels[ParcelKey("yto", "YT1234567890123")].script.append(
        travelling.event(ParcelStatus.DELIVERED, hours_ago=-3)
    )
    assert ask(app, travelling, YTO)["state"] == "5"
    travelling.clock.sleep(4 * 3600)
    assert ask(app, travelling, YTO)["state"] == "3"


@pytest.mark.parametrize("missing", ["customer", "sign", "param"])
def test_incomplete_form(app: Kuaidi100Sandbox, travelling: Wire, missing: str):
    """Without customer, sign or param the answer is 400."""
    assert told(app, travelling, request_of(json.dumps(YTO), **{missing: None}))["returnCode"] == "400"


@pytest.mark.parametrize(
    "param",
    [
        {},
        {"com": "yuantong"},
        {"num": "YT1234567890123"},
        YTO | {"com": "nobody"},
        YTO | {"num": "YT1"},
        YTO | {"num": "Y" * 33},
        [],
    ],
)
def test_incomplete_param(app: Kuaidi100Sandbox, travelling: Wire, param: Any):
    """A param without a known courier or with a waybill outside 6 to 32 characters is 400."""
    assert ask(app, travelling, param)["returnCode"] == "400"


@pytest.mark.parametrize(
    "changed",
    [
        {"customer": "0" * 32},
        {"sign": "0" * 32},
        {"sign": sign(json.dumps(YTO), KEY)},
        {"sign": "签"},
        {"param": json.dumps(YTO, separators=(",", ":"))},
    ],
)
def test_signature_is_verified(app: Kuaidi100Sandbox, travelling: Wire, changed: dict[str, str]):
    """Another customer, another text or another signature is 503."""
    assert told(app, travelling, request_of(json.dumps(YTO), **changed))["returnCode"] == "503"


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        (None, "408"),
        ("", "408"),
        ("123", "408"),
        ("4321", "408"),
        ("1234", "200"),
        ("13800001234", "200"),
        ("400-1234", "200"),
    ],
)
def test_phone_of_sf(app: Kuaidi100Sandbox, travelling: Wire, phone: str | None, code: str):
    """SF wants the number or its last four digits, and they must be the parcel's."""
    answer = ask(app, travelling, SF if phone is None else SF | {"phone": phone})
    assert answer.get("returnCode", answer.get("status")) == code


def test_unknown_waybill_and_parcel_without_scans(app: Kuaidi100Sandbox, travelling: Wire):
    """What nobody knows and what has not moved is 500."""
    travelling.add("yto", "YT0000000000001")
    for num in ("YT0000000000001", "YT0000000000002"):
        assert ask(app, travelling, YTO | {"num": num})["returnCode"] == "500"


def test_get_is_no_query(app: Kuaidi100Sandbox, travelling: Wire):
    """Only POST is a query; another path is not there."""
    post = request_of(json.dumps(YTO))
    get = SandboxRequest("GET", post.path, {}, {}, post.body)
    elsewhere = SandboxRequest("POST", "/poll/other.do", {}, {}, post.body)
    assert told(app, travelling, get)["returnCode"] == "500"
    assert app.answer(elsewhere, app.identify(elsewhere), travelling.world).status == 404


def test_enforced_lock(app: Kuaidi100Sandbox, travelling: Wire):
    """Within 30 minutes the answer is 504 and is counted; a refusal does not start the wait anew."""
    ask(app, travelling, YTO)
    travelling.clock.sleep(29 * 60)
    assert ask(app, travelling, YTO)["returnCode"] == "504"
    travelling.clock.sleep(60)
    assert ask(app, travelling, YTO)["status"] == "200"
    assert app.lookups.breaches == {ParcelKey("yto", "YT1234567890123"): 1}


def test_stale_lock(travelling: Wire):
    """With stale data the answer stays what it was at the last good question."""
    app = Kuaidi100Sandbox(LockRule.STALE)
    ask(app, travelling, YTO)
    parcel = travelling.world.parcels[ParcelKey("yto", "YT1234567890123")]
    parcel.script.append(travelling.event(ParcelStatus.DELIVERED, hours_ago=-0.1))
    travelling.clock.sleep(20 * 60)
    assert ask(app, travelling, YTO)["state"] == "5"
    travelling.clock.sleep(20 * 60)
    assert ask(app, travelling, YTO)["state"] == "3"


def test_counted_lock(travelling: Wire):
    """With the count alone every question gets fresh data."""
    app = Kuaidi100Sandbox(LockRule.COUNT)
    assert [ask(app, travelling, YTO)["status"] for _ in range(3)] == ["200"] * 3
    assert app.lookups.breaches.total() == 2


def test_waybills_are_locked_one_by_one(app: Kuaidi100Sandbox, travelling: Wire):
    """A question about one waybill says nothing of another."""
    ask(app, travelling, YTO)
    assert ask(app, travelling, SF | {"phone": "1234"})["status"] == "200"


def test_more_than_48_a_day_lock_a_number():
    """The 49th question within 24 hours breaks the rule however well spaced; the rest of a day frees the number."""
    lock, key, now = WaybillLock(timedelta(minutes=20), 48), ParcelKey("yto", "YT1234567890123"), START
    for _ in range(48):
        assert lock.ask(key, now) is None
        now += timedelta(minutes=20)
    assert lock.ask(key, now) == now - timedelta(minutes=20)
    assert lock.ask(key, now + timedelta(hours=24)) is None


@pytest.mark.parametrize(
    ("complaint", "code"),
    [
        (Complaint("throttle", seconds=5), "502"),
        (Complaint("auth"), "503"),
        (Complaint("refuse", reason="未开通该快递公司"), "400"),
        (Complaint("not_found"), "500"),
    ],
)
def test_complaints_are_in_their_words(app: Kuaidi100Sandbox, complaint: Complaint, code: str):
    """A fault is told by return code, with the reason where there is one."""
    answer = json.loads(app.complain(SandboxCall("query"), complaint).body)
    assert (answer["result"], answer["returnCode"]) == (False, code)
    assert answer["message"] == complaint.reason if complaint.reason else answer["message"]


def test_query_is_identified(app: Kuaidi100Sandbox):
    """Ledger and faults see the operation and the waybill; a query is no write."""
    assert app.identify(request_of(json.dumps(YTO))) == SandboxCall("query", target="YT1234567890123")


@given(path=st.sampled_from(["/poll/query.do", "/", "", "/other"]), body=st.binary(max_size=100))
def test_identify_never_raises(path: str, body: bytes):
    """Whatever comes, it gets a name."""
    assert Kuaidi100Sandbox().identify(SandboxRequest("PUT", path, {}, {}, body)).operation


def test_account_section(app: Kuaidi100Sandbox):
    """The configuration names the account after the plugin and points at the sandbox."""
    section = app.accounts("http://127.0.0.1:9/kuaidi100")["couriers"]["kuaidi100"]
    assert section["plugin"] == "kuaidi100"
    assert section["base_url"] == "http://127.0.0.1:9/kuaidi100"
    assert {"customer", "key", "salt"} <= set(section)
