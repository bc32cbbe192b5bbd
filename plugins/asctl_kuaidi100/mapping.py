"""Theirs to ours and back: courier codes, states (section 6), scans, receivers (section 5), pickups (7). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from asctl.api import Effect, Event, ParcelStatus, Receiver, as_text, china_time
from asctl.api import translate as _

THEIR_COURIER = {
    "sf": "shunfeng",
    "zto": "zhongtong",
    "yto": "yuantong",
    "sto": "shentong",
    "yunda": "yunda",
    "jd": "jd",
    "jt": "jtexpress",
    "ems": "ems",
    "post": "youzhengguonei",
    "deppon": "debangkuaidi",
    "best": "huitongkuaidi",
}
OUR_COURIER = {theirs: ours for ours, theirs in THEIR_COURIER.items()}
RETURN_TYPE = {"sender": "RETURN_SEND_ADDR", "outlet": "RETURN_SEND_STATION"}
REDIRECT_TYPE = "MODIFY_ADDR"
_MOBILE = re.compile(r"1[3-9]\d{9}(-\d+)?")


@dataclass(frozen=True, slots=True)
class State:
    """One row of their state table: our status and flags, and their name for it."""

    status: ParcelStatus
    name: str
    flags: tuple[str, ...] = ()


STATES = {
    "1": State(ParcelStatus.PICKED_UP, "揽收"),
    "101": State(ParcelStatus.CREATED, "已下单"),
    "102": State(ParcelStatus.CREATED, "待揽收"),
    "103": State(ParcelStatus.PICKED_UP, "已揽收"),
    "0": State(ParcelStatus.IN_TRANSIT, "在途"),
    "1001": State(ParcelStatus.IN_TRANSIT, "到达派件城市"),
    "1002": State(ParcelStatus.IN_TRANSIT, "干线"),
    "1003": State(ParcelStatus.IN_TRANSIT, "转递", ("redirected",)),
    "5": State(ParcelStatus.OUT_FOR_DELIVERY, "派件"),
    "501": State(ParcelStatus.READY_FOR_PICKUP, "投柜或驿站"),
    "3": State(ParcelStatus.DELIVERED, "签收"),
    "301": State(ParcelStatus.DELIVERED, "本人签收"),
    "302": State(ParcelStatus.DELIVERED, "派件异常后签收"),
    "303": State(ParcelStatus.DELIVERED, "代签"),
    "304": State(ParcelStatus.DELIVERED, "投柜或站签收"),
    "2": State(ParcelStatus.EXCEPTION, "疑难"),
    "201": State(ParcelStatus.DELAYED, "超时未签收"),
    "202": State(ParcelStatus.DELAYED, "超时未更新"),
    "203": State(ParcelStatus.REFUSED, "拒收"),
    "204": State(ParcelStatus.DELIVERY_FAILED, "派件异常"),
    "205": State(ParcelStatus.READY_FOR_PICKUP, "柜或驿站超时未取", ("overdue_pickup",)),
    "206": State(ParcelStatus.DELIVERY_FAILED, "无法联系"),
    "207": State(ParcelStatus.EXCEPTION, "超区"),
    "208": State(ParcelStatus.DELAYED, "滞留"),
    "209": State(ParcelStatus.DAMAGED, "破损"),
    "210": State(ParcelStatus.CANCELLED, "销单"),
    "4": State(ParcelStatus.RETURNED, "退签"),
    "401": State(ParcelStatus.CANCELLED, "已销单"),
    "14": State(ParcelStatus.RETURNED, "拒签"),
    "6": State(ParcelStatus.RETURNING, "退回"),
    "7": State(ParcelStatus.IN_TRANSIT, "转投", ("transferred",)),
    "8": State(ParcelStatus.CUSTOMS, "清关"),
    "10": State(ParcelStatus.CUSTOMS, "待清关"),
    "11": State(ParcelStatus.CUSTOMS, "清关中"),
    "12": State(ParcelStatus.CUSTOMS, "已清关"),
    "13": State(ParcelStatus.EXCEPTION, "清关异常"),
}
PICKUP_EFFECTS = {
    "0": Effect.ACCEPTED,
    "1": Effect.ACCEPTED,
    "2": Effect.ACCEPTED,
    "11": Effect.ACCEPTED,
    "9": Effect.CANCELLED,
    "10": Effect.EFFECTIVE,
    "101": Effect.EFFECTIVE,
    "12": Effect.EFFECTIVE,
    "13": Effect.EFFECTIVE,
    "14": Effect.EFFECTIVE,
    "15": Effect.EFFECTIVE,
    "155": Effect.EFFECTIVE,
    "99": Effect.INEFFECTIVE,
    "610": Effect.INEFFECTIVE,
}
"""What the status of a pickup's order says of the fetching (section 7): whatever comes after it, the goods were fetched, and
after an attempt that failed (11) the order stands until it is cancelled (9, 99)."""
_STATE_OF_NAME = {state.name: state for state in STATES.values()} | {
    "本人": STATES["301"],
    "拒收(等待发件人处理)": STATES["203"],
}
_CODE_TOLD = {(state.status, state.flags): code for code, state in reversed(STATES.items())}
_CITIES_WITHOUT_PROVINCE = {
    name: city for city in ("北京市", "天津市", "上海市", "重庆市") for name in (city, city.removesuffix("市"))
}
_YEARS = range(2000, 2100)


class _OddScan(ValueError):
    """A scan that cannot be an event; its text says why."""


def code_for(event: Event) -> str:
    """Their code for an event of ours; what they have no word for is their general trouble (``2``).

    An ``UNKNOWN`` event keeps its raw code where that is none of theirs.
    """
    if event.status is ParcelStatus.UNKNOWN:
        return event.raw_code if event.raw_code and event.raw_code not in STATES else "999"
    return _CODE_TOLD.get((event.status, event.flags)) or _CODE_TOLD.get((event.status, ()), "2")


def basic_state(code: str) -> str:
    """The basic state that a sub-code belongs to (``1002`` to ``0``, ``304`` to ``3``); other codes stay as they are."""
    if len(code) == 4 and code.startswith("10"):
        return "0"
    return code[0] if len(code) == 3 else code


def their_receiver(receiver: Receiver) -> dict[str, str]:
    """A ``recManInfo``: the address is one text, and a number that is no mobile one is a landline."""
    line = "mobile" if _MOBILE.fullmatch(receiver.phone) else "tel"
    return {"name": receiver.name, line: receiver.phone, "printAddr": address_text(receiver)}


def address_text(receiver: Receiver) -> str:
    """The whole address as the one text that they take."""
    return "".join((receiver.province, receiver.city, receiver.district, receiver.town, receiver.detail))


def state_of_parcel(code: str) -> State | None:
    """What the state of a whole parcel says: a basic digit or a sub-code, known or judged by its leading digit."""
    return STATES.get(code) or STATES.get(basic_state(code))


def read_events(track: Mapping[str, object], source: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The scans of a track as events, in the order told, and what was odd about those set aside.

    ``source`` is the account that told us. Never raises: a scan without time or words loses only itself.
    """
    scans = track.get("data")
    if scans is None:
        return (), ()
    if not isinstance(scans, list):
        return (), (_("the list of scans could not be read"),)
    events: list[Event] = []
    problems: list[str] = []
    newest: tuple[int, dict[str, object]] | None = None
    for number, scan in enumerate(scans, 1):
        try:
            event = _event(scan, source)
        except _OddScan as odd:
            problems.append(
                _("scan {number} of {count} was set aside: {why}").format(number=number, count=len(scans), why=odd)
            )
            continue
        if newest is None or event.at > events[newest[0]].at:
            newest = (len(events), scan)
        events.append(event)
    if newest is not None and not _tells_state(newest[1]):
        events[newest[0]] = _with_state(events[newest[0]], as_text(track.get("state")))
    return tuple(events), tuple(problems)


