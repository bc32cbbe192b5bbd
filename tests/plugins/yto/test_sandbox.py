"""Their server side: gateway checks, answers in their shapes, faults in their words."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Event, ParcelStatus, compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_yto.client import Interface, sign
from asctl_yto.sandbox import TRACKING, WANTED, YtoSandbox
from asctl_yto.wire import CANCEL, CHANGE, REPORT, TRACK
from tests.plugins.loopback import Loopback
from tests.plugins.yto.conftest import WAYBILL

S = ParcelStatus
NUMBER = {"NUMBER": WAYBILL}
RETURN = {"waybillNo": WAYBILL, "wantedDesc": "退回"}
MOVE = RETURN | {
    "receiveProvName": "江苏省",
    "receiveCityName": "苏州市",
    "receiveCountyName": "吴中区",
    "receiveAddress": "松月路8号",
    "receiverName": "王静怡",
    "receiverTel": "13800001234",
}
TAKE_BACK = {"waybillNo": WAYBILL, "dealRemark": "取消"}


@pytest.fixture
def app() -> YtoSandbox:
    return YtoSandbox()


def request_of(method: str, param: Any, /, *, form: bool = False, verb: str = "POST", **changed: Any) -> SandboxRequest:
    """A call as it should be; members of the body may be replaced, or left out with ``None``."""
    issued = TRACKING if method == TRACK else WANTED
    text = param if isinstance(param, str) else compact_json(param)
    members = {"timestamp": "1714561331000", "param": text, "sign": sign(text, method, "v1", issued.secret)}
    told = {name: value for name, value in (members | {"format": "JSON"} | changed).items() if value is not None}
    body = urlencode(told).encode() if form else compact_json(told).encode()
    return SandboxRequest(verb, path_of(method, issued), {}, {}, body)


def path_of(method: str, issued: Interface) -> str:
    return f"/open/{method}/{issued.version}/{issued.url_key}/{issued.customer_code}"


def answer(loopback: Loopback, request: SandboxRequest) -> SandboxReply:
    return loopback.app.answer(request, loopback.app.identify(request), loopback.world)


def told(loopback: Loopback, request: SandboxRequest) -> Any:
    return json.loads(answer(loopback, request).body)


@pytest.fixture
def travelling(loopback: Loopback) -> Loopback:
    loopback.parcel("yto", WAYBILL, (30, S.PICKED_UP), (10, S.IN_TRANSIT), (-40, S.DELIVERED))
    return loopback


def test_a_track_is_a_list_oldest_first(travelling: Loopback):
    """What has happened is a top-level list in the members of section 3; what is to come is not told."""
    scans = told(travelling, request_of(TRACK, NUMBER))
    assert [scan["infoContent"] for scan in scans] == ["GOT", "ARRIVAL"]
    assert scans[0] == {
        "waybill_No": WAYBILL,
        "upload_Time": "2026-11-20 03:30:00",
        "infoContent": "GOT",
        "processInfo": "快件扫描 PICKED_UP",
        "city": "",
        "district": "",
    }


@pytest.mark.parametrize("name", ["NUMBER", "Number", "number"])
def test_the_member_name_comes_in_any_case(travelling: Loopback, name: str):
    """One client sends another spelling of NUMBER."""
    assert len(told(travelling, request_of(TRACK, {name: WAYBILL}))) == 2


def test_a_form_works_as_well(travelling: Loopback):
    """The four members may come url-encoded."""
    assert len(told(travelling, request_of(TRACK, NUMBER, form=True))) == 2


@pytest.mark.parametrize("scans", [(), ((-5, S.PICKED_UP),), ((5, S.NO_DATA),)])
def test_nothing_found(loopback: Loopback, scans: tuple[Any, ...]):
    """A waybill without any scan yet gets the object of section 3, and so does one that nobody knows."""
    nothing = {"map": {WAYBILL: []}, "code": "1001", "success": "true", "message": "查询结果为空。"}
    assert told(loopback, request_of(TRACK, NUMBER)) == nothing
    loopback.parcel("yto", WAYBILL, *scans)
    assert told(loopback, request_of(TRACK, NUMBER)) == nothing


def test_refusals_by_receivers_are_told_in_words(loopback: Loopback):
    """A refusing receiver is a failed delivery whose words say it."""
    loopback.parcel("yto", WAYBILL, (5, S.REFUSED))
    (scan,) = told(loopback, request_of(TRACK, NUMBER))
    assert (scan["infoContent"], "拒收" in scan["processInfo"]) == ("FAILED", True)


def test_words_that_tell_a_refusal_stay_as_they_are(loopback: Loopback):
    """Nothing is added where the scan says it already."""
    parcel = loopback.parcel("yto", WAYBILL)
    parcel.script.append(Event(loopback.clock.now().astimezone(CHINA), S.REFUSED, "收件人拒签"))
    (scan,) = told(loopback, request_of(TRACK, NUMBER))
    assert scan["processInfo"] == "收件人拒签"


@pytest.mark.parametrize("missing", ["timestamp", "param", "sign", "format"])
@pytest.mark.parametrize("form", [False, True])
def test_incomplete_call(travelling: Loopback, missing: str, form: bool):
    """Each of the four members must be there."""
    failed = told(travelling, request_of(TRACK, NUMBER, form=form, **{missing: None}))
    assert failed == {"success": False, "code": 200010003, "reason": f"{missing}不能为空; "}


@pytest.mark.parametrize(
    "changed",
    [
        {"sign": "AAAA"},
        {"sign": "签"},
        {"sign": sign(compact_json(NUMBER), TRACK, "v1", WANTED.secret)},
        {"sign": sign(compact_json(NUMBER), REPORT, "v1", TRACKING.secret)},
        {"param": json.dumps(NUMBER)},
    ],
)
def test_signature_is_verified(travelling: Loopback, changed: dict[str, str]):
    """Another secret, method or text is refused with 401."""
    failed = told(travelling, request_of(TRACK, NUMBER, **changed))
    assert failed == {"success": False, "code": 401, "reason": "请求加密校验失败"}


@pytest.mark.parametrize(
    "issued",
    [
        Interface("OTHER", TRACKING.secret, TRACKING.url_key, "v1"),
        Interface(TRACKING.customer_code, TRACKING.secret, "other", "v1"),
        Interface(TRACKING.customer_code, TRACKING.secret, TRACKING.url_key, "v2"),
        WANTED,
    ],
)
def test_the_url_is_verified(travelling: Loopback, issued: Interface):
    """The URL issued for another customer or interface does not open this one."""
    right = request_of(TRACK, NUMBER)
    wrong = SandboxRequest("POST", path_of(TRACK, issued), {}, {}, right.body)
    assert told(travelling, wrong)["code"] == 401


@pytest.mark.parametrize("time", ["now", "17145.5"])
def test_time_stamp_counts_milliseconds(travelling: Loopback, time: str):
    """It is not signed, and yet must be a number."""
    assert told(travelling, request_of(TRACK, NUMBER, timestamp=time))["code"] == 200010003


@pytest.mark.parametrize("param", [{}, {"NUMBER": ""}, [], "x"])
def test_a_param_without_waybill(travelling: Loopback, param: Any):
    """A well signed param that names no waybill is invalid."""
    assert told(travelling, request_of(TRACK, param))["code"] == 200010003


@pytest.mark.parametrize(
    "request_",
    [
        request_of(TRACK, NUMBER, verb="GET"),
        request_of("charge_adapter", NUMBER),
        SandboxRequest("POST", "/", {}, {}, b""),
        SandboxRequest("POST", "/open/a/b/c/d/e", {}, {}, b""),
    ],
    ids=["GET", "other method", "root", "too long"],
)
def test_what_is_not_there(loopback: Loopback, request_: SandboxRequest):
    """Another verb, method or path is 404."""
    assert answer(loopback, request_).status == 404


@pytest.mark.parametrize(("method", "param"), [(REPORT, RETURN), (CHANGE, MOVE)])
def test_repeats_of_requests_are_applied_again(travelling: Loopback, method: str, param: dict[str, str]):
    """The routes are unkeyed: two equal requests are two interceptions."""
    for _attempt in range(2):
        reply = answer(travelling, request_of(method, param))
        assert (json.loads(reply.body), reply.applied) == ({"statusCode": 0, "statusMessage": "成功"}, True)
    assert len(travelling.world.interceptions) == 2


def test_repeats_of_taking_back_are_applied_again(travelling: Loopback):
    """A second cancellation counts as one more, although nothing is left to cancel."""
    answer(travelling, request_of(REPORT, RETURN))
    assert [answer(travelling, request_of(CANCEL, TAKE_BACK)).applied for _ in range(2)] == [True, True]


@pytest.mark.parametrize(
    ("method", "param", "missing"),
    [(REPORT, RETURN, name) for name in RETURN if name != "waybillNo"]
    + [(CHANGE, MOVE, name) for name in MOVE if name != "waybillNo"]
    + [(CANCEL, TAKE_BACK, "dealRemark")],
)
def test_missing_members(travelling: Loopback, method: str, param: dict[str, str], missing: str):
    """Every member must be there; nothing is applied without."""
    reply = answer(travelling, request_of(method, {name: value for name, value in param.items() if name != missing}))
    assert json.loads(reply.body) == {"statusCode": 1, "statusMessage": f"{missing}不能为空"}
    assert not reply.applied


@pytest.mark.parametrize(("name", "status"), [("receiveCountyName", 0), ("receiveCityName", 0), ("receiverName", 1)])
def test_empty_members(travelling: Loopback, name: str, status: int):
    """City and county may be empty, since some places have only one of them; a person's name may not."""
    assert told(travelling, request_of(CHANGE, MOVE | {name: ""}))["statusCode"] == status


