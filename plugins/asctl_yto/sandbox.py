"""Their server side for our loopback world: the gateway with its checks (sections 1 and 2), then the interface asked for."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asctl.api import ParcelKey, as_text, json_object
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_yto import COURIER
from asctl_yto.client import Interface, sign
from asctl_yto.sandbox_pickups import NO_SUCH_ORDER, OrderOffice
from asctl_yto.sandbox_pickups import refused as order_refused
from asctl_yto.sandbox_track import no_result, track_reply
from asctl_yto.sandbox_wanted import NO_SUCH_WAYBILL, refused, wanted_reply
from asctl_yto.wire import CANCEL, CANCEL_ORDER, CHANGE, ORDER, REPORT, TRACK, key_of

TRACKING = Interface("TEST", "ytoTrackSecret", "ytoTrack", "v1")
WANTED = Interface("TEST01", "ytoTestSecret", "ytoWanted", "v1")
PICKUPS = Interface("TEST02", "ytoPickupSecret", "ytoPickup", "v1")
_INTERFACES = {
    TRACK: TRACKING,
    REPORT: WANTED,
    CHANGE: WANTED,
    CANCEL: WANTED,
    ORDER: PICKUPS,
    CANCEL_ORDER: PICKUPS,
}
_OPERATIONS = {
    TRACK: "track",
    REPORT: "intercept",
    CHANGE: "address_change",
    CANCEL: "cancel_interception",
    ORDER: "order_pickup",
    CANCEL_ORDER: "cancel_pickup",
}
_ORDERS = frozenset({ORDER, CANCEL_ORDER})
_ORDER_OPERATIONS = frozenset(_OPERATIONS[method] for method in _ORDERS)

_BAD_SIGNATURE = (401, "请求加密校验失败")
_TOO_OFTEN = (429, "请求过于频繁")
_BAD_PARAMETERS = 200010003


class _Failure(Exception):
    """A code and text of the gateway that end the call."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Address:
    """What the path of a call says: ``/open/<method>/<version>/<urlKey>/<customerCode>``."""

    method: str = ""
    version: str = ""
    url_key: str = ""
    customer_code: str = ""

    @classmethod
    def of(cls, path: str) -> _Address:
        parts = path.split("/")
        return cls(*parts[2:]) if len(parts) == 6 and parts[:2] == ["", "open"] else cls()


class YtoSandbox:
    """The sandbox app. Track query, interceptions and pickups have credentials of their own, as they do at YTO.

    ``waybill_at_pickup`` gives a pickup its waybill only when the goods are fetched: the real side may do either.
    """

    def __init__(self, *, waybill_at_pickup: bool = False) -> None:
        self._office = OrderOffice(PICKUPS.customer_code, at_pickup=waybill_at_pickup)

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """One courier account, ``yto``, that waits less long than the real one must."""
        account = {
            "plugin": "yto",
            "base_url": base_url,
            "customer_code": WANTED.customer_code,
            "secret": WANTED.secret,
            "url_key": WANTED.url_key,
            "track_customer_code": TRACKING.customer_code,
            "track_secret": TRACKING.secret,
            "track_url_key": TRACKING.url_key,
            "pickup_customer_code": PICKUPS.customer_code,
            "pickup_secret": PICKUPS.secret,
            "pickup_url_key": PICKUPS.url_key,
            "busy_pause": "1s",
            "calls_per_second": 1000,
        }
        return {"couriers": {"yto": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The interface's operation with its waybill; any other path by its own name.

        Only the order of a pickup carries a key of ours, and is about a case.
        """
        method = _Address.of(request.path).method
        if method not in _OPERATIONS:
            return SandboxCall(request.path.strip("/") or "unknown")
        param = _object(_members(request)["param"])
        if method in _ORDERS:
            number = as_text(param.get("logisticsNo"))
            target = as_text(param.get("cstOrderNo")) or number
            return SandboxCall(_OPERATIONS[method], write=True, target=target, key=key_of(number) or number)
        return SandboxCall(_OPERATIONS[method], write=method != TRACK, target=_waybill(param))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the gateway does, then let the interface answer."""
        address = _Address.of(request.path)
        if request.method != "POST" or address.method not in _INTERFACES:
            return SandboxReply(b"", status=404)
        try:
            param = _checked_param(address, _members(request))
        except _Failure as failure:
            return _failed(failure.code, failure.reason)
        if address.method == TRACK:
            waybill = _waybill(param)
            return track_reply(world.parcels.get(ParcelKey(COURIER, waybill)), waybill, world.now())
        if address.method in _ORDERS:
            return self._office.answer(address.method, param, world)
        return wanted_reply(address.method, {name: as_text(value) for name, value in param.items()}, world)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """The fault in their words. They do not say for how long a caller must rest."""
        match complaint.kind:
            case "throttle":
                return _failed(*_TOO_OFTEN)
            case "auth":
                return _failed(*_BAD_SIGNATURE)
        not_found = complaint.kind == "not_found"
        if call.operation in _ORDER_OPERATIONS:
            return order_refused(NO_SUCH_ORDER if not_found else complaint.reason)
        if not_found:
            return refused(NO_SUCH_WAYBILL) if call.write else no_result(call.target)
        if call.write:
            return refused(complaint.reason)
        return _failed(_BAD_PARAMETERS, complaint.reason)


def _checked_param(address: _Address, members: Mapping[str, str]) -> dict[str, Any]:
    """Completeness before signature, signature before content. Raises :class:`_Failure`."""
    for name, value in members.items():
        if not value:
            raise _Failure(_BAD_PARAMETERS, f"{name}不能为空; ")
    issued = _INTERFACES[address.method]
    told = Interface(address.customer_code, issued.secret, address.url_key, address.version)
    signature = sign(members["param"], address.method, issued.version, issued.secret)
    if told != issued or not hmac.compare_digest(signature.encode(), members["sign"].encode("utf-8", "replace")):
        raise _Failure(*_BAD_SIGNATURE)
    param = _object(members["param"])
    is_named = address.method in _ORDERS or _waybill(param)
    if members["format"] != "JSON" or not members["timestamp"].isdecimal() or not is_named:
        raise _Failure(_BAD_PARAMETERS, "参数不合法; ")
    return param


def _members(request: SandboxRequest) -> dict[str, str]:
    """The four members of a call, which comes as JSON or as a form; those that are missing are empty."""
    is_json = request.body.lstrip().startswith(b"{")
    told: Mapping[str, object] = _object(request.body) if is_json else request.form()
    return {name: as_text(told.get(name)) for name in ("timestamp", "param", "sign", "format")}


def _waybill(param: Mapping[str, object]) -> str:
    """Of an interception, or of a track query, whose member name comes in any case."""
    named = {name.lower(): as_text(value) for name, value in param.items()}
    return named.get("number") or named.get("waybillno", "")


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        return json_object(text)
    except ValueError:
        return {}


def _failed(code: int, reason: str) -> SandboxReply:
    return SandboxReply.of({"success": False, "code": code, "reason": reason})
