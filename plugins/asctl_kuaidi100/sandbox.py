"""Their server side for our loopback world: the track query with its checks and lock rule; the rest is next door."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any

from asctl.api import ParcelKey, as_text
from asctl.api.sandbox import (
    Complaint,
    SandboxCall,
    SandboxParcel,
    SandboxReply,
    SandboxRequest,
    SandboxWorld,
)
from asctl_kuaidi100 import TRACKING
from asctl_kuaidi100.client import LABEL_PATH, PICKUP_PATH, QUERY_PATH, sign
from asctl_kuaidi100.mapping import OUR_COURIER
from asctl_kuaidi100.sandbox_account import CUSTOMER, KEY, SALT, SECRET, read_param
from asctl_kuaidi100.sandbox_intercept import InterceptionCounter
from asctl_kuaidi100.sandbox_lock import LockRule, WaybillLock
from asctl_kuaidi100.sandbox_pickups import PICKUP_OPERATIONS, PickupCounter
from asctl_kuaidi100.sandbox_track import track_reply

_MESSAGES = {
    "400": "提交的数据不完整，或者贵公司没授权",
    "408": "验证码错误",
    "500": "查询无结果，请隔段时间再查",
    "502": "服务器繁忙",
    "503": "验证签名失败",
    "504": "第三方数据源查询频繁",
}
_COMPLAINTS = {"throttle": "502", "auth": "503", "refuse": "400", "not_found": "500"}


class _Failure(Exception):
    """A return code that ends the call."""


class Kuaidi100Sandbox:
    """The sandbox app.

    ``lock`` says what happens to a waybill that is asked about too often. ``basic_state`` tells the parcel's state as
    a basic digit instead of a sub-code: the real service may do either. ``coded_refusals`` gives the commoner reasons
    against an interception a code of their own: the real codes are not published.
    """

    def __init__(
        self, lock: LockRule = LockRule.ENFORCE, *, basic_state: bool = False, coded_refusals: bool = True
    ) -> None:
        self.lock = lock
        self._counter = InterceptionCounter(coded_refusals)
        self._pickups = PickupCounter()
        self.lookups = WaybillLock(TRACKING.same_waybill_every, TRACKING.same_waybill_per_day)
        self._basic_state = basic_state

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One courier account, ``kuaidi100``."""
        account = {
            "plugin": "kuaidi100",
            "base_url": base_url,
            "label_url": base_url,
            "order_url": base_url,
            "customer": CUSTOMER,
            "key": KEY,
            "secret": SECRET,
            "salt": SALT,
            "callback_url": f"{base_url}/callback",
            "partner_id": "TEST01",
            "calls_per_second": 1000,
        }
        return {"couriers": {"kuaidi100": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """``query``, ``intercept`` or ``address_change`` with its waybill, what is asked of the pickup desk; any other path by
        its own name."""
        if request.path == LABEL_PATH:
            return self._counter.identify(request)
        if request.path == PICKUP_PATH:
            return self._pickups.identify(request)
        if request.path != QUERY_PATH:
            return SandboxCall(request.path.strip("/") or "unknown")
        param = read_param(request.form().get("param", ""))
        return SandboxCall("query", target=as_text(param.get("num")))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side does, then tell the track or take the order."""
        if request.path == LABEL_PATH:
            return self._counter.answer(request, world)
        if request.path == PICKUP_PATH:
            return self._pickups.answer(request, world)
        if request.path != QUERY_PATH:
            return SandboxReply(b"", status=404)
        try:
            return self._query(request, world)
        except _Failure as failure:
            return _failed(str(failure))

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The code for the fault; the reason of a refusal is the message of a query, or is put into an order's own words."""
        if call.operation in PICKUP_OPERATIONS:
            return self._pickups.complain(complaint)
        if call.write:
            return self._counter.complain(complaint)
        return _failed(_COMPLAINTS.get(complaint.kind, "501"), complaint.reason)

    def _query(self, request: SandboxRequest, world: SandboxWorld) -> SandboxReply:
        if request.method != "POST":
            raise _Failure("500")
        param = _checked_param(request.form())
        key = ParcelKey(OUR_COURIER[as_text(param.get("com"))], as_text(param.get("num")))
        parcel = world.parcels.get(key)
        _check_phone(key, parcel, as_text(param.get("phone")))
        as_of = world.now()
        stale_at = self.lookups.ask(key, as_of)
        if stale_at and self.lock is LockRule.ENFORCE:
            raise _Failure("504")
        if stale_at and self.lock is LockRule.STALE:
            as_of = stale_at
        told = track_reply(parcel, as_of, param, self._basic_state) if parcel else None
        if told is None:
            raise _Failure("500")
        return SandboxReply.of(told)


def _checked_param(form: Mapping[str, str]) -> dict[str, Any]:
    """Completeness before signature, signature before content."""
    text, signature, customer = (form.get(name, "") for name in ("param", "sign", "customer"))
    if not (text and signature and customer):
        raise _Failure("400")
    if customer != CUSTOMER or not hmac.compare_digest(sign(text, KEY, customer).encode(), signature.encode()):
        raise _Failure("503")
    param = read_param(text)
    if as_text(param.get("com")) not in OUR_COURIER or not 6 <= len(as_text(param.get("num"))) <= 32:
        raise _Failure("400")
    return param


def _check_phone(key: ParcelKey, parcel: SandboxParcel | None, phone: str) -> None:
    """SF and ZTO want sender's or receiver's number or its last four digits."""
    if key.courier not in TRACKING.phone_tail:
        return
    tail = re.sub(r"\D", "", phone)[-4:]
    if len(tail) < 4 or (parcel is not None and not parcel.opens_with(tail)):
        raise _Failure("408")


def _failed(code: str, message: str = "") -> SandboxReply:
    return SandboxReply.of(
        {"result": False, "returnCode": code, "message": message or _MESSAGES.get(code, "服务器错误")}
    )
