"""Baiwang's server side: its door, its limits, its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import compact_json, json_object
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest
from asctl_baiwang.client import sign
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.sandbox import PATH, BaiwangSandbox
from asctl_baiwang.sandbox_gate import APP_KEY, APP_SECRET
from asctl_baiwang.wire import DELIVER, FORMS, ISSUE, QUERY, RETRY, REVERSE, TOKEN
from tests.plugins.baiwang.conftest import SETTINGS
from tests.plugins.baiwang.samples import BASE, BLUE, SELLER, body_of, issued
from tests.plugins.loopback import Loopback


@pytest.fixture
def token(loop: Loopback, provider: Baiwang) -> str:
    """A token that the sandbox gave."""
    provider.find_invoice(BLUE)
    (given_out,) = {loop.sandbox_request(request).query.get("token") for request in loop.sent[1:]}
    assert given_out
    return given_out


def signed(method: str, body: bytes, token: str, /, **changed: str) -> SandboxRequest:
    """A call; ``changed`` parameters are signed as they are, but for ``sign`` itself."""
    query = {"method": method, "appKey": APP_KEY, "token": token, "timestamp": "1", "requestId": "r1"} | changed
    query = {"sign": sign(query, body.decode("utf-8", "replace"), APP_SECRET)} | query
    return SandboxRequest("POST", PATH, query, {}, body)


def failure(reply: SandboxReply) -> tuple[str, str]:
    told: dict[str, Any] = json_object(reply.body)["errorResponse"]
    assert isinstance(told["code"], int)
    return str(told["code"]), str(told.get("subCode", ""))


def business(loop: Loopback, token: str, method: str, content: object) -> tuple[str, str]:
    """The failure that a call with this content meets."""
    return failure(loop.answer(signed(method, compact_json(content).encode(), token)))


@pytest.mark.parametrize(
    ("changed", "body", "code"),
    [
        ({"token": "other", "sign": "WRONG"}, b"", "100001"),
        ({"sign": "WRONG", "method": "none"}, b"", "100007"),
        ({"appKey": "2"}, b"{}", "100007"),
        ({"method": "baiwang.s.outputinvoice.list"}, b"", "100003"),
        ({}, b"[]", "100005"),
        ({}, b'{"a":1}', "100000"),
    ],
)
def test_checks_in_their_order(loop: Loopback, token: str, changed: dict[str, str], body: bytes, code: str) -> None:
    """Token, signature, method, content, business: the first that fails is told."""
    assert failure(loop.answer(signed(QUERY, body, token, **changed)))[0] == code


def test_tokens_end(loop: Loopback, token: str) -> None:
    """On the world's clock, after eight hours."""
    loop.clock.moment += timedelta(hours=8)
    assert failure(loop.answer(signed(QUERY, b"{}", token)))[0] == "100002"


def test_signature_is_over_the_bytes(loop: Loopback, token: str) -> None:
    """The same content in other bytes is not what was signed."""
    request = signed(QUERY, compact_json({"taxNo": "1", "orderNos": ["B1"]}).encode(), token)
    assert failure(loop.answer(replace(request, body=request.body.replace(b",", b", "))))[0] == "100007"


ISSUING = {
    "taxNo": SELLER.tax_id,
    "orderNo": "B1",
    "orderDateTime": "2026-01-01 10:00:00",
    "invoiceType": "1",
    "invoiceTypeCode": "02",
    "priceTaxMark": "1",
    "buyerName": "测试甲",
}
REVERSING = {
    "taxNo": SELLER.tax_id,
    "orderNo": "R1",
    "originalOrderNo": "B1",
    "originalDigitInvoiceNo": "26990000000000000009",
    "fastIssueRedType": "1",
    "redInvoiceLabel": "02",
}


@pytest.mark.parametrize(
    ("method", "content", "sub_code"),
    [
        (ISSUE, ISSUING | {"taxNo": ""}, "70169"),
        (ISSUE, ISSUING | {"buyerName": ""}, "70169"),
        (ISSUE, ISSUING | {"invoiceTypeCode": "99"}, "20019"),
        (ISSUE, ISSUING | {"invoiceTypeCode": "007"}, "20020"),
        (ISSUE, ISSUING | {"invoiceType": "2"}, "SANDBOX-TYPE"),
        (ISSUE, ISSUING | {"invoiceDetailList": [{}]}, "SANDBOX-ROW"),
        (ISSUE, ISSUING | {"invoiceDetailList": "rows"}, "SANDBOX-ROW"),
        (ISSUE, ISSUING, "SANDBOX-FLAW"),
        (QUERY, {"taxNo": "1"}, "SANDBOX-IDS"),
        (QUERY, {"taxNo": "1", "orderNos": ["B1"] * 51}, "SANDBOX-IDS"),
        (RETRY, {"taxNo": "1", "serialNo": "9"}, "SANDBOX-NONE"),
        (DELIVER, {"taxNo": "1", "digitInvoiceNo": "9"}, "70169"),
        (DELIVER, {"taxNo": "1", "digitInvoiceNo": "9", "pushPhone": "1"}, "SANDBOX-NONE"),
        (REVERSE, REVERSING, "SANDBOX-BLUE"),
        (REVERSE, REVERSING | {"fastIssueRedType": "0"}, "SANDBOX-RED"),
        (REVERSE, REVERSING | {"redInvoiceLabel": "1"}, "SANDBOX-RED"),
        (FORMS, {"taxNo": "1", "operatorType": "2"}, "70169"),
    ],
)
def test_refusals(loop: Loopback, token: str, method: str, content: object, sub_code: str) -> None:
    """What each service does not take, with its code; nothing comes of it."""
    assert business(loop, token, method, content) == ("100000", sub_code)
    assert not loop.world.bureau.invoices
    assert not loop.world.bureau.forms


