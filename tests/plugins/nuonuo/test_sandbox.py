"""The sandbox app: the order of its checks, its codes, and the faults in Nuonuo's words (section 13)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from asctl.api import Throttled, compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_nuonuo.client import sign
from asctl_nuonuo.documents import Terms, blue_order, red_form
from asctl_nuonuo.sandbox import NuonuoSandbox
from asctl_nuonuo.sandbox_gate import APP_KEY, APP_SECRET
from asctl_nuonuo.wire import APPLY, DELIVER, FORMS, ISSUE, QUERY, REFRESH, RETRY
from tests.plugins.loopback import START, Loopback
from tests.plugins.nuonuo.conftest import BASE, BLUE, FULL, SELLER, Desk

SENID, NONCE = "0123456789abcdef" * 2, "10000001"
TERMS = Terms("", "auto", "")
ORDER = blue_order(BLUE, TERMS)


class Caller:
    """A client of the app that can do everything wrong."""

    def __init__(self, loop: Loopback) -> None:
        self.loop = loop
        self.token = self.told(
            SandboxRequest(
                "POST",
                "/accessToken",
                {},
                {},
                urlencode(
                    {"client_id": APP_KEY, "client_secret": APP_SECRET, "grant_type": "client_credentials"}
                ).encode(),
            )
        )["access_token"]

    def told(self, request: SandboxRequest) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(self.loop.answer(request).body)
        return reply

    def request(self, method: str, content: object, **wrong: str) -> SandboxRequest:
        body = content if isinstance(content, bytes) else compact_json(content).encode()
        stamp = wrong.get("timestamp", str(int(self.loop.clock.now().timestamp())))
        signature = sign(wrong.get("secret", APP_SECRET), APP_KEY, SENID, wrong.get("nonce", NONCE), stamp, body)
        query = {"senid": SENID, "nonce": wrong.get("nonce", NONCE), "timestamp": stamp}
        headers = {
            "X-Nuonuo-Sign": wrong.get("signature", signature),
            "accessToken": wrong.get("token", self.token),
            "method": method,
            "userTax": wrong.get("userTax", SELLER.tax_id),
        }
        return SandboxRequest(
            "POST", "/open/v1/services", query | {"appkey": wrong.get("appkey", APP_KEY)}, headers, body
        )

    def code(self, method: str, content: object, **wrong: str) -> str:
        return str(self.told(self.request(method, content, **wrong))["code"])


@pytest.fixture
def caller(desk: Desk) -> Caller:
    return Caller(desk.loop)


BAD = {"appkey": "?", "token": "?", "secret": "?", "timestamp": "1"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (BAD, "070101"),
        ({name: BAD[name] for name in ("token", "secret", "timestamp")}, "070304"),
        ({"secret": "?"}, "070601"),
        ({"signature": ""}, "070601"),
        ({"timestamp": "1"}, "070601"),
        ({"timestamp": "x"}, "070601"),
        ({"timestamp": str(int(START.timestamp()) * 1000)}, "070601"),
        ({"nonce": "00000001"}, "070601"),
        ({"timestamp": str(int(START.timestamp()) - 599)}, "E9500"),
        ({"timestamp": str(int(START.timestamp()) - 601)}, "070601"),
    ],
)
def test_first_failure_at_the_door_answers(caller: Caller, wrong: dict[str, str], code: str) -> None:
    """Key, token, signature, time: in this order, and before the content is read."""
    assert caller.code(QUERY, {"orderNos": ["B1"]}, **wrong) == code


def test_method_before_content(caller: Caller) -> None:
    """A method that is not there, then a body that is no JSON, over whose very bytes it is signed."""
    assert caller.code("nuonuo.OpeMplatform.nothing", b"{") == "E4000"
    assert caller.code(QUERY, b"{") == "E9300"


def test_token_runs_out(caller: Caller) -> None:
    """After a day, with a word that says so."""
    caller.loop.pass_time(24)
    told = caller.told(caller.request(QUERY, {"orderNos": ["B1"]}))
    assert told == {"code": "070304", "describe": "demo: access token expired"}


def test_token_calls_are_counted() -> None:
    """Above the configured number there is none, whoever asks."""
    app = NuonuoSandbox(token_calls=1)
    caller = Caller(Loopback(app, BASE))
    again = app.answer(SandboxRequest("POST", "/accessToken", {}, {}, b""), SandboxCall("token"), caller.loop.world)
    assert json.loads(again.body)["error"] == "070306"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": APP_KEY, "client_secret": "?", "grant_type": "client_credentials"}, "invalid_client"),
        ({"client_id": APP_KEY, "client_secret": APP_SECRET}, "unsupported_grant_type"),
    ],
)
def test_who_gets_no_token(caller: Caller, form: dict[str, str], error: str) -> None:
    """A wrong secret, or a grant of third parties."""
    request = SandboxRequest("POST", "/accessToken", {}, {}, urlencode(form).encode())
    assert caller.told(request)["error"] == error


def changed(**members: object) -> dict[str, object]:
    order = ORDER["order"]
    assert isinstance(order, dict)
    return {"order": {**order, **members}}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "E9300"),
        (changed(salerTaxNum=""), "E9607"),
        (changed(salerTaxNum="91990000MA0DEM0024"), "E9302"),
        (changed(orderNo=""), "E4000"),
        (changed(orderNo="B" * 21), "E9300"),
        (changed(invoiceType="2"), "E9101"),
        (changed(invoiceLine="p"), "E4000"),
        (changed(clerk=""), "E4000"),
        (changed(clerk="另一员"), "E9999"),
        (changed(email="e" * 51), "E9104"),
        (changed(pushMode="1"), "E4000"),
        (changed(buyerTaxNum=""), "E9306"),
        (changed(buyerName=""), "E4000"),
        (changed(invoiceDetail=None), "E9122"),
        (changed(invoiceDetail=["x"]), "E9300"),
        (changed(invoiceDetail=[{"goodsName": "壶", "withTaxFlag": "1", "taxRate": "x"}]), "E9125"),
        (changed(invoiceDetail=[{"goodsName": "壶"}]), "E9300"),
    ],
)
def test_business_codes_of_an_issue_call(caller: Caller, content: object, code: str) -> None:
    """Each wrong field has its code, and nothing is taken in."""
    assert caller.code(ISSUE, content) == code
    assert caller.loop.world.bureau.invoices == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "E9611"),
        ({"orderNos": "B1"}, "E9611"),
        ({"orderNos": [f"B{number}" for number in range(51)]}, "E9300"),
        ({"serialNos": ["1"], "orderNos": [BLUE.serial]}, "E9500"),
        ({"orderNos": [BLUE.serial]}, "E0000"),
    ],
)
def test_queries(caller: Caller, content: object, code: str) -> None:
    """At most fifty numbers; Nuonuo's own win where both are given."""
    assert caller.code(ISSUE, ORDER) == "E0000"
    assert caller.code(QUERY, content) == code


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"sellerTaxNo": ""}, "E9607"),
        ({"billId": ""}, "E4000"),
        ({"billId": "R" * 33}, "E9300"),
        ({"redReason": "5"}, "E4000"),
        ({"redReason": "02"}, "E4000"),
        ({"applySource": ""}, "E4000"),
        ({"sellerName": ""}, "E4000"),
        ({"buyerName": "另一家"}, "E9113"),
        ({"blueInvoiceLine": "pc"}, "E9102"),
        ({"blueElecInvoiceNumber": "26990000000000000099"}, "E9102"),
        ({"detail": [{"blueDetailIndex": "x"}]}, "E9300"),
        ({"detail": [{"blueDetailIndex": "1", "goodsName": "壶"}]}, "E4000"),
    ],
)
def test_business_codes_of_an_application(desk: Desk, members: dict[str, object], code: str) -> None:
    """Each wrong field has its code, and no form comes of it; the bureau's reason codes are none of Nuonuo's."""
    content = red_form(replace(FULL, blue_number=desk.issued().number), TERMS) | members
    assert Caller(desk.loop).code(APPLY, content) == code
    assert desk.loop.world.bureau.forms == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"billId": "R1"}, "E4000"),
        ({"identity": "0"}, "E4000"),
        ({"identity": "0", "billTimeStart": "2026-11-21"}, "E9545"),
        ({"identity": "0", "billId": "R1", "pageSize": "51"}, "E9300"),
        ({"identity": "0", "billId": "R1"}, "E0000"),
    ],
)
def test_form_queries(caller: Caller, content: object, code: str) -> None:
    """A number, or a time; at most fifty a page. A number that is nobody's has an empty list."""
    assert caller.code(FORMS, content) == code


