"""Theirs to ours and back: scan types and push actions (sections 4 and 5), what an interception came to (section 6.3).

Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from asctl.api import CHINA, Effect, Event, Evidence, Finding, ParcelStatus, as_text, china_time
from asctl.api import translate as _

S = ParcelStatus


@dataclass(frozen=True, slots=True)
class Scan:
    """One row of their tables: our status, flags, and whether it is only a note."""

    status: ParcelStatus
    flags: tuple[str, ...] = ()
    informational: bool = False


_DELIVERED = Scan(S.DELIVERED)
_RETURNING = Scan(S.RETURNING)
_TROUBLE = Scan(S.EXCEPTION)
_TRANSFERRED = Scan(S.IN_TRANSIT, ("transferred",))

SCANS: Mapping[str, Scan] = {
    "收件": Scan(S.PICKED_UP),
    "1": Scan(S.PICKED_UP),
    "发件": Scan(S.IN_TRANSIT),
    "2": Scan(S.IN_TRANSIT),
    "到件": Scan(S.IN_TRANSIT),
    "3": Scan(S.IN_TRANSIT),
    "派件": Scan(S.OUT_FOR_DELIVERY),
    "4": Scan(S.OUT_FOR_DELIVERY),
    "DELIVERY": Scan(S.OUT_FOR_DELIVERY),
    "ARRIVAL": Scan(S.READY_FOR_PICKUP),
    "44": Scan(S.READY_FOR_PICKUP),
    "DEPARTURE": Scan(S.DELIVERY_FAILED),
    "45": Scan(S.DELIVERY_FAILED),
    "签收": _DELIVERED,
    "5": _DELIVERED,
    "SIGNED": _DELIVERED,
    "7": _DELIVERED,
    "退件": _RETURNING,
    "8": _RETURNING,
    "问题件": _TROUBLE,
    "转单": _TRANSFERRED,
    "9": _TRANSFERRED,
    "安检": Scan(S.IN_TRANSIT),
    "事件": Scan(S.UNKNOWN, informational=True),
}
"""``scanType`` of the track query: Chinese, English in third-party lockers (``ARRIVAL`` is *into* one), digits after 转单."""

ACTIONS: Mapping[str, Scan] = {
    "GOT": Scan(S.PICKED_UP),
    "DEPARTURE": Scan(S.IN_TRANSIT),
    "ARRIVAL": Scan(S.IN_TRANSIT),
    "DISPATCH": Scan(S.OUT_FOR_DELIVERY),
    "INBOUND": Scan(S.READY_FOR_PICKUP),
    "HANDOVERSCAN_SIGNED": _DELIVERED,
    "DEPARTURE_SIGNED": _DELIVERED,
    "SIGNED": _DELIVERED,
    "RETURN": _RETURNING,
    "PROBLEM": _TROUBLE,
}
"""``action`` of a track push, where ``ARRIVAL`` and ``DEPARTURE`` are those of a hub; the last two are inferred."""

TROUBLES = (
    ("拒收", S.REFUSED),
    ("破损", S.DAMAGED),
    ("遗失", S.LOST),
    ("丢失", S.LOST),
    ("滞留", S.DELAYED),
)
"""A 问题件 has one code for all trouble; these words of its text tell which it is."""
_SUSPECTED = "疑似"
REDIRECTED = ("改寄", "改地址", "改址")
INTERCEPTED = ("拦截",)
"""No code tells of a redirection or interception: words of a scan that shows it carried out."""
_IN_VAIN = ("失败", "无法", "未成功", "取消")
_MOVING = frozenset({S.IN_TRANSIT, S.OUT_FOR_DELIVERY})
_FIRST_MS = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1000
_END_MS = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * 1000
_YEARS = range(2000, 2100)

EFFECTS: Mapping[str, Effect | None] = {
    "INTERCEPTING": Effect.ACCEPTED,
    "INTERCEPT_SUCCESS": Effect.EFFECTIVE,
    "PACKAGE_DELIVERYING": Effect.EFFECTIVE,
    "PACKAGE_DELIVERING": Effect.EFFECTIVE,
    "INTERCEPT_FAIL": Effect.INEFFECTIVE,
    "INTERCEPT_CANCEL": Effect.CANCELLED,
    "INTERCEPT_DISCONTINUE": None,
}
"""``status`` of section 6.3; should ZTO mend its spelling one day, that is read as well."""
_STANDING = frozenset(state for state, effect in EFFECTS.items() if effect in (Effect.ACCEPTED, Effect.EFFECTIVE))


class OddScan(ValueError):
    """A scan that cannot be an event; its text says why."""


def read_scans(scans: Iterable[object], source: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The scans of a track as events, in the order told, and what was odd about those set aside.

    ``source`` is the account that told us. Never raises: a scan without time or words loses only itself.
    """
    events: list[Event] = []
    problems: list[str] = []
    for number, scan in enumerate(scans, 1):
        try:
            events.append(_event_of_scan(scan, source))
        except OddScan as odd:
            problems.append(_("scan {number} was set aside: {why}").format(number=number, why=odd))
    return tuple(events), tuple(problems)


