"""Their server side for our loopback world: one address, the checks at its door, and the services behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from asctl.api import RefusalReason, as_text, compact_json
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_sf.client import CANCEL_PICKUP, FIND_ORDER, INTERCEPT, ORDER_PICKUP, ROUTES
from asctl_sf.instructions import REDIRECT
from asctl_sf.sandbox_gate import CHECK_WORD, PARTNER, Gate, Turned, read_content
from asctl_sf.sandbox_intercept import CARD, carry_out
from asctl_sf.sandbox_pickups import UNSERVED, Counter, case_of
from asctl_sf.sandbox_refusals import No, refusal_of
from asctl_sf.sandbox_routes import asked_waybills, no_routes, tell_routes
from asctl_sf.wire import PLATFORM_OK, SERVICE_OK

PATH = "/std/service"
TRACK = "track"
PICKUP, CANCELLATION, LOOK = "order_pickup", "cancel_pickup", "pickup_status"
_PICKUPS = {ORDER_PICKUP: PICKUP, CANCEL_PICKUP: CANCELLATION, FIND_ORDER: LOOK}


class SFSandbox:
    """The sandbox app. ``accept_raw_digest`` also takes signatures over the text that was not encoded: what the real
    side does with those is not known. ``waybill_at_pickup`` tells the waybill of a pickup only once the goods are fetched."""

    def __init__(self, *, accept_raw_digest: bool = False, waybill_at_pickup: bool = False) -> None:
        self._gate = Gate(accept_raw_digest)
        self._counter = Counter(waybill_at_pickup)

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One courier account, ``sf``, which may do everything; faster than the real one, which allows 30 calls a second."""
        account = {
            "plugin": "sf",
            "base_url": base_url.rstrip("/") + PATH,
            "partner_id": PARTNER,
            "check_word": CHECK_WORD,
            "monthly_card": CARD,
            "return_contact": "退货组",
            "return_phone": "057100000000",
            "return_province": "浙江省",
            "return_city": "杭州市",
            "return_county": "余杭区",
            "return_address": "测试路1号退货仓",
            "push_accept_unsigned": True,
            "calls_per_second": 1000,
        }
        return {"couriers": {"sf": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """``track`` with its waybills, a write with its own; other services by their names. The key of a pickup is its order
        number; no other write has one, since the request number is a new one for every call."""
        form = request.form()
        service, content = form.get("serviceCode", ""), read_content(form.get("msgData", "")) or {}
        if service == ROUTES:
            return SandboxCall(TRACK, target=",".join(asked_waybills(content)))
        if service == INTERCEPT:
            return SandboxCall(_instruction(content), write=True, target=as_text(content.get("waybillNo")))
        if service in _PICKUPS:
            operation, number = _PICKUPS[service], as_text(content.get("orderId"))
            target = case_of(content) if operation == PICKUP else number
            return SandboxCall(operation, operation != LOOK, target, number)
        return SandboxCall(service or "unknown")

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side does, then do what is asked."""
        if request.path != PATH:
            return SandboxReply(b"", status=404)
        try:
            content = self._gate.let_in(request)
            told = self._serve(call.operation, content, world)
            return _service_reply(told, applied=call.write and told.get("filterResult") != UNSERVED)
        except Turned as turned:
            return _envelope(turned.code, turned.words)
        except No as no:
            return _said_no(no)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The code and text for the fault; a waybill that is "not found" has no routes, and belongs to somebody else."""
        match complaint.kind:
            case "throttle":
                return _envelope("A1005", "流量受控")
            case "auth":
                return _envelope("A1006", "数字签名无效")
            case "not_found" if call.operation == TRACK:
                return _service_reply(no_routes(call.target))
            case "not_found" if call.operation == LOOK:
                return _said_no(No("6150", "找不到该订单"))
            case "not_found":
                return _said_no(refusal_of(RefusalReason.NOT_AUTHORISED))
        return _said_no(refusal_of(complaint.reason))

    def _serve(self, operation: str, content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
        services = {
            TRACK: tell_routes,
            PICKUP: self._counter.order,
            CANCELLATION: self._counter.cancel,
            LOOK: self._counter.find,
        }
        return services.get(operation, carry_out)(content, world)


def _instruction(content: Mapping[str, object]) -> str:
    if content.get("cancel") is True:
        return "cancel_interception"
    return "address_change" if as_text(content.get("serviceCode")) == REDIRECT else "intercept"


def _said_no(no: No) -> SandboxReply:
    return _envelope(PLATFORM_OK, "", {"success": False, "errorCode": no.code, "errorMsg": no.words, "msgData": None})


def _service_reply(msg_data: Mapping[str, Any], *, applied: bool = False) -> SandboxReply:
    said = {"success": True, "errorCode": SERVICE_OK, "errorMsg": None, "msgData": msg_data}
    return _envelope(PLATFORM_OK, "", said, applied=applied)


def _envelope(code: str, words: str, said: Mapping[str, Any] | None = None, *, applied: bool = False) -> SandboxReply:
    """The platform's envelope, with the service's answer as text inside."""
    envelope = {
        "apiErrorMsg": words,
        "apiResponseID": uuid4().hex.upper(),
        "apiResultCode": code,
        "apiResultData": None if said is None else compact_json(said),
    }
    return SandboxReply.of(envelope, applied=applied)