def _event(scan: object, source: str) -> Event:
    if not isinstance(scan, dict):
        raise _OddScan(_("it is no record"))
    text = as_text(scan.get("context"))
    if not text:
        raise _OddScan(_("it has no words"))
    raw_code = as_text(scan.get("statusCode"))
    state = STATES.get(raw_code)
    if not raw_code:
        raw_code = as_text(scan.get("status"))
        state = _STATE_OF_NAME.get(raw_code)
    return Event(
        at=_moment(scan),
        status=state.status if state else ParcelStatus.UNKNOWN,
        text=text,
        raw_code=raw_code,
        location=city_of(as_text(scan.get("areaName")), as_text(scan.get("location"))),
        flags=state.flags if state else (),
        source=source,
    )


def _moment(scan: Mapping[str, object]) -> datetime:
    for member in ("ftime", "time"):
        told = scan.get(member)
        if isinstance(told, str):
            try:
                moment = china_time(told)
            except ValueError:
                continue
            if moment.year in _YEARS:
                return moment
    raise _OddScan(_("it has no readable time"))


def _tells_state(scan: Mapping[str, object]) -> bool:
    return bool(as_text(scan.get("statusCode"))) or as_text(scan.get("status")) in _STATE_OF_NAME


def _with_state(event: Event, code: str) -> Event:
    """The newest event, which has no state of its own, takes the parcel's."""
    state = state_of_parcel(code)
    return replace(event, status=state.status, flags=state.flags, raw_code=code) if state else event


@lru_cache(maxsize=4096)
def city_of(area: str, location: str) -> str:
    """The city of a scan: the second part of ``province,city,district``, the place named, or as much as is told.

    Repeated scans inside one city must show one text, so the four cities that are provinces stand for their districts.
    """
    parts = area.split(",")
    if parts[0] in _CITIES_WITHOUT_PROVINCE:
        return _CITIES_WITHOUT_PROVINCE[parts[0]]
    if len(parts) > 1 and parts[1]:
        return parts[1]
    return _CITIES_WITHOUT_PROVINCE.get(location, location) or area