def test_other_calls_want_their_numbers(caller: Caller) -> None:
    """Retry, delivery and sync without a number."""
    assert caller.code(RETRY, {}) == "E9611"
    assert caller.code(REFRESH, {"identity": "0"}) == "E4000"
    assert caller.code(DELIVER, {"taxnum": SELLER.tax_id}) == "E4000"


def test_delivery_wants_an_address(desk: Desk) -> None:
    """Neither phone nor e-mail is a fault of the call."""
    number = desk.issued().number
    assert Caller(desk.loop).code(DELIVER, {"taxnum": SELLER.tax_id, "invoiceNum": number}) == "E4000"


@pytest.mark.parametrize(
    ("method", "content", "call"),
    [
        (ISSUE, ORDER, SandboxCall("issue", True, BLUE.serial, BLUE.serial)),
        (APPLY, {"billId": "R1", "orderNo": "R1"}, SandboxCall("reverse", True, "R1", "R1")),
        (RETRY, {"orderno": "B1"}, SandboxCall("retry", True, "B1", "B1")),
        (DELIVER, {"invoiceNum": "2699"}, SandboxCall("deliver", True, "2699", "2699")),
        (QUERY, {"orderNos": ["B1", "B2"]}, SandboxCall("query", target="B1,B2")),
        (FORMS, {"identity": "0", "billId": "R1"}, SandboxCall("form_query", target="R1")),
        (REFRESH, {"identity": "0", "billUuid": "u"}, SandboxCall("form_refresh", target="u")),
        ("x", b"{", SandboxCall("unknown")),
        ("x", b"[]", SandboxCall("unknown")),
    ],
)
def test_what_a_request_is(caller: Caller, method: str, content: object, call: SandboxCall) -> None:
    """Our number is the target of a write and its key; junk is nothing known."""
    assert caller.loop.app.identify(caller.request(method, content)) == call


