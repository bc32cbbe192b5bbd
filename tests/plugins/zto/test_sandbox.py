"""Their server side: checks, shapes, faults."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import RefusalReason
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_zto.client import sign
from asctl_zto.errors import REFUSALS
from asctl_zto.sandbox import ZtoSandbox
from asctl_zto.sandbox_gate import APP_KEY, APP_SECRET
from tests.plugins.loopback import Loopback
from tests.plugins.zto.conftest import BASE, WAYBILL, signed

TRACK = "zto.merchant.waybill.track.query"
CREATE = "thirdcenter.createIntercept"
CANCEL = "thirdcenter.cancelIntercept"
STATUS = "thirdcenter.queryInterceptAndReturnStatus"
QUESTION = {"billCode": WAYBILL, "mobilePhone": "1234"}
REQUEST = {"billCode": WAYBILL, "requestId": "R-1", "thirdBizNo": "B-1", "destinationType": 2}
REDIRECTION = REQUEST | {
    "destinationType": 3,
    "receivePhone": "13800000003",
    "receiveUsername": "测试丙",
    "receiveAddress": "示例路1号",
    "receiveDistrict": "浦东新区",
    "receiveCity": "上海市",
    "receiveProvince": "上海市",
}


def reply(loop: Loopback, request: SandboxRequest) -> SandboxReply:
    return loop.app.answer(request, loop.app.identify(request), loop.world)


def told(loop: Loopback, request: SandboxRequest) -> dict[str, Any]:
    answer = json.loads(reply(loop, request).body)
    assert isinstance(answer, dict)
    return answer


def test_track_has_the_vendors_shape(moving: Loopback):
    """Scans stand under ``result``, oldest first, with epoch milliseconds."""
    answer = told(moving, signed(TRACK, QUESTION))
    first = answer["result"][0]
    assert (answer["status"], answer["statusCode"], answer["message"]) == (True, "SYS000", "成功")
    assert (first["billCode"], first["scanType"]) == (WAYBILL, "收件")
    assert first["scanDate"] == int(moving.clock.moment.timestamp() - 30 * 3600) * 1000
    assert [scan["scanDate"] for scan in answer["result"]] == sorted(scan["scanDate"] for scan in answer["result"])


def test_interceptions_answer_under_data(moving: Loopback):
    """The samples of section 9: accepted, its state, and a state where there is none."""
    assert told(moving, signed(STATUS, {"billCode": WAYBILL}))["data"] is None
    accepted = reply(moving, signed(CREATE, REQUEST))
    assert accepted.applied
    assert json.loads(accepted.body) == {
        "status": True,
        "statusCode": "SYS000",
        "message": "",
        "data": {"billCode": WAYBILL},
    }
    state = told(moving, signed(STATUS, {"billCode": WAYBILL}))["data"]
    assert (state["billCode"], state["status"], state["statusName"]) == (WAYBILL, "INTERCEPTING", "拦截中")


def test_a_published_vector_is_accepted(moving: Loopback):
    """The digest printed in section 2 opens the gateway."""
    body = b'{"billCode":"73100012345678","mobilePhone":"1234"}'
    headers = {"x-companyid": APP_KEY, "x-datadigest": "EK+yQMeluT5NWavjyDOH5Q=="}
    assert told(moving, SandboxRequest("POST", f"/{TRACK}", {}, headers, body))["status"] is True


def test_the_company_may_be_told_as_app_key(moving: Loopback):
    """Either header names the application."""
    request = signed(TRACK, QUESTION, x_companyid="", x_appkey=APP_KEY)
    assert told(moving, request)["status"] is True


@pytest.mark.parametrize(
    "headers",
    [
        {"x_companyid": "other"},
        {"x_datadigest": ""},
        {"x_datadigest": "签"},
        {"x_datadigest": sign("{}", APP_SECRET)},
        {"x_timestamp": "1795224600000"},
    ],
)
def test_digest_is_verified(moving: Loopback, headers: dict[str, str]):
    """Another application, another text, or a time stamp that was not signed is S211, and nothing is carried out."""
    answer = reply(moving, signed(CREATE, REQUEST, **headers))
    assert (json.loads(answer.body)["statusCode"], answer.applied) == ("S211", False)
    assert moving.world.interceptions == []


@pytest.mark.parametrize(("off_s", "code"), [(0, "SYS000"), (590, "SYS000"), (-590, "SYS000"), (610, "S214")])
def test_time_stamp_is_checked_where_one_is_sent(moving: Loopback, off_s: int, code: str):
    """Ten minutes either way."""
    timestamp = str(int(moving.clock.moment.timestamp() + off_s) * 1000)
    text = json.dumps(QUESTION, ensure_ascii=False)
    request = signed(TRACK, QUESTION, x_timestamp=timestamp, x_datadigest=sign(text, APP_SECRET, timestamp))
    assert told(moving, request)["statusCode"] == code


@pytest.mark.parametrize("timestamp", ["soon", "1", "１７９５２２４６０００００", "9" * 40])
def test_a_time_stamp_that_is_none(moving: Loopback, timestamp: str):
    """It is S214 although it was signed."""
    text = json.dumps(QUESTION, ensure_ascii=False)
    request = signed(TRACK, QUESTION, x_timestamp=timestamp, x_datadigest=sign(text, APP_SECRET, timestamp))
    assert told(moving, request)["statusCode"] == "S214"


@pytest.mark.parametrize(
    ("api", "body", "code"),
    [
        (TRACK, {}, "S208"),
        (TRACK, {"billCode": WAYBILL}, "E413"),
        (TRACK, QUESTION | {"mobilePhone": "12345678"}, "E413"),
        (TRACK, QUESTION | {"mobilePhone": "4321"}, "E409"),
        (TRACK, QUESTION | {"billCode": "731-000"}, "E416"),
        (STATUS, {}, "S208"),
        (CANCEL, {"billCode": WAYBILL}, "S208"),
        (CANCEL, {"billCode": WAYBILL, "thirdBizNo": "B-9"}, "E23130"),
        *((CREATE, {name: REQUEST[name] for name in REQUEST if name != left}, "S208") for left in REQUEST),
        *((CREATE, {name: REDIRECTION[name] for name in REDIRECTION if name != left}, "S208")
          for left in REDIRECTION if left.startswith("receive")),
        (CREATE, REQUEST | {"destinationType": 9}, "E23108"),
        (CREATE, REQUEST | {"destinationType": [2]}, "S208"),
        (CREATE, REQUEST | {"billCode": "73100099999999"}, "E23102"),
    ],
)  # fmt: skip
def test_parameters_are_checked(moving: Loopback, api: str, body: dict[str, Any], code: str):
    """What is missing or wrong is told by code, and nothing is carried out."""
    answer = reply(moving, signed(api, body))
    assert (json.loads(answer.body)["statusCode"], answer.applied) == (code, False)


def test_only_posts_to_known_interfaces(moving: Loopback):
    """Anything else is S207."""
    post = signed(TRACK, QUESTION)
    get = SandboxRequest("GET", post.path, {}, post.headers, post.body)
    assert told(moving, get)["statusCode"] == "S207"
    assert told(moving, signed("zto.open.order.print", {}))["statusCode"] == "S207"


@pytest.mark.parametrize(
    ("api", "body", "call"),
    [
        (TRACK, QUESTION, SandboxCall("track", False, WAYBILL)),
        (CREATE, REQUEST, SandboxCall("intercept", True, WAYBILL, "R-1")),
        (CREATE, REDIRECTION, SandboxCall("address_change", True, WAYBILL, "R-1")),
        (CANCEL, {"billCode": WAYBILL, "thirdBizNo": "B-1"}, SandboxCall("cancel_interception", True, WAYBILL)),
        (STATUS, {"billCode": WAYBILL}, SandboxCall("interception_status", False, WAYBILL)),
    ],
)
def test_calls_are_identified(app: ZtoSandbox, api: str, body: dict[str, Any], call: SandboxCall):
    """Ledger and faults see operation, waybill and request id."""
    assert app.identify(signed(api, body)) == call


@given(path=st.sampled_from([f"/{TRACK}", f"/{CREATE}", "/", "", "/other"]), body=st.binary(max_size=100))
def test_identify_never_raises(path: str, body: bytes):
    """Whatever comes, it gets a name."""
    assert ZtoSandbox().identify(SandboxRequest("PUT", path, {}, {}, body)).operation


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=16) | st.lists(st.integers(), max_size=2)


@given(
    body=st.dictionaries(st.sampled_from((*REDIRECTION, "mobilePhone")), junk),
    api=st.sampled_from([TRACK, CREATE, CANCEL, STATUS]),
)
def test_answer_never_raises(body: dict[str, Any], api: str):
    """Signed nonsense gets an answer in their shape."""
    assert "statusCode" in told(Loopback(ZtoSandbox(), BASE), signed(api, body))


@pytest.mark.parametrize(
    ("complaint", "code"),
    [
        (Complaint("throttle", seconds=5), "S221"),
        (Complaint("throttle", seconds=60), "S206"),
        (Complaint("auth"), "S211"),
        (Complaint("refuse", reason="TOO_LATE"), "E23120"),
        (Complaint("refuse", reason="某个原因"), "E23999"),
        (Complaint("not_found"), "E23102"),
    ],
)
@pytest.mark.parametrize("operation", ["intercept", "address_change", "cancel_interception"])
def test_faults_of_writes_are_in_their_words(app: ZtoSandbox, operation: str, complaint: Complaint, code: str):
    """A fault is told by code, a free reason as the message."""
    answer = app.complain(SandboxCall(operation, True, WAYBILL), complaint)
    said = json.loads(answer.body)
    assert (said["status"], said["statusCode"], answer.applied) == (False, code, False)
    assert said["data"] is None
    assert said["message"] == "某个原因" if complaint.reason == "某个原因" else said["message"]


def test_what_is_hidden_is_not_there(app: ZtoSandbox):
    """``not_found`` of a look is an answer, by whichever way the app tells it."""
    track = json.loads(app.complain(SandboxCall("track"), Complaint("not_found")).body)
    look = json.loads(app.complain(SandboxCall("interception_status"), Complaint("not_found")).body)
    coded = ZtoSandbox("E23130").complain(SandboxCall("interception_status"), Complaint("not_found"))
    assert (track["status"], track["result"]) == (True, [])
    assert (look["status"], look["data"]) == (True, None)
    assert json.loads(coded.body)["statusCode"] == "E23130"


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_reason_can_be_told(app: ZtoSandbox, reason: RefusalReason):
    """A refusal by reason is read as that reason, but for those that ZTO has no refusal code for."""
    answer = app.complain(SandboxCall("intercept", True, WAYBILL), Complaint("refuse", reason=reason.value))
    code = json.loads(answer.body)["statusCode"]
    elsewhere = {
        RefusalReason.BAD_ADDRESS: "E23139",
        RefusalReason.RATE_LIMITED: "S221",
        RefusalReason.SIGN_ERROR: "S211",
        RefusalReason.SERVER_ERROR: "S203",
        RefusalReason.OTHER: "E23999",
    }
    assert code == elsewhere[reason] if reason in elsewhere else REFUSALS[code] is reason
    assert json.loads(answer.body)["message"]


def test_account_section(app: ZtoSandbox):
    """The configuration names the account after the plugin, points at the sandbox and does not hold calls back."""
    section = app.accounts("http://127.0.0.1:9/zto")["couriers"]["zto"]
    assert section["plugin"] == "zto"
    assert section["base_url"] == "http://127.0.0.1:9/zto"
    assert section["calls_per_second"] == 1000
    assert {"app_key", "app_secret"} <= set(section)