def test_a_refused_request_changes_nothing(loopback: Loopback):
    """What the courier objects to is told and not applied."""
    loopback.parcel("yto", WAYBILL, (30, S.PICKED_UP), (10, S.DELIVERED))
    reply = answer(loopback, request_of(REPORT, RETURN))
    assert (json.loads(reply.body), reply.applied) == ({"statusCode": 1, "statusMessage": "已签收,无法拦截"}, False)
    assert loopback.world.interceptions == []


@pytest.mark.parametrize(
    ("method", "param", "call"),
    [
        (TRACK, NUMBER, SandboxCall("track", target=WAYBILL)),
        (REPORT, RETURN, SandboxCall("intercept", write=True, target=WAYBILL)),
        (CHANGE, MOVE, SandboxCall("address_change", write=True, target=WAYBILL)),
        (CANCEL, TAKE_BACK, SandboxCall("cancel_interception", write=True, target=WAYBILL)),
    ],
)
@pytest.mark.parametrize("form", [False, True])
def test_calls_are_identified(app: YtoSandbox, method: str, param: dict[str, str], call: SandboxCall, form: bool):
    """Ledger and faults see operation and waybill; no key of ours travels."""
    assert app.identify(request_of(method, param, form=form)) == call


@given(
    path=st.sampled_from([path_of(TRACK, TRACKING), path_of(CHANGE, WANTED), "/", "", "/open/x", "/open////"]),
    body=st.binary(max_size=100)
    | st.sampled_from([b'{"param":7}', b'{"param":"[]"}', b'{"param":"{\\"NUMBER\\":{}}"}']),
)
def test_identify_never_raises(path: str, body: bytes):
    """Whatever comes, it gets a name."""
    assert YtoSandbox().identify(SandboxRequest("PUT", path, {}, {}, body)).operation