def test_other_places(caller: Caller) -> None:
    """Token and files have places of their own; there is nothing else."""
    app = caller.loop.app
    assert app.identify(SandboxRequest("POST", "/accessToken", {}, {}, b"")) == SandboxCall("token")
    assert app.identify(SandboxRequest("GET", "/files/1.pdf", {}, {}, b"")) == SandboxCall("file", target="1.pdf")
    assert caller.loop.answer(SandboxRequest("GET", "/x", {}, {}, b"")).status == 404


def test_only_writes_are_applied(caller: Caller) -> None:
    """A query changes nothing, a refused write neither."""

    def applied(method: str, content: object) -> bool:
        return caller.loop.answer(caller.request(method, content)).applied

    assert [applied(ISSUE, ORDER), applied(ISSUE, ORDER), applied(QUERY, {"orderNos": [BLUE.serial]})] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("operation", "kind", "told"),
    [
        ("issue", "auth", "070304"),
        ("issue", "not_found", "E9500"),
        ("query", "not_found", "E9500"),
        ("form_query", "not_found", "E0000"),
        ("deliver", "not_found", "E9999"),
        ("issue", "refuse", "E4000"),
    ],
)
def test_faults_in_their_words(app: NuonuoSandbox, operation: str, kind: str, told: str) -> None:
    """Each fault is an envelope with its code; a reason is told as it is."""
    reply = json.loads(app.complain(SandboxCall(operation), Complaint(kind, reason="理由")).body)
    assert reply["code"] == told
    assert kind != "refuse" or reply["describe"] == "理由"


@pytest.mark.parametrize(
    ("kind", "error"), [("throttle", "070306"), ("auth", "invalid_client"), ("refuse", "invalid_client")]
)
def test_faults_of_the_token(app: NuonuoSandbox, kind: str, error: str) -> None:
    """They are told as the token's address tells them."""
    assert json.loads(app.complain(SandboxCall("token"), Complaint(kind)).body)["error"] == error


def test_too_fast_is_a_status(app: NuonuoSandbox, make_desk: Callable[..., Desk]) -> None:
    """Nuonuo publishes no code for it; a file that is not there is a status, too."""
    assert app.complain(SandboxCall("file"), Complaint("not_found")).status == 404
    desk = make_desk()
    desk.answers(app.complain(SandboxCall("query"), Complaint("throttle", seconds=5)))
    with pytest.raises(Throttled):
        desk.provider.check()


def test_files_only_of_issued_invoices(desk: Desk) -> None:
    """There is none before, and none in another format."""
    desk.provider.issue_invoice(BLUE)
    reference = desk.told().reference

    def status(name: str) -> int:
        return desk.loop.answer(SandboxRequest("GET", f"/files/{name}", {}, {}, b"")).status

    assert status(f"{reference}.pdf") == 404
    desk.wait(4)
    assert (status(f"{reference}.pdf"), status(f"{reference}.exe"), status("1.pdf"), status("x")) == (
        200,
        404,
        404,
        404,
    )
    served = desk.loop.answer(SandboxRequest("GET", f"/files/{reference}.pdf", {}, {}, b""))
    assert (served.content_type, isinstance(served, SandboxReply)) == ("application/pdf", True)


def test_account_is_whole(app: NuonuoSandbox) -> None:
    """What the sandbox writes is enough to issue: the plugin's settings and the core's."""
    (account,) = app.accounts(BASE + "/")["invoices"].values()
    assert account["base_url"] == f"{BASE}/open/v1/services"
    assert account["token_url"] == f"{BASE}/accessToken"
    assert {"tax_no", "seller_name", "drawer", "goods_code", "tax_rate", "freight_code", "freight_rate"} <= set(account)
