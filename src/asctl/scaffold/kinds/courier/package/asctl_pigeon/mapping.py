"""Their words made ours: pure functions. All of our statuses: asctl help api ParcelStatus"""

from collections.abc import Iterable
from typing import Any

from asctl.api import Event, ParcelStatus, as_text, china_time

STATUSES = {
    "COLLECTED": ParcelStatus.PICKED_UP,
    "MOVING": ParcelStatus.IN_TRANSIT,
    "ON_ROUND": ParcelStatus.OUT_FOR_DELIVERY,
    "HANDED_OVER": ParcelStatus.DELIVERED,
    "GOING_BACK": ParcelStatus.RETURNING,
}


def read_scans(scans: Iterable[Any]) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The events, and what was odd about scans that were set aside: an odd one loses no other."""
    events, problems = [], []
    for place, scan in enumerate(scans, 1):
        try:
            events.append(_read_scan(scan))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            problems.append(f"scan {place} has another shape")
    return tuple(events), tuple(problems)


def _read_scan(scan: Any) -> Event:
    """A word that nobody has mapped is UNKNOWN; their own is kept beside it. A time without a zone is China's."""
    word, text, place = (as_text(scan.get(name)) for name in ("state", "text", "place"))
    status = STATUSES.get(word, ParcelStatus.UNKNOWN)
    return Event(china_time(scan["time"]), status, text, raw_code=word, location=place)
