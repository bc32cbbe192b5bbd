"""A parcel of the loopback world as ZTO tells it (section 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from asctl.api import Event, ParcelStatus
from asctl.api.sandbox import SandboxParcel
from asctl_zto.mapping import ACTIONS, INTERCEPTED, REDIRECTED, SCANS, TROUBLES

S = ParcelStatus
_NOTE = "事件"
_TROUBLE = "问题件"
_TRANSFER = "转单"
_SCAN_TYPES = {
    S.PICKED_UP: "收件",
    S.IN_TRANSIT: "到件",
    S.OUT_FOR_DELIVERY: "派件",
    S.READY_FOR_PICKUP: "ARRIVAL",
    S.DELIVERY_FAILED: "DEPARTURE",
    S.DELIVERED: "签收",
    S.RETURNED: "签收",
    S.RETURNING: "退件",
    S.EXCEPTION: _TROUBLE,
}
_DIGITS = {"收件": "1", "到件": "3", "派件": "4", "签收": "5", "退件": "8", "ARRIVAL": "44", "DEPARTURE": "45"}
_WORD_OF_TROUBLE = {status: word for word, status in reversed(TROUBLES)}
_WORD_OF_FLAG = {"intercepted": INTERCEPTED[0], "redirected": REDIRECTED[0]}
_STRANGE = "99"


def track_result(parcel: SandboxParcel, now: datetime) -> list[dict[str, Any]]:
    """The scans so far, oldest first; digits take the place of words once another courier has the parcel."""
    told = []
    transferred = False
    for event in parcel.events(now):
        if event.status is S.NO_DATA:
            continue
        scan_type = scan_type_of(event)
        told.append(_scan(parcel, event, _DIGITS.get(scan_type, scan_type) if transferred else scan_type))
        transferred = transferred or scan_type == _TRANSFER
    return told


def scan_type_of(event: Event) -> str:
    """Their word for an event of ours. What they have none for is a note, which changes no status: nothing before the
    pick-up has a scan, nor have customs and cancellation. An ``UNKNOWN`` event keeps a raw code that is none of theirs.
    """
    if event.status is S.UNKNOWN:
        return event.raw_code if event.raw_code and event.raw_code not in {*SCANS, *ACTIONS} else _STRANGE
    if "transferred" in event.flags:
        return _TRANSFER
    if event.status in _WORD_OF_TROUBLE:
        return _TROUBLE
    return _SCAN_TYPES.get(event.status, _NOTE)


def _scan(parcel: SandboxParcel, event: Event, scan_type: str) -> dict[str, Any]:
    signed = event.status in (S.DELIVERED, S.RETURNED)
    site = {"name": f"{event.location}中转部", "code": "", "city": event.location, "prov": ""}
    return {
        "billCode": parcel.waybill,
        "scanType": scan_type,
        "scanDate": int(event.at.timestamp() * 1000),
        "desc": _description(event),
        "scanSite": site if event.location else None,
        "preOrNextSite": None,
        "operateUser": None,
        "operateUserPhone": None,
        "signMan": "本人" if signed else None,
    }


def _description(event: Event) -> str:
    """Trouble has one code, and flags have none: the words must tell them."""
    words = [_WORD_OF_TROUBLE.get(event.status, ""), *(_WORD_OF_FLAG.get(flag, "") for flag in event.flags)]
    missing = [word for word in words if word not in event.text]
    return "：".join((*missing, event.text))
