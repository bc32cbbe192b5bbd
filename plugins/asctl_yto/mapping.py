"""Theirs to ours and back: scan codes (section 3) and scans. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from asctl.api import Event, ParcelStatus, as_text, china_time
from asctl.api import translate as _

State = tuple[ParcelStatus, tuple[str, ...]]

STATES: dict[str, State] = {
    "ACCEPT": (ParcelStatus.CREATED, ()),
    "UNACCEPT": (ParcelStatus.PICKUP_FAILED, ()),
    "NOT_SEND": (ParcelStatus.PICKUP_FAILED, ()),
    "GOT": (ParcelStatus.PICKED_UP, ()),
    "ARRIVAL": (ParcelStatus.IN_TRANSIT, ()),
    "DEPARTURE": (ParcelStatus.IN_TRANSIT, ()),
    "PACKAGE": (ParcelStatus.IN_TRANSIT, ()),
    "UNPACK": (ParcelStatus.IN_TRANSIT, ()),
    "AIRSEND": (ParcelStatus.IN_TRANSIT, ()),
    "AIRPICK": (ParcelStatus.IN_TRANSIT, ()),
    "FORWARDING": (ParcelStatus.IN_TRANSIT, ("redirected",)),
    "SENT_SCAN": (ParcelStatus.OUT_FOR_DELIVERY, ()),
    "INBOUND": (ParcelStatus.READY_FOR_PICKUP, ()),
    "FAILED": (ParcelStatus.DELIVERY_FAILED, ()),
    "SIGNED": (ParcelStatus.DELIVERED, ()),
    "TMS_RETURN": (ParcelStatus.RETURNING, ()),
}
_UNKNOWN: State = (ParcelStatus.UNKNOWN, ())
_REFUSED: State = (ParcelStatus.REFUSED, ())
_REFUSED_WORDS = ("拒收", "拒签")
_CODE_TOLD = {state: code for code, state in reversed(STATES.items())} | {
    (ParcelStatus.RETURNED, ()): "SIGNED",
    (ParcelStatus.CANCELLED, ()): "UNACCEPT",
    (ParcelStatus.CUSTOMS, ()): "ARRIVAL",
    (ParcelStatus.DELAYED, ()): "ARRIVAL",
}
_YEARS = range(2000, 2100)


class OddScan(ValueError):
    """A scan that cannot be an event; its text says why."""


def code_for(event: Event) -> str:
    """Their code for an event of ours; what they have no word for is a failed delivery. ``UNKNOWN`` keeps a code of its own."""
    if event.status is ParcelStatus.UNKNOWN:
        return event.raw_code if event.raw_code and event.raw_code not in STATES else "OTHER"
    return _CODE_TOLD.get((event.status, event.flags)) or _CODE_TOLD.get((event.status, ()), "FAILED")


def state_of(code: str, text: str) -> State:
    """What a scan says. They have no code for a receiver who refuses: a failed delivery tells it in words."""
    if code == "FAILED" and any(word in text for word in _REFUSED_WORDS):
        return _REFUSED
    return STATES.get(code, _UNKNOWN)


def event_of(code: str, words: str, at: str, place: str, source: str) -> Event:
    """A scan as an event; its code stands for missing words. ``at`` is China time.

    Raises :class:`OddScan` where it has neither code nor words, or no readable time.
    """
    text = words or code
    if not text:
        raise OddScan(_("it has no words"))
    status, flags = state_of(code, text)
    return Event(at=_moment(at), status=status, text=text, raw_code=code, location=place, flags=flags, source=source)


def read_events(scans: Sequence[object], waybill: str, source: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The scans of a track as events, in the order told, and what was odd about those set aside.

    ``source`` is the account that told us. Never raises: an odd scan loses only itself.
    """
    events: list[Event] = []
    problems: list[str] = []
    for number, scan in enumerate(scans, 1):
        try:
            events.append(_event(scan, waybill, source))
        except OddScan as odd:
            problems.append(
                _("scan {number} of {count} was set aside: {why}").format(number=number, count=len(scans), why=odd)
            )
    return tuple(events), tuple(problems)


def _event(scan: object, waybill: str, source: str) -> Event:
    if not isinstance(scan, Mapping):
        raise OddScan(_("it is no record"))
    if (as_text(scan.get("waybill_No")) or waybill).upper() != waybill.upper():
        raise OddScan(_("it belongs to another waybill"))
    return event_of(
        code=as_text(scan.get("infoContent")),
        words=as_text(scan.get("processInfo")),
        at=as_text(scan.get("upload_Time")),
        place=as_text(scan.get("city")) or as_text(scan.get("district")),
        source=source,
    )


def _moment(told: str) -> datetime:
    """A time of theirs; ``CST``, which callbacks write behind it, is China Standard Time."""
    try:
        moment = china_time(told.removesuffix("CST"))
    except ValueError:
        raise OddScan(_("it has no readable time")) from None
    if moment.year not in _YEARS:
        raise OddScan(_("it has no readable time"))
    return moment
