"""Their operation codes as our statuses (section 4.2), precomputed: one look into a table per scan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from asctl.api import ParcelStatus, as_text

P = ParcelStatus
SENDING_CANCELLED = "46"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a scan says of the parcel. ``informational`` ones follow another and change nothing."""

    status: ParcelStatus
    flags: tuple[str, ...] = ()
    informational: bool = False


_CODES = {
    P.CREATED: "138 141 201 202 830 205 206 646 647 127 151 152 153 154",
    P.PICKED_UP: "50 54 51 41 43 46 407 129 188 214 651 655 656 700 701 843 850 851 950 607",
    P.IN_TRANSIT: (
        "30 31 36 302 304 3036 10 11 105 106 88 89 96 136 137 147 186 187 189 190 405 406 570 571 64 65 84 86 87 98 208"
        " 649 664 831 847 921 930 931 932"
    ),
    P.CUSTOMS: "14 15 16 17 18 604 605 606 612 613 614 619 620 621 623",
    P.OUT_FOR_DELIVERY: "44 204 34 47 123 122 630 634 211 212 677 844 880 933",
    P.READY_FOR_PICKUP: "125 130 642 657 658 678 632",
    P.DELIVERED: "80 97 128 679 935",
    P.DELIVERY_FAILED: "70 126 870 131",
    P.EXCEPTION: "33 611 66 77 833 72 934",
    P.RETURNING: "631 215 660",
    P.RETURNED: "648",
}
OPERATIONS: Mapping[str, Meaning] = {
    code: Meaning(status) for status, codes in _CODES.items() for code in codes.split()
} | {
    "99": Meaning(P.IN_TRANSIT, ("redirected",)),
    "626": Meaning(P.IN_TRANSIT, ("transferred",)),
    "627": Meaning(P.IN_TRANSIT, ("transferred",)),
    "135": Meaning(P.CREATED, informational=True),
    "8000": Meaning(P.DELIVERED, informational=True),
}
"""Every code that decides; 75, 140, 643, 676 and 900 are known to mean nothing certain, and are left out as all others."""

STATUS_NAMES: Mapping[str, Meaning] = {
    "待揽收": Meaning(P.CREATED),
    "已揽收": Meaning(P.PICKED_UP),
    "运送中": Meaning(P.IN_TRANSIT),
    "运输中": Meaning(P.IN_TRANSIT),
    "派送中": Meaning(P.OUT_FOR_DELIVERY),
    "已签收": Meaning(P.DELIVERED),
    "已拒收": Meaning(P.REFUSED),
    "退回中": Meaning(P.RETURNING),
    "已退回": Meaning(P.RETURNED),
    "已转寄": Meaning(P.IN_TRANSIT, ("redirected",)),
}
STATUS_CLASSES: Mapping[str, Meaning] = {
    "1": Meaning(P.PICKED_UP),
    "2": Meaning(P.IN_TRANSIT),
    "3": Meaning(P.OUT_FOR_DELIVERY),
    "4": Meaning(P.DELIVERED),
    "10": Meaning(P.IN_TRANSIT, ("redirected",)),
    "11": Meaning(P.OUT_FOR_DELIVERY),
    "13": Meaning(P.OUT_FOR_DELIVERY),
}
"""Classes 5, 6 and 7 hold statuses of several kinds, which only their names tell apart (section 4.1)."""

_UNKNOWN = Meaning(P.UNKNOWN)
_NEW_NUMBER = re.compile(r"新(?:运)?单号\D{0,6}?((?:SF)?\d{12,15})")


def operation_code(route: Mapping[str, object]) -> str:
    """The operation code of a scan; older replies spell the member in lower case."""
    return as_text(route.get("opCode")) or as_text(route.get("opcode"))


def meaning_of(code: str, route: Mapping[str, object]) -> Meaning:
    """What a scan says: by its operation code, else by the name or the class of its status, else ``UNKNOWN``."""
    known = OPERATIONS.get(code)
    if known is None:
        name, kind = as_text(route.get("firstStatusName")), as_text(route.get("firstStatusCode"))
        return STATUS_NAMES.get(name) or STATUS_CLASSES.get(kind, _UNKNOWN)
    decide = _BY_WORDS.get(code)
    return decide(known, route) if decide else known


def _failed(known: Meaning, route: Mapping[str, object]) -> Meaning:
    """33 and 70 tell a refusal at the door in words, and a cancelled shipment by the reason beside them."""
    if "拒收" in _words(route):
        return Meaning(P.REFUSED)
    if _reason(route) == SENDING_CANCELLED:
        return Meaning(P.CANCELLED)
    return known


def _forwarded(known: Meaning, route: Mapping[str, object]) -> Meaning:
    """99 is a redirection until it says that the parcel goes back: then somebody has called it back."""
    return Meaning(P.RETURNING, ("intercepted",)) if "退回" in _words(route) else known


def _superseded(known: Meaning, route: Mapping[str, object]) -> Meaning:
    """648 closes the number: the goods go on, back or to another address, under the new one in the remark."""
    words = _words(route)
    number = _NEW_NUMBER.search(words)
    link = f"superseded_by={number[1]}" if number else "superseded"
    forwarded = "转寄" in words and "退回" not in words
    return replace(known, flags=("redirected", link) if forwarded else (link,))


_BY_WORDS: Mapping[str, Callable[[Meaning, Mapping[str, object]], Meaning]] = {
    "33": _failed,
    "70": _failed,
    "99": _forwarded,
    "648": _superseded,
}


def _words(route: Mapping[str, object]) -> str:
    return as_text(route.get("remark")) + as_text(route.get("firstStatusName"))


def _reason(route: Mapping[str, object]) -> str:
    """The reason code, which comes alone or as a list."""
    told = route.get("reasonCode")
    return as_text(told[0] if isinstance(told, list) and told else told)
