"""When to look what became of a write whose outcome is not known, and what a look proves (design section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from asctl.domain.actions import INVOICING, ActionKind
from asctl.domain.parcels import Event, ParcelStatus, in_hand, telling

_MINUTES = (1, 1, 1, 1, 1, 5, 10, 20, 30, 60)
GAPS = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)
LOOK_FOR = timedelta(hours=24)
CLOCKS_APART = timedelta(minutes=10)
"""How far a courier's clock may be from ours: a scan so little before the sending may be its consequence."""

EFFECT_GAPS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3))
INVOICE_GAPS = (
    *(timedelta(seconds=seconds) for seconds in (5, 10, 30, 60)),
    *(timedelta(minutes=minutes) for minutes in (5, 5, 10, 30)),
)
EFFECT_FOR = timedelta(days=10)


def first_look(deadline: datetime, visibility_lag: timedelta) -> datetime:
    """The first look that may see the write at all: counted from the deadline, not from the start of the send."""
    return deadline + visibility_lag


def next_look(first: datetime, made_at: datetime, looks: int) -> datetime | None:
    """When to look again after ``looks`` looks that succeeded, the last at ``made_at``; ``None`` when a person must decide.

    Each minute five times, then after 5, 10, 20, 30, 60 minutes, and so on up to 24 hours after the first.
    """
    again = made_at + GAPS[min(max(looks, 1), len(GAPS)) - 1]
    return again if again <= first + LOOK_FOR else None


def proves_absence(made_at: datetime, deadline: datetime, visibility_lag: timedelta, late_window: timedelta) -> bool:
    """Whether a look made then, which found nothing, can be proof: a write that the far side carries out late, and shows
    later still, must have shown by then."""
    return made_at >= deadline + late_window + visibility_lag


def next_effect_look(kind: ActionKind, settled_at: datetime, made_at: datetime, looks: int) -> datetime | None:
    """When to ask again what came of an accepted request; ``None`` after ten days, when a person must ask. An invoice is issued
    within seconds, a form waits for its buyer up to 72 hours (reference/invoices.md section 5.7), and money hangs on both: they are
    asked about until they have come to an end."""
    gaps = INVOICE_GAPS if kind in INVOICING else EFFECT_GAPS
    again = made_at + gaps[min(max(looks, 1), len(gaps)) - 1]
    return again if kind in INVOICING or again <= settled_at + EFFECT_FOR else None


def effect_of_scans(kind: ActionKind, events: Iterable[Event], sent_at: datetime) -> str:
    """What the parcel's scans tell of a request sent at that time: ``effective``, ``ineffective`` or nothing yet
    (reference/couriers/README.md section 1, track evidence).

    A parcel that turns back was intercepted; one signed for without turning back was not. A redirection shows as a scan
    that says so; a pickup, as the first scan of goods in the courier's hands. ``events`` are in time order.
    """
    since = sent_at - CLOCKS_APART
    told = [event for event in telling(events) if event.at >= since]
    if kind is ActionKind.PICKUP:
        return _fetched(told)
    if any(_caught(kind, event) for event in told):
        return "effective"
    return "ineffective" if any(_over(kind, event) for event in told) else ""


def _fetched(told: Sequence[Event]) -> str:
    """Goods in a courier's hands are fetched; an order that he calls cancelled comes to nothing."""
    if any(in_hand(event.status) for event in told):
        return "effective"
    return "ineffective" if any(event.status is ParcelStatus.CANCELLED for event in told) else ""


def _caught(kind: ActionKind, event: Event) -> bool:
    if kind is ActionKind.REDIRECT:
        return "redirected" in event.flags
    return event.status in (ParcelStatus.RETURNING, ParcelStatus.RETURNED) or "intercepted" in event.flags


def _over(kind: ActionKind, event: Event) -> bool:
    ended = {ParcelStatus.DELIVERED}
    if kind is ActionKind.REDIRECT:
        ended |= {ParcelStatus.RETURNING, ParcelStatus.RETURNED}
    return event.status in ended
