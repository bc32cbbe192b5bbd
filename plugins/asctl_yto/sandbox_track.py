"""A parcel of the loopback world as YTO's track query tells it (section 3)."""

from __future__ import annotations

from datetime import datetime

from asctl.api import Event, ParcelStatus, china_text
from asctl.api.sandbox import SandboxParcel, SandboxReply
from asctl_yto.mapping import code_for, state_of
from asctl_yto.wire import NO_RESULT


def track_reply(parcel: SandboxParcel | None, waybill: str, now: datetime) -> SandboxReply:
    """A top-level list, oldest scan first; an object where nothing has happened or nobody knows the waybill."""
    events = [event for event in parcel.events(now) if event.status is not ParcelStatus.NO_DATA] if parcel else []
    if not events:
        return no_result(waybill)
    return SandboxReply.of([_scan(event, waybill) for event in events])


def no_result(waybill: str) -> SandboxReply:
    """Their "nothing found", which counts as a success."""
    told = {"map": {waybill: []}, "code": NO_RESULT, "success": "true", "message": "查询结果为空。"}
    return SandboxReply.of(told)


def _scan(event: Event, waybill: str) -> dict[str, str]:
    code = code_for(event)
    return {
        "waybill_No": waybill,
        "upload_Time": china_text(event.at),
        "infoContent": code,
        "processInfo": _words(event, code),
        "city": event.location,
        "district": "",
    }


def _words(event: Event, code: str) -> str:
    """They tell only in words that a receiver refused."""
    if event.status is ParcelStatus.REFUSED and state_of(code, event.text)[0] is not ParcelStatus.REFUSED:
        return f"{event.text} 收件人拒收"
    return event.text
