"""Their server side for our loopback world: the gateway with its token method, and the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import as_text
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_baiwang.sandbox_desk import PLUGIN, Desk
from asctl_baiwang.sandbox_gate import APP_KEY, APP_SECRET, PASSWORD, SALT, USERNAME, Gate, Turned, business, read_body
from asctl_baiwang.wire import DELIVER, FORMS, ISSUE, QUERY, RETRY, REVERSE, TOKEN

PATH, FILES = "/router/rest", "/files"
FILE = "file"
OPERATIONS = {
    TOKEN: "token",
    ISSUE: "issue",
    QUERY: "query",
    RETRY: "retry",
    REVERSE: "reverse",
    DELIVER: "deliver",
    FORMS: "form_query",
}
WRITES = frozenset({ISSUE, RETRY, REVERSE, DELIVER})
_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/xml"}


class BaiwangSandbox:
    """The sandbox app."""

    def __init__(self) -> None:
        self._gate = Gate()
        self._desk = Desk(FILES)

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One invoice account, ``baiwang``."""
        self._desk.files = base_url.rstrip("/") + FILES
        account = {
            "plugin": PLUGIN,
            "base_url": base_url.rstrip("/") + PATH,
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "username": USERNAME,
            "password": PASSWORD,
            "salt": SALT,
            "tax_no": "91990000MA0DEM0011",
            "seller_name": "演示销方有限公司",
            "drawer": "演示员",
            "goods_code": "1090511030000000000",
            "tax_rate": "0.13",
            "freight_code": "3010502020200000000",
            "freight_rate": "0.09",
            "calls_per_second": 1000,
        }
        return {"invoices": {PLUGIN: account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The method by its short name. Its target is our serial; that of a retry, a delivery and a form query the number that it
        names. What Baiwang keys by is our serial alone."""
        if request.path.startswith(f"{FILES}/"):
            return SandboxCall(FILE, target=request.path.removeprefix(f"{FILES}/"))
        method = request.query.get("method", "")
        content = read_body(request.body)
        key = as_text(content.get("orderNo"))
        target = key or _number_in(content)
        return SandboxCall(OPERATIONS.get(method, "unknown"), method in WRITES, target, key)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side does, then do what is asked."""
        if call.operation == FILE:
            return _file(call.target, world)
        if request.path != PATH or request.method != "POST":
            return SandboxReply(b"", status=404)
        method, request_id = request.query.get("method", ""), request.query.get("requestId", "")
        try:
            if method == TOKEN:
                told: Any = self._gate.give_token(request, world)
            else:
                told = self._desk.serve(method, self._gate.let_in(request, world), world)
        except Turned as turned:
            return _failure(turned, method, request_id)
        envelope = {"method": method, "requestId": request_id, "success": True, "response": told}
        return SandboxReply.of(envelope, applied=call.write)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The code and text for the fault; what is "not found" is an empty answer to a question."""
        match complaint.kind:
            case "throttle" if call.operation == FILE:
                return SandboxReply(b"", status=429)
            case "throttle":
                return _failure(business("SANDBOX-BUSY", "演示：调用过于频繁"))
            case "auth":
                return _failure(Turned("100002"))
            case "not_found" if call.operation == "query":
                return SandboxReply.of({"success": True, "response": []})
            case "not_found" if call.operation == "form_query":
                return SandboxReply.of({"success": True, "response": {"pageNo": 1, "total": 0, "list": []}})
            case "not_found" if call.operation == FILE:
                return SandboxReply(b"", status=404)
            case "not_found":
                return _failure(business("SANDBOX-NONE", "演示：发票不存在"))
        return _failure(business("SANDBOX-NO", complaint.reason or "演示：不予受理"))


def _number_in(content: Mapping[str, Any]) -> str:
    """What a call is about that does not carry our serial by itself."""
    numbers = content.get("orderNos")
    if isinstance(numbers, list):
        return ",".join(map(as_text, numbers))
    names = ("serialNo", "digitInvoiceNo", "originalDigitInvoiceNo", "redConfirmSerialNo")
    return next((number for name in names if (number := as_text(content.get(name)))), "")


def _file(name: str, world: SandboxWorld) -> SandboxReply:
    reference, _dot, format_ = name.rpartition(".")
    found = next((invoice for invoice in world.bureau.invoices if invoice.reference == reference), None)
    if found is None or format_ not in _TYPES or world.bureau.phase(found) != "issued":
        return SandboxReply(b"", status=404)
    return SandboxReply(world.bureau.file(found, format_), content_type=_TYPES[format_])


def _failure(turned: Turned, method: str = "", request_id: str = "") -> SandboxReply:
    """``code`` is a number, as the gateway writes it; the business's reason stands beside it."""
    told: dict[str, object] = {"code": int(turned.code), "message": turned.words}
    if turned.sub_code:
        told = {
            "code": int(turned.code),
            "message": "演示：业务异常",
            "subCode": turned.sub_code,
            "subMessage": turned.words,
        }
    return SandboxReply.of({"method": method, "requestId": request_id, "success": False, "errorResponse": told})
