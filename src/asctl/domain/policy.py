"""The shop's rules as values (R28), all of them settings.

``slow_after``, ``stalled_after`` and ``lost_after`` are T1-T3. The requirements name the three clocks of T15 but no
lengths for them, nor how long a return is valid: those defaults are ours and stand in the configuration for all to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """When a parcel is slow, stalled or lost, which clocks run, and how often we ask (T1-T3, T15)."""

    slow_after: timedelta = timedelta(hours=24)
    stalled_after: timedelta = timedelta(hours=48)
    lost_after: timedelta = timedelta(hours=72)
    stuck_after: timedelta = timedelta(hours=48)
    pickup_after: timedelta = timedelta(hours=24)
    transit_after: timedelta = timedelta(days=7)
    signature_after: timedelta = timedelta(hours=72)
    trust_after: timedelta = timedelta(hours=12)
    signed_keep: timedelta = timedelta(days=3)
    watch_for: timedelta = timedelta(days=60)
    poll_every: timedelta = timedelta(hours=4)
    poll_delivering: timedelta = timedelta(hours=1)
    poll_worrying: timedelta = timedelta(hours=2)
    poll_signed: timedelta = timedelta(hours=12)
    poll_after_failure: timedelta = timedelta(minutes=30)

    @property
    def longest_interval(self) -> timedelta:
        """The longest that an open parcel waits for the next question."""
        return max(self.poll_every, self.poll_delivering, self.poll_worrying, self.poll_signed, self.poll_after_failure)


@dataclass(frozen=True, slots=True)
class RmaPolicy:
    """``valid_for`` is how long an approved return may be sent in; ``reasons`` are the problem classes."""

    valid_for: timedelta = timedelta(days=15)
    reasons: tuple[str, ...] = (
        "quality",
        "damaged",
        "wrong_goods",
        "missing_parts",
        "not_as_described",
        "late",
        "lost",
        "changed_mind",
        "other",
    )


@dataclass(frozen=True, slots=True)
class InvoicePolicy:
    """How invoices are checked and reversed (reference/invoices.md sections 1.4, 2.4, 3.2 and 4.2).

    ``tax_id_check`` is ``strict``, ``warn`` or ``off``; ``partial_when_unused`` is ``full_then_reissue`` or ``try_partial``. The
    tolerances are yuan. ``gate_refund``: money goes back for a used special invoice only after its buyer confirmed (section 11).
    """

    tax_id_check: str = "strict"
    tax_id_allow: frozenset[str] = frozenset()
    tax_id_legacy: bool = False
    rates: tuple[Decimal, ...] = tuple(map(Decimal, ("0.13", "0.09", "0.06", "0.05", "0.03", "0.01", "0")))
    line_tolerance: Decimal = Decimal("0.06")
    invoice_tolerance: Decimal = Decimal("1.27")
    partial_when_unused: str = "full_then_reissue"
    gate_refund: bool = True
