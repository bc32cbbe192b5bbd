"""A parcel of the loopback world as Kuaidi100 tells it (section 3, success)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asctl.api import Event, ParcelStatus, as_text, china_text
from asctl.api.sandbox import SandboxParcel
from asctl_kuaidi100.mapping import STATES, THEIR_COURIER, basic_state, code_for

_SIGNED = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED})
_CITIES = {
    "北京": ("北京市",),
    "上海": ("上海市",),
    "天津": ("天津市",),
    "重庆": ("重庆市",),
    "广东": ("广州市", "深圳市", "东莞市"),
    "浙江": ("杭州市", "宁波市", "嘉兴市", "金华市"),
    "江苏": ("南京市", "苏州市"),
    "四川": ("成都市",),
    "湖北": ("武汉市", "仙桃市"),
    "湖南": ("长沙市",),
    "陕西": ("西安市",),
    "河南": ("郑州市",),
    "江西": ("南昌市",),
    "安徽": ("合肥市",),
    "山东": ("济南市", "青岛市"),
    "福建": ("福州市", "厦门市"),
    "云南": ("大理白族自治州",),
    "黑龙江": ("哈尔滨市",),
    "内蒙古": ("呼伦贝尔市",),
    "新疆": ("乌鲁木齐市",),
}
_PROVINCE = {city: province for province, cities in _CITIES.items() for city in cities}


def track_reply(
    parcel: SandboxParcel, as_of: datetime, param: Mapping[str, object], basic: bool
) -> dict[str, Any] | None:
    """What the query answers of a parcel as it stood ``as_of``; ``None`` while nothing has happened.

    ``basic`` tells the parcel's state as a basic digit.
    """
    events = [event for event in parcel.events(as_of) if event.status is not ParcelStatus.NO_DATA]
    if not events:
        return None
    level = as_text(param.get("resultv2"))
    code = code_for(events[-1])
    signed = events[-1].status in _SIGNED
    scans = [_scan(event, level) for event in events]
    if param.get("order") != "asc":
        scans.reverse()
    told = {
        "message": "ok",
        "nu": parcel.waybill,
        "ischeck": "1" if signed else "0",
        "com": THEIR_COURIER[parcel.courier],
        "status": "200",
        "state": basic_state(code) if basic or level != "4" else code,
        "condition": "F00" if signed else "00",
        "data": scans,
        "isLoop": False,
    }
    return told | {"routeInfo": _route(events)} if level == "4" else told


def _scan(event: Event, level: str) -> dict[str, str]:
    at = china_text(event.at)
    scan = {"time": at, "ftime": at, "context": event.text}
    if level not in ("1", "4"):
        return scan
    code = code_for(event)
    scan["areaName"] = _area_name(event.location)
    scan["status"] = STATES[code].name if code in STATES else ""
    if level == "4":
        scan |= {"statusCode": code, "location": event.location}
    return scan


def _area_name(location: str) -> str:
    province = _PROVINCE.get(location)
    return f"{province},{location}" if province else location


def _route(events: list[Event]) -> dict[str, dict[str, str] | None]:
    """Where it came from and where it is; the destination is not told by the scans."""
    places = [{"number": "", "name": _area_name(event.location)} for event in events if event.location]
    return {"from": places[0] if places else None, "cur": places[-1] if places else None, "to": None}