ASK, WRITE = SandboxCall("track", target=WAYBILL), SandboxCall("intercept", write=True, target=WAYBILL)


@pytest.mark.parametrize(
    ("call", "complaint", "words"),
    [
        (ASK, Complaint("throttle", seconds=5), {"success": False, "code": 429, "reason": "请求过于频繁"}),
        (WRITE, Complaint("throttle", seconds=5), {"success": False, "code": 429, "reason": "请求过于频繁"}),
        (WRITE, Complaint("auth"), {"success": False, "code": 401, "reason": "请求加密校验失败"}),
        (ASK, Complaint("refuse", reason="单号不合法"), {"success": False, "code": 200010003, "reason": "单号不合法"}),
        (WRITE, Complaint("refuse", reason="今日不办理"), {"statusCode": 1, "statusMessage": "今日不办理"}),
        (WRITE, Complaint("refuse", reason="TOO_LATE"), {"statusCode": 1, "statusMessage": "已派件,无法拦截"}),
        (WRITE, Complaint("not_found"), {"statusCode": 1, "statusMessage": "运单不存在"}),
    ],
)
def test_complaints_are_in_their_words(
    app: YtoSandbox, call: SandboxCall, complaint: Complaint, words: dict[str, object]
):
    """A fault is told in the shape of the interface it meets; the reason of a refusal may be ours or any text."""
    reply = app.complain(call, complaint)
    assert (json.loads(reply.body), reply.applied) == (words, False)


def test_not_found_of_a_query(app: YtoSandbox):
    """A query that is to find nothing gets their empty answer."""
    assert json.loads(app.complain(ASK, Complaint("not_found")).body)["code"] == "1001"
