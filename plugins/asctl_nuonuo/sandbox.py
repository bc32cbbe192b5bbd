"""Their server side for our loopback world: the token's address, the gateway's, and that of the files (section 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import as_text, json_object
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_nuonuo import ID, sandbox_invoices
from asctl_nuonuo.sandbox_gate import APP_KEY, APP_SECRET, Gate, no_token
from asctl_nuonuo.sandbox_invoices import DRAWER, SELLER, SELLER_NAME
from asctl_nuonuo.sandbox_reversals import Forms
from asctl_nuonuo.sandbox_words import No
from asctl_nuonuo.wire import APPLY, DELIVER, FORMS, ISSUE, OK, QUERY, REFRESH, RETRY

PATH = "/open/v1/services"
TOKEN_PATH = "/accessToken"
FILES_PATH = "/files"
_OPERATIONS: Mapping[str, str] = {
    ISSUE: "issue",
    RETRY: "retry",
    APPLY: "reverse",
    DELIVER: "deliver",
    QUERY: "query",
    FORMS: "form_query",
    REFRESH: "form_refresh",
}
_WRITES = frozenset({"issue", "retry", "reverse", "deliver"})
_TARGETS = ("billId", "orderno", "fpqqlsh", "invoiceNum", "billUuid")
_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/xml"}


class NuonuoSandbox:
    """The sandbox app. ``token_calls`` are the access tokens that it gives before it says 070306."""

    def __init__(self, *, token_calls: int = 500) -> None:
        self._gate = Gate(frozenset(_OPERATIONS), token_calls)
        self._forms = Forms()
        self._files = ""

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One invoice account, ``nuonuo``; faster than the real one. Files are told to be below ``base_url`` from here on."""
        root = base_url.rstrip("/")
        self._files = root + FILES_PATH
        account = {
            "plugin": ID,
            "base_url": root + PATH,
            "token_url": root + TOKEN_PATH,
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "tax_no": SELLER,
            "seller_name": SELLER_NAME,
            "drawer": DRAWER,
            "goods_code": "1090511030000000000",
            "tax_rate": "0.13",
            "freight_code": "3010502020200000000",
            "freight_rate": "0.09",
            "calls_per_second": 1000,
        }
        return {"invoices": {ID: account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """A write with our number for it, which is its key as well; a question with the numbers that it is about."""
        if request.path == TOKEN_PATH:
            return SandboxCall("token")
        if request.path.startswith(FILES_PATH + "/"):
            return SandboxCall("file", target=request.path.rpartition("/")[2])
        operation = _OPERATIONS.get(request.headers.get("method") or "", "unknown")
        target = _target(request.body)
        write = operation in _WRITES
        return SandboxCall(operation, write, target, target if write else "")

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side does, then do what is asked."""
        match call.operation:
            case "token":
                return self._gate.give_token(request, world)
            case "file":
                return _file(call.target, world)
        if request.path != PATH or request.method != "POST":
            return SandboxReply(b"", status=404)
        try:
            content = self._gate.let_in(request, world)
            result = self._serve(call.operation, content, request.headers.get("userTax") or "", world)
        except No as no:
            return _said(no.code, no.words)
        return _said(OK, "调用成功", result, applied=call.write)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The code and text for the fault. Nuonuo publishes no limit of calls, so being too fast is told by status 429."""
        if call.operation == "token":
            return _no_token(complaint)
        if call.operation == "file" or complaint.kind == "throttle":
            return SandboxReply(b"", status=429 if complaint.kind == "throttle" else 404)
        match complaint.kind:
            case "auth":
                return _said("070304", "demo: access token expired")
            case "not_found" if call.operation == "form_query":
                return _said(OK, "调用成功", {"total": 0, "list": []})
            case "not_found" if call.operation == "deliver":
                return _said("E9999", "未查询到该发票")
            case "not_found":
                return _said("E9500", "发票不存在")
        return _said("E4000", complaint.reason or "调用失败")

    def _serve(self, operation: str, content: Mapping[str, Any], header_tax: str, world: SandboxWorld) -> object:
        match operation:
            case "issue":
                return sandbox_invoices.issue(content, header_tax, world)
            case "query":
                return sandbox_invoices.query(content, self._files, world)
            case "retry":
                return sandbox_invoices.retry(content, world)
            case "deliver":
                sandbox_invoices.deliver(content, header_tax, world)
            case "reverse":
                return self._forms.apply(content, header_tax, world)
            case "form_query":
                return self._forms.query(content, world)
            case _:
                self._forms.refresh(content, world)
        return None


def _target(body: bytes) -> str:
    """The numbers that a call is about; empty where it names none."""
    try:
        content = json_object(body)
    except ValueError:
        return ""
    order = content.get("order")
    if isinstance(order, dict):
        return as_text(order.get("orderNo"))
    for name in ("serialNos", "orderNos"):
        if isinstance(content.get(name), list):
            return ",".join(as_text(number) for number in content[name])
    return next((number for name in _TARGETS if (number := as_text(content.get(name)))), "")


def _file(name: str, world: SandboxWorld) -> SandboxReply:
    found = sandbox_invoices.file_of(name, world)
    if found is None:
        return SandboxReply(b"", status=404)
    body, format = found
    return SandboxReply(body, content_type=_TYPES[format])


def _no_token(complaint: Complaint) -> SandboxReply:
    if complaint.kind == "throttle":
        return no_token("070306", "token接口调用次数超过限制")
    return no_token("invalid_client", complaint.reason or "demo: client id or secret wrong")


def _said(code: str, words: str, result: object = None, *, applied: bool = False) -> SandboxReply:
    envelope = {"code": code, "describe": words}
    return SandboxReply.of(envelope if result is None else {**envelope, "result": result}, applied=applied)
