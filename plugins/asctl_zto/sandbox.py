"""Their server side for our loopback world: the gateway with its digest, its interfaces and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import ParcelKey, RefusalReason, as_text
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_zto import errors
from asctl_zto.sandbox_gate import (
    ACCOUNT_ID,
    ACCOUNT_PASSWORD,
    APP_KEY,
    APP_SECRET,
    Complained,
    check_call,
    check_phone,
    read_body,
)
from asctl_zto.sandbox_interceptions import Desk
from asctl_zto.sandbox_pickups import Counter, case_of, number_of
from asctl_zto.sandbox_track import track_result
from asctl_zto.wire import CANCEL, CANCEL_ORDER, CREATE, ORDER, ORDER_INFO, STATUS, TO_NEW_ADDRESS, TRACK

_OPERATIONS = {
    TRACK: "track",
    CREATE: "intercept",
    CANCEL: "cancel_interception",
    STATUS: "interception_status",
    ORDER: "order_pickup",
    ORDER_INFO: "pickup_status",
    CANCEL_ORDER: "cancel_pickup",
}
_WRITES = frozenset({CREATE, CANCEL, ORDER, CANCEL_ORDER})
_LONG_BAN_S = 60
_CODES = errors.USUAL_CODE | {
    RefusalReason.BAD_ADDRESS: "E23139",
    RefusalReason.RATE_LIMITED: "S221",
    RefusalReason.SIGN_ERROR: "S211",
    RefusalReason.SERVER_ERROR: "S203",
    RefusalReason.OTHER: "E23999",
}


class ZtoSandbox:
    """The sandbox app.

    ``no_interception`` is the status code by which a question about an interception that is not there is answered;
    empty answers it with success and no data. The real service may do either.
    """

    def __init__(self, no_interception: str = "") -> None:
        self._no_interception = no_interception
        self._desk = Desk()
        self._counter = Counter()

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One courier account, ``zto``."""
        account = {
            "plugin": "zto",
            "base_url": base_url,
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "account_id": ACCOUNT_ID,
            "account_password": ACCOUNT_PASSWORD,
            "calls_per_second": 1000,
        }
        return {"couriers": {"zto": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The interface and its waybill, order or case; an interception is told by its destination type. The key of an
        interception is the request id, that of a pickup our own order number."""
        api, body = request.path.strip("/"), read_body(request.body)
        operation = _OPERATIONS.get(api, api or "unknown")
        key = ""
        if api == CREATE:
            key = as_text(body.get("requestId"))
            redirection = as_text(body.get("destinationType")) == str(TO_NEW_ADDRESS)
            operation = "address_change" if redirection else operation
        if api == ORDER:
            return SandboxCall(operation, True, case_of(body), as_text(body.get("partnerOrderCode")))
        target = number_of(body) if api in (ORDER_INFO, CANCEL_ORDER) else as_text(body.get("billCode"))
        return SandboxCall(operation, api in _WRITES, target, key)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side does, then carry out."""
        api = request.path.strip("/")
        try:
            if api not in _OPERATIONS:
                raise Complained("S207")
            body = check_call(request, world)
            return _told(api, self._carry_out(api, body, world), applied=api in _WRITES)
        except Complained as complained:
            return _complaint(api, complained.code, complained.text)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The status code for the fault; a reason that is none of ours is told as the message."""
        api = _api_of(call.operation)
        match complaint.kind:
            case "throttle":
                return _complaint(api, "S206" if complaint.seconds >= _LONG_BAN_S else "S221")
            case "auth":
                return _complaint(api, "S211")
            case "not_found":
                return self._nothing(api)
        try:
            return _complaint(api, _CODES[RefusalReason(complaint.reason)])
        except ValueError:
            return _complaint(api, _CODES[RefusalReason.OTHER], complaint.reason)

    def _carry_out(self, api: str, body: dict[str, Any], world: SandboxWorld) -> object:
        counter = {ORDER: self._counter.order, ORDER_INFO: self._counter.tell, CANCEL_ORDER: self._counter.cancel}
        if api in counter:
            return counter[api](world, body)
        key = ParcelKey("zto", as_text(body.get("billCode")))
        if api == TRACK:
            parcel = world.parcels.get(key)
            check_phone(parcel, as_text(body.get("mobilePhone")))
            return track_result(parcel, world.now()) if parcel else []
        if api == CREATE:
            return self._desk.create(world, key, body, _CODES)
        if api == CANCEL:
            return self._desk.cancel(world, key, as_text(body.get("thirdBizNo")))
        told = self._desk.status(world, key)
        if told is None and self._no_interception:
            raise Complained(self._no_interception)
        return told

    def _nothing(self, api: str) -> SandboxReply:
        if api in (TRACK, ORDER_INFO):
            return _told(api, [])
        if api == STATUS and not self._no_interception:
            return _told(api, None)
        return _complaint(api, self._no_interception or "E23102")


def _api_of(operation: str) -> str:
    if operation == "address_change":
        return CREATE
    return next((api for api, name in _OPERATIONS.items() if name == operation), operation)


def _told(api: str, payload: object, *, applied: bool = False) -> SandboxReply:
    envelope = {"status": True, "statusCode": "SYS000", "message": "成功" if api == TRACK else ""}
    return SandboxReply.of({**envelope, _member(api): payload}, applied=applied)


def _complaint(api: str, code: str, text: str = "") -> SandboxReply:
    told = Complained(code, text)
    return SandboxReply.of({"status": False, "statusCode": told.code, "message": told.text, _member(api): None})


def _member(api: str) -> str:
    """The interception interfaces answer under a member of their own."""
    return "data" if api in (CREATE, CANCEL, STATUS) else "result"
