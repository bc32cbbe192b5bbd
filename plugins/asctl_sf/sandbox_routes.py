"""The track query of their side (section 4), and a parcel of the world in their codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asctl.api import Event, ParcelKey, ParcelStatus, as_text, china_text
from asctl.api.sandbox import SandboxWorld
from asctl_sf import COURIER, TRACKING
from asctl_sf.operations import SENDING_CANCELLED
from asctl_sf.sandbox_refusals import No

P = ParcelStatus


@dataclass(frozen=True, slots=True)
class _Code:
    """An operation code with the class and the name of the status that go with it."""

    operation: str
    kind: str = ""
    name: str = ""
    detail: str = ""


_TROUBLE = _Code("33")
_CODES: Mapping[ParcelStatus, _Code] = {
    P.CREATED: _Code("647", name="待揽收"),
    P.PICKED_UP: _Code("50", "1", "已揽收", "101"),
    P.IN_TRANSIT: _Code("30", "2", "运送中", "201"),
    P.CUSTOMS: _Code("15", "2", "运送中", "204"),
    P.OUT_FOR_DELIVERY: _Code("44", "3", "派送中", "301"),
    P.READY_FOR_PICKUP: _Code("125", "3", "派送中"),
    P.DELIVERED: _Code("80", "4", "已签收", "401"),
    P.DELIVERY_FAILED: _Code("70", "13", "派送中", "1301"),
    P.REFUSED: _Code("33", "5", "已拒收"),
    P.DELAYED: _Code("66", "2", "运送中"),
    P.RETURNING: _Code("631", "6", "退回中"),
    P.RETURNED: _Code("648", "6", "已退回"),
    P.CANCELLED: _Code("70"),
}
_CALLED_BACK = _Code("99", "6", "退回中")
_SIGNED = _CODES[P.DELIVERED]
_BY_FLAG = {"redirected": _Code("99", "10", "已转寄"), "transferred": _Code("626", "2", "运送中")}


def asked_waybills(content: Mapping[str, object]) -> list[str]:
    """The waybills that a track query asks about; empty where they cannot be read."""
    told = content.get("trackingNumber")
    return [as_text(each) for each in told] if isinstance(told, list) else []


def tell_routes(content: Mapping[str, object], world: SandboxWorld) -> dict[str, Any]:
    """The answer to a track query. A waybill that is unknown, or asked about with a wrong tail, has no routes.

    Raises :class:`No` for none or too many numbers, and for a kind of number other than waybills.
    """
    waybills = asked_waybills(content)
    if as_text(content.get("trackingType")) != "1":
        raise No("S0002", "trackingType不可为空")
    if not waybills:
        raise No("8013", "未传入单号")
    if len(waybills) > TRACKING.batch:
        raise No("8003", "查询单号超过最大限制")
    tails = as_text(content.get("checkPhoneNo")).split(",")
    told = [
        {"mailNo": waybill, "routes": _routes(waybill, tails[place] if place < len(tails) else "", world)}
        for place, waybill in enumerate(waybills)
    ]
    return {"routeResps": told}


def no_routes(target: str) -> dict[str, Any]:
    """The answer about waybills, joined by commas, of which SF knows nothing."""
    return {"routeResps": [{"mailNo": waybill, "routes": []} for waybill in target.split(",")]}


def _routes(waybill: str, tail: str, world: SandboxWorld) -> list[dict[str, str]]:
    parcel = world.parcels.get(ParcelKey(COURIER, waybill))
    if parcel is None or not parcel.opens_with(tail):
        return []
    events = [event for event in parcel.events(world.now()) if event.status is not P.NO_DATA]
    return [_route(event, code) for event, code in zip(events, _codes(events), strict=True)]


def _codes(events: Sequence[Event]) -> Iterator[_Code]:
    """Whoever signs for a parcel that has turned back is the sender; 648 tells an end whose way back nobody saw."""
    turned_back = False
    for event in events:
        turned_back = turned_back or event.status is P.RETURNING
        yield _SIGNED if turned_back and event.status is P.RETURNED else _code(event)


def _code(event: Event) -> _Code:
    if event.status is P.UNKNOWN:
        return _Code(event.raw_code or "999")
    if event.status is P.RETURNING and "intercepted" in event.flags:
        return _CALLED_BACK
    by_flag = next((_BY_FLAG[flag] for flag in event.flags if flag in _BY_FLAG), None)
    if event.status is P.IN_TRANSIT and by_flag is not None:
        return by_flag
    return _CODES.get(event.status, _TROUBLE)


def _route(event: Event, code: _Code) -> dict[str, str]:
    reason = SENDING_CANCELLED if event.status is P.CANCELLED else ""
    return {
        "acceptTime": china_text(event.at),
        "acceptAddress": event.location,
        "remark": event.text,
        "opCode": code.operation,
        "reasonCode": reason,
        "firstStatusCode": code.kind,
        "firstStatusName": code.name,
        "secondaryStatusCode": code.detail,
        "secondaryStatusName": code.name,
    }