def test_queries_by_either_number(loop: Loopback, token: str, provider: Baiwang) -> None:
    """By our serial or by theirs, of this seller alone."""
    _number, reference = issued(provider, loop)
    for asked, seller, count in (
        ({"orderNos": [BLUE.serial]}, SELLER.tax_id, 1),
        ({"serialNos": [reference]}, SELLER.tax_id, 1),
        ({"orderNos": [BLUE.serial]}, "91990000MA0DEM0024", 0),
    ):
        body = compact_json({"taxNo": seller, **asked}).encode()
        assert len(json_object(loop.answer(signed(QUERY, body, token)).body)["response"]) == count


def test_twenty_retries(loop: Loopback, token: str, provider: Baiwang) -> None:
    """The 21st is refused."""
    _number, reference = issued(provider, loop)
    loop.world.bureau.invoices[0].retries = 20
    loop.world.bureau.invoices[0].fate = "fail"
    assert business(loop, token, RETRY, {"taxNo": SELLER.tax_id, "serialNo": reference}) == ("100000", "SANDBOX-RETRY")


def test_files_of_issued_invoices_alone(loop: Loopback, provider: Baiwang) -> None:
    """Before it is issued, and of what nobody knows, there is none."""
    reference = provider.issue_invoice(BLUE).reference
    names = (f"{reference}.pdf", f"{reference}.png", "9.pdf", "nothing")

    def statuses() -> list[int]:
        return [loop.answer(SandboxRequest("GET", f"/files/{name}", {}, {}, b"")).status for name in names]

    assert statuses() == [404, 404, 404, 404]
    loop.clock.sleep(5)
    assert statuses() == [200, 404, 404, 404]


@pytest.mark.parametrize("request_", [("GET", PATH), ("POST", "/elsewhere")])
def test_other_addresses(loop: Loopback, request_: tuple[str, str]) -> None:
    """The gateway is one address, and is posted to."""
    assert loop.answer(SandboxRequest(*request_, {}, {}, b"")).status == 404


def test_calls_are_named(loop: Loopback, provider: Baiwang) -> None:
    """Operation, whether it writes, whom it is about, and our serial as its key."""
    _number, reference = issued(provider, loop)
    provider.invoice_file(f"{BASE}/files/{reference}.pdf", "pdf")
    assert [loop.app.identify(loop.sandbox_request(request)) for request in loop.sent] == [
        SandboxCall("token"),
        SandboxCall("issue", True, BLUE.serial, BLUE.serial),
        SandboxCall("query", target=BLUE.serial),
        SandboxCall("file", target=f"{reference}.pdf"),
    ]


@given(
    method=st.sampled_from([ISSUE, QUERY, RETRY, REVERSE, DELIVER, FORMS, "", "other"]),
    body=st.binary(max_size=40)
    | st.dictionaries(
        st.sampled_from(["orderNo", "orderNos", "serialNo", "taxNo"]),
        st.none() | st.integers() | st.lists(st.none() | st.text(max_size=3), max_size=3),
        max_size=3,
    ).map(lambda content: compact_json(content).encode()),
)
def test_naming_never_fails(method: str, body: bytes) -> None:
    """Whatever a request holds."""
    assert BaiwangSandbox().identify(SandboxRequest("POST", PATH, {"method": method}, {}, body)).operation


@pytest.mark.parametrize(
    ("operation", "complaint", "right"),
    [
        ("issue", Complaint("throttle", seconds=5), ("100000", "SANDBOX-BUSY")),
        ("issue", Complaint("auth"), ("100002", "")),
        ("issue", Complaint("refuse", reason="演示"), ("100000", "SANDBOX-NO")),
        ("retry", Complaint("not_found"), ("100000", "SANDBOX-NONE")),
    ],
)
def test_complaints(operation: str, complaint: Complaint, right: tuple[str, str]) -> None:
    """Each fault in the gateway's words."""
    assert failure(BaiwangSandbox().complain(SandboxCall(operation), complaint)) == right


@pytest.mark.parametrize(("operation", "status"), [("query", 200), ("form_query", 200), ("file", 404)])
def test_what_is_hidden(operation: str, status: int) -> None:
    """A question finds nothing, in a success; a file is not there."""
    reply = BaiwangSandbox().complain(SandboxCall(operation), Complaint("not_found"))
    assert reply.status == status
    assert b"errorResponse" not in reply.body


def test_account_can_be_used_as_it_is(loop: Loopback, provider: Baiwang) -> None:
    """What the sandbox writes into the configuration lets the plugin in; files lie below the app's own address."""
    assert SETTINGS["base_url"] == f"{BASE}{PATH}"
    provider.issue_invoice(BLUE)
    assert body_of(loop.sent[0])["username"] == SETTINGS["username"]
    loop.clock.sleep(5)
    invoice = provider.find_invoice(BLUE).invoice
    assert invoice is not None
    assert all(url.startswith(f"{BASE}/files/") for url in invoice.files.values())


@pytest.mark.parametrize(
    "query", [{"client_id": "2"}, {"client_id": APP_KEY, "grant_type": "refresh_token", "refresh_token": "x"}]
)
def test_wrong_login(loop: Loopback, query: dict[str, str]) -> None:
    """Neither another application nor a renewal that nobody gave gets a token."""
    body = compact_json({"client_secret": APP_SECRET}).encode()
    request = SandboxRequest("POST", PATH, {"method": TOKEN, **query}, {}, body)
    assert failure(loop.answer(request))[0] == "100004"