def event_of_push(push: Mapping[str, object], source: str) -> Event:
    """The one event of a track push; its time is China's. Raises :class:`OddScan`."""
    location = as_text(push.get("city")) or as_text(push.get("facilityName"))
    return _event(push, as_text(push.get("action")), ACTIONS, _text_moment(push.get("actionTime")), location, source)


def interception_finding(told: Mapping[str, object] | None, key: str, known: bool) -> Finding:
    """What the status query says of the request with this ``key``.

    The query goes by waybill and tells its latest interception, whoever asked for it. One that stands counts as what was
    asked for: ZTO lets one stand at a time, and the core, which looks before it sends, knows one that stood before. One
    that is over may be an earlier one, and is ours for sure only if the request is ``known`` to have been accepted.
    """
    if told is None:
        return Finding(Evidence.ABSENT)
    state, message = as_text(told.get("status")), as_text(told.get("statusName"))
    if state in _STANDING or (known and state in EFFECTS):
        return Finding(Evidence.PRESENT, EFFECTS[state], reference=key, message=message)
    return Finding(Evidence.UNKNOWN, message=message)


def cancellation_finding(told: Mapping[str, object] | None) -> Finding:
    """Whether a request was taken back. A closed one does not tell why it was closed."""
    state = as_text(told.get("status")) if told else ""
    message = as_text(told.get("statusName")) if told else ""
    if state == "INTERCEPT_CANCEL":
        return Finding(Evidence.PRESENT, Effect.CANCELLED, message=message)
    if told is None or EFFECTS.get(state):
        return Finding(Evidence.ABSENT, message=message)
    return Finding(Evidence.UNKNOWN, message=message)


def _event_of_scan(scan: object, source: str) -> Event:
    if not isinstance(scan, dict):
        raise OddScan(_("it is no record"))
    site = scan.get("scanSite")
    location = (as_text(site.get("city")) or as_text(site.get("name"))) if isinstance(site, dict) else ""
    moment = _epoch_moment(scan.get("scanDate"))
    return _event(scan, as_text(scan.get("scanType")), SCANS, moment, location, source)


def _event(
    told: Mapping[str, object], code: str, table: Mapping[str, Scan], at: datetime, location: str, source: str
) -> Event:
    text = as_text(told.get("desc"))
    if not text:
        raise OddScan(_("it has no words"))
    row = table.get(code)
    if row is None:
        return Event(at, S.UNKNOWN, text, code, location, source=source)
    status = _trouble(text) if row is _TROUBLE else row.status
    flags = row.flags + _flags_told(status, text)
    return Event(at, status, text, code, location, flags, row.informational, source)


def _trouble(text: str) -> ParcelStatus:
    if _SUSPECTED in text:
        return S.EXCEPTION
    return next((status for word, status in TROUBLES if word in text), S.EXCEPTION)


def _flags_told(status: ParcelStatus, text: str) -> tuple[str, ...]:
    if status is S.RETURNING:
        return _flag("intercepted", INTERCEPTED, text)
    return _flag("redirected", REDIRECTED, text) if status in _MOVING else ()


def _flag(flag: str, words: tuple[str, ...], text: str) -> tuple[str, ...]:
    told = any(word in text for word in words) and not any(word in text for word in _IN_VAIN)
    return (flag,) if told else ()


def _epoch_moment(value: object) -> datetime:
    """Milliseconds since 1970, to the second: pushes tell the same scan no finer."""
    text = as_text(value)
    if text.isascii() and text.isdecimal() and len(text) < 15 and _FIRST_MS <= int(text) < _END_MS:
        return datetime.fromtimestamp(int(text) // 1000, CHINA)
    raise OddScan(_("it has no readable time"))


def _text_moment(value: object) -> datetime:
    try:
        moment = china_time(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise OddScan(_("it has no readable time"))
    return moment
